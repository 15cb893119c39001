"""The suite of `dim_unit`, which is dated."""

from __future__ import annotations

from data_quality.checks import Suite, columns, half_open, key, no_orphans, not_null, rows

_TABLE = "dim_unit"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "unit_id": "text",
                "name": "text",
                "orgnr": "text",
                "sector": "text",
                "parent_unit_id": "text",
                "valid_from": "date",
                "valid_to": "date",
            },
        ),
        *key(_TABLE, "unit_id", "valid_from"),
        *half_open(_TABLE, "unit_id"),
        not_null(_TABLE, "name"),
        not_null(_TABLE, "sector"),
        no_orphans(_TABLE, "parent_unit_id", _TABLE, "unit_id"),
        rows(
            f"{_TABLE}.has_unknown",
            "Raden for ukjent enhet mangler, så kjøp uten kjent enhet ville falle ut av "
            "rapportene.",
            f"select 'unknown' as unit_id where 'unknown' not in (select unit_id from {_TABLE})",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
