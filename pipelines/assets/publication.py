"""Dagster assets from sealed tables to the published snapshot, and the gate between them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines.assets.extract import preview
from pipelines.assets.resources import HomeResource
from pipelines.assets.warehouse import WAREHOUSE, BuildConfig
from pipelines.builds import remove_old_builds
from pipelines.dbt_manifest import PROJECT_ROOT, manifest_path
from pipelines.publication.seal import DATABASE, SEAL_NAME, published_tables, seal
from pipelines.publication.snapshot import prune, publish
from pipelines.publication.verdict import QUALITY, VERDICT_NAME, Result, Verdict

TABLES, TEXTS = published_tables(manifest_path())
_VERDICT = f"{QUALITY}/{VERDICT_NAME}"
_RECONCILIATION = "reconciliation"


def _sealed_specs() -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            ["sealed", table],
            deps=[dg.AssetKey(table)],
            group_name="forseglet",
            description=TEXTS[table].description,
            skippable=True,
        )
        for table in TABLES
    ]


@dg.multi_asset(specs=_sealed_specs(), name="forsegling")
def sealed_tables(
    context: dg.AssetExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write the published tables as key-sorted Parquet with their hashes, and what is public."""
    from pipelines.publication.public import write_public  # SciPy: only where it is used

    build_dir = home.build_for(context, config.build, WAREHOUSE)
    result = seal(build_dir / WAREHOUSE, build_dir, TABLES, TEXTS, write_public)
    for table in TABLES:
        path = build_dir / "internal" / "parquet" / f"{table}.parquet"
        yield dg.MaterializeResult(
            asset_key=["sealed", table],
            metadata=_metadata(path) | {"sha256": result.tables[table].sha256},
        )


def _metadata(path: Path) -> dict[str, Any]:
    frame = pl.scan_parquet(path)
    rows = int(frame.select(pl.len()).collect().item())
    metadata: dict[str, Any] = {
        "dagster/row_count": rows,
        "forhåndsvisning": preview(frame.head(5).collect()),
    }
    for column in ("amount_nok", "spend_nok"):
        if column in frame.collect_schema():
            metadata["sum NOK"] = str(frame.select(pl.col(column).sum()).collect().item())
    return metadata


def _checks() -> list[dg.AssetCheckSpec]:
    specs = [
        dg.AssetCheckSpec("kvalitetsport", asset=["sealed", table], blocking=True)
        for table in TABLES
    ]
    return [
        *specs,
        dg.AssetCheckSpec("avstemming", asset=["sealed", "mart_reconciliation"], blocking=True),
    ]


@dg.multi_asset_check(specs=_checks(), name="kvalitetsport")
def gate(
    context: dg.AssetCheckExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.AssetCheckResult]:
    """Judge the sealed tables, in a process of its own, and show the verdict table by table."""
    build_dir = home.build_for(context, config.build, SEAL_NAME)
    done = subprocess.run(
        [sys.executable, "-m", "data_quality.gate", str(build_dir)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    context.log.info("%s%s", done.stdout, done.stderr)
    verdict = Verdict.load(build_dir)
    for table in TABLES:
        yield _check_result("kvalitetsport", table, table, verdict)
    yield _check_result("avstemming", "mart_reconciliation", _RECONCILIATION, verdict)


def _check_result(name: str, table: str, suite: str, verdict: Verdict) -> dg.AssetCheckResult:
    own = [result for result in verdict.results if result.suite == suite]
    broken = [r for r in own if r.success is None or (not r.success and r.severity == "error")]
    warned = [r for r in own if r.success is False and r.severity == "warn"]
    blocked = bool(broken) or bool(verdict.errors) or not own
    return dg.AssetCheckResult(
        asset_key=["sealed", table],
        check_name=name,
        passed=not blocked and not warned,
        severity=dg.AssetCheckSeverity.ERROR if blocked else dg.AssetCheckSeverity.WARN,
        metadata={
            "forventninger": len(own),
            "brutt": _listed(broken) or "ingen",
            "varsler": _listed(warned) or "ingen",
            "feil i porten": "; ".join(verdict.errors) or "ingen",
        },
    )


def _listed(results: list[Result]) -> str:
    return "; ".join(f"{r.expectation_id}: {r.description}" for r in results)


@dg.asset(
    key=["report"],
    deps=[["sealed", table] for table in TABLES],
    group_name="publisering",
    description="Rapporten til kommunestyret, én HTML-side",
    output_required=False,
)
def report(
    context: dg.AssetExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Make the report from the sealed tables."""
    from pipelines.reporting.page import build_report

    path = build_report(home.build_for(context, config.build, _VERDICT))
    yield dg.MaterializeResult(metadata={"fil": dg.MetadataValue.path(path)})


@dg.asset(
    key=["published_snapshot"],
    deps=[["report"], *[["sealed", table] for table in TABLES]],
    group_name="publisering",
    description="Det publiserte øyeblikksbildet; porten må ha godkjent nettopp disse bytene",
    output_required=False,
)
def published_snapshot(
    context: dg.AssetExecutionContext, config: BuildConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Publish the build if its verdict passed; refuses by itself where it did not."""
    build_dir = home.build_for(context, config.build, SEAL_NAME)
    snapshot = publish(build_dir, home.settings.published)
    prune(home.settings.published, home.settings.keep_snapshots)
    remove_old_builds(home.settings, build_dir)
    with duckdb.connect(str(snapshot / DATABASE), read_only=True) as reader:
        row = reader.execute("select count(*), sum(amount_nok) from fct_spend_line").fetchone()
    lines, amount = row if row else (0, None)
    yield dg.MaterializeResult(
        metadata={
            "øyeblikksbilde": snapshot.name,
            "forbrukslinjer": lines,
            "forbruk NOK": str(amount),
            "rapport": dg.MetadataValue.path(snapshot / "report" / "index.html"),
        }
    )
