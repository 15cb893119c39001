"""The suite of `mart_deviation` (A14): deviations, open or closed."""

from __future__ import annotations

from data_quality.checks import RUN_CONTEXT, Suite, between, columns, in_set, key, rows

_TABLE = "mart_deviation"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "deviation_id": "text",
                "agreement_id": "text",
                "supplier_id": "text",
                "unit_id": "text",
                "deviation_type": "text",
                "severity": "text",
                "status": "text",
                "is_open": "boolean",
                "reported_date": "date",
                "closed_date": "date",
                "days_open": "integer",
                "claim_nok": "money",
                "dagbot_nok": "money",
            },
        ),
        *key(_TABLE, "deviation_id"),
        in_set(_TABLE, "status", ("open", "in_progress", "closed")),
        in_set(_TABLE, "severity", ("low", "medium", "high")),
        between(_TABLE, "days_open", 0, None),
        rows(
            f"{_TABLE}.open_is_not_closed",
            "Et avvik er åpent med status lukket, eller lukket med en annen status.",
            f"select * from {_TABLE} where is_open <> (status <> 'closed')",
            rule_id="A14",
        ),
        rows(
            f"{_TABLE}.days_are_counted",
            "Dagene er ikke fra meldt til lukket, eller til beregningsdatoen.",
            f"""
            select deviation.* from {_TABLE} as deviation
            cross join {RUN_CONTEXT} as run_context
            where deviation.days_open is distinct from greatest(
                case when deviation.is_open
                    then run_context.as_of_date - deviation.reported_date
                    else deviation.closed_date - deviation.reported_date end,
                case when deviation.is_open or deviation.closed_date is not null then 0 end
            )
            """,
            rule_id="A14",
        ),
        rows(
            f"{_TABLE}.closed_by_the_day",
            "Et avvik som var lukket på beregningsdatoen, vises som åpent, eller omvendt.",
            f"select deviation.* from {_TABLE} as deviation cross join {RUN_CONTEXT} "
            "as run_context where deviation.closed_date is not null and deviation.is_open "
            "<> (deviation.closed_date > run_context.as_of_date)",
            rule_id="A14",
        ),
    ),
    no_sum="Beløpene er krav fra avviksregisteret, ikke forbruk.",
)
