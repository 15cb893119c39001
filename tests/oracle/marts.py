"""The five marts by the oracle, and what differs from those of the models."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb

from tests.integration import loyalty_oracle
from tests.integration.loyalty_oracle import Row
from tests.oracle import spend, thresholds
from tests.oracle.lake import Lake
from tests.oracle.spend import Posted

KEYS = {
    "mart_loyalty": ("year", "unit_id", "agreement_id"),
    "mart_coverage": ("year", "category_id"),
    "mart_supplier_year": ("year", "definition_id", "supplier_id"),
    "mart_supplier_average": ("year", "definition_id"),
    "mart_threshold_watch": ("scope", "supplier_id", "category_id", "window_start"),
}
Mart = Mapping[tuple[Any, ...], Mapping[str, Any]]


def compute(lake: Lake, posted: Posted | None = None) -> dict[str, Mart]:
    """Return the marts by name; each is rows of figures by key."""
    entries = spend.entries(lake, posted)
    return {
        "mart_loyalty": _loyalty(lake),
        "mart_coverage": _coverage(lake),
        "mart_supplier_year": spend.mart_supplier_year(entries),
        "mart_supplier_average": spend.mart_supplier_average(entries),
        "mart_threshold_watch": thresholds.mart_threshold_watch(lake),
    }


def _loyalty(lake: Lake) -> Mart:
    marts = loyalty_oracle.mart_loyalty(lake.pieces, lake.registers)
    for row in marts.values():
        shown = (
            row[f"on_by_{evidence}_nok"] for evidence in ("reference", "price_list", "category")
        )
        row["on_by_spread_nok"] = row["on_agreement_nok"] - sum(shown, Decimal(0))
    return marts


def _coverage(lake: Lake) -> Mart:
    marts = loyalty_oracle.mart_coverage(lake.pieces, list(lake.categories.values()))
    for (year, category), row in marts.items():
        own = {
            piece.line["spend_line_id"]
            for piece in lake.pieces
            if (piece.line["year"], piece.category_id) == (year, category)
        }
        row["line_count"] = len(own)
        amounts = (row[f"{name}_nok"] for name in ("covered", "voluntary", "uncovered"))
        row["total_nok"] = sum(amounts, Decimal(0))
    return marts


def read(warehouse: duckdb.DuckDBPyConnection, mart: str) -> dict[tuple[Any, ...], Row]:
    """Return a mart's rows by key."""
    result = warehouse.execute(f"select * from {mart}")
    names = [column[0] for column in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if mart == "mart_threshold_watch":
        for row in rows:
            row["is_to_be_looked_into"] = row["assessment"] == "bør undersøkes"
    return {tuple(row[key] for key in KEYS[mart]): row for row in rows}


def differences(warehouse: duckdb.DuckDBPyConnection, expected: Mapping[str, Mart]) -> list[str]:
    """Return a sentence for each figure that differs: mart, key, column and both values."""
    found: list[str] = []
    for mart, rows in expected.items():
        shown = read(warehouse, mart)
        found += [f"{mart} {key}: only in the model" for key in shown.keys() - rows.keys()]
        found += [f"{mart} {key}: only in the oracle" for key in rows.keys() - shown.keys()]
        for key in rows.keys() & shown.keys():
            for column, value in rows[key].items():
                if not _same(shown[key][column], value):
                    found.append(
                        f"{mart} {key} {column}: model {shown[key][column]}, oracle {value}"
                    )
    return sorted(found)


def _same(shown: object, value: object) -> bool:
    """Whether two figures are the same: amounts to the øre, shares to the last bits."""
    if isinstance(value, float) and isinstance(shown, float):
        return math.isclose(shown, value, rel_tol=1e-12, abs_tol=1e-12)
    return shown == value
