"""The own checks of the suites of spend: silent on good tables, each one awake on a defect."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, Suite
from data_quality.suites import mart_supplier_year as supplier_year
from data_quality.suites.dim_spend_definition import CHOICES, DEFINITIONS
from data_quality.suites.dim_spend_definition import SUITE as DEFINITION
from data_quality.suites.mart_concentration import SUITE as CONCENTRATION
from data_quality.suites.mart_definition_choice import SUITE as CHOICE
from data_quality.suites.mart_definition_sensitivity import SUITE as SENSITIVITY
from data_quality.suites.mart_spend_change import SUITE as CHANGE
from data_quality.suites.mart_supplier_average import SUITE as AVERAGE
from data_quality.suites.mart_unit_ranking import SUITE as RANKING

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"

# NO1 sold for 100 in 2023 and 150 (with 37.50 VAT) in 2024, NO2 a building site for 50, NO3 is in
# credit by 10, and the state sold for 7.
GOOD = """
create table dim_spend_definition as
select *, id as name_nb, id as description_nb, 'any_posting' as active_rule,
    0::decimal(18,2) as minimum_nok, id = 'STD' as is_default
from (values ('STD', '', 'ekskl_mva'), ('STD_MVA', 'vat', 'inkl_mva'),
    ('STD_OFFENTLIG', 'public_bodies', 'ekskl_mva'), ('STD_DRIFT', 'investments', 'ekskl_mva'),
    ('STD_NAVN', 'merging', 'ekskl_mva'), ('STD_FAKTURA', 'active_rule', 'ekskl_mva'),
    ('STD_MIN', 'active_rule', 'ekskl_mva'), ('ALLE', '', 'ekskl_mva'),
    ('ALLE_NAVN', '', 'ekskl_mva')) as t(id, choice, vat_treatment);
alter table dim_spend_definition rename id to definition_id;
create table dim_unit as select * from (values ('U1'), ('U2')) as t(unit_id);
create table dim_category as select * from (values ('K1'), ('K2')) as t(category_id);
create table dim_supplier as
select * from (values ('NO1'), ('NO2'), ('NO3'), ('NO9')) as t(supplier_id);
create table fct_spend_line as
select year, document_id, supplier_id, unit_id, category_id, nok::decimal(18,2) as amount_nok
from (values
    (2023, 'D1', 'NO1', 'U1', 'K1', 100.00), (2024, 'D2', 'NO1', 'U1', 'K1', 90.00),
    (2024, 'D2', 'NO1', 'U1', 'K1', 60.00), (2024, 'D3', 'NO2', 'U2', 'K2', 50.00),
    (2024, 'D4', 'NO3', 'U1', 'K1', -10.00)
) as t(year, document_id, supplier_id, unit_id, category_id, nok);
create table fct_outside_population_line as
select 2024 as year, 'D9' as document_id, 'NO9' as supplier_id, 7.00::decimal(18,2) as amount_nok,
    'public_body' as population_reason;
create table mart_supplier_year as
select year, definition_id, supplier_id, spend_nok::decimal(18,2) as spend_nok,
    vat_nok::decimal(18,2) as vat_nok, investment_nok::decimal(18,2) as investment_nok,
    spend_rank, 1::bigint as document_count, spend_nok::decimal(18,2) as mean_document_nok,
    spend_nok::decimal(18,2) as median_document_nok
from (values
    (2023, 'STD', 'NO1', 100, 0, 0, 1), (2024, 'STD', 'NO1', 150, 37.5, 0, 1),
    (2024, 'STD', 'NO2', 50, 0, 50, 2), (2024, 'STD', 'NO3', -10, 0, 0, 3),
    (2024, 'STD_MVA', 'NO1', 187.5, 37.5, 0, 1), (2024, 'STD_MVA', 'NO2', 50, 0, 50, 2),
    (2024, 'STD_MVA', 'NO3', -10, 0, 0, 3), (2023, 'STD_MVA', 'NO1', 100, 0, 0, 1),
    (2023, 'STD_OFFENTLIG', 'NO1', 100, 0, 0, 1), (2024, 'STD_OFFENTLIG', 'NO1', 150, 37.5, 0, 1),
    (2024, 'STD_OFFENTLIG', 'NO2', 50, 0, 50, 2), (2024, 'STD_OFFENTLIG', 'NO9', 7, 0, 0, 3),
    (2024, 'STD_OFFENTLIG', 'NO3', -10, 0, 0, 4),
    (2023, 'STD_DRIFT', 'NO1', 100, 0, 0, 1), (2024, 'STD_DRIFT', 'NO1', 150, 37.5, 0, 1),
    (2024, 'STD_DRIFT', 'NO3', -10, 0, 0, 2),
    (2023, 'STD_NAVN', 'NAVN:EN', 100, 0, 0, 1), (2024, 'STD_NAVN', 'NAVN:EN', 140, 37.5, 0, 1),
    (2024, 'STD_NAVN', 'NAVN:TO', 50, 0, 50, 2)
) as t(year, definition_id, supplier_id, spend_nok, vat_nok, investment_nok, spend_rank);
create table mart_supplier_average as
select year, definition_id, numerator::decimal(18,2) as numerator_nok,
    suppliers as denominator_suppliers, mean::decimal(18,2) as mean_nok, 0.34 as trim_share,
    kept_nok::decimal(18,2) as trimmed_numerator_nok, kept as trimmed_suppliers,
    kept_mean::decimal(18,2) as trimmed_mean_nok, suppliers as document_count
from (values
    (2023, 'STD', 100, 1, 100.00, 100, 1, 100.00), (2024, 'STD', 190, 3, 63.33, 50, 1, 50.00),
    (2023, 'STD_MVA', 100, 1, 100, 100, 1, 100), (2024, 'STD_MVA', 227.5, 3, 75.83, 50, 1, 50),
    (2023, 'STD_OFFENTLIG', 100, 1, 100, 100, 1, 100),
    (2024, 'STD_OFFENTLIG', 197, 4, 49.25, 57, 2, 28.50),
    (2023, 'STD_DRIFT', 100, 1, 100, 100, 1, 100), (2024, 'STD_DRIFT', 140, 2, 70, 140, 2, 70),
    (2023, 'STD_NAVN', 100, 1, 100, 100, 1, 100), (2024, 'STD_NAVN', 190, 2, 95, 190, 2, 95)
) as t(year, definition_id, numerator, suppliers, mean, kept_nok, kept, kept_mean);
create table mart_definition_choice as
select average.year, average.definition_id, definition.choice,
    'STD' as standard_definition_id, average.numerator_nok,
    standard.numerator_nok as standard_numerator_nok,
    average.numerator_nok - standard.numerator_nok as numerator_change_nok,
    (average.numerator_nok - standard.numerator_nok)::double / standard.numerator_nok
        as numerator_change_ratio,
    average.denominator_suppliers,
    standard.denominator_suppliers as standard_denominator_suppliers,
    average.denominator_suppliers - standard.denominator_suppliers
        as denominator_change_suppliers,
    (average.denominator_suppliers - standard.denominator_suppliers)::double
        / standard.denominator_suppliers as denominator_change_ratio,
    average.mean_nok, standard.mean_nok as standard_mean_nok,
    average.mean_nok - standard.mean_nok as mean_change_nok,
    (average.mean_nok - standard.mean_nok)::double / standard.mean_nok as mean_change_ratio
from mart_supplier_average as average
inner join dim_spend_definition as definition using (definition_id)
inner join mart_supplier_average as standard
    on standard.year = average.year and standard.definition_id = 'STD'
where definition.choice <> '';
create table mart_definition_sensitivity as
select average.year, average.definition_id, t.*, 's' as figure_set,
    case measure when 'numerator_nok' then numerator_nok else mean_nok end as value
from mart_supplier_average as average
cross join (values
    ('SUM', 'numerator_nok', 150.00::decimal(18,2), 200.00::decimal(18,2), 0.00::decimal(18,2)),
    ('SNITT', 'mean_nok', 63.00, 63.00, 0.50)
) as t(published_id, measure, published_low, published_high, tolerance);
alter table mart_definition_sensitivity add column difference decimal(18,2);
alter table mart_definition_sensitivity add column could_give boolean;
alter table mart_definition_sensitivity add column could_give_all boolean;
update mart_definition_sensitivity set difference =
    case when value < published_low then value - published_low
        when value > published_high then value - published_high else 0 end;
update mart_definition_sensitivity set could_give = abs(difference) <= tolerance,
    could_give_all = (year = 2024 and definition_id = 'STD');
"""

# The tables of one definition: all that they sum to is STD.
STD_ONLY = """
delete from mart_supplier_year where definition_id <> 'STD';
create table mart_unit_ranking as
select year, 'STD' as definition_id, level, group_id, nok::decimal(18,2) as spend_nok,
    total::decimal(18,2) as positive_nok, nok::double / total as spend_share, place as spend_rank,
    documents as document_count, total_documents as total_document_count,
    documents::double / total_documents as document_share, place as document_rank
from (values
    (2023, 'unit', 'U1', 100, 100, 1, 1, 1), (2023, 'sector', 'S1', 100, 100, 1, 1, 1),
    (2024, 'unit', 'U1', 140, 190, 1, 2, 3), (2024, 'unit', 'U2', 50, 190, 2, 1, 3),
    (2024, 'sector', 'S1', 140, 190, 1, 2, 3), (2024, 'sector', 'S2', 50, 190, 2, 1, 3)
) as t(year, level, group_id, nok, total, place, documents, total_documents);
create table mart_concentration as
select year, 'STD' as definition_id, category_id, suppliers as supplier_count,
    positive_suppliers as positive_supplier_count, (positive + negative)::decimal(18,2)
        as spend_nok, positive::decimal(18,2) as positive_nok, negative::decimal(18,2)
        as negative_nok, hhi::double as hhi, 0.8::double as pareto_share,
    positive_suppliers as pareto_supplier_count, 1.0::double as pareto_supplier_share,
    100::decimal(18,2) as tail_limit_nok, tail as tail_supplier_count,
    tail::double / positive_suppliers as tail_supplier_share, tail as tail_document_count,
    positive_suppliers as positive_document_count,
    tail::double / positive_suppliers as tail_document_share, tail_nok::decimal(18,2) as tail_nok,
    tail_nok::double / positive as tail_spend_share, largest as largest_supplier_id,
    largest_nok::decimal(18,2) as largest_nok, largest_nok::double / positive as largest_share
from (values
    (2023, '*', 1, 1, 100, 0, 10000, 0, 0, 'NO1', 100),
    (2023, 'K1', 1, 1, 100, 0, 10000, 0, 0, 'NO1', 100),
    (2024, '*', 3, 2, 200, -10, 6250, 1, 50, 'NO1', 150),
    (2024, 'K1', 2, 1, 150, -10, 10000, 0, 0, 'NO1', 150),
    (2024, 'K2', 1, 1, 50, 0, 10000, 1, 50, 'NO2', 50)
) as t(year, category_id, suppliers, positive_suppliers, positive, negative, hhi, tail, tail_nok,
       largest, largest_nok);
create table mart_spend_change as
select 2024 as year, 'STD' as definition_id, category_id, before::decimal(18,2) as previous_nok,
    now::decimal(18,2) as current_nok, (now - before)::decimal(18,2) as change_nok,
    new::decimal(18,2) as new_suppliers_nok, 0::decimal(18,2) as lost_suppliers_nok,
    price::decimal(18,2) as price_nok, quantity::decimal(18,2) as quantity_nok,
    mix::decimal(18,2) as mix_nok, 1 as new_supplier_count, 0 as lost_supplier_count,
    items as matched_item_count, matched::decimal(18,2) as matched_nok,
    positive::decimal(18,2) as positive_nok, matched::double / positive as matched_share
from (values
    ('*', 100, 190, 40, 30, 15, 5, 1, 90, 200), ('K1', 100, 140, -10, 30, 15, 5, 1, 90, 150),
    ('K2', 0, 50, 50, 0, 0, 0, 0, 0, 50)
) as t(category_id, before, now, new, price, quantity, mix, items, matched, positive);
"""

DEFECTS = {
    "dim_spend_definition.one_default": (
        "update dim_spend_definition set is_default = true where definition_id = 'STD_MIN'"
    ),
    "dim_spend_definition.all_defined": (
        "delete from dim_spend_definition where definition_id = 'STD_MIN'"
    ),
    "mart_supplier_year.vat_is_added": (
        "update mart_supplier_year set vat_nok = 37.51 where definition_id = 'STD_MVA' "
        "and supplier_id = 'NO1' and year = 2024"
    ),
    "mart_supplier_year.investments_are_left_out": (
        "update mart_supplier_year set investment_nok = 49.99 where definition_id = 'STD' "
        "and supplier_id = 'NO2'"
    ),
    "mart_supplier_year.std_offentlig_sums_to_lines": (
        "update mart_supplier_year set spend_nok = 7.01 where supplier_id = 'NO9'"
    ),
    "mart_supplier_year.std_navn_sums_to_lines": (
        "delete from mart_supplier_year where supplier_id = 'NAVN:TO'"
    ),
    "mart_supplier_average.trimmed_is_without_both_ends": (
        "update mart_supplier_average set trimmed_suppliers = 3, trimmed_numerator_nok = 190, "
        "trimmed_mean_nok = 63.33 where definition_id = 'STD' and year = 2024"
    ),
    "mart_definition_choice.changes_are_differences": (
        "update mart_definition_choice set mean_change_nok = 12.49 where year = 2024 "
        "and definition_id = 'STD_MVA'"
    ),
    "mart_definition_choice.ratios_are_quotients": (
        "update mart_definition_choice set denominator_change_ratio = 0.5 where year = 2024 "
        "and definition_id = 'STD_OFFENTLIG'"
    ),
    "mart_definition_choice.both_are_averages": (
        "delete from mart_definition_choice where year = 2024 and definition_id = 'STD_NAVN'"
    ),
    "mart_definition_choice.sums_to_suppliers": (
        "update mart_supplier_year set spend_nok = 101 where year = 2023 "
        "and definition_id = 'STD_NAVN'"
    ),
    "mart_definition_sensitivity.value_is_of_average": (
        "delete from mart_definition_sensitivity where year = 2023 and published_id = 'SUM' "
        "and definition_id = 'STD'"
    ),
    "mart_definition_sensitivity.difference_is_distance": (
        "update mart_definition_sensitivity set could_give = true where year = 2023 "
        "and definition_id = 'STD' and published_id = 'SUM'"
    ),
    "mart_definition_sensitivity.all_is_every": (
        "update mart_definition_sensitivity set could_give_all = true where year = 2023 "
        "and definition_id = 'STD'"
    ),
    "mart_unit_ranking.ranks_follow": "update mart_unit_ranking set spend_rank = 1",
    "mart_unit_ranking.shares_are_quotients": (
        "update mart_unit_ranking set document_share = 0.5 where group_id = 'U1' and year = 2024"
    ),
    "mart_unit_ranking.documents_of_lines": (
        "update fct_spend_line set document_id = 'D5' where amount_nok = 60"
    ),
    "mart_unit_ranking.sums_to_suppliers": (
        "update mart_supplier_year set spend_nok = 50.01 where supplier_id = 'NO2'"
    ),
    "mart_unit_ranking.units_sum_to_lines": (
        "update fct_spend_line set unit_id = 'U2' where document_id = 'D4'"
    ),
    "mart_concentration.parts_add_up": (
        "update mart_concentration set negative_nok = 0 where category_id = 'K1'"
    ),
    "mart_concentration.shares_are_quotients": (
        "update mart_concentration set largest_share = 0.8 where category_id = '*' and year = 2024"
    ),
    "mart_concentration.all_follow_suppliers": (
        "update mart_concentration set hhi = 6250.1 where category_id = '*' and year = 2024"
    ),
    "mart_concentration.pareto_is_smallest": (
        "update mart_concentration set pareto_supplier_count = 1 "
        "where category_id = '*' and year = 2024"
    ),
    "mart_concentration.all_sums_to_suppliers": (
        "update mart_concentration set spend_nok = 190.01 where category_id = '*' and year = 2024"
    ),
    "mart_concentration.categories_sum_to_suppliers": (
        "delete from mart_concentration where category_id = 'K2'"
    ),
    "mart_concentration.categories_sum_to_lines": (
        "update fct_spend_line set category_id = 'K2' where document_id = 'D4'"
    ),
    "mart_spend_change.parts_are_the_change": (
        "update mart_spend_change set mix_nok = 5.01 where category_id = 'K1'"
    ),
    "mart_spend_change.categories_are_the_whole": (
        "update mart_spend_change set matched_item_count = 2 where category_id = '*'"
    ),
    "mart_spend_change.nothing_without_its_reason": (
        "update mart_spend_change set new_supplier_count = 0 where category_id = 'K2'"
    ),
    "mart_spend_change.share_is_quotient": (
        "update mart_spend_change set matched_share = 0.7 where category_id = 'K1'"
    ),
    "mart_spend_change.categories_sum_to_lines": (
        "update fct_spend_line set category_id = 'K2' where document_id = 'D4'"
    ),
    "mart_spend_change.sums_to_suppliers": (
        "update mart_supplier_year set spend_nok = 50.01 where supplier_id = 'NO2'"
    ),
}
# Held by the gate's own fixture, or by columns that these tables do without.
ELSEWHERE = {
    "mart_supplier_year": ("vat_is_added", "investments_are_left_out", "std_offentlig", "std_navn"),
    "mart_supplier_average": ("trimmed_is_without_both_ends",),
}


def _own(suite: Suite) -> dict[str, str]:
    sums = [each.check() for each in suite.sums_to]
    found = [check for check in suite.checks if check.expectation == BAD_ROWS]
    wanted = [check for check in [*found, *sums] if not check.id.endswith((".columns", "_exists"))]
    only = ELSEWHERE.get(suite.table)
    return {
        check.id: check.bad_rows
        for check in wanted
        if only is None or check.id.split(".")[1].startswith(only)
    }


ALL_DEFINITIONS = (DEFINITION, supplier_year.SUITE, AVERAGE, CHOICE, SENSITIVITY)
ONE_DEFINITION = (RANKING, CONCENTRATION, CHANGE)
WIDE = {check: sql for suite in ALL_DEFINITIONS for check, sql in _own(suite).items()}
NARROW = {check: sql for suite in ONE_DEFINITION for check, sql in _own(suite).items()}


def _failing(check_id: str, defect: str = "") -> bool:
    with duckdb.connect() as connection:
        connection.execute(GOOD)
        if check_id in NARROW:
            connection.execute(STD_ONLY)
        if defect:
            connection.execute(defect)
        return bool(connection.execute((WIDE | NARROW)[check_id]).fetchall())


@pytest.mark.rule("E01", "E02", "E03", "E04")
def test_good_tables_pass_every_check() -> None:
    assert [check for check in WIDE | NARROW if _failing(check)] == []


@pytest.mark.rule("E01", "E02", "E03", "E04")
@pytest.mark.parametrize("check", sorted(DEFECTS))
def test_a_planted_defect_is_found(check: str) -> None:
    assert _failing(check, DEFECTS[check])


def test_every_own_check_has_its_defect() -> None:
    assert sorted(WIDE | NARROW) == sorted(DEFECTS)


@pytest.mark.rule("E01", "E02")
def test_the_suites_know_the_definitions_that_ship() -> None:
    with (SEEDS / "spend_definition.csv").open(encoding="utf-8") as file:
        definitions = {row["definition_id"]: row for row in csv.DictReader(file)}
    assert set(DEFINITIONS) <= set(definitions)
    assert {row["choice"] for row in definitions.values()} == set(CHOICES)
    named = sorted(name for name, row in definitions.items() if row["merges_suppliers"] == "false")
    assert named == sorted(supplier_year.NAMED)
    with_vat = [name for name, row in definitions.items() if row["vat_treatment"] == "inkl_mva"]
    assert sorted(with_vat) == sorted(supplier_year.WITH_VAT)
    assert set(supplier_year.WIDER) <= set(definitions)


@pytest.mark.rule("E03")
def test_a_definition_with_a_choice_differs_from_the_standard_in_that_alone() -> None:
    columns = {
        "active_rule": {"active_rule", "minimum_nok"},
        "vat": {"vat_treatment"},
        "investments": {"includes_investments"},
        "public_bodies": {"includes_public_bodies"},
        "internal": {"includes_internal_sellers", "includes_internal_account"},
        "transfers": {"includes_transfers"},
        "wages": {"includes_wages"},
        "merging": {"merges_suppliers"},
        "addressable": {"is_addressable_only"},
    }
    words = {"definition_id", "name_nb", "description_nb", "population_nb", "choice", "is_default"}
    with (SEEDS / "spend_definition.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    standard = next(row for row in rows if row["is_default"] == "true")
    for row in rows:
        differs = {name for name in row if row[name] != standard[name]} - words
        if row["choice"]:
            assert differs, row["definition_id"]
            assert differs <= columns[row["choice"]], row["definition_id"]
        else:
            assert len(differs) != 1, row["definition_id"]
