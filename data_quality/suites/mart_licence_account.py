"""The suite of `mart_licence_account`: the licence account per day, unit and product (A07)."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, no_orphans, rows

_TABLE = "mart_licence_account"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "as_of_date": "date",
                "unit_id": "text",
                "sku_id": "text",
                "entitled": "integer",
                "assigned": "integer",
                "active": "integer",
                "unused": "integer",
                "unknown_activity": "integer",
                "suspended": "integer",
                "disabled_assigned": "integer",
                "shelf_ware": "integer",
                "unit_price_nok": "money",
                "monthly_cost_nok": "money",
            },
        ),
        *key(_TABLE, "as_of_date", "unit_id", "sku_id"),
        no_orphans(_TABLE, "sku_id", "dim_sku"),
        rows(
            f"{_TABLE}.unit_known",
            "Enheten finnes ikke i dim_unit og er ikke felles.",
            f"select * from {_TABLE} where unit_id <> 'felles' "
            "and unit_id not in (select unit_id from dim_unit)",
        ),
        rows(
            f"{_TABLE}.use_adds_up",
            "Aktive, ubrukte og ukjente er ikke til sammen de tildelte.",
            f"""
            select * from {_TABLE}
            where assigned <> active + unused + unknown_activity
                or least(active, unused, unknown_activity, suspended, disabled_assigned) < 0
                or disabled_assigned > assigned
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.common_seats_are_on_nobody",
            "Felles plasser er tildelt noen, eller stansede plasser står på en enhet.",
            f"select * from {_TABLE} where (unit_id = 'felles' and assigned <> 0) "
            "or (unit_id <> 'felles' and suspended <> 0)",
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.shelf_ware_fits",
            "Plasser ingen har, er negative eller flere enn beholdningen.",
            f"select * from {_TABLE} "
            "where shelf_ware < 0 or shelf_ware > greatest(entitled, 0) "
            "or (unit_id <> 'felles' and shelf_ware > greatest(entitled - assigned, 0))",
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.cost_is_seats_times_price",
            "Kostnaden er ikke (tildelt + plasser ingen har) × pris, eller mangler med kjent pris.",
            f"select * from {_TABLE} where monthly_cost_nok is distinct from "
            "cast((assigned + shelf_ware) * unit_price_nok as decimal(18, 2))",
            rule_id="A07",
        ),
    ),
    no_sum="Beløpene er plasser ganger pris, ikke fakturalinjer.",
)
