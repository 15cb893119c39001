"""Assembles the Dagster definitions, and nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.derived import category_suggestions, licence_plan, supplier_links
from pipelines.assets.extract import lake_tables
from pipelines.assets.jobs import samkjop_run
from pipelines.assets.loggers import stages
from pipelines.assets.publication import gate, published_snapshot, report, sealed_tables
from pipelines.assets.resources import HomeResource
from pipelines.assets.schedules import nightly
from pipelines.assets.sensors import new_files
from pipelines.assets.warehouse import categorised_lines, dbt_resource, groundwork, warehouse

defs = dg.Definitions(
    assets=[
        lake_tables,
        groundwork,
        supplier_links,
        licence_plan,
        categorised_lines,
        category_suggestions,
        warehouse,
        sealed_tables,
        report,
        published_snapshot,
    ],
    asset_checks=[gate],
    jobs=[samkjop_run],
    schedules=[nightly],
    sensors=[new_files],
    loggers={"fremdrift": stages, "console": dg.colored_console_logger},
    resources={"home": HomeResource(), "dbt": dbt_resource()},
)
