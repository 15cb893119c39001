"""What stands at a place in an original: the bytes of an XML element, or the row of a table.

A place is the lake's `source_row`: the number of the line's element in XML (document-level
allowances and charges follow the lines), the row in a table. Nothing is interpreted here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

import polars as pl

from pipelines.explain.originals import Original
from pipelines.extracts.detect import decode_text, shape_of
from pipelines.extracts.tabular import ROW, RawTable, TableProblem, raw_tables

_HEAD = 65_536
_BLOCK = 1 << 20
_LONGEST = 30_000  # characters of one place; Excel takes 32 767 in a cell
# The elements that are lines, directly below the root of a UBL document.
_UBL_LINES = (
    *("InvoiceLine", "CreditNoteLine", "OrderLine", "DespatchLine", "CatalogueLine"),
    *("RequestForQuotationLine",),
)
_UBL_CHARGE = "AllowanceCharge"
_SAFT_LINE = ("Transaction", "Line")
_TOTALS = "LegalMonetaryTotal"
_DELIMITERS = ";,\t|"


@dataclass(frozen=True)
class Place:
    """A place in a file in words, and the text that stands there, as it stands.

    `headings` are a table's column headings, tab-separated, where they are found.
    """

    where: str
    text: str
    headings: str = ""


def places(original: Original, numbers: Collection[int], max_cells: int) -> dict[int, Place]:
    """Return what stands at these places; one that is not in the file is left out."""
    if original.source is None:
        return {}
    with original.open() as stream:
        head = stream.read(_HEAD)
    if shape_of(head) == "xml":
        return _of_xml(original, numbers)
    with original.open() as stream:
        data = stream.read()
    try:
        return _of_tables(data, raw_tables(data, max_cells), numbers)
    except TableProblem:  # a YAML register, JSON: the whole file is the place
        return {number: Place("filen", _cut(decode_text(data))) for number in numbers}


# --- XML ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Span:
    """Where an element stands: byte of its first `<`, byte of its end tag, line number."""

    start: int
    end: int
    line: int
    name: str


class _Spans:
    """Finds the elements that are lines, without building a tree: a file may be a gigabyte."""

    def __init__(self) -> None:
        self.lines: list[_Span] = []
        self.charges: list[_Span] = []
        self.totals: list[_Span] = []
        self._path: list[str] = []
        self._open: tuple[int, int] = (0, 0)
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, stream: IO[bytes]) -> None:
        """Read the file to its end."""
        while block := stream.read(_BLOCK):
            self._parser.Parse(block)
        self._parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise expat.ExpatError("DOCTYPE")

    def _start(self, name: str, _: object) -> None:
        self._path.append(name.rpartition(":")[2])
        if self._list() is not None:
            self._open = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber

    def _end(self, _: str) -> None:
        spans = self._list()
        name = self._path.pop()
        if spans is not None:
            start, line = self._open
            spans.append(_Span(start, self._parser.CurrentByteIndex, line, name))

    def _list(self) -> list[_Span] | None:
        path = self._path
        if len(path) == 2:
            if path[1] in _UBL_LINES:
                return self.lines
            if path[1] == _UBL_CHARGE:
                return self.charges
            return self.totals if path[1] == _TOTALS else None
        return self.lines if tuple(path[-2:]) == _SAFT_LINE else None


def _of_xml(original: Original, numbers: Collection[int]) -> dict[int, Place]:
    spans = _Spans()
    try:
        with original.open() as stream:
            spans.read(stream)
    except expat.ExpatError:  # nothing that the lake accepted
        return {}
    lines = [*spans.lines, *spans.charges]
    found = {number: lines[number - 1] for number in numbers if 0 < number <= len(lines)}
    # What the lines lack to the document's total is a line of ours: the totals are its source.
    rest = {number: spans.totals[0] for number in numbers if number not in found and spans.totals}
    return _texts(original, {**found, **rest})


def _texts(original: Original, spans: Mapping[int, _Span]) -> dict[int, Place]:
    texts: dict[int, Place] = {}
    with original.open() as stream:
        position, wide = 0, _is_wide(stream)
    with original.open() as stream:
        for number, span in sorted(spans.items(), key=lambda item: item[1].start):
            if span.start < position:  # the totals, for more than one line
                texts[number] = next(p for p in texts.values() if p.where.endswith(f"{span.line}"))
                continue
            _skip(stream, span.start - position)
            data = stream.read(span.end - span.start)
            end = _end_tag(stream, wide)
            position = span.end + len(end)
            text = _decoded(data + end, wide)
            texts[number] = Place(f"{span.name} nr. {number}, fra linje {span.line}", _cut(text))
    return texts


def _is_wide(stream: IO[bytes]) -> str | None:
    """Return the encoding of a file in UTF-16, None for others."""
    head = stream.read(2)
    if head in (b"\xff\xfe", b"<\x00"):
        return "utf-16-le"
    return "utf-16-be" if head in (b"\xfe\xff", b"\x00<") else None


def _skip(stream: IO[bytes], size: int) -> None:
    while size > 0:
        size -= len(stream.read(min(size, _BLOCK)))


def _end_tag(stream: IO[bytes], wide: str | None) -> bytes:
    unit = 2 if wide else 1
    end = bytearray()
    while more := stream.read(unit):
        end += more
        if b">" in more:
            break
    return bytes(end)


def _decoded(data: bytes, wide: str | None) -> str:
    return data.decode(wide, "replace") if wide else decode_text(data)


# --- tables -------------------------------------------------------------------------------------


def _of_tables(data: bytes, tables: list[RawTable], numbers: Collection[int]) -> dict[int, Place]:
    text = "" if tables[0].is_native else decode_text(data)
    found: dict[int, Place] = {}
    for table in tables:
        headings = _headings(table)
        cells = {row[0]: row[1:] for row in _wanted(table, numbers).iter_rows()}
        records = _records(text, cells) if text else {}
        for number, row in cells.items():
            shown = records.get(number) or "\t".join(cell or "" for cell in row)
            found[number] = Place(table.place_of(number), _cut(shown), headings)
    return found


def _wanted(table: RawTable, numbers: Collection[int]) -> pl.DataFrame:
    return table.cells.filter(pl.col(ROW).is_in(list(numbers)))


def _records(text: str, cells: Mapping[int, tuple[str | None, ...]]) -> dict[int, str]:
    """Return the records of a text file as they stand, where they are the cells that were read."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for delimiter in _DELIMITERS:
        records = _split(text, delimiter, cells)
        if records:
            return records
    return {}


def _split(
    text: str, delimiter: str, cells: Mapping[int, tuple[str | None, ...]]
) -> dict[int, str]:
    lines = text.split("\n")
    records: dict[int, str] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start, last = 0, max(cells, default=0)
    try:
        for number, fields in enumerate(reader, 1):
            if number in cells:
                read = [cell or "" for cell in cells[number]]
                if [field for field in fields if field] != [cell for cell in read if cell]:
                    return {}
                records[number] = "\n".join(lines[start : reader.line_num])
            start = reader.line_num
            if number >= last:
                break
    except csv.Error:
        return {}
    return records


def _headings(table: RawTable) -> str:
    """Return the last of the first rows that has words in most cells and no number in any."""
    best: tuple[str, ...] = ()
    for row in table.head():
        filled = [cell for cell in row if cell]
        has_number = any(character.isdigit() for cell in filled for character in cell)
        if len(filled) >= max(2, sum(map(bool, best))) and not has_number:
            best = row
    return "\t".join(best)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text)} tegn i alt)"
