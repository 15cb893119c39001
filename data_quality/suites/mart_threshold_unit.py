"""The suite of `mart_threshold_unit` (E07): which units and managers a window consists of."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, no_orphans, not_null, rows

_TABLE = "mart_threshold_unit"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "part_id": "text",
                "watch_id": "text",
                "scope": "text",
                "supplier_id": "text",
                "kind": "text",
                "category_id": "text",
                "window_start": "date",
                "window_end": "date",
                "is_at_or_above": "boolean",
                "responsible": "text",
                "unit_id": "text",
                "unit_name": "text",
                "sector": "text",
                "loyalty_class": "text",
                "agreement_id": "text",
                "agreement_manager": "text",
                "definition_id": "text",
                "spend_nok": "money",
                "window_nok": "money",
                "window_share": "share",
                "line_count": "integer",
            },
        ),
        *key(_TABLE, "part_id"),
        not_null(_TABLE, "spend_nok"),
        in_set(_TABLE, "loyalty_class", ("no_agreement", "outside_period", "off_agreement")),
        no_orphans(_TABLE, "watch_id", "mart_threshold_watch"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.sums_to_window",
            "Enhetene blir ikke summen av vinduet, eller et vindu mangler enheter.",
            f"""
            select watched.watch_id from mart_threshold_watch as watched
            left join {_TABLE} as part on part.watch_id = watched.watch_id
            group by watched.watch_id, watched.spend_without_agreement_nok
            having coalesce(sum(part.spend_nok), 0) <> watched.spend_without_agreement_nok
                or count(distinct part.unit_id) = 0
                or max(part.window_nok) <> watched.spend_without_agreement_nok
            """,
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen er ikke enhetens kjøp delt på vinduets.",
            f"""
            select * from {_TABLE} where (window_share is null) <> (window_nok <= 0)
                or abs(window_share - cast(spend_nok as double) / cast(window_nok as double)) > 1e-9
            """,
            rule_id="E07",
        ),
    ),
    no_sum="Vinduer overlapper; radene til hvert av dem blir vinduets sum i sums_to_window.",
)
