"""The suite of `bridge_agreement_category`."""

from __future__ import annotations

from data_quality.checks import Suite, columns
from data_quality.suites._bridges import bridge_checks, lots_without

_TABLE = "bridge_agreement_category"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "lot": "text",
                "category_id": "text",
                "valid_from": "date",
                "valid_to": "date",
            },
        ),
        *bridge_checks(_TABLE, "category_id", "dim_category"),
        lots_without(_TABLE, "kategori"),
    ),
    no_sum="Tabellen har ingen beløp.",
)
