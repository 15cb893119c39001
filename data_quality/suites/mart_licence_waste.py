"""The suite of `mart_licence_waste`: findings and their cost per unit and cause."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, rows
from data_quality.suites.mart_licence_finding import FINDINGS

_TABLE = "mart_licence_waste"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "as_of_date": "date",
                "unit_id": "text",
                "finding": "text",
                "finding_order": "integer",
                "user_count": "integer",
                "assignment_count": "integer",
                "monthly_cost_nok": "money",
                "counted_cost_nok": "money",
            },
        ),
        *key(_TABLE, "unit_id", "finding"),
        in_set(_TABLE, "finding", FINDINGS),
        rows(
            f"{_TABLE}.counts_are_the_findings",
            "Antallene er ikke antall funn, eller funn mangler i tabellen.",
            f"""
            select coalesce(waste.unit_id, found.unit_id) as unit_id, found.finding
            from {_TABLE} as waste
            full outer join (
                select unit_id, finding, count(*) as row_count,
                    count(distinct user_key) as user_count,
                    count(*) filter (where monthly_cost_nok is null) as without_price_count
                from mart_licence_finding group by unit_id, finding
            ) as found
                on found.unit_id = waste.unit_id and found.finding = waste.finding
            where waste.unit_id is null or found.unit_id is null
                or waste.assignment_count <> found.row_count
                or waste.user_count <> found.user_count
                or waste.without_price_count <> found.without_price_count
            """,
            rule_id="A07",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.cost_sums_to_findings",
            "Kostnaden er ikke summen av funnenes.",
            ("unit_id", "finding"),
            f"select unit_id, finding, monthly_cost_nok as nok from {_TABLE}",
            "select unit_id, finding, coalesce(monthly_cost_nok, 0) as nok "
            "from mart_licence_finding",
            rule_id="A07",
        ),
        SumsTo(
            f"{_TABLE}.counted_sums_to_findings",
            "Kostnaden regnet én gang er ikke summen av funnenes.",
            ("unit_id", "finding"),
            f"select unit_id, finding, counted_cost_nok as nok from {_TABLE}",
            "select unit_id, finding, coalesce(counted_cost_nok, 0) as nok "
            "from mart_licence_finding",
            rule_id="A07",
        ),
    ),
)
