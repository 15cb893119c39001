"""Microsoft 365 exports as rows of text: what the files' fields are called, CSV and pipe tables.

Only the fields that a reader asks for are kept; everything else (names, addresses, telephones) is
dropped while the file is read. Reasons never quote a value: it may be a person's.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import polars as pl

from pipelines.extracts.detect import decode_text
from pipelines.extracts.enhetsregisteret_files import Unreadable
from pipelines.extracts.result import FileFacts, Rejection

HEAD = 65_536
ROW = "row"
PROBLEM = "problem"
MAX_BAD_ROWS = 1_000
GUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
BATCH = 5_000
_MAX_CELL = 1_000_000
_FIRST_LINES = 20
_TITLE_CELLS = 2
_JSON_START = re.compile(r"\s*[\[{]")
_JSON_NAME = re.compile(r'"([^"\\]{1,80})"\s*:')
_CONTEXT = re.compile(r"\$metadata#(users|subscribedSkus)\b")
_PIPE_RULE = re.compile(r"[|\s:-]+")
_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)

Fields = Mapping[str, tuple[str, ...]]
"""Column → the plain names that a file may have it under, the first that has a value counts."""


@dataclass(frozen=True)
class M365Result:
    """What an export became; `facts` count its objects or rows, and no money."""

    kind: str
    tables: dict[str, pl.DataFrame]
    facts: FileFacts
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    effective_date: date | None = None


@lru_cache(maxsize=10_000)
def plain(name: str) -> str:
    """Return a heading or key as it is compared: only letters and digits, small letters."""
    return re.sub(r"[^a-z0-9æøå]", "", unicodedata.normalize("NFKC", name).casefold())


# --- the names in a file ------------------------------------------------------------------------


class Table(NamedTuple):
    """Where a text table's headings stand: the offsets of their line, its number, and the names."""

    start: int
    end: int
    line: int
    delimiter: str
    names: tuple[str, ...]


def names_in(data: bytes, is_known: Callable[[frozenset[str]], bool]) -> frozenset[str]:
    """Return the plain names of a file's fields by its beginning; empty where there are none."""
    head = decode_text(data[:HEAD]).removeprefix("\ufeff")
    if _JSON_START.match(head):
        names = {plain(name) for name in _JSON_NAME.findall(head)}
        return frozenset(names | {f"@{name}" for name in _CONTEXT.findall(head)})
    table = table_of(head, is_known)
    return frozenset(table.names) if table else frozenset()


def is_json(data: bytes) -> bool:
    """Return whether the file begins as JSON."""
    return _JSON_START.match(decode_text(data[:1_000]).removeprefix("\ufeff")) is not None


def table_of(text: str, is_known: Callable[[frozenset[str]], bool]) -> Table | None:
    """Return the first line that holds known headings: among the first, or of a pipe table."""
    offset = 0
    for number, line in enumerate(io.StringIO(text[:HEAD], newline=""), 1):
        offset += len(line)
        if number > _FIRST_LINES and not line.startswith("|"):
            continue
        for delimiter in ",;\t|":
            names = tuple(map(plain, _cells_of(line, delimiter)))
            if delimiter in line and is_known(frozenset(names)):
                return Table(offset - len(line), offset, number, delimiter, names)
    return None


def _cells_of(line: str, delimiter: str) -> list[str]:
    if delimiter == "|":
        return [cell.replace("\\|", "|") for cell in _PIPE.split(line.strip().strip("|"))]
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


_PIPE = re.compile(r"(?<!\\)\|")


# --- text tables --------------------------------------------------------------------------------


def csv_frames(
    data: bytes, is_known: Callable[[frozenset[str]], bool], fields: Fields
) -> Iterator[pl.DataFrame]:
    """Yield the rows below the headings as text: row (line number), problem and the fields.

    Blank lines are no rows. Raises Unreadable where the table can't be read to its end.
    """
    text = decode_text(data).removeprefix("\ufeff")
    table = table_of(text, is_known)
    if table is None:
        raise Unreadable("overskriften", "fant ikke overskriftene igjen i filen")
    if "\x00" in text:
        raise Unreadable("filen", "filen har NUL-tegn og er ikke en tekstfil")
    columns = _columns_of(table.names, fields)
    rows = _pipe_rows(text, table) if table.delimiter == "|" else _csv_rows(text, table)
    yield _cell_frame([], columns, len(table.names))
    while batch := list(islice(rows, BATCH)):
        yield _cell_frame(batch, columns, len(table.names))


def _columns_of(names: tuple[str, ...], fields: Fields) -> dict[str, list[int]]:
    """Return the positions of each field; raises Unreadable where a heading stands twice."""
    for name in {alias for aliases in fields.values() for alias in aliases}:
        if names.count(name) > 1:
            raise Unreadable("overskriften", f"kolonnen «{name}» står to ganger; ta ut på nytt")
    return {
        column: [names.index(alias) for alias in aliases if alias in names]
        for column, aliases in fields.items()
    }


def _csv_rows(text: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of the rows that are not blank.

    Above the headings, what has as many cells is a row too: somebody sorted the table with them.
    """
    before = csv.field_size_limit(_MAX_CELL)  # the limit is the whole process's
    try:
        above = _parsed(text[: table.start], table.delimiter)
        rows = _parsed(text[table.end :], table.delimiter)
    finally:
        csv.field_size_limit(before)
    for line, cells in above:
        if len(cells) == len(table.names) and sum(map(bool, cells)) > _TITLE_CELLS:
            yield line, cells
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            yield line + table.line, cells


def _parsed(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    for strict in (True, False):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        try:
            return _numbered(reader)
        except csv.Error as error:
            if "end of data" in str(error) or not strict:
                raise Unreadable(
                    "tabellen",
                    "et anførselstegn åpner et felt som aldri lukkes, eller et felt er for langt; "
                    "ta ut filen på nytt",
                ) from error
    raise AssertionError("unreachable")


def _numbered(reader: Any) -> list[tuple[int, list[str]]]:
    found = []
    line = 1
    for cells in reader:
        found.append((line, cells))
        line = reader.line_num + 1
    return found


def _pipe_rows(text: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a pipe table (Markdown) until the first line that is none."""
    lines = io.StringIO(text[table.end :], newline="")
    for number, line in enumerate(lines, table.line + 1):
        if "|" not in line:
            return
        if not _PIPE_RULE.fullmatch(line):
            yield number, _cells_of(line, "|")


def _cell_frame(
    batch: list[tuple[int, list[str]]], columns: dict[str, list[int]], width: int
) -> pl.DataFrame:
    """Return rows as text; a row with more or fewer fields than the headings is a problem."""
    wide = [len(cells) < width or any(cell.strip() for cell in cells[width:]) for _, cells in batch]
    reasons = [
        f"raden har {len(cells)} felt under {width} overskrifter" if bad else None
        for bad, (_, cells) in zip(wide, batch, strict=True)
    ]
    texts = {
        column: [_first_of(cells, positions) for _, cells in batch]
        for column, positions in columns.items()
    }
    return text_frame([number for number, _ in batch], reasons, texts)


def _first_of(cells: list[str], positions: list[int]) -> str | None:
    for position in positions:
        text = cells[position].strip() if position < len(cells) else ""
        if text:
            return text
    return None


def text_frame(
    rows: list[int], problems: list[str | None], texts: dict[str, list[str | None]]
) -> pl.DataFrame:
    """Return rows of text: row, problem and the columns."""
    return pl.DataFrame(
        {
            ROW: pl.Series(rows, dtype=pl.Int64),
            PROBLEM: pl.Series(problems, dtype=pl.String),
            **{name: pl.Series(values, dtype=pl.String) for name, values in texts.items()},
        }
    )
