"""The suite of `mart_licence_plan_constraint`: what each constraint costs."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, rows

_TABLE = "mart_licence_plan_constraint"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "constraint_name": "text",
                "pool_id": "text",
                "sku_id": "text",
                "is_binding": "boolean",
                "status": "text",
                "without_nok": "money",
                "cost_nok": "money",
            },
        ),
        *key(_TABLE, "constraint_name", "pool_id", "sku_id"),
        in_set(_TABLE, "status", ("optimal", "not_proven"), rule_id="A07"),
        rows(
            f"{_TABLE}.cost_is_difference",
            "Det betingelsen koster, er ikke planens kostnad minus kostnaden uten den.",
            f"""
            select constraints.* from {_TABLE} as constraints
            cross join mart_licence_plan_summary as summary
            where constraints.cost_nok <> summary.plan_nok - constraints.without_nok
                or (constraints.cost_nok is null) <> (constraints.without_nok is null)
                or (constraints.cost_nok is null) <> (constraints.status = 'not_proven')
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.no_gain",
            "Planen er billigere med betingelsen enn uten, eller en som ikke binder, koster noe.",
            f"select * from {_TABLE} where cost_nok < 0 or (not is_binding and cost_nok <> 0)",
            rule_id="A07",
        ),
    ),
    no_sum="kostnadene er forskjeller mellom planer, og har ingen sum",
)
