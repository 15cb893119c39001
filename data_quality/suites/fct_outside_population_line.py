"""The suite of `fct_outside_population_line`: lines from public bodies and internal sellers."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, no_orphans, not_null

_TABLE = "fct_outside_population_line"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "spend_line_id": "text",
                "source_sha256": "text",
                "source_row": "integer",
                "document_id": "text",
                "year": "integer",
                "supplier_id": "text",
                "unit_id": "text",
                "category_id": "text",
                "population_reason": "text",
                "amount_nok": "money",
            },
        ),
        *key(_TABLE, "spend_line_id"),
        not_null(_TABLE, "amount_nok"),
        not_null(_TABLE, "year"),
        not_null(_TABLE, "population_reason"),
        in_set(_TABLE, "population_reason", ("public_body", "internal")),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        no_orphans(_TABLE, "document_id", "fct_document"),
        no_orphans(_TABLE, "source_sha256", "mart_reconciliation"),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_files",
            "Linjene utenfor populasjonen blir ikke filens beløp i avstemmingen.",
            ("source_sha256",),
            f"select source_sha256, amount_nok as nok from {_TABLE}",
            "select source_sha256, coalesce(outside_population_nok, 0) as nok "
            "from mart_reconciliation",
        ),
    ),
)
