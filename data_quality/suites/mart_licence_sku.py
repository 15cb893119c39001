"""The suite of `mart_licence_sku`: the licence account per day and product, with its history."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, no_orphans, rows

_TABLE = "mart_licence_sku"
_SUMMED = (
    "entitled",
    "assigned",
    "active",
    "unused",
    "unknown_activity",
    "suspended",
    "disabled_assigned",
    "shelf_ware",
)
_SUMS = ", ".join(f"sum({name}) as {name}" for name in _SUMMED)
_DIFFERENT = " or ".join(f"totals.{name} <> summed.{name}" for name in _SUMMED)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "as_of_date": "date",
                "sku_id": "text",
                "is_latest": "boolean",
                "entitled": "integer",
                "assigned": "integer",
                "active": "integer",
                "unused": "integer",
                "unknown_activity": "integer",
                "suspended": "integer",
                "shelf_ware": "integer",
                "over_assigned": "integer",
                "unit_price_nok": "money",
                "monthly_cost_nok": "money",
                "paid_nok": "money",
                "true_up_date": "date",
                "true_up_nok": "money",
            },
        ),
        *key(_TABLE, "as_of_date", "sku_id"),
        no_orphans(_TABLE, "sku_id", "dim_sku"),
        in_set(_TABLE, "entitlement_evidence", ("register", "tenant", "none")),
        in_set(_TABLE, "price_evidence", ("register", "tenant", "none")),
        rows(
            f"{_TABLE}.counts_sum_to_units",
            "Tallene er ikke summen av enhetenes og de felles.",
            f"""
            select totals.*
            from {_TABLE} as totals
            full outer join (
                select as_of_date, sku_id, {_SUMS} from mart_licence_account
                group by as_of_date, sku_id
            ) as summed
                on summed.as_of_date = totals.as_of_date and summed.sku_id = totals.sku_id
            where totals.sku_id is null or summed.sku_id is null or {_DIFFERENT}
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.holding_and_use_meet",
            "Beholdning minus tildelt er ikke plasser ingen har minus plasser for mye tildelt.",
            f"select * from {_TABLE} where least(shelf_ware, over_assigned) < 0 "
            "or entitled - assigned <> shelf_ware - over_assigned",
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.amounts_are_seats_times_price",
            "Et beløp er ikke plasser ganger pris, eller mangler med kjent pris.",
            f"""
            select * from {_TABLE}
            where paid_nok is distinct from cast(entitled * unit_price_nok as decimal(18, 2))
                or shelf_ware_nok
                    is distinct from cast(shelf_ware * unit_price_nok as decimal(18, 2))
                or unused_nok is distinct from cast(unused * unit_price_nok as decimal(18, 2))
                or true_up_nok
                    is distinct from cast(12 * over_assigned * unit_price_nok as decimal(18, 2))
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.latest_is_the_last_day",
            "Det nyeste øyeblikksbildet er ikke den siste dagen i tabellen.",
            f"select * from {_TABLE} where is_latest "
            f"and as_of_date <> (select max(as_of_date) from {_TABLE})",
        ),
        rows(
            f"{_TABLE}.over_assigned",
            "Flere plasser er tildelt enn vi har; de må betales ved etteroppgjøret.",
            f"select * from {_TABLE} where is_latest and over_assigned > 0",
            severity="warn",
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.without_price",
            "Prisen er ikke kjent, så kostnaden mangler i summene.",
            f"select * from {_TABLE} where is_latest and unit_price_nok is null "
            "and (entitled > 0 or assigned > 0)",
            severity="warn",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.cost_sums_to_units",
            "Månedskostnaden er ikke summen av enhetenes og de felles plassenes.",
            ("as_of_date", "sku_id"),
            f"select as_of_date, sku_id, coalesce(monthly_cost_nok, 0) as nok from {_TABLE}",
            "select as_of_date, sku_id, coalesce(monthly_cost_nok, 0) as nok "
            "from mart_licence_account",
            rule_id="A07",
        ),
    ),
)
