"""The suite of `mart_register_issue`: register rows that refer to what no register has."""

from __future__ import annotations

from data_quality.checks import Suite, columns, not_null, rows

_TABLE = "mart_register_issue"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "register": "text",
                "source_sha256": "text",
                "file_name": "text",
                "source_row": "integer",
                "column_name": "text",
                "value": "text",
                "reason": "text",
            },
        ),
        not_null(_TABLE, "register"),
        not_null(_TABLE, "reason"),
        rows(
            f"{_TABLE}.issues",
            "Registeret viser til noe som ikke finnes; raden er holdt utenfor til den er rettet.",
            f"select * from {_TABLE}",
            severity="warn",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
