"""The suite of `mart_licence_plan`: the actions add up, and fit the accounts."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, in_set, key, rows

_TABLE = "mart_licence_plan"
_ON_ACCOUNTS = "('remove', 'downgrade', 'upgrade', 'assign', 'move')"
_CHANGES = "('remove', 'downgrade', 'upgrade', 'assign')"
_PLANNED = """
    select unit_id, unnest(string_split(to_sku_ids, ';')) as sku_id from mart_licence_plan_user
    where to_sku_ids <> ''
"""

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "action_number": "integer",
                "action": "text",
                "unit_id": "text",
                "from_sku_id": "text",
                "to_sku_id": "text",
                "quantity": "integer",
                "earliest_date": "date",
                "horizon_saving_nok": "money",
                "yearly_saving_nok": "money",
            },
        ),
        *key(_TABLE, "action_number"),
        in_set(
            _TABLE,
            "action",
            (
                *("remove", "downgrade", "upgrade", "assign", "move"),
                *("terminate", "do_not_renew", "buy", "reuse"),
            ),
            rule_id="A07",
        ),
        between(_TABLE, "quantity", 0, None),
        rows(
            f"{_TABLE}.money_on_seats_only",
            "Et tiltak på kontoer har kroner, så de ville telle to ganger.",
            f"select * from {_TABLE} where action in {_ON_ACCOUNTS} "
            "and (horizon_saving_nok <> 0 or yearly_saving_nok <> 0)",
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.products_fit_action",
            "Et tiltak mangler produktet det handler om, eller gjelder ingen kontoer.",
            f"""
            select * from {_TABLE}
            where (action in ('remove', 'terminate', 'do_not_renew')
                    and (from_sku_id is null or to_sku_id is not null))
                or (action in ('assign', 'buy') and (to_sku_id is null or from_sku_id is not null))
                or (action in ('downgrade', 'upgrade')
                    and (from_sku_id is null or to_sku_id is null or from_sku_id = to_sku_id))
                or (action in {_ON_ACCOUNTS} and quantity < 1)
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.accounts_balance",
            "Dagens lisensregnskap med tiltakene er ikke planens, så noen ville stå uten lisens "
            "eller med én for mye.",
            f"""
            select unit_id, sku_id, sum(seats) as difference from (
                select unit_id, sku_id, assigned as seats from mart_licence_account
                where as_of_date = (select max(as_of_date) from mart_licence_account)
                union all
                select unit_id, from_sku_id, -quantity from {_TABLE}
                where action in {_CHANGES} and from_sku_id is not null
                union all
                select unit_id, to_sku_id, quantity from {_TABLE}
                where action in {_CHANGES} and to_sku_id is not null
                union all
                select unit_id, sku_id, -1 from ({_PLANNED}) as planned
            ) as moves group by unit_id, sku_id having sum(seats) <> 0
            """,
            rule_id="A07",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_saving",
            "Tiltakene summerer ikke til planens besparelse.",
            (),
            f"select horizon_saving_nok as nok from {_TABLE}",
            "select saving_nok as nok from mart_licence_plan_summary",
            rule_id="A07",
        ),
        SumsTo(
            f"{_TABLE}.sums_to_causes",
            "Tiltakene summerer ikke til besparelsen per årsak.",
            ("cause",),
            f"select cause, horizon_saving_nok as nok from {_TABLE} where cause is not null",
            "select cause, horizon_saving_nok as nok from mart_licence_plan_cause",
            rule_id="A07",
        ),
    ),
)
