"""Five marts of the demo against the oracle, which starts from the lake's rows (issue 4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.extracts.tables import TABLES
from tests.oracle import home, marts
from tests.oracle.lake import Lake
from tests.oracle.marts import Mart

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warehouse(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (build,) = (demo_home / "build").iterdir()
    with duckdb.connect(str(build / "warehouse.duckdb"), read_only=True) as connection:
        # The build's views name the lake as it is seen from the build.
        connection.execute(f"set file_search_path = '{build}'")
        yield connection


@pytest.fixture(scope="module")
def lake(demo_home: Path, warehouse: duckdb.DuckDBPyConnection) -> Lake:
    (build,) = (demo_home / "build").iterdir()
    names = [name for name in TABLES if name.startswith(("ehf_", "reg_", "brreg_"))]
    return home.lake(warehouse, demo_home / "lake" / "batches", build / "inputs", names)


@pytest.fixture(scope="module")
def expected(lake: Lake, warehouse: duckdb.DuckDBPyConnection) -> dict[str, Mart]:
    return marts.compute(lake, home.posted(warehouse))


@pytest.mark.rule("A02")
@pytest.mark.rule("A03")
@pytest.mark.rule("E01")
@pytest.mark.rule("E02")
@pytest.mark.rule("E03")
@pytest.mark.rule("E07")
@pytest.mark.parametrize("mart", marts.KEYS)
def test_the_mart_is_the_oracles_to_the_ore(
    mart: str, expected: dict[str, Mart], warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert expected[mart]
    found = marts.differences(warehouse, {mart: expected[mart]})
    assert not found, "\n".join(found[:20])


@pytest.mark.rule("A04")
@pytest.mark.rule("A05")
def test_every_line_has_the_units_suppliers_dates_and_categories_of_the_oracle(
    lake: Lake, warehouse: duckdb.DuckDBPyConnection
) -> None:
    columns = ["supplier_id", "unit_id", "unit_evidence", "decisive_date", "category_id", "year"]
    columns += ["category_evidence", "amount_nok", "population_reason"]
    shown = {
        row["spend_line_id"]: [row[name] for name in columns]
        for row in home.rows(warehouse, "from int_spend_lines__enriched")
    }
    expected = {line["spend_line_id"]: [line[name] for name in columns] for line in lake.lines}
    assert shown.keys() == expected.keys()
    differing = {key: (shown[key], expected[key]) for key in shown if shown[key] != expected[key]}
    assert not differing
