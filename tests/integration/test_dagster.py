"""The asset graph, and a run started through Dagster's web server as its page does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake.home import make_home
from pipelines.settings import Settings
from tests.conftest import AS_OF, ROOT
from tests.integration.small_home import fill, table_hashes

pytestmark = pytest.mark.slow

LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
STATUS = """
query Status($id: ID!) {
  runOrError(runId: $id) {
    ... on Run {
      status
      assetMaterializations { assetKey { path } }
      assetCheckEvaluations: eventConnection(limit: 5000) { events { __typename } }
    }
  }
}
"""
ASSETS = "{ assetNodes { assetKey { path } isExecutable } }"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server:
    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        request = urllib.request.Request(
            f"{self.url}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            content: dict[str, Any] = json.loads(answer.read())
        assert "errors" not in content, content
        data: dict[str, Any] = content["data"]
        return data


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[_Server, Path]]:
    """Dagster's web server on a home with files in landing/; stopped afterwards."""
    home = tmp_path / "hjem"
    fill(home / "landing")
    make_home(Settings(home=home))
    port = _free_port()
    environment = {
        **os.environ,
        "SAMKJOP_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
    }
    with (tmp_path / "server.log").open("w") as log:
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("dagster-webserver")),
                *("-h", "127.0.0.1", "-p", str(port), "-w", str(ROOT / "workspace.yaml")),
            ],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield _Server(_ready(f"http://127.0.0.1:{port}", process)), home
        finally:
            process.terminate()
            process.wait(30)


def _ready(url: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(240):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=5):
                return url
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("the web server never answered")


def _finished(server: _Server, run_id: str) -> dict[str, Any]:
    for _ in range(600):
        run: dict[str, Any] = server.ask(STATUS, {"id": run_id})["runOrError"]
        if run["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
            return run
        time.sleep(0.5)
    raise AssertionError("the run never ended")


def test_a_run_started_from_the_page_materialises_every_asset(
    server: tuple[_Server, Path],
) -> None:
    page, home = server
    launched = page.ask(
        LAUNCH,
        {
            "params": {
                "selector": {
                    "repositoryLocationName": "samkjop",
                    "repositoryName": "__repository__",
                    "jobName": "samkjop_run",
                },
                "runConfigData": {"ops": {"innlesing": {"config": {"as_of": AS_OF}}}},
            }
        },
    )["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run = _finished(page, launched["run"]["runId"])
    assert run["status"] == "SUCCESS"
    materialised = {tuple(m["assetKey"]["path"]) for m in run["assetMaterializations"]}
    nodes = page.ask(ASSETS)["assetNodes"]
    assert materialised == {tuple(n["assetKey"]["path"]) for n in nodes if n["isExecutable"]}
    assert _checks_reported(home, launched["run"]["runId"]) == _checks_declared()
    assert len(table_hashes(home)) > 15


def _checks_declared() -> set[tuple[str, str]]:
    from pipelines.definitions import defs

    keys = defs.resolve_asset_graph().asset_check_keys
    return {(key.asset_key.to_user_string(), key.name) for key in keys}


def _checks_reported(home: Path, run_id: str) -> set[tuple[str, str]]:
    import dagster as dg

    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    made = [event.get_dagster_event().asset_check_evaluation_data for event in events]
    return {(each.asset_key.to_user_string(), each.check_name) for each in made}


def test_the_graph_leads_from_landing_to_the_snapshot() -> None:
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert {"lake/ehf_document", "inputs/run_context", "fct_spend_line"} <= keys
    assert {"sealed/mart_loyalty", "report", "published_snapshot"} <= keys

    waiting = [k for k in graph.get_all_asset_keys() if k.path == ["published_snapshot"]]
    above: set[Any] = set()
    while waiting:
        parents = graph.get(waiting.pop()).parent_keys - above
        above |= parents
        waiting += parents
    names = {key.to_user_string() for key in above}
    assert {"lake/ehf_line", "lake/reg_agreement", "fct_spend_line", "report"} <= names


def _phases() -> list[Any]:
    from pipelines.assets.warehouse import categorised_lines, groundwork, warehouse

    return [groundwork, categorised_lines, warehouse]


def _nodes() -> dict[str, Any]:
    from pipelines.dbt_manifest import manifest_path

    nodes: dict[str, Any] = json.loads(manifest_path().read_text("utf-8"))["nodes"]
    return nodes


def test_dbts_phases_are_the_whole_project_and_none_is_empty_or_overlaps() -> None:
    parts = [{key.to_user_string() for key in phase.keys} for phase in _phases()]
    wanted = {n["name"] for n in _nodes().values() if n["resource_type"] in ("model", "seed")}
    assert all(parts)
    assert sum(map(len, parts)) == len(set().union(*parts))
    assert set().union(*parts) == wanted


def test_a_data_test_is_declared_once_and_names_only_what_its_phase_has_built() -> None:
    nodes = _nodes()
    built: set[str] = set()
    declared: list[str] = []
    for phase in _phases():
        built |= {key.to_user_string() for key in phase.keys}
        for spec in phase.check_specs:
            unique_id = str(spec.metadata["dagster_dbt/unique_id"])
            declared.append(unique_id)
            parents = {name.rsplit(".", 1)[-1] for name in nodes[unique_id]["depends_on"]["nodes"]}
            assert parents <= built, unique_id
    assert sorted(declared) == sorted(n for n, v in nodes.items() if v["resource_type"] == "test")


def test_python_between_the_phases_reads_only_what_the_phase_before_it_built() -> None:
    from pipelines.definitions import defs
    from pipelines.derived.contracts import DERIVED_TABLES, LICENCE_PLAN_TABLES

    graph = defs.resolve_asset_graph()
    first, second, _ = ({key.to_user_string() for key in phase.keys} for phase in _phases())
    built = {"supplier_link": first, "category_suggestion": second, "category_model": second}
    built |= {table.name: first for table in LICENCE_PLAN_TABLES}
    assert set(built) == set(DERIVED_TABLES)
    for name, models in built.items():
        (key,) = (k for k in graph.get_all_asset_keys() if k.path == ["derived", name])
        parents = {parent.to_user_string() for parent in graph.get(key).parent_keys}
        assert parents == set(DERIVED_TABLES[name].inputs)
        assert parents <= models
    steps = defs.resolve_job_def("samkjop_run").graph.node_dict
    assert set(steps) == {
        *("innlesing", "varehus_grunnlag", "leverandorkobling", "lisensplan", "varehus_linjer"),
        *("kategoriforslag", "varehus", "forsegling", "kvalitetsport"),
        *("report", "published_snapshot"),
    }


def test_jobs_schedules_and_sensors_are_those_we_promise() -> None:
    from pipelines.definitions import defs

    repository = defs.get_repository_def()
    assert "samkjop_run" in repository.job_names
    (schedule,) = repository.schedule_defs
    assert (schedule.name, schedule.execution_timezone) == ("hver_natt", "Europe/Oslo")
    (sensor,) = repository.sensor_defs
    assert sensor.name == "nye_filer"


def test_every_published_table_has_a_blocking_check() -> None:
    from pipelines.assets.publication import TABLES, gate

    checked = {spec.asset_key.path[-1] for spec in gate.check_specs if spec.blocking}
    assert checked == set(TABLES)
