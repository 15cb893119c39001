"""The suite of `mart_licence_plan_cause`: the parts are the whole."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, key, rows

_TABLE = "mart_licence_plan_cause"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "cause": "text",
                "cause_order": "integer",
                "changed_count": "integer",
                "horizon_saving_nok": "money",
                "yearly_saving_nok": "money",
            },
        ),
        *key(_TABLE, "cause"),
        between(_TABLE, "changed_count", 0, None),
        rows(
            f"{_TABLE}.accounts_fit",
            "Kontoene som endres av en årsak, er ikke de som står på den i listen.",
            f"""
            select cause, sum(accounts) as difference from (
                select cause, changed_count as accounts from {_TABLE}
                union all
                select cause, -1 from mart_licence_plan_user where is_changed
            ) as sides group by cause having sum(accounts) <> 0
            """,
            rule_id="A07",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_saving",
            "Årsakene summerer ikke til hele besparelsen.",
            (),
            f"select horizon_saving_nok as nok from {_TABLE}",
            "select saving_nok as nok from mart_licence_plan_summary",
            rule_id="A07",
        ),
    ),
)
