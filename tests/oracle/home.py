"""The lake of a home with its ledger, orders and price lists, as the oracle wants it.

From the models are taken, since other tests work them out by themselves: which invoices a ledger
replaces or details, and in which year (`int_documents__sourced`); the ledger's own lines and their
VAT (`int_spend_lines__enriched`, `int_vat_postings__documented`, names from `int_postings`); the
order of a line and its unit (`int_lines__ordered`, `int_orders__placed`); price lists
(`int_lines__price_listed`); merged suppliers (`int_suppliers__merged`); and the category of a line
where the model says that a price list, an order, an account or the learned model decided. All other
columns of an invoice's line, every class, and all registers are worked out from the lake.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.oracle.lake import Given, Lake
from tests.oracle.spend import Entry, Posted

Rows = list[dict[str, Any]]
# The rungs of the ladder that need more than the line and the registers.
_RUNGS = ("price_list", "order_agreement", "account", "learned")


def rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """Return the rows of a query as dictionaries."""
    result = warehouse.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def lake(
    warehouse: duckdb.DuckDBPyConnection, batches: Path, inputs: Path, tables: Sequence[str]
) -> Lake:
    """Return the rows that count in a home's lake, with what its build found of the ledger."""
    source_files = rows(warehouse, f"from '{inputs / 'source_file.parquet'}'")
    counted = {
        name: _in_force(
            name,
            rows(warehouse, f"from read_parquet('{batches}/*/{name}.parquet', union_by_name=true)"),
            source_files,
        )
        for name in tables
    }
    (settings,) = rows(warehouse, f"from '{inputs / 'run_context.parquet'}'")
    return Lake(counted, settings, _given(warehouse))


def _in_force(name: str, found: Rows, source_files: Rows) -> Rows:
    """Return the rows of accepted files; of a register those of the newest, of two the better."""
    files = {row["source_sha256"]: row for row in source_files}
    found = [row for row in found if files[row["source_sha256"]]["status"] == "accepted"]
    if name == "brreg_entity":
        return sorted(found, key=lambda row: files[row["source_sha256"]]["effective_date"])
    if not name.startswith("reg_") or not found:
        return found
    newest = min(
        {row["source_sha256"] for row in found},
        key=lambda sha: (
            -files[sha]["effective_date"].toordinal(),
            files[sha]["rows_quarantined"],
            sha,
        ),
    )
    return [row for row in found if row["source_sha256"] == newest]


def _given(warehouse: duckdb.DuckDBPyConnection) -> Given:
    enriched = rows(warehouse, "from int_spend_lines__enriched")
    ordered = rows(
        warehouse,
        "select o.*, p.unit_id from int_lines__ordered o left join int_orders__placed p"
        " using (order_id) where document_id is not null",
    )
    listed = rows(warehouse, "from int_lines__price_listed")
    merged = rows(warehouse, "from int_suppliers__merged where is_merged")
    return Given(
        {row["document_id"]: row for row in rows(warehouse, "from int_documents__sourced")},
        [row for row in enriched if row["document_kind"] in ("posting", "residual")],
        {(row["document_id"], row["source_row"]): row for row in ordered},
        {(row["document_id"], row["source_row"]): row for row in listed},
        {
            (row["document_id"], row["source_row"]): {row["category_evidence"]: row["category_id"]}
            for row in enriched
            if row["category_evidence"] in _RUNGS
        },
        {row["stated_supplier_id"]: row["supplier_id"] for row in merged},
    )


def posted(warehouse: duckdb.DuckDBPyConnection) -> Posted:
    """Return the names of a ledger's documents, and the VAT that it tells apart."""
    names = rows(
        warehouse,
        "select coalesce(posting_document_id, spend_line_id) as document_id,"
        " min(supplier_name_id) as name from int_postings group by all",
    )
    by_document = {row["document_id"]: row["name"] for row in names}
    kinds = rows(
        warehouse,
        "select document_id, document_kind, supplier_name_id from int_documents__converted",
    )
    documents = {row["document_id"]: row for row in kinds}
    vat = [
        Entry(
            row["year"],
            row["document_id"],
            documents.get(row["document_id"], {}).get("document_kind", "posting"),
            row["supplier_id"],
            documents.get(row["document_id"], {}).get("supplier_name_id")
            or by_document.get(row["document_id"], "unknown"),
            row["component"],
            True,
            0,
            int(row["vat_nok"] * 100),
            False,
        )
        for row in rows(warehouse, "from int_vat_postings__documented")
    ]
    return Posted(by_document, vat)
