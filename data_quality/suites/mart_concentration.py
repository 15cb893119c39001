"""The suite of `mart_concentration`: HHI, Pareto, tail and the largest, over positive suppliers."""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    between,
    columns,
    key,
    no_orphans,
    not_null,
    rows,
    share,
)

_TABLE = "mart_concentration"
_SHARES = (
    "pareto_share",
    "pareto_supplier_share",
    "tail_supplier_share",
    "tail_document_share",
    "tail_spend_share",
    "largest_share",
)
# The same figures over all categories, worked out from the suppliers' year.
_EXPECTED = f"""
    select whole.year, whole.definition_id, count(*) as suppliers,
        sum(greatest(spent.spend_nok, 0)) as positive_nok,
        sum(case when spent.spend_nok > 0 then 1 else 0 end) as positive_suppliers,
        sum(case when spent.spend_nok > 0 and spent.spend_nok < whole.tail_limit_nok
            then 1 else 0 end) as tail_suppliers,
        sum(case when spent.spend_nok > 0 and spent.spend_nok < whole.tail_limit_nok
            then spent.spend_nok else 0 end) as tail_nok,
        max(spent.spend_nok) as largest_nok,
        10000 * sum(power(cast(greatest(spent.spend_nok, 0) as double)
            / nullif(cast(whole.positive_nok as double), 0), 2)) as hhi
    from {_TABLE} as whole
    inner join mart_supplier_year as spent
        on spent.year = whole.year and spent.definition_id = whole.definition_id
    where whole.category_id = '*'
    group by all
"""
_PARETO = f"""
    select whole.year, whole.definition_id,
        sum(case when spent.spend_rank <= whole.pareto_supplier_count
            then spent.spend_nok else 0 end) as reached_nok,
        sum(case when spent.spend_rank < whole.pareto_supplier_count
            then spent.spend_nok else 0 end) as without_last_nok
    from {_TABLE} as whole
    inner join mart_supplier_year as spent
        on spent.year = whole.year and spent.definition_id = whole.definition_id
    where whole.category_id = '*'
    group by all
"""

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "category_id": "text",
                "category_name": "text",
                "supplier_count": "integer",
                "positive_supplier_count": "integer",
                "spend_nok": "money",
                "positive_nok": "money",
                "negative_nok": "money",
                "hhi": "share",
                "pareto_share": "share",
                "pareto_supplier_count": "integer",
                "pareto_supplier_share": "share",
                "tail_limit_nok": "money",
                "tail_supplier_count": "integer",
                "tail_supplier_share": "share",
                "tail_document_count": "integer",
                "positive_document_count": "integer",
                "tail_document_share": "share",
                "tail_nok": "money",
                "tail_spend_share": "share",
                "largest_supplier_id": "text",
                "largest_nok": "money",
                "largest_share": "share",
                "document_count": "integer",
            },
        ),
        *key(_TABLE, "year", "definition_id", "category_id"),
        not_null(_TABLE, "pareto_share", "Året har ingen grenser i concentration_limit."),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        between(_TABLE, "hhi", 0, 10000.000001),
        *(share(_TABLE, column) for column in _SHARES),
        rows(
            f"{_TABLE}.category_exists",
            "Kategorien finnes ikke i dim_category.",
            f"select * from {_TABLE} where category_id <> '*' "
            "and category_id not in (select category_id from dim_category)",
        ),
        rows(
            f"{_TABLE}.parts_add_up",
            "Positivt og negativt kjøp blir ikke netto, en del er større enn det hele, eller en "
            "gruppe uten positivt kjøp har en andel.",
            f"""
            select * from {_TABLE}
            where spend_nok <> positive_nok + negative_nok or negative_nok > 0
                or positive_supplier_count > supplier_count
                or pareto_supplier_count > positive_supplier_count
                or tail_supplier_count > positive_supplier_count
                or tail_nok > positive_nok or largest_nok > positive_nok
                or (positive_nok > 0) <> (hhi is not null)
                or (positive_nok > 0) <> (largest_supplier_id is not null)
                or (positive_nok > 0) <> (pareto_supplier_count > 0)
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "En andel er ikke delt på nevneren ved siden av.",
            f"""
            select * from {_TABLE}
            where abs(largest_share * cast(positive_nok as double)
                    - cast(largest_nok as double)) > 0.005
                or abs(tail_spend_share * cast(positive_nok as double)
                    - cast(tail_nok as double)) > 0.005
                or abs(tail_supplier_share * positive_supplier_count - tail_supplier_count) > 1e-6
                or abs(pareto_supplier_share * positive_supplier_count
                    - pareto_supplier_count) > 1e-6
                or abs(tail_document_share * positive_document_count - tail_document_count) > 1e-6
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.all_follow_suppliers",
            "Tallene for alle kategorier er ikke det leverandørenes kjøp i året gir.",
            f"""
            select whole.*, expected.* from {_TABLE} as whole
            inner join ({_EXPECTED}) as expected
                on expected.year = whole.year and expected.definition_id = whole.definition_id
            where whole.category_id = '*' and (
                whole.supplier_count <> expected.suppliers
                or whole.positive_nok <> expected.positive_nok
                or whole.positive_supplier_count <> expected.positive_suppliers
                or whole.tail_supplier_count <> expected.tail_suppliers
                or whole.tail_nok <> expected.tail_nok
                or (whole.largest_nok is not null and whole.largest_nok <> expected.largest_nok)
                or abs(whole.hhi - expected.hhi) > 1e-6
            )
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.pareto_is_smallest",
            "Leverandørene som er telt, har ikke andelen av kjøpet, eller én færre har den også.",
            f"""
            select whole.*, reached.reached_nok, reached.without_last_nok from {_TABLE} as whole
            inner join ({_PARETO}) as reached
                on reached.year = whole.year and reached.definition_id = whole.definition_id
            where whole.category_id = '*' and whole.positive_nok > 0 and (
                reached.reached_nok < cast(whole.pareto_share as decimal(5, 4)) * whole.positive_nok
                or reached.without_last_nok
                    >= cast(whole.pareto_share as decimal(5, 4)) * whole.positive_nok
            )
            """,
            rule_id="E02",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.all_sums_to_suppliers",
            "Kjøpet i alle kategorier er ikke kjøpet etter samme definisjon.",
            ("year", "definition_id"),
            f"select year, definition_id, spend_nok as nok from {_TABLE} where category_id = '*'",
            "select year, definition_id, spend_nok as nok from mart_supplier_year",
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.categories_sum_to_suppliers",
            "Kategoriene blir ikke til sammen kjøpet etter samme definisjon.",
            ("year", "definition_id"),
            f"select year, definition_id, spend_nok as nok from {_TABLE} where category_id <> '*'",
            "select year, definition_id, spend_nok as nok from mart_supplier_year",
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.categories_sum_to_lines",
            "Kategoriens kjøp etter STD er ikke summen av linjene.",
            ("year", "category_id"),
            f"select year, category_id, spend_nok as nok from {_TABLE} "
            "where definition_id = 'STD' and category_id <> '*'",
            "select year, category_id, amount_nok as nok from fct_spend_line",
            rule_id="E01",
        ),
    ),
)
