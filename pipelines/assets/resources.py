"""The home as a Dagster resource: its settings, and its lock held as long as a run lasts."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipelines.builds import chosen_build
from pipelines.lake.batches import recover
from pipelines.lake.home import lock, make_home
from pipelines.settings import Settings


class HomeResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The home directory that a run works in.

    `path` empty means SAMKJOP_HOME, else ./data. While a run has the resource it holds the home's
    lock; a second run fails at once and says who holds it.
    """

    path: str = ""
    _settings: Settings | None = PrivateAttr(default=None)

    @property
    def settings(self) -> Settings:
        """The settings of the home."""
        if self._settings is None:
            self._settings = Settings.load(Path(self.path) if self.path else None)
        return self._settings

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[HomeResource]:
        """Make the home if need be, take its lock, and mark runs that were killed as failed."""
        make_home(self.settings)
        run_id = context.run.run_id if context.run else f"prosess {os.getpid()}"
        with lock(self.settings, f"Dagster-kjøring {run_id}"):
            _fail_orphans(context)
            recover(self.settings)
            yield self

    def build_for(
        self,
        context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
        named: str | None,
        needs: str,
    ) -> Path:
        """Return the build that a stage works on: see `builds.chosen_build`."""
        return chosen_build(self.settings, root_run_id(context), named or None, needs)


def root_run_id(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> str:
    """Return the ID of the run that a retry began with, so that it finds its build."""
    return context.run.root_run_id or context.run.run_id


def _fail_orphans(context: dg.InitResourceContext) -> None:
    """Mark runs as failed that a killed process left as started: we hold the lock, so none runs."""
    if context.instance is None or context.run is None:
        return
    unfinished = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    )
    for run in context.instance.get_runs(unfinished):
        if run.run_id != context.run.run_id and run.job_name == context.run.job_name:
            context.instance.report_run_failed(run, "Prosessen ble avbrutt før den ble ferdig.")
