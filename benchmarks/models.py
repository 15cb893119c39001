"""The models on 5 million spend lines: dbt beside the same SQL bare, memory, growth, and pandas.

`python -m benchmarks.models [LINES]` measures everything in one run, on lakes made of the demo's
(`benchmarks.copies`), so that what is compared always had the same work and the same machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import yaml

from benchmarks.copies import Home, demo_home, many_lines
from benchmarks.in_pandas import TABLES
from benchmarks.volumes import Memory
from pipelines.assets.warehouse import BEFORE_LINKS, BEFORE_SUGGESTIONS
from pipelines.dbt_manifest import DBT_PROJECT, dbt_environment, manifest_path

LINES = 5_000_000
GROWTH = 10
LIMIT_MIB = 6 * 1024
PANDAS_BYTES = 4096  # of memory for each line; where there is less, the fewer lines are compared
MARTS = {  # what is summed in SQL and in pandas alike
    "mart_loyalty": ("on_agreement_nok", "line_count"),
    "mart_coverage": ("total_nok", "line_count"),
    "mart_supplier_year": ("spend_nok", "document_count"),
    "mart_supplier_average": ("numerator_nok", "document_count"),
    "mart_threshold_watch": ("spend_without_agreement_nok", "line_count", "supplier_count"),
}
_PHASES = (
    ("--select", BEFORE_LINKS),
    ("--select", BEFORE_SUGGESTIONS, "--exclude", BEFORE_LINKS),
    ("--exclude", BEFORE_LINKS, BEFORE_SUGGESTIONS),
)
_PLAN = "plan.json"
_PARTIAL = "partial_parse.msgpack"


def build(home: Home, out: Path, *, tests: bool) -> None:
    """Build every model as a run does: dbt in three phases, with or without its data tests.

    What it ran is kept in out/plan.json: the models in order, with SQL, parents and kind.
    """
    target = out / "dbt"
    target.mkdir(parents=True)
    shutil.copy(manifest_path().with_name(_PARTIAL), target / _PARTIAL)
    environment = dbt_environment() | home.environment
    environment |= {
        "SAMKJOP_WAREHOUSE": str(out / "warehouse.duckdb"),
        "DBT_INDIRECT_SELECTION": "buildable",
    }
    left_out = ["unit_test"] if tests else ["unit_test", "test"]
    nodes: dict[str, Any] = {}
    for phase in _PHASES:
        command = [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "build", *phase),
            *(word for kind in left_out for word in ("--exclude-resource-type", kind)),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(target), "--log-path", str(out / "logs")),
        ]
        subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
        made = json.loads((target / "manifest.json").read_text("utf-8"))["nodes"]
        nodes |= {key: node for key, node in made.items() if node.get("compiled_code")}
        nodes |= {key: node for key, node in made.items() if node["resource_type"] == "seed"}
    (out / _PLAN).write_text(json.dumps(_plan(nodes)), "utf-8")


def _plan(nodes: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {key: node for key, node in nodes.items() if node["resource_type"] in ("model", "seed")}
    parents = {key: set(node["depends_on"].get("nodes", [])) for key, node in kinds.items()}
    order = TopologicalSorter({key: of & kinds.keys() for key, of in parents.items()})
    return [
        {
            "name": kinds[key]["name"],
            "kind": kinds[key]["config"]["materialized"],
            "sql": kinds[key].get("compiled_code"),
            "parents": [kinds[each]["name"] for each in parents[key] & kinds.keys()],
        }
        for key in order.static_order()
    ]


def bare(plan: list[dict[str, Any]], built: Path, home: Home, out: Path) -> dict[str, float]:
    """Run the same SQL without dbt, in a new file named as dbt's; return seconds of each.

    `built` is the folder of the build that the plan is from; its SQL may have named another home.
    """
    seconds = {}
    out.parent.mkdir()
    with duckdb.connect(str(out), config=_connection_config()) as connection:
        connection.execute(f"attach '{built / 'warehouse.duckdb'}' as built (read_only)")
        for node in plan:
            name, own = node["name"], f'"warehouse"."main"."{node["name"]}"'
            if node["kind"] == "seed":
                connection.execute(f'create table {own} as from built.main."{name}"')
        connection.execute("detach built")
        for node in plan:
            if node["kind"] != "seed":
                kind = "view" if node["kind"] == "view" else "table"
                name, sql = node["name"], node["sql"].replace(str(built.parent), str(home.folder))
                start = time.perf_counter()
                connection.execute(f'create {kind} "{name}" as {sql}')
                seconds[name] = time.perf_counter() - start
    return seconds


def _connection_config() -> dict[str, str | bool | int | float | list[str]]:
    """Return what the dbt profile opens DuckDB with."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text("utf-8"))
    output = profile["samkjop"]["outputs"]["duckdb"]
    settings = output["settings"] | output["config_options"]
    return {name: str(value) for name, value in settings.items()}


def of_the_marts(plan: list[dict[str, Any]]) -> set[str]:
    """Return the models between the tables that pandas starts from and the five marts."""
    parents = {node["name"]: node["parents"] for node in plan}
    given: set[str] = set()
    for name in TABLES:
        given |= _with_ancestors(name, parents, set())
    return _with_ancestors("", parents | {"": list(MARTS)}, given) - {""}


def _with_ancestors(name: str, parents: dict[str, list[str]], known: Iterable[str]) -> set[str]:
    found, waiting, known = set(), [name], set(known)
    while waiting:
        one = waiting.pop()
        if one not in found and one not in known:
            found.add(one)
            waiting += parents[one]
    return found


def export(warehouse: Path, folder: Path) -> dict[str, float]:
    """Write what pandas starts from, and return the totals that it must come to."""
    folder.mkdir()
    totals = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for name, columns in TABLES.items():
            types = connection.execute(f"describe select {columns} from {name}").fetchall()
            chosen = ", ".join(
                f"cast({column} as double) as {column}" if "DECIMAL" in kind else column
                for column, kind, *_ in types
            )
            path = folder / f"{name}.parquet"
            connection.execute(f"copy (select {chosen} from {name}) to '{path}'")
        for name, summed in MARTS.items():
            sums = ", ".join(f"sum({column})" for column in summed)
            row = connection.execute(f"select count(*), {sums} from {name}").fetchone()
            assert row is not None
            totals[f"{name} rows"] = float(row[0])
            totals |= {f"{name} {place}": float(total) for place, total in enumerate(row[1:])}
    return totals


def _child(*arguments: str | Path | int, module: str = "models") -> Any:
    """Run a part of this benchmark in a process of its own and return what it printed last."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _part(what: str, folder: Path, lines: int) -> Any:
    """Do what one of the child processes is for."""
    home = Home(folder / str(lines), lines)
    if what == "lake":
        demo = folder / "demo"
        settings = demo_home(demo)
        return [many_lines(settings, folder / str(n), n).lines for n in (lines, lines // GROWTH)]
    if what == "build":
        memory = Memory()
        memory.start()
        seconds = {}
        for tests in (False, True):
            shutil.rmtree(home.folder / "built", ignore_errors=True)
            start = time.perf_counter()
            build(home, home.folder / "built", tests=tests)
            seconds[str(tests)] = time.perf_counter() - start
        return {"seconds": seconds, "mib": memory.peak / 2**20}
    most = folder / str(_most(folder))
    plan = json.loads((most / "built" / _PLAN).read_text("utf-8"))
    return bare(plan, most / "built", home, home.folder / "bare" / "warehouse.duckdb")


def _most(folder: Path) -> int:
    return max(int(path.name) for path in folder.iterdir() if path.name.isdigit())


def measured(folder: Path, lines: int) -> list[dict[str, Any]]:
    """Return all measures of a lake of so many lines and one of a tenth of them."""
    made, few = _child("lake", folder, lines)
    built = _child("build", folder, lines)
    many_seconds = _child("bare", folder, lines)
    few_seconds = _child("bare", folder, lines // GROWTH)
    total, tenth = sum(many_seconds.values()), sum(few_seconds.values())
    measures = [
        {
            "name": "models: dbt / the same SQL bare",
            "value": built["seconds"]["False"] / total,
            "detail": f"{built['seconds']['False']:,.0f} against {total:,.0f} s, {made:,} lines",
            "at_most": 1.5,
        },
        {
            "name": "models: dbt with data tests / SQL bare",
            "value": built["seconds"]["True"] / total,
            "detail": f"{built['seconds']['True']:,.0f} s; what a run takes",
        },
        {
            "name": f"models: peak memory, MiB / {LIMIT_MIB}",
            "value": built["mib"] / LIMIT_MIB,
            "detail": f"{built['mib']:,.0f} MiB, dbt and all it starts",
            "at_most": 1.0,
        },
        {
            "name": "models: seconds per line, many / few lines",
            "value": total / tenth / (made / few),
            "detail": f"{total:,.0f} against {tenth:,.1f} s for {few:,} lines",
            "at_most": 1.0,
        },
    ]
    if _free_bytes() > lines * PANDAS_BYTES:
        return [*measures, _against_pandas(folder, lines, lines, many_seconds)]
    return [*measures, _against_pandas(folder, lines, lines // GROWTH, few_seconds)]


def _free_bytes() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable"):
            return int(line.split()[1]) * 1024
    return 0


def _against_pandas(
    folder: Path, planned: int, lines: int, seconds: dict[str, float]
) -> dict[str, Any]:
    """Return the marts' SQL beside pandas on a lake of so many lines, to the same totals.

    Both start where the judging of loyalty does. `planned` names the lake that the plan is from.
    """
    lake = folder / str(lines)
    wanted = export(lake / "bare" / "warehouse.duckdb", lake / "tables")
    pandas = _child(lake / "tables", module="in_pandas")
    for name, total in wanted.items():
        assert abs(pandas["totals"][name] - total) < 0.01, (name, pandas["totals"][name], total)
    plan = json.loads((folder / str(planned) / "built" / _PLAN).read_text("utf-8"))
    own = sum(seconds[name] for name in of_the_marts(plan) if name in seconds)
    return {
        "name": "models: five marts in pandas / in SQL",
        "value": pandas["seconds"] / own,
        "detail": (
            f"{pandas['seconds']:,.1f} s with {pandas['mib']:,.0f} MiB against {own:,.1f} s,"
            f" the same totals, {lines:,} lines"
        ),
        "at_least": 5.0,
    }


def main(lines: int = LINES) -> None:
    """Print the measures as JSON."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        print(json.dumps(measured(Path(folder), lines)))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(_part(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main(*map(int, sys.argv[1:]))
