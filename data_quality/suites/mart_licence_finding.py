"""The suite of `mart_licence_finding`: licences that something is said about, internal."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, no_orphans, rows

_TABLE = "mart_licence_finding"
FINDINGS = (
    "disabled_over_60",
    "disabled",
    "never_used",
    "inactive",
    "direct_and_group",
    "contained_plan",
    "several_accounts",
    "external",
    "no_employment",
    "above_need",
    "beyond_standard",
    "free_addon",
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "as_of_date": "date",
                "user_key": "text",
                "unit_id": "text",
                "sku_id": "text",
                "finding": "text",
                "finding_order": "integer",
                "rule_id": "text",
                "days": "integer",
                "other_sku_id": "text",
                "monthly_cost_nok": "money",
                "counted_cost_nok": "money",
            },
        ),
        *key(_TABLE, "user_key", "sku_id", "finding"),
        in_set(_TABLE, "finding", FINDINGS),
        no_orphans(_TABLE, "sku_id", "dim_sku"),
        no_orphans(_TABLE, "other_sku_id", "dim_sku", "sku_id"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        rows(
            f"{_TABLE}.cost_counts_once",
            "En lisens' kostnad er regnet flere ganger, eller ikke på det første funnet.",
            f"""
            select * from (
                select *, min(
                    case when finding not in ('direct_and_group', 'free_addon')
                        then finding_order end
                ) over (partition by user_key, sku_id) as first_order
                from {_TABLE}
            ) as ordered
            where counted_cost_nok is distinct from
                case when finding_order = first_order then monthly_cost_nok else 0 end
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.days_fit_the_rule",
            "En konto er ført som deaktivert mer enn 60 dager uten at dagene sier det.",
            f"select * from {_TABLE} where finding = 'disabled_over_60' "
            "and (days is null or days <= 0) "
            f"or (days is not null and finding not in ('disabled_over_60', 'disabled'))",
            rule_id="B09",
        ),
        rows(
            f"{_TABLE}.deactivated_one_way",
            "Samme lisens er ført både som deaktivert over og under grensen.",
            f"select user_key, sku_id from {_TABLE} "
            "where finding in ('disabled_over_60', 'disabled') "
            "group by user_key, sku_id having count(*) > 1",
            rule_id="B09",
        ),
        rows(
            f"{_TABLE}.only_unused_and_transferable_move",
            "En lisens som ikke kan overføres, eller er i bruk, er foreslått omfordelt.",
            f"select * from {_TABLE} where is_reallocation_candidate "
            "<> (is_transferable and finding in ('never_used', 'inactive'))",
            rule_id="B09t",
        ),
        rows(
            f"{_TABLE}.licences_are_in_the_account",
            "Det er funn på flere lisenser enn lisensregnskapet har tildelt i enheten.",
            f"""
            select found.*
            from (
                select as_of_date, unit_id, sku_id, count(distinct user_key) as user_count
                from {_TABLE} group by as_of_date, unit_id, sku_id
            ) as found
            left join mart_licence_account as account
                on account.as_of_date = found.as_of_date
                and account.unit_id = found.unit_id and account.sku_id = found.sku_id
            where found.user_count > coalesce(account.assigned, 0)
            """,
            rule_id="A07",
        ),
    ),
    no_sum="Beløpene er priser på lisenser, ikke fakturalinjer; samme lisens kan ha flere funn.",
)
