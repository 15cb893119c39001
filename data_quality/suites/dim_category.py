"""The suite of `dim_category`."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "dim_category"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "category_id": "text",
                "name": "text",
                "faggruppe": "text",
                "kind": "text",
                "is_addressable": "boolean",
            },
        ),
        *key(_TABLE, "category_id"),
        not_null(_TABLE, "name"),
        not_null(_TABLE, "faggruppe"),
        not_null(_TABLE, "is_addressable"),
        in_set(_TABLE, "kind", ("goods_services", "works", "health_social", "special")),
        rows(
            f"{_TABLE}.has_unknown",
            "Raden for ukjent kategori mangler, så kjøp uten kjent kategori ville falle ut av "
            "rapportene.",
            "select 'unknown' as category_id "
            f"where 'unknown' not in (select category_id from {_TABLE})",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
