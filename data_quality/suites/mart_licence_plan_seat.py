"""The suite of `mart_licence_plan_seat`: today's seats with the actions are the plan's."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, key, rows

_TABLE = "mart_licence_plan_seat"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "pool_id": "text",
                "sku_id": "text",
                "held": "integer",
                "assigned": "integer",
                "planned_assigned": "integer",
                "ended": "integer",
                "bought": "integer",
                "planned_seats": "integer",
                "is_transferable": "boolean",
                "baseline_nok": "money",
                "plan_nok": "money",
                "saving_nok": "money",
            },
        ),
        *key(_TABLE, "pool_id", "sku_id"),
        between(_TABLE, "held", 0, None),
        rows(
            f"{_TABLE}.seats_balance",
            "Plassene i dag med tiltakene er ikke planens plasser.",
            f"select * from {_TABLE} where planned_seats <> held - ended + bought "
            "or saving_nok <> baseline_nok - plan_nok "
            "or (true_up_date is null and plan_nok is not null "
            "and planned_seats < planned_assigned)",
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.actions_fit",
            "Plassene som sies opp eller kjøpes, er ikke de som står i tiltakene.",
            f"""
            select pool_id, sku_id, sum(ended) as ended, sum(bought) as bought from (
                select pool_id, sku_id, ended, bought from {_TABLE}
                union all
                select pool_id, coalesce(from_sku_id, to_sku_id),
                    case when action in ('terminate', 'do_not_renew') then -quantity else 0 end,
                    case when action = 'buy' then -quantity else 0 end
                from mart_licence_plan where action in ('terminate', 'do_not_renew', 'buy')
            ) as sides group by pool_id, sku_id having sum(ended) <> 0 or sum(bought) <> 0
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.accounts_fit",
            "Plassene på kontoer er ikke de som står i listen over kontoer.",
            f"""
            select sku_id, sum(today) as today, sum(planned) as planned from (
                select sku_id, assigned as today, planned_assigned as planned from {_TABLE}
                union all
                select unnest(string_split(from_sku_ids, ';')), -1, 0
                from mart_licence_plan_user where from_sku_ids <> ''
                union all
                select unnest(string_split(to_sku_ids, ';')), 0, -1
                from mart_licence_plan_user where to_sku_ids <> ''
            ) as sides group by sku_id having sum(today) <> 0 or sum(planned) <> 0
            """,
            rule_id="A07",
        ),
    ),
    no_sum="summene er holdt mot mart_licence_plan_summary i dens egen kontroll",
)
