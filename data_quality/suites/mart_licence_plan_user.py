"""The suite of `mart_licence_plan_user`: everyone has what they need, each change a why."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, rows

_TABLE = "mart_licence_plan_user"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "account_key": "text",
                "unit_id": "text",
                "from_sku_ids": "text",
                "to_sku_ids": "text",
                "is_changed": "boolean",
                "action": "text",
                "cause": "text",
                "change_date": "date",
                "need_set_id": "text",
            },
        ),
        *key(_TABLE, "account_key"),
        in_set(
            _TABLE,
            "action",
            ("keep", "remove", "downgrade", "upgrade", "assign", "change"),
            rule_id="A07",
        ),
        in_set(_TABLE, "uncovered_reason", ("no_sku", "max_changes"), rule_id="A07"),
        rows(
            f"{_TABLE}.change_has_a_cause",
            "En konto endres uten årsak eller dag, eller har en årsak uten å endres.",
            f"""
            select * from {_TABLE}
            where is_changed <> (from_sku_ids <> to_sku_ids)
                or is_changed <> (action <> 'keep')
                or is_changed <> (cause is not null)
                or is_changed <> (change_date is not null)
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.needs_are_covered",
            "Produktene i planen gir ikke det kontoen trenger.",
            f"""
            select distinct users.need_set_id, users.to_sku_ids, needs.plan_id
            from {_TABLE} as users
            inner join mart_licence_plan_need as needs on needs.need_set_id = users.need_set_id
            where users.uncovered_reason is null and not exists (
                select 1 from mart_licence_sku_plan as sku_plans
                where sku_plans.plan_id = needs.plan_id
                    and list_contains(string_split(users.to_sku_ids, ';'), sku_plans.sku_id)
            )
            """,
            rule_id="A07",
        ),
    ),
    no_sum="kontoer, ikke beløp; kronene står på plassene i mart_licence_plan",
)
