"""The suite of `mart_call_off`: orders on the agreements, year by year."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, no_orphans, rows

_TABLE = "mart_call_off"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "agreement_id": "text",
                "call_off_count": "integer",
                "with_order_nok": "money",
                "without_order_nok": "money",
                "spend_nok": "money",
                "with_order_share": "share",
                "outside_period_nok": "money",
            },
        ),
        *key(_TABLE, "year", "agreement_id"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen med bestilling er ikke telleren delt på nevneren.",
            f"""
            select * from {_TABLE}
            where spend_nok <> with_order_nok + without_order_nok
                or (with_order_share is null) <> (spend_nok <= 0)
                or abs(with_order_share
                    - cast(with_order_nok as double) / cast(spend_nok as double)) > 1e-9
            """,
            rule_id="E06",
        ),
        rows(
            f"{_TABLE}.counts_fit",
            "Det er flere bestillinger enn linjer, eller beløp med bestilling uten bestillinger.",
            f"select * from {_TABLE} where call_off_count > line_count "
            "or (call_off_count = 0 and with_order_nok <> 0)",
            rule_id="E06",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Beløpene er ikke summen av linjene på avtalen, frivillige medregnet.",
            ("year", "agreement_id"),
            f"select year, agreement_id, spend_nok as nok from {_TABLE}",
            "select year, agreement_id, amount_nok as nok from fct_spend_line "
            "where loyalty_class in ('on_agreement', 'voluntary')",
            rule_id="E06",
        ),
        SumsTo(
            f"{_TABLE}.outside_sums_to_lines",
            "Beløpene utenfor perioden er ikke summen av linjene i den klassen.",
            ("year", "agreement_id"),
            f"select year, agreement_id, outside_period_nok as nok from {_TABLE}",
            "select year, agreement_id, amount_nok as nok from fct_spend_line "
            "where loyalty_class = 'outside_period'",
            rule_id="E06",
        ),
    ),
)
