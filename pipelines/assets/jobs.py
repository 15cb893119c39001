"""The job that is run by hand, by the clock, by the sensor and by `samkjop run`: all of it."""

from __future__ import annotations

import dagster as dg

JOB_NAME = "samkjop_run"
MAX_RUNTIME_SECONDS = 6 * 3600

samkjop_run = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Fra landing/ til publisert øyeblikksbilde og rapport",
    tags={"dagster/max_runtime": str(MAX_RUNTIME_SECONDS)},
)
