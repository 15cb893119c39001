"""The own checks of the loyalty suites: silent on good tables, each one awake."""

from __future__ import annotations

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, Suite
from data_quality.suites.mart_agreement_overlap import SUITE as OVERLAP
from data_quality.suites.mart_call_off import SUITE as CALL_OFF
from data_quality.suites.mart_exemption import SUITE as EXEMPTION
from data_quality.suites.mart_loyalty_evidence import SUITE as EVIDENCE
from data_quality.suites.mart_loyalty_leak import SUITE as LEAK
from data_quality.suites.mart_loyalty_level import SUITE as LEVEL
from data_quality.suites.mart_loyalty_rank import SUITE as RANK

pytestmark = [pytest.mark.rule("A02"), pytest.mark.rule("A04"), pytest.mark.rule("D04")]

# One unit and one agreement: 60 loyal and 40 not, in January.
_LEVEL_IDS = {
    "total": "total",
    "sector": "Bydeler",
    "unit": "alna",
    "agreement": "bht",
    "lot": "bht/1",
    "category": "helse",
}
_LEVEL_ROWS = " union all ".join(
    f"select '{level}' as level, '{name}' as level_id, '{period}' as period"
    for level, name in _LEVEL_IDS.items()
    for period in ("year", "month")
)
_ZERO = ", ".join(
    f"cast(0 as decimal(18, 2)) as {name}"
    for name in (
        "on_by_price_list_nok",
        "on_by_category_nok",
        "on_by_spread_nok",
        "on_via_successor_nok",
        "on_via_subcontractor_nok",
        "wrong_zone_nok",
        "outside_period_nok",
        "undetermined_positive_nok",
        "undetermined_negative_nok",
    )
)
GOOD = f"""
create table fct_spend_line as
select *, cast(nok as decimal(18, 2)) as amount_nok from (values
    (2024, 'alna', 'bht', '1', 'helse', 's', 'on_agreement', 'reference', 'registered', 'F1', 60,
        date '2024-01-15'),
    (2024, 'alna', 'bht', '1', 'helse', 't', 'off_agreement', 'category_zone_date', null, 'F2', 40,
        date '2024-01-15'),
    (2024, 'alna', 'bht', '1', 'helse', 's', 'outside_period', 'x', null, 'F3', 0,
        date '2024-01-15')
) as t(year, unit_id, agreement_id, lot, category_id, supplier_id, loyalty_class, loyalty_evidence,
       supplier_basis, spend_line_id, nok, decisive_date);
create table dim_unit as select 'alna' as unit_id, 'Alna' as name, date '1900-01-01' as valid_from,
    date '9999-12-31' as valid_to;
create table mart_loyalty_unit as select 2024 as year, 'alna' as unit_id, 2 as line_count,
    cast(60 as decimal(18, 2)) as on_agreement_nok,
    cast(0 as decimal(18, 2)) as undetermined_positive_nok,
    cast(0 as decimal(18, 2)) as undetermined_negative_nok, 'weak' as status;
create table mart_loyalty_level as
select *, 2024 as year, date '2024-01-01' as period_start, 2 as line_count, {_ZERO},
    cast(60 as decimal(18, 2)) as on_agreement_nok,
    cast(60 as decimal(18, 2)) as on_by_reference_nok,
    cast(40 as decimal(18, 2)) as off_agreement_nok,
    cast(60 as decimal(18, 2)) as low_numerator_nok,
    cast(100 as decimal(18, 2)) as low_denominator_nok,
    cast(60 as decimal(18, 2)) as high_numerator_nok,
    cast(100 as decimal(18, 2)) as high_denominator_nok,
    cast(100 as decimal(18, 2)) as spend_nok, cast(100 as decimal(18, 2)) as classified_nok,
    1.0 as classified_share, cast(0.6 as double) as loyalty_low,
    cast(0.6 as double) as loyalty_high,
    'weak' as status
from ({_LEVEL_ROWS});
create table mart_loyalty_leak as
select *, cast(nok as decimal(18, 2)) as amount_nok, cast(sum_nok as decimal(18, 2))
    as cumulative_nok, cast(all_nok as decimal(18, 2)) as total_nok
from (values
    (2024, 'alna', 'bht', '1', 't', 'off_agreement', true, 1, 40, 40, 40, cast(1 as double)),
    (2024, 'alna', 'bht', '1', 's', 'outside_period', false, 1, 0, 0, 0, null)
) as t(year, unit_id, agreement_id, lot, supplier_id, loyalty_class, is_leak, leak_rank, nok,
       sum_nok, all_nok, cumulative_share);
create table mart_loyalty_rank as
select 2024 as year, 'bht' as agreement_id, '1' as lot, 's' as supplier_id, 1 as supplier_rank,
    'registered' as supplier_basis, cast(60 as decimal(18, 2)) as spend_nok,
    cast(60 as decimal(18, 2)) as rank_spend_nok, cast(60 as decimal(18, 2)) as lot_spend_nok,
    cast(1 as double) as lot_share, cast(1 as double) as rank_share;
create table mart_loyalty_evidence as
select 2024 as year, 'bht' as agreement_id, 'on_agreement' as loyalty_class,
    'reference' as loyalty_evidence, 'registered' as supplier_basis,
    cast(60 as decimal(18, 2)) as amount_nok, cast(60 as decimal(18, 2)) as class_nok,
    cast(1 as double) as evidence_share;
create table mart_exemption as
select 'bht' as agreement_id, 'alna' as unit_id, date '2024-03-01' as valid_from,
    date '2024-08-01' as valid_to, cast(10 as decimal(18, 2)) as affected_nok,
    cast(4 as decimal(18, 2)) as on_agreement_nok, cast(6 as decimal(18, 2)) as elsewhere_nok;
create table mart_call_off as
select 2024 as year, 'bht' as agreement_id, 1 as call_off_count, 1 as line_count,
    cast(45 as decimal(18, 2)) as with_order_nok, cast(15 as decimal(18, 2)) as without_order_nok,
    cast(60 as decimal(18, 2)) as spend_nok, cast(0.75 as double) as with_order_share,
    cast(0 as decimal(18, 2)) as outside_period_nok;
create table mart_agreement_overlap as
select 'a' as agreement_id, '1' as lot, 'b' as other_agreement_id, '1' as other_lot,
    date '2024-01-01' as first_date, date '2024-01-10' as last_date, 10 as day_count,
    1 as unit_count, cast(35 as decimal(18, 2)) as spend_nok,
    cast(10 as decimal(18, 2)) as on_first_nok, cast(20 as decimal(18, 2)) as on_other_nok,
    cast(5 as decimal(18, 2)) as on_neither_nok;
"""

DEFECTS = {
    "mart_loyalty_level.shares_are_quotients": (
        "update mart_loyalty_level set loyalty_low = 0.61 where level = 'total'"
    ),
    "mart_loyalty_level.low_not_above_high": (
        "update mart_loyalty_level set loyalty_low = 0.61 where level = 'total'"
    ),
    "mart_loyalty_level.evidence_adds_up": (
        "update mart_loyalty_level set on_by_reference_nok = 59.99 where level = 'lot'"
    ),
    "mart_loyalty_level.months_add_up": (
        "update mart_loyalty_level set off_agreement_nok = 39.99 where period = 'month'"
    ),
    "mart_loyalty_level.units_fit_mart_loyalty_unit": (
        "update mart_loyalty_unit set on_agreement_nok = 61"
    ),
    "mart_loyalty_level.every_unit": "delete from mart_loyalty_level where level = 'unit'",
    **{
        f"mart_loyalty_level.{level}_{name}_sums_to_lines": (
            f"update fct_spend_line set amount_nok = amount_nok + 0.01, loyalty_class = '{name}'"
        )
        for level in ("total", "unit", "agreement", "lot", "category")
        for name in ("on_agreement", "wrong_zone", "outside_period", "off_agreement")
    },
    "mart_loyalty_leak.class_fits": "update mart_loyalty_leak set is_leak = not is_leak",
    "mart_loyalty_leak.ranked_by_amount": "update mart_loyalty_leak set leak_rank = 2",
    "mart_loyalty_leak.cumulative_from_rows": "update mart_loyalty_leak set cumulative_nok = 39",
    "mart_loyalty_leak.sums_to_lines": "update mart_loyalty_leak set amount_nok = 39.99",
    "mart_loyalty_rank.shares_from_rows": "update mart_loyalty_rank set rank_share = 0.9",
    "mart_loyalty_rank.sums_to_lines": "update mart_loyalty_rank set spend_nok = 59.99",
    "mart_loyalty_evidence.shares_from_rows": (
        "update mart_loyalty_evidence set evidence_share = 0.9"
    ),
    "mart_loyalty_evidence.sums_to_lines": "update mart_loyalty_evidence set amount_nok = 59.99",
    "mart_exemption.parts_add_up": "update mart_exemption set elsewhere_nok = 5.99",
    "mart_exemption.exempt_is_not_disloyal": (
        "update mart_exemption set valid_from = date '2024-01-15'"
    ),
    "mart_call_off.share_is_quotient": "update mart_call_off set with_order_share = 0.76",
    "mart_call_off.counts_fit": "update mart_call_off set call_off_count = 2",
    "mart_call_off.sums_to_lines": "update mart_call_off set spend_nok = 59.99",
    "mart_call_off.outside_sums_to_lines": "update mart_call_off set outside_period_nok = 0.01",
    "mart_agreement_overlap.parts_add_up": "update mart_agreement_overlap set on_neither_nok = 4",
    "mart_agreement_overlap.days_fit": "update mart_agreement_overlap set day_count = 11",
}
_SHARED = (".columns", "_exists", ".periods_apart", ".valid_from_before_valid_to")


def _own(suite: Suite) -> dict[str, str]:
    sums = [each.check() for each in suite.sums_to]
    found = [check for check in suite.checks if check.expectation == BAD_ROWS]
    wanted = [check for check in [*found, *sums] if not check.id.endswith(_SHARED)]
    return {check.id: check.bad_rows for check in wanted}


CHECKS: dict[str, str] = {}
for _suite in (LEVEL, LEAK, RANK, EVIDENCE, EXEMPTION, CALL_OFF, OVERLAP):
    CHECKS |= _own(_suite)


@pytest.fixture
def tables() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(GOOD)
    return connection


def test_every_check_of_these_suites_has_a_planted_defect() -> None:
    assert set(CHECKS) - set(DEFECTS) == set()
    assert set(DEFECTS) - set(CHECKS) == set()


@pytest.mark.parametrize("check_id", sorted(DEFECTS))
def test_a_check_is_silent_on_good_tables_and_finds_the_planted_defect(
    check_id: str, tables: duckdb.DuckDBPyConnection
) -> None:
    with tables:
        assert tables.execute(CHECKS[check_id]).fetchall() == []
        tables.execute(DEFECTS[check_id])
        assert tables.execute(CHECKS[check_id]).fetchall() != []
