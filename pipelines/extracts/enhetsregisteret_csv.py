"""The bulk CSV of Enhetsregisteret as frames: what a row is, is what the standard library says.

Lines that are a row of their own, which a pattern proves, go to Polars; the others (line breaks in
cells, quotes out of place) are read one by one by `csv`, in its strict form.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from pipelines.extracts.enhetsregisteret_files import (
    FIELDS,
    IS_SUB,
    PROBLEM,
    REQUIRED,
    ROW,
    Field,
    Heading,
    Text,
    Unreadable,
)

_CHUNK = 1 << 23
_MAX_ROW = 4_000_000
_MARK = "\x01"
_LINE = "line"
_UNCLOSED = (
    "et anførselstegn åpner et felt som aldri lukkes; filen kan være avbrutt. Last den ned på nytt"
)


def csv_frames(text: Text, heading: Heading) -> Iterator[pl.DataFrame]:
    """Yield the rows below the heading, some ten thousand at a time; blank rows are left out.

    A row whose number of cells is not the heading's has a problem, and so has one that has another
    row inside a cell. Raises Unreadable where a quote leaves it unknown which row ends where.
    """
    rows = _Rows(heading)
    rest = _below_heading(text)
    while block := text.read(_CHUNK):
        rest += block
        end = rest.rfind("\n") + 1
        if end:
            yield _framed(rows.of(rest[:end]), heading)
        rest = rows.rest + rest[end:]
        rows.check_length(rest)
    yield _framed(rows.of(rest, is_last=True), heading)


def _below_heading(text: Text) -> str:
    head = text.read(1).lstrip()
    heading, line_end, rest = head.partition("\n")
    if not line_end and (more := text.read(1)):
        raise Unreadable("overskriften", "den første linjen er for lang", (heading + more)[:200])
    return rest


class _Careful(NamedTuple):
    """Rows that `csv` has read: the line each begins on, how many lines it takes, its cells."""

    line: int
    lines: int
    cells: list[str]


class _Rows:
    """Finds the rows of the text, block by block; `rest` is what the last block left undone."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._row = 1
        self.rest = ""
        self._wanted = sorted({0, 1, heading.width, *heading.columns.values()})
        cell = f'(?:[^"{heading.delimiter}]*|"(?:[^"]|"")*")'
        self._plain_row = f"^{cell}(?:[{heading.delimiter}]{cell})*$"
        begins_with_number = heading.columns[REQUIRED[0]] == 0
        self._row_inside = (
            re.compile(f'\n"?[0-9]{{9}}"?[{heading.delimiter}]') if begins_with_number else None
        )

    def of(self, block: str, *, is_last: bool = False) -> pl.DataFrame:
        """Return the needed cells of a block of whole lines, a row each, with its number.

        After the heading's cells stands a mark, so that too few or too many of them are seen.
        """
        self.rest = ""
        if "\x00" in block or _MARK in block:
            raise Unreadable("filen", "filen har styretegn (NUL) og er ikke en tekstfil")
        if not block:
            return self._numbered(self._frame([]))
        block = block.removesuffix("\n")
        lines = pl.Series(_LINE, [block]).str.split("\n").explode()
        is_plain = lines.str.contains(self._plain_row)
        self.check_length(block, lines)
        if is_plain.all():
            cells = self._quick(block)
            if cells.height == lines.len():
                return self._numbered(cells.with_row_index(_LINE))
            is_plain &= False  # Polars sees other rows than the pattern: let `csv` decide
        return self._mixed(lines, is_plain, is_last=is_last)

    def check_length(self, text: str, lines: pl.Series | None = None) -> None:
        """Raise Unreadable for a row that is longer than any of the register's."""
        longest = len(text) if lines is None else lines.str.len_bytes().max()
        if isinstance(longest, int) and longest > _MAX_ROW:
            reason = f"raden er lengre enn {_MAX_ROW} tegn, eller {_UNCLOSED}"
            raise Unreadable(self._after(0), reason, text[:200])

    def _after(self, rows: int) -> str:
        return f"etter rad {self._row + rows}"

    def _mixed(self, lines: pl.Series, is_plain: pl.Series, *, is_last: bool) -> pl.DataFrame:
        """Read the lines that are no row of their own with `csv`, the others with Polars."""
        texts = lines.to_list()
        careful, end = self._careful(texts, is_plain, is_last=is_last)
        self.rest = "".join(f"{line}\n" for line in texts[end:])
        taken = [line for row in careful for line in range(row.line, row.line + row.lines)]
        numbered = lines.head(end).to_frame().with_row_index("at")
        plain = numbered.filter(~numbered["at"].is_in(pl.Series(taken, dtype=pl.UInt32).implode()))
        cells = self._quick("\n".join(plain[_LINE])) if plain.height else self._frame([])
        if cells.height != plain.height:  # as above, of the lines that are left
            return self._mixed(lines, is_plain & False, is_last=is_last)
        cells = cells.with_columns(plain["at"].alias(_LINE))
        return self._numbered(pl.concat([cells, self._frame(careful)], how="diagonal").sort(_LINE))

    def _careful(
        self, texts: list[str], is_plain: pl.Series, *, is_last: bool
    ) -> tuple[list[_Careful], int]:
        """Return the rows that begin on a line that is not plain, and where the text is undone."""
        found: list[_Careful] = []
        at = rows = 0
        # The limit is the whole process's; here the length of rows is what is checked.
        before = csv.field_size_limit(sum(map(len, texts)) + len(texts))
        try:
            for line in is_plain.not_().arg_true():
                if line < at:
                    continue
                rows += line - at
                row = self._read_row(texts, line, rows)
                if row is None and not is_last:
                    return found, line
                if row is None:
                    raise Unreadable(self._after(rows), _UNCLOSED, texts[line][:200])
                found.append(row)
                at, rows = line + row.lines, rows + 1
        finally:
            csv.field_size_limit(before)
        return found, len(texts)

    def _read_row(self, texts: list[str], line: int, rows: int) -> _Careful | None:
        """Return the row that begins on a line, None where the text ends inside it."""
        reader = csv.reader(
            (f"{texts[i]}\n" for i in range(line, len(texts))),
            delimiter=self._heading.delimiter,
            strict=True,
        )
        try:
            cells = next(reader)
        except csv.Error as error:
            if "unexpected end" in str(error):
                return None
            raise Unreadable(
                self._after(rows),
                "et anførselstegn står på feil sted, så det er uvisst hvor radene slutter; last "
                f"filen ned på nytt ({error})",
                texts[line][:200],
            ) from error
        self.check_length("".join(texts[line : line + reader.line_num]))
        return _Careful(line, reader.line_num, cells)

    def _quick(self, block: str) -> pl.DataFrame:
        """Read lines that each are a row with Polars; no rows where it can't."""
        heading = self._heading
        names = heading.delimiter.join(f"c{i}" for i in range(heading.width + 1))
        marked = block.replace("\n", f"{heading.delimiter}{_MARK}\n")
        try:
            return pl.read_csv(
                f"{names}\n{marked}{heading.delimiter}{_MARK}\n".encode(),
                separator=heading.delimiter,
                columns=[f"c{i}" for i in self._wanted],
                infer_schema=False,
                truncate_ragged_lines=True,
            )
        except pl.exceptions.PolarsError:
            return self._frame([]).drop(PROBLEM, _LINE)

    def _frame(self, rows: list[_Careful]) -> pl.DataFrame:
        """Return the same columns of rows that `csv` has read, with what is wrong with each."""
        marked = [[*row.cells, _MARK] for row in rows]
        problems = [self._problem_of(row.cells) for row in rows]
        cells = {
            f"c{i}": pl.Series([r[i] if i < len(r) else None for r in marked], dtype=pl.String)
            for i in self._wanted
        }
        line = pl.Series([row.line for row in rows], dtype=pl.UInt32)
        return pl.DataFrame({**cells, PROBLEM: pl.Series(problems, dtype=pl.String), _LINE: line})

    def _problem_of(self, cells: Iterable[str]) -> str | None:
        inside = self._row_inside
        if inside is not None and any("\n" in cell and inside.search(cell) for cell in cells):
            return (
                "en celle har en hel rad til i seg; et anførselstegn mangler eller står på feil "
                "sted. Last filen ned på nytt"
            )
        return None

    def _numbered(self, cells: pl.DataFrame) -> pl.DataFrame:
        numbered = cells.drop(_LINE).with_row_index(ROW, self._row + 1)
        self._row += numbered.height
        return numbered


def _framed(cells: pl.DataFrame, heading: Heading) -> pl.DataFrame:
    """Return the rows that are not blank under the fields' names, with what is wrong with each."""
    width = heading.width
    is_blank = (pl.col("c1") == _MARK) & (pl.col("c0").str.strip_chars().fill_null("") == "")
    reason = (
        f"raden har ikke {width} felt som overskriften; et skilletegn i en tekst må stå i "
        "anførselstegn"
    )
    known = pl.col(PROBLEM) if PROBLEM in cells.columns else pl.lit(None, pl.String)
    uneven = pl.when(pl.col(f"c{width}").ne_missing(_MARK)).then(pl.lit(reason))
    return cells.filter(~is_blank.fill_null(value=False)).select(
        pl.col(ROW).cast(pl.Int64),
        pl.lit(heading.is_of_sub_units).alias(IS_SUB),
        pl.coalesce(known, uneven).alias(PROBLEM),
        *(_cell(field, heading).alias(field.name) for field in FIELDS),
    )


def _cell(field: Field, heading: Heading) -> pl.Expr:
    place = heading.columns.get(field.name)
    return pl.lit(None, pl.String) if place is None else pl.col(f"c{place}")
