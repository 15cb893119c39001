"""Five marts of random small municipalities against the oracle, to the øre (issue 4).

The SQL of the models is compiled once and run in memory (`tests.compiled`). A few municipalities in
`make test`, two hundred in `make nightly`; the same ones each time.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from pipelines.extracts.tables import TABLES
from tests.compiled import CompiledProject
from tests.dbt.conftest import RUN_CONTEXT, DbtHome
from tests.oracle import marts
from tests.oracle.lake import Lake
from tests.oracle.municipalities import Municipality, municipalities

pytestmark = pytest.mark.slow

ALIKE = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def build(
    project: CompiledProject,
    municipality: Municipality,
    home: Path,
    *,
    threads: int = 1,
    time_zone: str | None = None,
) -> duckdb.DuckDBPyConnection:
    """Return a database with the five marts of the municipality."""
    lake = DbtHome(home)
    lake.write(municipality.tables, municipality.source_files, municipality.settings)
    return project.build(home, set(marts.KEYS), threads=threads, time_zone=time_zone)


def lake_of(municipality: Municipality) -> Lake:
    tables = {name: municipality.tables.get(name, []) for name in TABLES}
    return Lake(tables, RUN_CONTEXT | dict(municipality.settings))


def check(project: CompiledProject, municipality: Municipality) -> None:
    expected = marts.compute(lake_of(municipality))
    with (
        tempfile.TemporaryDirectory() as folder,
        build(project, municipality, Path(folder)) as warehouse,
    ):
        found = marts.differences(warehouse, expected)
    assert not found, "\n".join(found)


def hold_against_oracle(project: CompiledProject, count: int) -> None:
    @settings(ALIKE, max_examples=count)
    @given(municipalities())
    def every(municipality: Municipality) -> None:
        check(project, municipality)

    every()


def one_municipality() -> Municipality:
    """Return one of them with some of everything: each mart has rows, some lines are loyal."""

    def has_all(municipality: Municipality) -> bool:
        found = marts.compute(lake_of(municipality))
        return all(found.values()) and any(
            row["on_agreement_nok"] and row["on_by_spread_nok"]
            for row in found["mart_loyalty"].values()
        )

    return find(
        municipalities(),
        has_all,
        settings=settings(ALIKE, max_examples=500, phases=[Phase.generate]),
    )


@pytest.mark.rule("A02")
@pytest.mark.rule("E03")
@pytest.mark.rule("E07")
def test_the_models_and_the_oracle_agree_on_a_few(compiled_project: CompiledProject) -> None:
    hold_against_oracle(compiled_project, 12)


@pytest.mark.nightly
@pytest.mark.rule("A02")
@pytest.mark.rule("E03")
@pytest.mark.rule("E07")
def test_the_models_and_the_oracle_agree_on_two_hundred(compiled_project: CompiledProject) -> None:
    hold_against_oracle(compiled_project, 200)


def test_threads_row_order_and_time_zone_change_nothing(
    compiled_project: CompiledProject, tmp_path: Path
) -> None:
    municipality = one_municipality()
    dice = random.Random(4)
    shuffled = {name: dice.sample(rows, len(rows)) for name, rows in municipality.tables.items()}
    builds = {
        "as it is": (municipality, 1, None),
        "two threads": (municipality, 2, None),
        "rows in another order": (replace(municipality, tables=shuffled), 1, None),
        "farthest east": (municipality, 1, "Pacific/Kiritimati"),
        "farthest west": (municipality, 1, "Pacific/Pago_Pago"),
    }
    found = {}
    for name, (made, threads, zone) in builds.items():
        with build(
            compiled_project, made, tmp_path / name, threads=threads, time_zone=zone
        ) as warehouse:
            found[name] = {mart: marts.read(warehouse, mart) for mart in marts.KEYS}
    for name, shown in found.items():
        assert shown == found["as it is"], name
