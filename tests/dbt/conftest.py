"""Fixtures that build the dbt project against a lake made for the test.

What the models must give stands in test_models.py and in the unit tests beside the models.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.derived.contracts import DERIVED_TABLES, write_derived
from pipelines.extracts.tables import TABLES
from tests.compiled import CompiledProject, dbt
from tests.conftest import filled_once

SOURCE_FILE_SCHEMA: dict[str, pl.DataType] = {
    "source_sha256": pl.String(),
    "file_name": pl.String(),
    "kind": pl.String(),
    "effective_date": pl.Date(),
    "rows_in": pl.Int64(),
    "rows_accepted": pl.Int64(),
    "rows_quarantined": pl.Int64(),
    "currency": pl.String(),
    "amount_in": pl.Decimal(18, 2),
    "amount_accepted": pl.Decimal(18, 2),
    "amount_quarantined": pl.Decimal(18, 2),
    "quarantine_reason": pl.String(),
    "is_withdrawn": pl.Boolean(),
    "status": pl.String(),
    "rows_duplicate": pl.Int64(),
    "rows_left_out": pl.Int64(),
    "amount_duplicate": pl.Decimal(18, 2),
    "amount_left_out": pl.Decimal(18, 2),
}

SOURCE_FILE: dict[str, object] = {"status": "accepted", "rows_duplicate": 0, "rows_left_out": 0}

RUN_CONTEXT_SCHEMA: dict[str, pl.DataType] = {
    "as_of_date": pl.Date(),
    "outside_period_months": pl.Int32(),
    "weak_classified_share": pl.Float64(),
    "weak_min_lines": pl.Int32(),
    "weak_min_nok": pl.Decimal(18, 2),
    "exchange_rate_max_age_days": pl.Int32(),
    "licence_activity_days": pl.Int32(),
    "licence_rules_from": pl.Date(),
    "licence_charge_basis": pl.String(),
    "licence_addon_share_review": pl.Float64(),
    "licence_horizon_months": pl.Int32(),
    "licence_max_changes": pl.Int32(),
    "public_min_cell": pl.Int32(),
    "municipality_name": pl.String(),
    "municipality_orgnr": pl.String(),
    "build_key": pl.String(),
}

RUN_CONTEXT: dict[str, object] = {
    "as_of_date": dt.date(2024, 12, 31),
    "outside_period_months": 12,
    "weak_classified_share": 0.8,
    "weak_min_lines": 10,
    "weak_min_nok": 100_000,
    "exchange_rate_max_age_days": 7,
    "licence_activity_days": 90,
    "licence_rules_from": dt.date(1900, 1, 1),
    "licence_charge_basis": "full",
    "licence_addon_share_review": 0.5,
    "licence_horizon_months": 12,
    "licence_max_changes": 0,
    "public_min_cell": 5,
    "municipality_name": "Prøvekommune",
    "municipality_orgnr": "",
    "build_key": "test",
}


@dataclass(frozen=True)
class DbtHome:
    """A lake, inputs and a warehouse of their own, and the dbt project built on them."""

    root: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that is built."""
        return self.root / "warehouse.duckdb"

    @property
    def target(self) -> Path:
        """Where dbt puts its manifest and compiled SQL."""
        return self.root / "target"

    def write(
        self,
        tables: Mapping[str, list[dict[str, object]]] | None = None,
        source_files: list[dict[str, object]] | None = None,
        settings: Mapping[str, object] | None = None,
        derived: Mapping[str, list[dict[str, object]]] | None = None,
    ) -> None:
        """Write one batch with every table of the contract, the tables not named without rows.

        `settings` go before RUN_CONTEXT. A source file is accepted unless it says otherwise.
        `derived` is what Python would have made between the phases of dbt: here dbt runs in one go.
        """
        batch = self.root / "lake" / "batch-1"
        inputs = self.root / "inputs"
        batch.mkdir(parents=True, exist_ok=True)
        inputs.mkdir(parents=True, exist_ok=True)
        for table in TABLES.values():
            rows = (tables or {}).get(table.name, [])
            frame = pl.DataFrame(rows, schema=table.schema()) if rows else table.empty()
            frame.write_parquet(batch / f"{table.name}.parquet")
        for made in DERIVED_TABLES.values():
            rows = (derived or {}).get(made.name, [])
            frame = pl.DataFrame(rows, schema_overrides=dict(made.schema)) if rows else made.empty()
            write_derived(self.root / "derived", made, frame)
        files = [SOURCE_FILE | file for file in source_files or []]
        pl.DataFrame(files, schema=SOURCE_FILE_SCHEMA).write_parquet(inputs / "source_file.parquet")
        context = RUN_CONTEXT | dict(settings or {})
        pl.DataFrame([context], schema=RUN_CONTEXT_SCHEMA).write_parquet(
            inputs / "run_context.parquet"
        )

    def build(self, project: CompiledProject, wanted: Iterable[str] | None = None) -> None:
        """Build the models (of `wanted`, and what these read) with their data tests and contracts.

        It is what `dbt build --select +model...` does, in a few seconds and without dbt.
        """
        chosen = None if wanted is None else set(wanted)
        with project.build(self.root, chosen, file=self.warehouse) as connection:
            assert project.breaks(connection, chosen) == []


@pytest.fixture(scope="session")
def empty_home(shared_folder: Path) -> DbtHome:
    """A home whose lake has every table and no row, built once with its data tests.

    The unit tests of the models are run on it too: `target/run_results.json` is theirs.
    """

    def built() -> str:
        shutil.rmtree(folder, ignore_errors=True)  # what a build that failed left
        home.write()
        # Where dbt looks for the lake, seen from a build's folder.
        lake = home.root.parents[1] / "lake"
        lake.mkdir()
        (lake / "batches").symlink_to(home.root / "lake")
        result = dbt(
            home.root,
            ["build", "--exclude-resource-type", "unit_test"],
            ["test", "--select", "test_type:unit"],
        )
        assert result.returncode in (0, 2), result.stdout + result.stderr
        return result.stdout

    folder = shared_folder / "empty"
    home = DbtHome(folder / "build" / "empty")
    filled_once(folder, built)
    return home
