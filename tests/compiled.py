"""The dbt project's own SQL, compiled once, run on any number of small lakes without starting dbt.

dbt takes ten seconds to start and a tenth of a second per model and data test; two hundred
municipalities can't wait for that. The data tests and the contracts that dbt would hold are held
here too (`breaks`). dbt's own machinery is exercised by the one build of the empty lake and by the
whole runs.
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

from pipelines.dbt_manifest import DBT_PROJECT, manifest_path

# Where the project looks unless it is told otherwise, and the same in a home.
_PLACES = {"../../lake/batches/": "lake/", "inputs/": "inputs/", "derived/": "derived/"}
# The project is read once for all commands; the status is the number of the one that failed.
_COMMANDS = """
import json, sys
from dbt.cli.main import dbtRunner
options, *commands = json.loads(sys.argv[1])
parsed = dbtRunner().invoke(["parse", *options])
print(parsed.exception or "")
for number, command in enumerate(commands, 1):
    result = parsed.success and dbtRunner(parsed.result).invoke([*command, *options])
    if not (result and result.success):
        print(result and result.exception or "")
        sys.exit(number)
"""


def dbt(folder: Path, *commands: list[str]) -> subprocess.CompletedProcess[str]:
    """Run dbt's commands in a folder, which gets `target/`, `logs/` and `warehouse.duckdb`.

    Lake, inputs and derived tables are looked for where they lie seen from a build's folder, as in
    a run. With any other place dbt would parse the whole project anew (`pipelines.dbt_command`).
    The status is 0, or the number of the command that failed.
    """
    options = [
        *("--quiet", "--log-level-file", "none"),
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        *("--partial-parse-file-path", str(manifest_path().with_name("partial_parse.msgpack"))),
    ]
    ours = {name: v for name, v in os.environ.items() if not name.startswith("SAMKJOP_")}
    return subprocess.run(
        [sys.executable, "-c", _COMMANDS, json.dumps([options, *commands])],
        cwd=folder,
        env=ours | {"DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class CompiledProject:
    """dbt's manifest with the compiled SQL of models and tests, and a database of the seeds."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> CompiledProject:
        """Compile the project and load its seeds into a new database in the folder."""
        folder.mkdir(parents=True)
        result = dbt(
            folder,
            ["seed"],
            ["compile", "--select", "resource_type:model"],
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return cls(folder)

    @property
    def _seeds(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @cached_property
    def _nodes(self) -> dict[str, dict[str, Any]]:
        nodes: dict[str, dict[str, Any]] = json.loads(
            (self.folder / "target" / "manifest.json").read_text("utf-8")
        )["nodes"]
        return nodes

    @cached_property
    def _models(self) -> list[dict[str, Any]]:
        """The models, each after those it reads."""
        models = {
            key: node for key, node in self._nodes.items() if node["resource_type"] == "model"
        }
        order = TopologicalSorter(
            {key: set(node["depends_on"]["nodes"]) & models.keys() for key, node in models.items()}
        )
        return [models[key] for key in order.static_order()]

    @property
    def _data_tests(self) -> Iterator[dict[str, Any]]:
        """The data tests of models; the seeds are the same in every lake, dbt tests them once."""
        for node in self._nodes.values():
            if node["resource_type"] == "test" and any(
                key.startswith("model.") for key in node["depends_on"]["nodes"]
            ):
                yield node

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
                needed |= _read_by(node)
        return needed

    def build(
        self,
        home: Path,
        wanted: set[str] | None = None,
        *,
        threads: int = 1,
        time_zone: str | None = None,
        file: Path | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Return a database with the models (of `wanted`, and what these read).

        `home` has `lake/<batch>/<table>.parquet`, `inputs/` and `derived/`. The time zone is the
        machine's unless another is named. The database is in memory unless a file is named, which
        is made anew.
        """
        connection = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
        if time_zone is not None:
            connection.execute("set TimeZone = ?", [time_zone])
        if file is not None:
            file.unlink(missing_ok=True)
        connection.execute(f"attach '{file or ':memory:'}' as warehouse")
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

    def breaks(
        self, connection: duckdb.DuckDBPyConnection, wanted: set[str] | None = None
    ) -> list[str]:
        """Return what `dbt build` would call an error in what `build` made of `wanted`.

        These are the data tests of the models, and the contracts: columns, their types, and which
        may not be null.
        """
        needed = self._with_parents(wanted)
        found = []
        for test in self._data_tests:
            if _read_by(test) <= needed:
                found += _failures(connection, test)
        for model in self._models:
            if model["name"] in needed and model["config"]["contract"]["enforced"]:
                found += _contract_breaks(connection, model)
        return found


def _read_by(node: dict[str, Any]) -> set[str]:
    """Return the names of the models, seeds and sources that a model or test reads."""
    return {key.rsplit(".", 1)[-1] for key in node["depends_on"]["nodes"]}


def _failures(connection: duckdb.DuckDBPyConnection, test: dict[str, Any]) -> list[str]:
    """Run a data test as dbt does; a warning is no error."""
    config = test["config"]
    if config["severity"].lower() == "warn":
        return []
    # a "where" stands in the compiled SQL
    calculation = f"{config['fail_calc']} as failures, {config['fail_calc']} {config['error_if']}"
    failing = f"({test['compiled_code']}) as failing"
    row = connection.execute(f"select {calculation} from {failing}").fetchone()
    assert row is not None
    return [f"{test['name']}: {row[0]}"] if row[1] else []


def _contract_breaks(connection: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> list[str]:
    columns = model["columns"].values()
    promised = {c["name"]: c["data_type"].upper().replace(" ", "") for c in columns}
    description = connection.execute(f'describe "{model["alias"]}"').fetchall()
    kept = {name: kind.replace(" ", "") for name, kind, *_ in description}
    if promised != kept:
        return [f"{model['name']}: {sorted(set(promised.items()) ^ set(kept.items()))}"]
    required = [
        c["name"] for c in columns if any(rule["type"] == "not_null" for rule in c["constraints"])
    ]
    if not required:
        return []
    counts = ", ".join(f'count(*) filter (where "{name}" is null)' for name in required)
    nulls = connection.execute(f'select {counts} from "{model["alias"]}"').fetchone() or ()
    return [
        f"{model['name']}.{name} is null: {count}"
        for name, count in zip(required, nulls, strict=True)
        if count
    ]


def _placed(statement: str, home: Path) -> str:
    for usual, name in _PLACES.items():
        statement = statement.replace(f"read_parquet('{usual}", f"read_parquet('{home}/{name}")
    return statement
