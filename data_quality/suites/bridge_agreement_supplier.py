"""The suite of `bridge_agreement_supplier`."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, not_null
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
                "valid_from": "date",
                "valid_to": "date",
            },
        ),
        *bridge_checks(_TABLE, "supplier_id", "dim_supplier"),
        not_null(_TABLE, "supplier_rank"),
        between(_TABLE, "supplier_rank", 1, None, "Rangen er mindre enn 1."),
        lots_without(_TABLE, "leverandør"),
    ),
    no_sum="Tabellen har ingen beløp.",
)
