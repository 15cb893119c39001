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
    assert len(table_hashes(home)) > 15


def test_the_graph_leads_from_landing_to_the_snapshot() -> None:
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert {"lake/ehf_document", "inputs/run_context", "fct_spend_line"} <= keys
    assert {"sealed/mart_loyalty", "report", "published_snapshot"} <= keys

    def above(key: Any) -> set[Any]:
        parents = graph.get(key).parent_keys
        return set(parents).union(*(above(parent) for parent in parents))

    snapshot = next(k for k in graph.get_all_asset_keys() if k.path == ["published_snapshot"])
    names = {key.to_user_string() for key in above(snapshot)}
    assert {"lake/ehf_line", "lake/reg_agreement", "fct_spend_line", "report"} <= names


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
