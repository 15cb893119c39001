"""The suite of `mart_licence_plan_summary`: one row that fits the tables below it."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, rows

_TABLE = "mart_licence_plan_summary"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "as_of_date": "date",
                "status": "text",
                "horizon_months": "integer",
                "baseline_nok": "money",
                "plan_nok": "money",
                "saving_nok": "money",
                "saving_share": "share",
                "gap_share": "share",
                "greedy_nok": "money",
            },
        ),
        *key(_TABLE, "as_of_date"),
        in_set(_TABLE, "status", ("optimal", "not_proven", "no_data"), rule_id="A07"),
        rows(
            f"{_TABLE}.one_row",
            "Det er flere planer enn én.",
            f"select count(*) as plans from {_TABLE} having count(*) > 1",
        ),
        rows(
            f"{_TABLE}.saving_is_difference",
            "Besparelsen er ikke kostnaden uten endringer minus planens, eller andelen er ikke "
            "telleren delt på nevneren.",
            f"""
            select * from {_TABLE}
            where saving_nok <> baseline_nok - plan_nok
                or greedy_extra_nok <> greedy_nok - plan_nok
                or (saving_share is null) <> (baseline_nok = 0)
                or abs(saving_share
                    - cast(saving_nok as double) / cast(baseline_nok as double)) > 1e-9
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.bounds_fit",
            "Planen koster mindre enn den nedre grensen, eller er ikke billigst når den sier det.",
            f"""
            select * from {_TABLE}
            where lower_bound_nok > plan_nok
                or gap_share < 0
                or (status = 'optimal' and (greedy_nok < plan_nok or gap_share > 0.0001))
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.counts_fit",
            "Antall kontoer er ikke det listen over kontoer har.",
            f"""
            select summary.* from {_TABLE} as summary
            cross join (
                select count(*) as accounts, count(*) filter (where is_changed) as changed,
                    count(uncovered_reason) as uncovered
                from mart_licence_plan_user
            ) as users
            where summary.account_count <> users.accounts
                or summary.changed_count <> users.changed
                or summary.uncovered_count <> users.uncovered
                or (summary.max_changes > 0 and summary.changed_count > summary.max_changes)
            """,
            rule_id="A07",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.baseline_sums_to_seats",
            "Kostnaden uten endringer er ikke summen av plassene.",
            (),
            f"select baseline_nok as nok from {_TABLE}",
            "select coalesce(baseline_nok, 0) as nok from mart_licence_plan_seat",
            rule_id="A07",
        ),
        SumsTo(
            f"{_TABLE}.plan_sums_to_seats",
            "Planens kostnad er ikke summen av plassene.",
            (),
            f"select plan_nok as nok from {_TABLE}",
            "select coalesce(plan_nok, 0) as nok from mart_licence_plan_seat",
            rule_id="A07",
        ),
    ),
)
