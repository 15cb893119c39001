"""The suite of `mart_milestone`: a status follows from the days."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, in_set, key, rows

_TABLE = "mart_milestone"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "milestone_id": "text",
                "title": "text",
                "due_date": "date",
                "done_date": "date",
                "status": "text",
                "days_late": "integer",
            },
        ),
        *key(_TABLE, "milestone_id"),
        in_set(_TABLE, "status", ("reached", "reached_late", "overdue", "upcoming")),
        between(_TABLE, "days_late", 0, None),
        rows(
            f"{_TABLE}.status_follows_from_the_days",
            "En milepæl er nådd uten dag, eller for sent uten å være forsinket.",
            f"select * from {_TABLE} where (status in ('reached', 'reached_late')) <> "
            "(done_date is not null) or (status in ('reached_late', 'overdue')) <> (days_late > 0) "
            "or (status = 'reached_late' and done_date <= due_date)",
            rule_id="E18",
        ),
    ),
    no_sum="milepæler har ingen beløp",
)
