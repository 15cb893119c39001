"""The loyalty marts of the demo against the independent computation in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration import loyalty_oracle as oracle

pytestmark = pytest.mark.slow

LINE_COLUMNS = (
    "loyalty_class",
    "loyalty_evidence",
    "agreement_id",
    "lot",
    "supplier_rank",
    "supplier_basis",
    "reference_mismatch",
    "coverage",
    "unit_id",
    "unit_evidence",
    "category_id",
    "amount_nok",
)


@pytest.fixture(scope="module")
def warehouse(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (build,) = (demo_home / "build").iterdir()
    with duckdb.connect(str(build / "warehouse.duckdb"), read_only=True) as connection:
        # The build's views name the lake as it is seen from the build.
        connection.execute(f"set file_search_path = '{build}'")
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    result = connection.execute(f"select * from {table}")
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def suppliers_on_lots(warehouse: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return oracle.suppliers_on_lots(
        rows(warehouse, "stg_registers__lot_suppliers"),
        rows(warehouse, "int_lots__dated"),
        rows(warehouse, "stg_registers__supplier_successions"),
    )


@pytest.fixture(scope="module")
def registers(warehouse: duckdb.DuckDBPyConnection) -> oracle.Registers:
    return oracle.Registers(
        rows(warehouse, "dim_agreement"),
        suppliers_on_lots(warehouse),
        rows(warehouse, "bridge_agreement_unit"),
        rows(warehouse, "bridge_agreement_category"),
        rows(warehouse, "int_agreement_references"),
        rows(warehouse, "int_exemptions"),
    )


@pytest.fixture(scope="module")
def pieces(warehouse: duckdb.DuckDBPyConnection, registers: oracle.Registers) -> list[oracle.Piece]:
    return oracle.spend_lines(
        rows(warehouse, "int_spend_lines__enriched"),
        rows(warehouse, "stg_ehf__billing_references"),
        registers,
    )


def test_every_line_is_judged_and_spread_alike(
    warehouse: duckdb.DuckDBPyConnection, pieces: list[oracle.Piece]
) -> None:
    shown = {
        row["spend_line_id"]: tuple(row[name] for name in LINE_COLUMNS)
        for row in rows(warehouse, "fct_spend_line")
    }
    assert shown == {
        piece.spend_line_id: (
            piece.judgement.loyalty_class,
            piece.judgement.loyalty_evidence,
            piece.judgement.agreement_id,
            piece.judgement.lot,
            piece.judgement.supplier_rank,
            piece.judgement.supplier_basis,
            piece.judgement.reference_mismatch,
            piece.judgement.coverage,
            piece.unit_id,
            piece.unit_evidence,
            piece.category_id,
            piece.amount,
        )
        for piece in pieces
    }


@pytest.mark.rule("D02")
def test_the_suppliers_of_every_lot_are_the_same(warehouse: duckdb.DuckDBPyConnection) -> None:
    def shown(found: list[dict[str, Any]]) -> list[list[str]]:
        return sorted([str(row[name]) for name in sorted(row)] for row in found)

    assert shown(rows(warehouse, "bridge_agreement_supplier")) == shown(
        suppliers_on_lots(warehouse)
    )


@pytest.mark.rule("A02")
@pytest.mark.rule("A04")
@pytest.mark.rule("D05")
@pytest.mark.parametrize(
    "table", ["mart_loyalty", "mart_loyalty_unit", "mart_coverage", "mart_loyalty_level"]
)
def test_every_figure_is_the_same(
    table: str,
    warehouse: duckdb.DuckDBPyConnection,
    pieces: list[oracle.Piece],
    registers: oracle.Registers,
) -> None:
    keys: tuple[str, ...]
    figures: dict[Any, dict[str, Any]]
    if table == "mart_loyalty":
        keys = ("year", "unit_id", "agreement_id")
        figures = dict(oracle.mart_loyalty(pieces, registers))
    elif table == "mart_loyalty_unit":
        keys = ("year", "unit_id")
        units = rows(warehouse, "dim_unit")
        figures = dict(oracle.mart_loyalty_unit(pieces, registers, units))
    elif table == "mart_loyalty_level":
        keys = ("level", "level_id", "period", "period_start")
        names = {
            (row["year"], row["unit_id"]): row["sector"]
            for row in rows(warehouse, "int_units__by_year")
        }
        units = rows(warehouse, "dim_unit")
        figures = dict(oracle.mart_loyalty_level(pieces, registers, units, names))
    else:
        keys = ("year", "category_id")
        figures = dict(oracle.mart_coverage(pieces, rows(warehouse, "dim_category")))
    shown = {tuple(row[key] for key in keys): row for row in rows(warehouse, table)}
    assert shown.keys() == figures.keys()
    for key, row in figures.items():
        for column, value in row.items():
            if isinstance(value, float):
                assert shown[key][column] == pytest.approx(value, abs=1e-12), (key, column)
            else:
                assert shown[key][column] == value, (key, column)
