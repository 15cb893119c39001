"""Starts the job when files lie in landing/. Off until switched on in Dagster's page."""

from __future__ import annotations

import hashlib
import time

import dagster as dg

from pipelines.assets.jobs import samkjop_run
from pipelines.lake.landing import waiting_files
from pipelines.settings import Settings

_QUIET_SECONDS = 30


@dg.sensor(
    name="nye_filer",
    job=samkjop_run,
    minimum_interval_seconds=60,
    description="Starter en kjøring når filer i landing/ har ligget urørt i et halvt minutt",
)
def new_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run per set of files; files still being written wait."""
    landing = Settings.load().landing
    if not landing.is_dir():
        return dg.SkipReason("landing/ finnes ikke ennå")
    digest = hashlib.sha256()
    files = waiting_files(landing)
    newest = 0.0
    for path in files:
        status = path.lstat()
        newest = max(newest, status.st_mtime)
        digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}".encode())
    if not files:
        return dg.SkipReason("landing/ er tom")
    if time.time() - newest < _QUIET_SECONDS:
        return dg.SkipReason("filer er nettopp skrevet; venter")
    return dg.RunRequest(run_key=digest.hexdigest())
