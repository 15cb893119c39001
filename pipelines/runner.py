"""Runs Dagster's own job in this process, and says what came of it.

Everything heavy is imported when a run really starts; a run with nothing new needs none of it.
"""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.builds import build_key, published_key, read_outcome
from pipelines.lake.home import lock, make_home
from pipelines.lake.landing import waiting_files
from pipelines.lake.manifests import batch_names
from pipelines.settings import HOME_VARIABLE, Settings

PUBLISHED, WITH_QUARANTINE, BLOCKED, FAULT = 0, 3, 4, 1
STEP_NAMES = {
    "innlesing": "leser inn filene i landing/",
    "varehus_grunnlag": "bygger grunnlaget",
    "leverandorkobling": "kobler leverandører",
    "lisensplan": "finner billigste lisenser",
    "varehus_linjer": "bygger linjene",
    "kategoriforslag": "foreslår kategorier",
    "varehus": "bygger tabellene",
    "forsegling": "forsegler tabellene",
    "kvalitetsport": "kontrollerer kvaliteten",
    "report": "lager rapporten",
    "published_snapshot": "publiserer",
}


@dataclass(frozen=True)
class RunResult:
    """What a run came to: exit status, its build, its snapshot, and what the extraction did."""

    exit_status: int
    build_dir: Path | None = None
    snapshot: Path | None = None
    outcome: dict[str, Any] = field(default_factory=dict)
    is_unchanged: bool = False
    failure: str | None = None


def run(settings: Settings, as_of: date, rebuild: bool = False) -> RunResult:
    """Run the whole job: extract, build, seal, audit, report, publish.

    A line per stage goes to standard error. Raises LockedError where another run holds the home.
    """
    make_home(settings)
    with lock(settings, "samkjop run"):
        if not rebuild and nothing_new(settings, as_of):
            return RunResult(PUBLISHED, snapshot=_current(settings), is_unchanged=True)
    return _run_job(settings, as_of, rebuild)


def nothing_new(settings: Settings, as_of: date) -> bool:
    """Return whether landing/ is empty and what is published is what a build would give."""
    if waiting_files(settings.landing) or not batch_names(settings.lake):
        return False
    return published_key(settings) == build_key(settings, as_of)


def _current(settings: Settings) -> Path | None:
    pointer = settings.published / "current"
    return pointer.resolve() if pointer.exists() else None


def _run_job(settings: Settings, as_of: date, rebuild: bool) -> RunResult:
    os.environ[HOME_VARIABLE] = str(settings.home)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    logging.getLogger("dagster").setLevel(logging.WARNING)
    import dagster as dg

    from pipelines.definitions import defs

    before = _current(settings)
    log = (settings.dagster_home / "siste-kjoring.log").open("w", encoding="utf-8")
    with log, contextlib.redirect_stdout(log), dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def("samkjop_run").execute_in_process(
            run_config={
                "ops": {"innlesing": {"config": {"as_of": as_of.isoformat(), "rebuild": rebuild}}},
                "loggers": {"fremdrift": {"config": {}}},
            },
            instance=instance,
            raise_on_error=False,
        )
    build_dir = settings.builds / result.run_id
    outcome = read_outcome(build_dir)
    after = _current(settings)
    if result.success:
        unchanged = bool(outcome.get("unchanged"))
        status = WITH_QUARANTINE if outcome.get("quarantined_rows") else PUBLISHED
        return RunResult(status, build_dir, after, outcome, unchanged)
    failure = _failure(result)
    status = BLOCKED if _is_blocked(build_dir) and after == before else FAULT
    return RunResult(status, build_dir, after, outcome, failure=failure)


def _is_blocked(build_dir: Path) -> bool:
    from pipelines.publication.verdict import NoVerdictError, Verdict

    try:
        return Verdict.load(build_dir).status != "passed"
    except NoVerdictError:
        return False


def _failure(result: Any) -> str | None:
    """Return the innermost error of the run: the user's sentence where it is one of ours."""
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None) if event.is_failure else None
        if error is not None:
            while error.cause is not None:
                error = error.cause
            text = str(error.message).strip().split(": ", 1)[-1]
            first, *more = text.splitlines()
            return first if not more else f"{first} Resten står i dagster/siste-kjoring.log."
    return None
