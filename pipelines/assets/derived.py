"""Dagster assets that Python makes of finished tables, between the three runs of dbt.

Each opens the build's warehouse read-only, lets go of it, and writes its tables beside it. What
the tables hold is decided in `pipelines.derived`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines.assets.extract import preview
from pipelines.assets.resources import HomeResource
from pipelines.assets.warehouse import WAREHOUSE, BuildConfig
from pipelines.derived.contracts import (
    CATEGORY_MODEL,
    CATEGORY_SUGGESTION,
    DERIVED,
    LICENCE_PLAN_TABLES,
    PLAN_INPUTS,
    SUPPLIER_LINK,
    DerivedTable,
    write_derived,
)


def _spec(table: DerivedTable) -> dg.AssetSpec:
    return dg.AssetSpec(
        [DERIVED, table.name],
        deps=[dg.AssetKey(model) for model in table.inputs],
        group_name="utledet",
        description=table.grain,
        skippable=True,
    )


@dg.multi_asset(specs=[_spec(SUPPLIER_LINK)], name="leverandorkobling")
def supplier_links(
    context: dg.AssetExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Find the suppliers that are the same as another."""
    from pipelines.derived.supplier_linkage import link_suppliers

    build_dir = home.build_for(context, config.build, WAREHOUSE)
    links = link_suppliers(
        read_model(build_dir / WAREHOUSE, "int_suppliers__to_link"),
        read_model(build_dir / WAREHOUSE, "int_supplier_decisions__resolved"),
        threshold=home.settings.supplier_link_threshold,
        margin=home.settings.supplier_link_margin,
    )
    yield _written(build_dir, SUPPLIER_LINK, links)


@dg.multi_asset(specs=[_spec(CATEGORY_MODEL), _spec(CATEGORY_SUGGESTION)], name="kategoriforslag")
def category_suggestions(
    context: dg.AssetExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Suggest categories for what no higher rung knows, and measure how good they are."""
    from pipelines.derived.learned_categories import suggest_categories

    build_dir = home.build_for(context, config.build, WAREHOUSE)
    keys = read_model(build_dir / WAREHOUSE, "int_category_keys__summed")
    learned = suggest_categories(keys, home.settings)
    yield _written(build_dir, CATEGORY_MODEL, learned.measures)
    yield _written(build_dir, CATEGORY_SUGGESTION, learned.suggestions)


@dg.multi_asset(specs=[_spec(table) for table in LICENCE_PLAN_TABLES], name="lisensplan")
def licence_plan(
    context: dg.AssetExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Find the cheapest lawful licences (A07)."""
    from pipelines.licences.tables import input_of, planned

    build_dir = home.build_for(context, config.build, WAREHOUSE)
    models = {name: read_model(build_dir / WAREHOUSE, name) for name in PLAN_INPUTS}
    given = input_of(
        models,
        horizon=home.settings.licence_horizon_months,
        max_changes=home.settings.licence_max_changes,
    )
    tables = planned(given)
    for table in LICENCE_PLAN_TABLES:
        yield _written(build_dir, table, tables[table.name])


def read_model(warehouse: Path, model: str) -> pl.DataFrame:
    """Return a finished model of the build; the file is free again when this returns."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(f'select * from "{model}"').pl()


def _written(
    build_dir: Path, table: DerivedTable, frame: pl.DataFrame
) -> dg.MaterializeResult[Any]:
    path = write_derived(build_dir / DERIVED, table, frame)
    shown = pl.read_parquet(path, n_rows=5).drop("account_key", strict=False)
    return dg.MaterializeResult(
        asset_key=[DERIVED, table.name],
        metadata={
            "dagster/row_count": frame.height,
            "forhåndsvisning": preview(shown),
        },
    )
