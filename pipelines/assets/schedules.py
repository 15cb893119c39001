"""When the job runs by itself. Off until switched on in Dagster's page."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.jobs import samkjop_run

nightly = dg.ScheduleDefinition(
    name="hver_natt",
    job=samkjop_run,
    cron_schedule="15 2 * * *",
    execution_timezone="Europe/Oslo",
    description="Kjører hver natt kl. 02.15 (norsk tid)",
)
