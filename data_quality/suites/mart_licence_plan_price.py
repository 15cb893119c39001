"""The suite of `mart_licence_plan_price`: a price or none for every product and month."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, key, rows

_TABLE = "mart_licence_plan_price"

SUITE = Suite(
    _TABLE,
    (
        columns(_TABLE, {"sku_id": "text", "month": "date", "unit_price_nok": "money"}),
        *key(_TABLE, "sku_id", "month"),
        between(_TABLE, "unit_price_nok", 0, None, "En pris er under 0."),
        rows(
            f"{_TABLE}.every_month",
            "Et produkt mangler en av planens måneder.",
            f"""
            select prices.sku_id, count(*) as months from {_TABLE} as prices
            cross join mart_licence_plan_summary as summary
            group by prices.sku_id, summary.horizon_months
            having count(*) <> summary.horizon_months
            """,
            rule_id="A07",
        ),
    ),
    no_sum="priser, ikke beløp",
)
