"""The suite of `mart_licence_sku_plan`: what each product gives."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key

_TABLE = "mart_licence_sku_plan"

SUITE = Suite(
    _TABLE,
    (
        columns(_TABLE, {"sku_id": "text", "plan_id": "text", "plan_name": "text"}),
        *key(_TABLE, "sku_id", "plan_id"),
    ),
    no_sum="har ingen beløp",
)
