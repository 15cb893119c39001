"""The tables of a register file as text, whatever its shape: CSV, XLSX or YAML.

Where the headings stand is found here; what the columns mean stands in `registers`.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.detect import Shape, decode_text
from pipelines.extracts.tables import REGISTERS
from pipelines.extracts.xlsx import WorkbookProblem, read_workbook

EFFECTIVE_DATE_HEADING = "gyldig_per"
DELIMITERS = ";\t,|"
_MAX_YAML_BYTES = 20_000_000
_HEADER_SEARCH_ROWS = 30
_TITLE_CELLS = 2  # filled cells of a row above the headings that is no data


@dataclass
class RawTable:
    """A table as read: where it stood, its headings, its rows and the row number of each.

    `above` are the numbers and cells of rows above the headings that are too full for a title;
    `is_keyed` says that every row names its own columns (YAML); `others` are all registers that it
    is read as, where it is more than one.
    """

    place: str
    headings: list[str]
    rows: list[list[str | None]]
    numbers: list[int]
    is_native: bool = False
    register: Table | None = None
    above: list[tuple[int, list[str | None]]] = field(default_factory=list)
    is_keyed: bool = False
    others: Sequence[Table] = ()


class Unreadable(Exception):
    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


def raw_tables(data: bytes, shape: Shape, max_cells: int) -> Sequence[RawTable | Unreadable]:
    if shape == "yaml":
        return _yaml_tables(data)
    if shape == "xlsx":
        try:
            sheets = read_workbook(data, max_cells)
        except WorkbookProblem as problem:
            raise Unreadable("arbeidsboken", str(problem)) from problem
        tables = [
            located(f"arket «{sheet.name}»", sheet.rows, None, True, register_named(sheet.name))
            for sheet in sheets
            if any(any(cell for cell in row) for row in sheet.rows)
        ]
        if not tables:
            raise Unreadable("arbeidsboken", "ingen ark har innhold")
        return tables
    return [_csv_table(data)]


def _csv_table(data: bytes) -> RawTable:
    text = decode_text(data)
    if "\x00" in text:
        raise Unreadable("filen", "filen har NUL-tegn og er ikke en tekstfil")
    best: tuple[RawTable, Unreadable | None] | None = None
    best_score = -1
    for delimiter in DELIMITERS:
        rows, numbers, problem = csv_rows(text, delimiter)
        table = located("tabellen", rows, numbers, False, None)
        score = recognised(table.headings)
        if score > best_score:
            best, best_score = (table, problem), score
    assert best is not None
    if best[1] is not None:
        raise best[1]
    return best[0]


def csv_rows(
    text: str, delimiter: str
) -> tuple[list[list[str | None]], list[int], Unreadable | None]:
    """Return the rows, the line each begins on, and what stopped the reading before its end."""
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for row in reader:
            rows.append([cell.strip() or None for cell in row])
            numbers.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        reason = f"kan ikke leses som CSV ({error}); se etter et anførselstegn som ikke er lukket"
        return rows, numbers, Unreadable(f"linje {start}", reason)
    return rows, numbers, None


def located(
    place: str,
    rows: list[list[str | None]],
    numbers: list[int] | None,
    is_native: bool,
    register: Table | None,
) -> RawTable:
    """Find the header row: the one among the first with most known headings."""
    numbers = numbers or list(range(1, len(rows) + 1))
    scores = [recognised([plain_heading(c) for c in row]) for row in rows[:_HEADER_SEARCH_ROWS]]
    top = scores.index(max(scores)) if scores else 0
    headings = [plain_heading(cell) for cell in rows[top]] if rows else []
    above = _too_full(numbers[:top], rows[:top], headings)
    below = rows[top + 1 :], numbers[top + 1 :]
    return RawTable(place, headings, *below, is_native, register, above)


def _too_full(
    numbers: list[int], rows: list[list[str | None]], headings: list[str]
) -> list[tuple[int, list[str | None]]]:
    """Return the rows that have more cells than a title; a sorted sheet has its header anywhere."""
    most = max(_TITLE_CELLS, sum(map(bool, headings)) // 2)
    return [(n, row) for n, row in zip(numbers, rows, strict=True) if sum(map(bool, row)) > most]


def _yaml_tables(data: bytes) -> list[RawTable | Unreadable]:
    if len(data) > _MAX_YAML_BYTES:
        raise Unreadable("filen", f"YAML-filen er over {_MAX_YAML_BYTES // 10**6} MB; del den")
    text = decode_text(data)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise Unreadable("filen", "YAML-referanser (*navn) er ikke tillatt; skriv verdiene ut")
        content = _yaml_content(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"linje {mark.line + 1}" if mark else "filen"
        raise Unreadable(place, "filen er ikke gyldig YAML; se på innrykk og kolon") from error
    if not isinstance(content, dict):
        raise Unreadable("filen", "forventet registernavn som øverste nivå, f.eks. «avtaler:»")
    named = {plain_heading(str(name)): (str(name), items) for name, items in content.items()}
    _, effective = named.pop(EFFECTIVE_DATE_HEADING, ("", None))
    if not named:
        raise Unreadable("filen", "filen har ingen registre, bare gyldig_per; se om den er hel")
    tables: list[RawTable | Unreadable] = []
    for name, items in named.values():
        try:
            tables.append(_yaml_table(name, items, effective))
        except Unreadable as problem:
            tables.append(problem)
    return tables


def _yaml_content(text: str) -> Any:
    """Return the content with every value as the text that was written: 0110 is no number here."""
    top = yaml.compose(text, yaml.BaseLoader)
    if isinstance(top, yaml.MappingNode):
        names = [plain_heading(str(key.value)) for key, _ in top.value]
        for name in names:
            if names.count(name) > 1:
                raise Unreadable(f"«{name}»", "registeret står to ganger; slå dem sammen")
    return yaml.load(text, yaml.BaseLoader)


def _yaml_table(name: str, items: Any, effective: Any) -> RawTable:
    register = register_named(name)
    if register is None:
        close = difflib.get_close_matches(plain_heading(name), REGISTERS, 1)
        hint = f"; mente du «{close[0]}»?" if close else f". Kjente er {', '.join(REGISTERS)}"
        raise Unreadable(f"«{name}»", f"ukjent register{hint}")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unreadable(f"«{name}»", "forventet en liste av poster (- navn: verdi)")
    headings = list(dict.fromkeys(str(key) for item in items for key in item))
    rows = [[_yaml_text(item.get(key, "")) for key in headings] for item in items]
    if effective is not None:
        headings.append(EFFECTIVE_DATE_HEADING)
        rows = [[*row, _yaml_text(effective)] for row in rows]
    names = [plain_heading(heading) for heading in headings]
    numbers = list(range(1, len(rows) + 1))
    return RawTable(f"«{name}»", names, rows, numbers, True, register, is_keyed=True)


def _yaml_text(value: Any) -> str | None:
    if isinstance(value, list):
        return ";".join(filter(None, (_yaml_text(item) for item in value)))
    text = str(value).strip()
    return None if text in ("", "~", "null") else text


def plain_heading(cell: str | None) -> str:
    text = (cell or "").strip().lower().replace("*", "")
    return re.sub(r"[\s\-/.]+", "_", text).strip("_")


_ALL_HEADINGS = {
    heading
    for table in REGISTERS.values()
    for column in table.columns
    for heading in (column.name, *column.aliases)
}


def recognised(headings: list[str]) -> int:
    return sum(heading in _ALL_HEADINGS for heading in set(headings))


def register_named(name: str) -> Table | None:
    plain = plain_heading(name).replace("oe", "ø").replace("ae", "æ")
    plain = plain.replace("leverandor", "leverandør")
    return REGISTERS.get(plain)
