"""Tables as people export them: bytes in, text cells with their headings and row numbers out.

Encoding, delimiter, line ends, ragged rows and where the headings stand are found here. What the
columns mean stands in a mapping; values are converted in `mapped`. No files are written.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from pipelines.extracts.detect import decode_text, shape_of
from pipelines.extracts.xlsx import WorkbookProblem, read_workbook

ROW = "row"
_DELIMITERS = ";\t,|"
_SAMPLE_BYTES = 1 << 18
_SAMPLE_ROWS = 400
_DECODE_BYTES = 1 << 16
_HEAD_ROWS = 60
_LATE_ROWS = 200
_TITLE_CELLS = 2  # filled cells of a row above the headings that is no data
_MAX_COLUMNS = 2_000
_MAX_CELL = 4_000_000
_STRAY_QUOTE = {
    d: re.compile(rb'[^\n"' + re.escape(d.encode()) + rb']"[^\n"' + re.escape(d.encode()) + rb"]")
    for d in _DELIMITERS
}
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_NO_TABLE = {
    "empty": "filen er tom",
    "lfs_pointer": "filen er en Git LFS-peker, ikke innholdet; hent selve filen",
    "binary": "filen er verken regneark eller tekst",
    "zip": "filen er et arkiv, ikke en tabell; pakk det ut",
    "xml": "filen er XML, ikke en tabell",
    "yaml": "filen er YAML, ikke en tabell",
}


class TableProblem(Exception):
    """A file or sheet that can't be read as a table: where, and why in Norwegian."""

    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


@dataclass(frozen=True)
class RawTable:
    """A table as text: columns `c0`, `c1`, … and `row`, the row number in the file from 1.

    Every row of the file is here, headings and empty rows too. In a workbook, the rows of a sheet
    are numbered on from those of the sheet before (`first_row` is the sheet's offset).
    `is_native` says that numbers were numbers in the file (a workbook) and so have a point.
    """

    place: str
    cells: pl.DataFrame
    first_row: int = 0
    is_native: bool = False

    @property
    def columns(self) -> list[str]:
        """The cell columns, in order."""
        return self.cells.columns[1:]

    def head(self) -> list[tuple[str, ...]]:
        """Return the first rows as stripped text, '' for an empty cell."""
        rows = self.cells.head(_HEAD_ROWS).drop(ROW).rows()
        return [tuple((cell or "").strip() for cell in row) for row in rows]

    def place_of(self, row: int) -> str:
        """Return the Norwegian place of a row: sheet and row number as the user sees it."""
        return f"{self.place}, rad {row - self.first_row}"

    @cached_property
    def wordy_rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """The first rows below the head that hold only words, with their positions from 0.

        One of them has the headings where somebody sorted the table with its heading row in it.
        """
        cells = self.cells.slice(_HEAD_ROWS).with_row_index("position", offset=_HEAD_ROWS)
        words = [pl.col(c).is_null() | ~pl.col(c).str.contains(r"\d") for c in self.columns]
        filled = pl.sum_horizontal(
            pl.col(c).str.contains(r"\S").fill_null(False) for c in self.columns
        )
        found = cells.lazy().filter(pl.all_horizontal(words) & (filled >= 3)).head(_LATE_ROWS)
        return [
            (int(row[0]), tuple((cell or "").strip() for cell in row[2:]))
            for row in found.collect().iter_rows()
        ]


@dataclass(frozen=True)
class Heading:
    """A column's heading: every name it goes by (bottom row first), as written."""

    column: str
    names: tuple[str, ...]

    @property
    def display(self) -> str:
        """The heading as shown to people."""
        return self.names[0]


@dataclass(frozen=True)
class Header:
    """Where the headings stand: rows counted from 0; `end` is the first row after them.

    `is_late` where they stand among the data, which then begins above them.
    """

    start: int
    end: int
    headings: tuple[Heading, ...]
    is_late: bool = False

    def find(self, name: str) -> list[Heading]:
        """Return the columns of that name; 'name#2' is the second column of the name."""
        base, _, number = name.rpartition("#")
        if base and number.isdigit():
            found = self.find(base)
            return found[int(number) - 1 : int(number)]
        wanted = plain_heading(name)
        bottom = [h for h in self.headings if plain_heading(h.names[0]) == wanted]
        return bottom or [h for h in self.headings if wanted in map(plain_heading, h.names)]


def plain_heading(text: str) -> str:
    """Return a heading as it is compared: case, spaces, punctuation and invisible marks away."""
    text = unicodedata.normalize("NFKC", text).replace("\ufeff", "")
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


# --- reading ------------------------------------------------------------------------------------


def raw_tables(data: bytes, max_cells: int) -> list[RawTable]:
    """Return the tables of a file: one for text, one per sheet with content for a workbook.

    Raises TableProblem for what is no table, is broken or has more than `max_cells` cells.
    """
    shape = shape_of(data)
    if shape == "xlsx":
        return _sheets(data, max_cells)
    if shape in _NO_TABLE and not (shape == "yaml" and _is_delimited(data)):
        raise TableProblem("filen", _NO_TABLE[shape])
    table = RawTable("tabellen", _text_cells(data))
    count = table.cells.height * len(table.columns)
    if count > max_cells:
        raise TableProblem(
            "filen", f"tabellen har {count} celler, mer enn grensen på {max_cells}; del filen"
        )
    return [table]


def _is_delimited(data: bytes) -> bool:
    head = decode_text(data[:4096])
    return any(d in line for d in ";\t" for line in head.splitlines()[:1])


def _sheets(data: bytes, max_cells: int) -> list[RawTable]:
    try:
        sheets = read_workbook(data, max_cells)
    except WorkbookProblem as problem:
        raise TableProblem("arbeidsboken", str(problem)) from problem
    tables: list[RawTable] = []
    first = 0
    for sheet in sheets:
        cells = sheet.cells.select(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(f"c{position}")
            for position, name in enumerate(sheet.cells.columns)
        )
        if cells.width > _MAX_COLUMNS:
            raise TableProblem(
                f"arket «{sheet.name}»",
                f"arket har {cells.width} kolonner; grensen er {_MAX_COLUMNS}",
            )
        if cells.null_count().sum_horizontal().sum() < cells.height * cells.width:
            rows = pl.int_range(first + 1, first + cells.height + 1, eager=True).alias(ROW)
            cells = cells.insert_column(0, rows)
            tables.append(RawTable(f"arket «{sheet.name}»", cells, first, is_native=True))
        first += cells.height
    if not tables:
        raise TableProblem("arbeidsboken", "ingen ark har innhold")
    return tables


def _text_cells(data: bytes) -> pl.DataFrame:
    text = _utf8(data)
    if b"\x00" in text:
        raise TableProblem("filen", "filen har NUL-tegn og er ikke en tekstfil")
    text = _with_line_feeds(text)
    sample = _sample(text)
    named = _SEP_LINE.match(sample)
    delimiter = named[1] if named and named[1] in _DELIMITERS else _delimiter(sample)
    if named:
        text = text[len(named[0].encode()) :]
    cells = _quick_cells(text, delimiter, _width(sample, delimiter))
    if cells is None:
        cells = _from_rows(_careful_rows(text, delimiter), 0)
    if named:
        cells = cells.with_columns(pl.col(ROW) + 1)
    return cells


def _with_line_feeds(text: bytes) -> bytes:
    """Return the text with '\\n' at line ends; '\\r\\n' may stay where no cell is quoted."""
    if b"\r" not in text or (b'"' not in text and not _LONE_RETURN.search(text)):
        return text
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _utf8(data: bytes) -> bytes:
    """Return the file's text as UTF-8 bytes without byte order mark."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.removeprefix(b"\xef\xbb\xbf")
        return data if data.isascii() or _is_utf8(data) else decode_text(data).encode()
    return decode_text(data).encode()


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(view), _DECODE_BYTES):
            decoder.decode(view[start : start + _DECODE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(text: bytes) -> str:
    head = text[:_SAMPLE_BYTES]
    if len(text) > _SAMPLE_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    return head.decode("utf-8", "ignore")


def _sample_rows(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _delimiter(sample: str) -> str:
    """Return the delimiter under which most rows have the same number (two or more) of fields."""

    def score(delimiter: str) -> tuple[float, int]:
        rows = _sample_rows(sample, delimiter)
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        several = {width: count for width, count in widths.items() if width > 1}
        if not several:
            return 0.0, 0
        width, count = max(several.items(), key=lambda item: (item[1], item[0]))
        share = count / sum(widths.values())
        return share * min(width, 8), width

    scores = {d: score(d) if d in sample else (0.0, 0) for d in _DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best][0] == 0.0:
        raise TableProblem(
            "filen",
            "fant ingen kolonner: forventet en tabell med semikolon, tabulator, komma eller |",
            sample[:500],
        )
    return best


def _width(sample: str, delimiter: str) -> int:
    return max((len(row) for row in _sample_rows(sample, delimiter)), default=1)


def _quick_cells(text: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    """Read with Polars; None where its reader would not be sure of a stray quote."""
    quote: str | None = '"' if b'"' in text else None
    if quote and (text.count(b'"') % 2 or _STRAY_QUOTE[delimiter].search(text)):
        return None
    while width <= _MAX_COLUMNS:
        # Polars takes the width from the first line, so that one gets a line of its own.
        names = delimiter.join(f"c{i}" for i in range(width)).encode()
        try:
            cells = pl.read_csv(
                b"\n".join((names, text)),
                separator=delimiter,
                quote_char=quote,
                infer_schema=False,
                row_index_name=ROW,
                row_index_offset=1,
            )
        except pl.exceptions.ComputeError as error:
            if "more fields" not in str(error):
                return None
            width *= 2
            continue
        return cells.with_columns(pl.col(ROW).cast(pl.Int64))
    return None


def _careful_rows(text: bytes, delimiter: str) -> list[list[str]]:
    """Read with the standard library, which takes a quote inside a field for what it is."""
    before = csv.field_size_limit(_MAX_CELL)  # the limit is the whole process's
    try:
        return _rows_of(text.decode(), delimiter)
    finally:
        csv.field_size_limit(before)


def _rows_of(content: str, delimiter: str) -> list[list[str]]:
    for strict in (True, False):
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=strict)
        try:
            return list(reader)
        except csv.Error as error:
            if "end of data" in str(error) or not strict:
                raise TableProblem(
                    f"linje {reader.line_num}",
                    "et anførselstegn åpner et felt som aldri lukkes, eller et felt er for langt "
                    f"({error}); rett filen",
                ) from error
    raise AssertionError("unreachable")


def _from_rows(rows: list[list[str]], first: int) -> pl.DataFrame:
    width = max((len(row) for row in rows), default=0)
    if width > _MAX_COLUMNS:
        raise TableProblem("filen", f"tabellen har {width} kolonner; grensen er {_MAX_COLUMNS}")
    data = {
        f"c{i}": pl.Series(
            [row[i] or None if i < len(row) else None for row in rows], dtype=pl.String
        )
        for i in range(width)
    }
    numbers = pl.Series(range(first + 1, first + len(rows) + 1), dtype=pl.Int64)
    return pl.DataFrame({ROW: numbers, **data})


# --- finding the headings -----------------------------------------------------------------------

_NUMBERISH = re.compile(r"^[-+(]?[\d .,'\u00a0\u202f]*\d[\d .,'\u00a0\u202f)-]*$")
_DATEISH = re.compile(
    r"\d{1,4}[./-]\d{1,2}([./-]\d{1,4})?( \d{1,2}:\d{2}.*)?|\d{1,2}-\w{3}-\d{2,4}"
)


def find_header(raw: RawTable, known: Callable[[str], float]) -> Header | None:
    """Return the header whose names are best known, None where no row has a known name.

    `known` says how well a heading is known, 0 for not at all. Rows that stand directly above or
    below and hold only words belong to it: a column then goes by each of its cells, and by the
    group above with its own name ('Beløp' over 'Netto' is also 'Beløp Netto').
    """
    rows = raw.head()
    scores = [_header_score(row, known) for row in rows]
    best = max(scores, default=0.0)
    if best <= 0 or any(_is_value(cell) for cell in rows[scores.index(best)]):
        late = _late_header(raw, known, max(best, 2.0))
        if late is not None or best <= 0:
            return late
    top = bottom = scores.index(max(scores))
    while bottom + 1 < len(rows) and _is_words(rows[bottom + 1]) and scores[bottom + 1] >= 2:
        bottom += 1
    while top > 0 and _is_words(rows[top - 1]):
        top -= 1
    return Header(top, bottom + 1, tuple(_headings(raw, rows[top : bottom + 1])))


def _late_header(raw: RawTable, known: Callable[[str], float], least: float) -> Header | None:
    scored = [(_header_score(row, known), -at, row) for at, row in raw.wordy_rows]
    score, at, row = max(scored, default=(0.0, 0, ()))
    if score < least:
        return None
    return Header(-at, 1 - at, tuple(_headings(raw, [row])), is_late=True)


def sections(
    raw: RawTable, header: Header, is_enough: Callable[[Header], bool] = lambda _: True
) -> list[tuple[RawTable, Header]]:
    """Return the table's data rows under their headings, in one piece where that is possible.

    Heading rows that come again are taken out; where one has the names in other places, the rows
    below it are a piece of their own, if `is_enough` says that its headings can be used.
    """
    cells = pl.concat([_data_above(raw, header), raw.cells.slice(header.end)])
    repeats = [
        (at, row)
        for at, row in _repeated_headers(cells, header)
        if is_enough(Header(0, 0, tuple(_headings(raw, [row]))))
    ]
    found: list[tuple[RawTable, Header]] = []
    current, start = replace(header, start=0, end=0, is_late=False), 0
    for position, row in repeats:
        names = {c: plain_heading(cell) for c, cell in zip(raw.columns, row, strict=True) if cell}
        if names != {h.column: plain_heading(h.display) for h in current.headings}:
            found.append((replace(raw, cells=cells.slice(start, position - start)), current))
            current = replace(current, headings=tuple(_headings(raw, [row])))
            start = position
    found.append((replace(raw, cells=cells.slice(start)), current))
    if not repeats:
        return found
    rows = cells[ROW].gather([position for position, _ in repeats])
    return [
        (replace(part, cells=part.cells.filter(~pl.col(ROW).is_in(rows.implode()))), named)
        for part, named in found
        if part.cells.height
    ]


def _data_above(raw: RawTable, header: Header) -> pl.DataFrame:
    """Return the rows above the headings that are no title: a sorted sheet has them anywhere."""
    above = raw.cells.head(header.start)
    if header.is_late or above.is_empty():
        return above
    filled = [pl.col(h.column).str.contains(r"\S").fill_null(False) for h in header.headings]
    most = max(_TITLE_CELLS, len(filled) // 2)
    return above.filter(pl.sum_horizontal(filled) > most)


def _repeated_headers(cells: pl.DataFrame, header: Header) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows that hold most of the headings once more, with their positions.

    Such a row has a heading in one of the first columns, which is where it is looked for.
    """
    if len(header.headings) < 3:
        return []
    displays = pl.Series([heading.display for heading in header.headings])
    first = [heading.column for heading in header.headings[:3]]
    some = pl.any_horizontal(pl.col(c).is_in(displays.implode()).fill_null(False) for c in first)
    found = cells.with_row_index("position").filter(some).head(_LATE_ROWS)
    names = {plain_heading(display) for display in displays}
    repeats = []
    for at, _, *texts in found.iter_rows():
        row = tuple((text or "").strip() for text in texts)
        filled = [plain_heading(text) for text in row if text]
        known = sum(name in names for name in filled)
        if known >= 3 and known * 4 >= len(filled) * 3:
            repeats.append((int(at), row))
    return repeats


def _header_score(row: tuple[str, ...], known: Callable[[str], float]) -> float:
    cells = [cell for cell in row if cell]
    values = sum(1 for cell in cells if _is_value(cell))
    if not cells or values * 2 > len(cells):
        return 0.0
    return sum(known(cell) for cell in dict.fromkeys(cells))


def _is_value(cell: str) -> bool:
    if re.fullmatch(r"(19|20)\d{2}", cell):
        return False
    return bool(_NUMBERISH.match(cell) or _DATEISH.fullmatch(cell))


def _is_words(row: tuple[str, ...]) -> bool:
    cells = [cell for cell in row if cell]
    return len(cells) >= 2 and not any(_is_value(cell) for cell in cells)


def _headings(raw: RawTable, rows: list[tuple[str, ...]]) -> Iterable[Heading]:
    filled = [_filled_right(row) for row in rows]
    for position, column in enumerate(raw.columns):
        own = [row[position] for row in reversed(rows) if row[position]]
        if not own:
            continue
        groups = [row[position] for row in filled if row[position]]
        joined = " ".join(dict.fromkeys(groups))
        yield Heading(column, tuple(dict.fromkeys([*own, joined])))


def _filled_right(row: tuple[str, ...]) -> list[str]:
    filled: list[str] = []
    for cell in row:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled
