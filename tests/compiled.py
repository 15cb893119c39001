"""The dbt project's own SQL, compiled once, run on any number of small lakes without starting dbt.

dbt takes ten seconds to start; two hundred municipalities can't wait for that. What dbt adds to the
SQL when it builds (contracts, data tests, materialisation as a file) is held by the tests that use
dbt itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).parents[1] / "dbt_project"
_PLACES = {"SAMKJOP_LAKE": "lake", "SAMKJOP_INPUTS": "inputs", "SAMKJOP_DERIVED": "derived"}
_NOWHERE = "/samkjop-"


@dataclass(frozen=True)
class CompiledProject:
    """dbt's manifest with compiled SQL, and a database that holds the seeds."""

    target: Path

    @classmethod
    def make(cls, folder: Path) -> CompiledProject:
        """Compile the project and load its seeds into a new database in the folder."""
        folder.mkdir(parents=True)
        project = cls(folder)
        for command in (["seed"], ["compile", "--select", "resource_type:model"]):
            result = subprocess.run(
                [
                    *(str(Path(sys.executable).with_name("dbt")), "--quiet", *command),
                    *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                    *("--target-path", str(folder), "--log-path", str(folder / "logs")),
                ],
                env=os.environ | project._environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert result.returncode == 0, result.stdout + result.stderr
        return project

    @property
    def _environment(self) -> dict[str, str]:
        places = {variable: f"{_NOWHERE}{name}" for variable, name in _PLACES.items()}
        return {**places, "SAMKJOP_WAREHOUSE": str(self._seeds), "DO_NOT_TRACK": "1"}

    @property
    def _seeds(self) -> Path:
        return self.target / "warehouse.duckdb"

    @cached_property
    def _models(self) -> list[dict[str, Any]]:
        """The models, each after those it reads."""
        manifest = json.loads((self.target / "manifest.json").read_text("utf-8"))
        models = {
            key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
        }
        order = TopologicalSorter(
            {key: set(node["depends_on"]["nodes"]) & models.keys() for key, node in models.items()}
        )
        return [models[key] for key in order.static_order()]

    def statements(self, wanted: set[str] | None = None) -> Iterator[tuple[str, str]]:
        """Yield the name of each model and the SQL that makes it; of `wanted` and their parents."""
        needed = self._with_parents(wanted)
        for node in self._models:
            if node["name"] in needed:
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                name = f'"warehouse"."main"."{node["alias"]}"'
                yield node["name"], f"create {kind} {name} as {node['compiled_code']}"

    def _with_parents(self, wanted: set[str] | None) -> set[str]:
        if wanted is None:
            return {node["name"] for node in self._models}
        needed = set(wanted)
        for node in reversed(self._models):
            if node["name"] in needed:
                needed |= {key.rsplit(".", 1)[-1] for key in node["depends_on"]["nodes"]}
        return needed

    def build(
        self,
        home: Path,
        wanted: set[str] | None = None,
        *,
        threads: int = 1,
        time_zone: str | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Return a database in memory with the models (of `wanted`, and what these read).

        `home` has `lake/<batch>/<table>.parquet`, `inputs/` and `derived/`. The time zone is the
        machine's unless another is named.
        """
        connection = duckdb.connect(config={"threads": threads})
        if time_zone is not None:
            connection.execute("set TimeZone = ?", [time_zone])
        connection.execute("attach ':memory:' as warehouse")
        connection.execute(f"attach '{self._seeds}' as seeds (read_only)")
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'seeds'"
        ).fetchall():
            connection.execute(f"create table warehouse.{name} as from seeds.{name}")
        connection.execute("detach seeds")
        connection.execute("use warehouse")
        for name, statement in self.statements(wanted):
            try:
                connection.execute(_placed(statement, home))
            except duckdb.Error as error:
                raise AssertionError(f"{name}: {error}") from error
        return connection


def _placed(statement: str, home: Path) -> str:
    for name in _PLACES.values():
        statement = statement.replace(f"{_NOWHERE}{name}", str(home / name))
    return statement
