"""The suite of `mart_licence_addon_share` (B07y): licences beyond the standard per unit."""

from __future__ import annotations

from data_quality.checks import RUN_CONTEXT, Suite, columns, in_set, key, no_orphans, rows, share

_TABLE = "mart_licence_addon_share"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "month": "date",
                "unit_id": "text",
                "standard_count": "integer",
                "addon_count": "integer",
                "free_addon_count": "integer",
                "counted_count": "integer",
                "addon_share": "share",
                "review_limit_share": "share",
                "is_reviewable": "boolean",
                "is_flagged": "boolean",
                "rule_id": "text",
                "is_preliminary": "boolean",
            },
        ),
        *key(_TABLE, "month", "unit_id"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        in_set(_TABLE, "rule_id", ("B07y",)),
        share(_TABLE, "addon_share"),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen er ikke tillegg delt på det som er talt.",
            f"""
            select * from {_TABLE} where counted_count <> standard_count + addon_count
                or (addon_share is null) <> (counted_count = 0)
                or abs(addon_share - cast(addon_count as double)
                    / nullif(cast(counted_count as double), 0)) > 1e-9
            """,
            rule_id="B07y",
        ),
        rows(
            f"{_TABLE}.counts_are_the_licences",
            "Antallene er ikke enhetens tildelinger.",
            f"""
            select month, unit_id from (
                select month, unit_id, standard_count, addon_count, free_addon_count
                from {_TABLE}
                union all
                select month, unit_id, case when is_standard then -1 else 0 end,
                    case when not is_standard and not is_zero_cost_addon then -1 else 0 end,
                    case when not is_standard and is_zero_cost_addon then -1 else 0 end
                from fct_licence_charge
            ) as sides
            group by month, unit_id
            having sum(standard_count) <> 0 or sum(addon_count) <> 0 or sum(free_addon_count) <> 0
            """,
            rule_id="B07y",
        ),
        rows(
            f"{_TABLE}.flagged_above_the_limit",
            "En enhet er merket uten å være over grensen, eller over den uten å være merket.",
            f"""
            select shares.* from {_TABLE} as shares cross join {RUN_CONTEXT} as context
            where shares.review_limit_share <> context.licence_addon_share_review
                or shares.is_flagged <> (shares.is_reviewable
                    and coalesce(shares.addon_share > shares.review_limit_share, false))
            """,
            rule_id="B07y",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
