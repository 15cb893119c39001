"""The suite of `bridge_agreement_supplier`."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, in_set, no_orphans, not_null, rows
from data_quality.suites._bridges import bridge_checks, lots_without

_TABLE = "bridge_agreement_supplier"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "lot": "text",
                "supplier_id": "text",
                "supplier_rank": "integer",
                "supplier_basis": "text",
                "predecessor_id": "text",
                "valid_from": "date",
                "valid_to": "date",
            },
        ),
        *bridge_checks(_TABLE, "supplier_id", "dim_supplier"),
        not_null(_TABLE, "supplier_rank"),
        between(_TABLE, "supplier_rank", 1, None, "Rangen er mindre enn 1."),
        in_set(_TABLE, "supplier_basis", ("registered", "successor", "subcontractor")),
        no_orphans(_TABLE, "predecessor_id", "dim_supplier", "supplier_id"),
        rows(
            f"{_TABLE}.successor_has_a_predecessor",
            "Leverandøren har trådt inn for en annen som ikke er oppgitt, eller er oppgitt som "
            "registrert selv om den har en forgjenger.",
            f"select * from {_TABLE} "
            "where (supplier_basis = 'successor' and predecessor_id is null) "
            "or (supplier_basis = 'registered' and predecessor_id is not null)",
            rule_id="D02",
        ),
        lots_without(_TABLE, "leverandør"),
    ),
    no_sum="Tabellen har ingen beløp.",
)
