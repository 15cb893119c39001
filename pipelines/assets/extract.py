"""Dagster assets of the lake: one per lake table, and the two inputs of a build."""

import time
from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from pipelines.assets.resources import HomeResource, root_run_id
from pipelines.builds import parse_as_of, published_key, write_inputs, write_outcome
from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.result import Rejection
from pipelines.extracts.tables import TABLES
from pipelines.lake.batches import ExtractOutcome, Progress, extract
from pipelines.lake.same_documents import Same
from pipelines.progress import Meter, described
from pipelines.settings import Settings

INPUTS = {
    "source_file": "Én rad per kildefil i lageret, også de som ligger i karantene",
    "run_context": "Én rad: innstillingene for dette bygget",
}


_LOG_EVERY = 30  # seconds


class ExtractConfig(dg.Config):
    """What a run is about.

    `as_of` (ISO date) is the day the figures are seen from, empty = today in Oslo; `rebuild` builds
    also where nothing is new.
    """

    as_of: str = ""
    rebuild: bool = False


def _specs() -> list[dg.AssetSpec]:
    lake = [
        dg.AssetSpec(
            ["lake", table.name], group_name="lager", description=table.grain, skippable=True
        )
        for table in TABLES.values()
    ]
    inputs = [
        dg.AssetSpec(["inputs", name], group_name="lager", description=text, skippable=True)
        for name, text in INPUTS.items()
    ]
    return lake + inputs


@dg.multi_asset(specs=_specs(), name="innlesing")
def lake_tables(
    context: dg.AssetExecutionContext, config: ExtractConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Take landing/ into the lake; where nothing is new, nothing after this is run."""
    settings = home.settings
    as_of = parse_as_of(config.as_of)
    outcome = extract(settings, _progress(context))
    build_dir = settings.builds / root_run_id(context)
    key, same = write_inputs(settings, build_dir, as_of)
    _note_conflicts(outcome, same)
    unchanged = key == published_key(settings) and not config.rebuild
    write_outcome(build_dir, _summary(outcome, unchanged))
    for name, rejection in outcome.rejections:
        context.log.warning("%s, %s: %s", name, rejection.place, rejection.reason)
    for note in outcome.notes:
        context.log.info(note)
    if unchanged:
        context.log.info("uendret: ingenting nytt siden forrige publisering")
        return
    for table in TABLES.values():
        yield dg.MaterializeResult(
            asset_key=["lake", table.name], metadata=_metadata(settings, table, outcome)
        )
    for name in INPUTS:
        frame = pl.read_parquet(build_dir / "inputs" / f"{name}.parquet")
        yield dg.MaterializeResult(
            asset_key=["inputs", name],
            metadata={"dagster/row_count": frame.height, "forhåndsvisning": preview(frame)},
        )


def _note_conflicts(outcome: ExtractOutcome, same: dict[str, Same]) -> None:
    """Count the new files that are the same as another, or contradict one."""
    for sha256, other in same.items():
        name = outcome.names.get(sha256)
        if name is None:
            continue
        if other.status == "conflict":
            outcome.quarantined_files += 1
            outcome.quarantined_rows += 1
            outcome.rejections.append((name, Rejection(sha256, "filen", other.reason, "")))
        else:
            outcome.duplicates += 1
            outcome.notes.append(f"{name}: telles ikke, {other.reason}")


def _progress(context: dg.AssetExecutionContext) -> Progress:
    """Tell the run's log every half minute how far it has come, and a terminal all the time."""
    meter = Meter("leser inn", "filer")
    start = last = time.monotonic()

    def report(done: int, total: int, size_done: int, size_total: int) -> None:
        nonlocal last
        meter.show(done, total, size_done, size_total)
        now = time.monotonic()
        if now - last > _LOG_EVERY or done == total:
            last = now
            text = described(done, total, "filer", now - start, size_done, size_total)
            context.log.info(f"lest {text}")

    return report


def _summary(outcome: ExtractOutcome, unchanged: bool) -> dict[str, object]:
    return {
        "unchanged": unchanged,
        "batches": outcome.batches,
        "new": outcome.new,
        "known": outcome.known,
        "duplicates": outcome.duplicates,
        "quarantined_files": outcome.quarantined_files,
        "quarantined_rows": outcome.quarantined_rows,
        "still_being_written": outcome.still_being_written,
        "notes": outcome.notes,
        "rejections": [
            {"file": name, "place": r.place, "reason": r.reason} for name, r in outcome.rejections
        ],
    }


def _metadata(
    settings: Settings, table: Table, outcome: ExtractOutcome
) -> dict[str, dg.MetadataValue[Any] | int | str]:
    frame = pl.scan_parquet(
        settings.lake / "*" / f"{table.name}.parquet",
        schema=table.schema(),
        missing_columns="insert",  # batches from before the column was in the contract
        extra_columns="ignore",
    )
    total = frame.select(pl.len()).collect().item()
    shown = [c.name for c in table.columns if c.classification != "personal"]
    metadata: dict[str, dg.MetadataValue[Any] | int | str] = {
        "dagster/row_count": int(total),
        "nye rader": outcome.rows.get(table.name, 0),
        "i karantene (rader)": outcome.quarantined_rows,
        "forhåndsvisning": preview(frame.select(shown).head(5).collect()),
    }
    for column in ("tax_exclusive_amount", "amount"):
        if column in table.schema() and table.name in ("ehf_document", "ehf_line"):
            metadata["sum i dokumentenes valuta"] = str(
                frame.select(pl.col(column).sum()).collect().item()
            )
    return metadata


def preview(frame: pl.DataFrame, rows: int = 5) -> dg.MetadataValue[Any]:
    """Return the first rows as a Markdown table for Dagster's page."""
    head = frame.head(rows)
    lines = ["| " + " | ".join(head.columns) + " |", "|" + "---|" * head.width]
    for row in head.iter_rows():
        cells = ("" if v is None else str(v).replace("|", "\\|").replace("\n", " ") for v in row)
        lines.append("| " + " | ".join(cell[:80] for cell in cells) + " |")
    return dg.MetadataValue.md("\n".join(lines))
