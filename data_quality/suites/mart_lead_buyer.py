"""The suite of `mart_lead_buyer`: spend on agreements by who ran the competition."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, not_null, rows

_TABLE = "mart_lead_buyer"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "lead_buyer": "text",
                "agreement_count": "integer",
                "used_agreement_count": "integer",
                "supplier_count": "integer",
                "definition_id": "text",
                "turnover_nok": "money",
                "total_turnover_nok": "money",
                "turnover_share": "share",
            },
        ),
        *key(_TABLE, "year", "lead_buyer"),
        not_null(_TABLE, "definition_id"),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen er ikke omsetningen delt på omsetningen på alle avtaler det året.",
            f"""
            select * from (
                select *, sum(turnover_nok) over (partition by year) as summed_nok from {_TABLE}
            ) as summed
            where total_turnover_nok <> summed_nok
                or (turnover_share is null) <> (total_turnover_nok <= 0)
                or abs(turnover_share - cast(turnover_nok as double)
                    / nullif(cast(total_turnover_nok as double), 0)) > 1e-9
            """,
            rule_id="E20",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Omsetningen til oppdragsgiverne er ikke summen av linjene på avtalene.",
            ("year",),
            f"select year, turnover_nok as nok from {_TABLE}",
            "select year, case when agreement_id is not null "
            "and loyalty_class in ('on_agreement', 'voluntary') then amount_nok "
            "else cast(0 as decimal(18, 2)) end as nok from fct_spend_line",
            rule_id="E20",
        ),
    ),
)
