"""Dagster assets of the warehouse: every dbt model, built anew from the whole lake.

dbt runs three times: first what the linkage of suppliers and the licence plan read (the models
tagged `derived_input` and all that they are made of), then what the learned categories read
(`learned_input`), which knows the linked suppliers, then the rest. In between
`pipelines.assets.derived` writes its tables.
"""

import contextlib
import importlib.metadata
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets
from packaging.version import Version

from pipelines.assets.resources import HomeResource
from pipelines.dbt_command import BUILD_VARIABLE
from pipelines.dbt_manifest import DBT_PROJECT, manifest_path
from pipelines.derived.contracts import CATEGORY_SUGGESTION, DERIVED, SUPPLIER_LINK
from pipelines.progress import Meter

WAREHOUSE = "warehouse.duckdb"
_USUAL_LAKE = "../../lake/batches"  # of dbt_project/models/staging/sources.yml
INPUTS_READY = "inputs/run_context.parquet"
LINKS_READY = f"{DERIVED}/{SUPPLIER_LINK.name}.parquet"
SUGGESTIONS_READY = f"{DERIVED}/{CATEGORY_SUGGESTION.name}.parquet"
BEFORE_LINKS = "+tag:derived_input"
BEFORE_SUGGESTIONS = "+tag:learned_input"


class BuildConfig(dg.Config):
    """Which build a stage works on; empty = this run's own, else the newest that is ready."""

    build: str = ""


class _Translator(DagsterDbtTranslator):
    """Groups the models by the folder they stand in."""

    def get_group_name(self, dbt_resource_props: Any) -> str | None:
        """Return the Norwegian name of the model's stage."""
        stages = {"staging": "klargjoring", "intermediate": "mellomledd", "marts": "publiserte"}
        for part in dbt_resource_props.get("fqn", ()):
            if part in stages:
                return stages[part]
        return "kodelister"


@dbt_assets(
    manifest=manifest_path(),
    select=BEFORE_LINKS,
    dagster_dbt_translator=_Translator(),
    name="varehus_grunnlag",
)
def groundwork(
    context: dg.AssetExecutionContext,
    config: BuildConfig,
    home: HomeResource,
    dbt: DbtCliResource,
) -> Iterator[Any]:
    """Build, in a new file, what the linkage of suppliers and the licence plan read."""
    build_dir = home.build_for(context, config.build, INPUTS_READY)
    (build_dir / WAREHOUSE).unlink(missing_ok=True)
    yield from _build(context, home, dbt, build_dir)


@dbt_assets(
    manifest=manifest_path(),
    select=BEFORE_SUGGESTIONS,
    exclude=BEFORE_LINKS,
    dagster_dbt_translator=_Translator(),
    name="varehus_linjer",
)
def categorised_lines(
    context: dg.AssetExecutionContext,
    config: BuildConfig,
    home: HomeResource,
    dbt: DbtCliResource,
) -> Iterator[Any]:
    """Build what the learned categories read, when the suppliers are linked."""
    build_dir = home.build_for(context, config.build, LINKS_READY)
    yield from _build(context, home, dbt, build_dir)


@dbt_assets(
    manifest=manifest_path(),
    exclude=f"{BEFORE_LINKS} {BEFORE_SUGGESTIONS}",
    dagster_dbt_translator=_Translator(),
    name="varehus",
)
def warehouse(
    context: dg.AssetExecutionContext,
    config: BuildConfig,
    home: HomeResource,
    dbt: DbtCliResource,
) -> Iterator[Any]:
    """Build the rest, when categories are suggested."""
    build_dir = home.build_for(context, config.build, SUGGESTIONS_READY)
    yield from _build(context, home, dbt, build_dir)


def _build(
    context: dg.AssetExecutionContext, home: HomeResource, dbt: DbtCliResource, build_dir: Path
) -> Iterator[Any]:
    """Run dbt build; row counts are added when it has let go of the database."""
    events: list[Any] = []
    made = 0
    meter = Meter("bygger", "tabeller")
    with _environment(build_dir, home):
        command = ["build", "--exclude-resource-type", "unit_test"]
        run = dbt.cli(command, context=context, target_path=build_dir / "dbt")
        for event in run.stream():
            events.append(event)
            made += isinstance(event, dg.Output)
            meter.show(made, len(context.selected_asset_keys))
    meter.close()
    counts = _row_counts(build_dir / WAREHOUSE)
    for event in events:
        if isinstance(event, dg.Output):
            rows = counts.get(str(event.metadata["unique_id"].value).rsplit(".", 1)[-1])
            extra = {} if rows is None else {"dagster/row_count": rows}
            yield dg.Output(None, event.output_name, metadata={**event.metadata, **extra})
        else:
            yield event


class _Dbt(DbtCliResource):
    """dbt's command line, which is the installed package: no need to start it for its version."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(importlib.metadata.version("dbt-core"))


def dbt_resource() -> DbtCliResource:
    """Return dbt's command line, the one that is installed beside this Python.

    Its own log keeps what it shows: at debug level, as by default, it is eight megabytes a run.
    """
    return _Dbt(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=str(Path(sys.executable).with_name("samkjop-dbt")),
        global_config_flags=["--log-level-file", "info", "--no-write-json"],
    )


@contextlib.contextmanager
def _environment(build_dir: Path, home: HomeResource) -> Iterator[None]:
    """Tell dbt, through the environment, where it works.

    What lies in its usual place is not named: the project's own defaults say so, seen from the
    build's folder. With any other value dbt would parse again what it has parsed.
    """
    lake = _seen_from(build_dir, home.settings.lake)
    wanted = {
        BUILD_VARIABLE: str(build_dir),
        "SAMKJOP_WAREHOUSE": None,
        "SAMKJOP_LAKE": None if lake == _USUAL_LAKE else lake,
        "SAMKJOP_INPUTS": None,
        "SAMKJOP_DERIVED": None,
        "DBT_INDIRECT_SELECTION": "buildable",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    _set(wanted)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _seen_from(folder: Path, path: Path) -> str:
    """Return the way from a folder to a path; the whole path where a link is on that way."""
    way = os.path.relpath(path, folder)
    return way if folder.resolve().joinpath(way).resolve() == path.resolve() else str(path)


def _row_counts(database: Path) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_type = 'BASE TABLE'"
        ).fetchall()
        if not tables:
            return {}
        query = " union all ".join(
            f"select '{name}', count(*) from \"{name}\"" for (name,) in tables
        )
        return dict(connection.execute(query).fetchall())
