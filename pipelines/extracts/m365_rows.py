"""Rows of Microsoft 365 exports from text to values: days, numbers, GUIDs, repeats, the verdict.

A value that can't be read makes its row a problem with a reason that says what was expected; no
reason or note quotes a value, since it may be a person's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.enhetsregisteret_files import Unreadable
from pipelines.extracts.m365_files import GUID, MAX_BAD_ROWS, PROBLEM, ROW, M365Result
from pipelines.extracts.pseudonyms import PERSONAL
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.values import booleans

REPEAT = "is_repeat"
LEFT_OUT = "is_left_out"
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?$"
_NORWEGIAN = r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}( .*)?$"
_EMPTY_WORDS = ("never", "aldri", "n/a", "null", "none", "-")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_MAX_TEXT = 500
_SPACES = "[\u00a0\u202f\u2007]"


def flag(frame: pl.DataFrame, is_bad: pl.Expr, reason: str) -> pl.DataFrame:
    """Give the rows that meet the condition this reason, where they have none yet."""
    reasons = pl.when(is_bad.fill_null(False)).then(pl.lit(reason))
    return frame.with_columns(pl.coalesce(PROBLEM, reasons).alias(PROBLEM))


def with_days(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Turn text to dates: ISO or Norwegian, with or without a time, whose zone doesn't count.

    Empty, «never» and days before 1990 (0001-01-01 is a program's «never») become null.
    """
    for column in columns:
        text = pl.col(column).str.strip_chars()
        text = pl.when(~text.str.to_lowercase().is_in(_EMPTY_WORDS)).then(text)
        iso = pl.when(text.str.contains(_ISO)).then(text.str.slice(0, 10))
        norwegian = pl.when(text.str.contains(_NORWEGIAN)).then(text.str.extract(r"^([0-9.]+)"))
        frame = frame.with_columns(
            text.alias("_text"),
            pl.coalesce(
                iso.str.to_date("%Y-%m-%d", strict=False),
                norwegian.str.to_date("%d.%m.%Y", strict=False),
            ).alias("_day"),
        )
        year = pl.col("_day").dt.year()
        is_bad = pl.col("_text").is_not_null() & (pl.col("_day").is_null() | (year > _LAST_YEAR))
        frame = flag(frame, is_bad, f"«{column}»: forventet en dato (åååå-mm-dd)")
        frame = frame.with_columns(
            pl.when(year.is_between(_FIRST_YEAR, _LAST_YEAR)).then("_day").alias(column)
        ).drop("_text", "_day")
    return frame


def with_numbers(frame: pl.DataFrame, columns: Sequence[str], digits: int = 9) -> pl.DataFrame:
    """Turn text to whole numbers that are not negative."""
    for column in columns:
        text = pl.col(column).str.replace_all(r"\s", "").str.replace(r"[.,]0+$", "")
        is_number = text.str.contains(rf"^[0-9]{{1,{digits}}}$")
        frame = flag(
            frame, text.str.contains(r"^-[0-9]"), f"«{column}»: antallet kan ikke være negativt"
        )
        frame = flag(frame, ~is_number, f"«{column}»: forventet et helt tall")
        frame = frame.with_columns(
            pl.when(is_number).then(text).cast(pl.Int64, strict=False).alias(column)
        )
    return frame


def with_booleans(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Turn true/false, yes/no and ja/nei to booleans."""
    for column in columns:
        values = booleans(frame[column])
        is_bad = pl.lit(values.is_null() & frame[column].is_not_null())
        frame = flag(frame, is_bad, f"«{column}»: forventet ja eller nei")
        frame = frame.with_columns(values.alias(column))
    return frame


def with_guids(frame: pl.DataFrame, columns: Sequence[str], *, required: bool) -> pl.DataFrame:
    """Turn GUIDs to small letters without braces."""
    for column in columns:
        text = pl.col(column).str.strip_chars("{} ").str.to_lowercase()
        if required:
            frame = flag(frame, text.is_null() | (text == ""), f"«{column}» mangler")
        is_bad = ~text.str.contains(f"^{GUID}$")
        frame = flag(frame, is_bad, f"«{column}»: forventet en GUID (8-4-4-4-12 heksadesimaler)")
        frame = frame.with_columns(text.alias(column))
    return frame


def with_lake_texts(frame: pl.DataFrame, columns: Sequence[str], notes: list[str]) -> pl.DataFrame:
    """Tidy texts that go into the lake; what looks like an address or birth number is left out."""
    hidden = 0
    for column in columns:
        text = pl.col(column).str.replace_all(_SPACES, " ").str.strip_chars()
        frame = frame.with_columns(pl.when(text != "").then(text).alias(column))
        frame = flag(
            frame,
            pl.col(column).str.len_chars() > _MAX_TEXT,
            f"«{column}»: teksten er lengre enn {_MAX_TEXT} tegn",
        )
        is_personal = pl.col(column).str.contains(PERSONAL).fill_null(False)
        hidden += int(frame.select(is_personal.sum()).item())
        frame = frame.with_columns(pl.when(~is_personal).then(pl.col(column)).alias(column))
    if hidden:
        notes.append(f"{hidden} felt så ut som e-postadresser eller fødselsnummer, og er utelatt")
    return frame


def marking_repeats(frame: pl.DataFrame, key: Sequence[str], reason: str) -> pl.DataFrame:
    """Mark rows that only repeat an earlier one; where the content differs, all are problems.

    `frame` has one row for each of the file's, apart from `row` all its columns are content.
    """
    content = pl.struct(pl.exclude(ROW, PROBLEM)).hash()
    good = frame.filter(pl.col(PROBLEM).is_null()).with_columns(content.alias("_content"))
    good = good.with_columns(
        (pl.col("_content").n_unique().over(key) > 1).alias("_differs"),
        (~pl.struct(*key).is_first_distinct()).alias(REPEAT),
    ).select(ROW, "_differs", REPEAT)
    frame = frame.join(good, on=ROW, how="left", maintain_order="left")
    frame = flag(frame, pl.col("_differs"), reason)
    is_repeat = pl.col(REPEAT).fill_null(False) & pl.col(PROBLEM).is_null()
    return frame.with_columns(is_repeat.alias(REPEAT)).drop("_differs")


def accepted(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows without problems that are no repeats and not left out."""
    kept = frame.filter(pl.col(PROBLEM).is_null())
    for mark in (REPEAT, LEFT_OUT):
        kept = kept.filter(~pl.col(mark)) if mark in kept.columns else kept
    return kept


def typed(frame: pl.DataFrame, table: Table, sha256: str) -> pl.DataFrame:
    """Return the lake table; its columns that the frame lacks are null."""
    frame = frame.with_columns(
        pl.lit(sha256).alias("source_sha256"), pl.col(ROW).alias("source_row")
    )
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in table.schema().items()
    )


def verdict(
    kind: str,
    sha256: str,
    word: str,
    frame: pl.DataFrame,
    tables: dict[str, pl.DataFrame],
    notes: list[str],
    effective: date | None,
) -> M365Result:
    """Return the result of a file with one row in `frame` for each of its own.

    Raises Unreadable where more rows are wrong than a file may have.
    """
    bad = frame.filter(pl.col(PROBLEM).is_not_null())
    if bad.height > MAX_BAD_ROWS:
        place, reason = bad.select(ROW, PROBLEM).row(0)
        raise Unreadable(
            "filen",
            f"mer enn {MAX_BAD_ROWS} rader er feil. Den første: {word} {place}: {reason}",
        )
    rejections = [
        Rejection(sha256, f"{word} {row}", reason, "", kind, is_whole_file=False)
        for row, reason in bad.select(ROW, PROBLEM).iter_rows()
    ]
    repeats = int(frame[REPEAT].sum()) if REPEAT in frame.columns else 0
    left_out = (
        frame.filter(pl.col(LEFT_OUT) & pl.col(PROBLEM).is_null() & ~_is_repeat(frame)).height
        if LEFT_OUT in frame.columns
        else 0
    )
    if not frame.height:
        notes.append("filen har ingen rader")
    kept = frame.height - bad.height - repeats - left_out
    facts = FileFacts(
        sha256, frame.height, kept, bad.height, rows_duplicate=repeats, rows_left_out=left_out
    )
    return M365Result(kind, tables, facts, rejections, notes, effective)


def _is_repeat(frame: pl.DataFrame) -> pl.Expr:
    return pl.col(REPEAT) if REPEAT in frame.columns else pl.lit(False)
