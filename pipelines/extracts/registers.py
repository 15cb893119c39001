"""Registers that people keep (units, agreements, …) as CSV, XLSX or YAML: bytes in, tables out.

Headings, types and which register a table is come from the contracts in `tables`. Whether a row's
references exist is judged in dbt, over all registers; here each row stands alone.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl
import yaml

from pipelines.extracts import values
from pipelines.extracts.contracts.columns import Column, Table
from pipelines.extracts.detect import Shape, decode_text
from pipelines.extracts.identifiers import is_orgnr
from pipelines.extracts.result import Rejection
from pipelines.extracts.tables import REGISTERS
from pipelines.extracts.xlsx import WorkbookProblem, read_workbook

EFFECTIVE_DATE_HEADING = "gyldig_per"
EXAMPLE_MARK = "[eksempel]"
LEAST_VALUES = {
    "length_months": 1,
    "claim_nok": 0,
    "dagbot_nok": 0,
    "limit_nok": 0,
    "participant_count": 0,
    "duration_hours": 0,
    "turnover_nok": 0,
}
_Refused = Callable[[pl.Expr], pl.Expr]
_LIMITS: dict[tuple[str, str], tuple[_Refused, str]] = {  # of one register's column
    ("reg_saving_plan", "discount_percent"): (
        lambda value: (value <= 0) | (value >= 100),
        "mer enn 0 og mindre enn 100",
    ),
    ("reg_supplier_turnover", "year"): (
        lambda value: (value < 1990) | (value > 2100),
        "et årstall fra 1990 til 2100",
    ),
}
_ROW = "source_row"
_DELIMITERS = ";\t,|"
_MAX_YAML_BYTES = 20_000_000
_HEADER_SEARCH_ROWS = 30
_TITLE_CELLS = 2  # filled cells of a row above the headings that is no data
_SHOWN = 40  # characters of a heading in a reason
_FILE_DATE = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)|(?<!\d)(\d{2})\.(\d{2})\.(\d{4})")


@dataclass(frozen=True)
class RegisterResult:
    """What a file of registers became.

    `is_unknown` means that none of its tables is a register at all. `effective_date` is the file's
    gyldig_per where it states one; `rows_in` counts data rows of all registers in it.
    """

    tables: dict[str, pl.DataFrame]
    rejections: list[Rejection]
    rows_in: int
    rows_quarantined: int
    effective_date: date | None
    notes: list[str] = field(default_factory=list)
    is_unknown: bool = False


@dataclass
class _RawTable:
    """A table as read: where it stood, its headings, its rows and the row number of each.

    `above` are the numbers and cells of rows above the headings that are too full for a title;
    `is_keyed` says that every row names its own columns (YAML).
    """

    place: str
    headings: list[str]
    rows: list[list[str | None]]
    numbers: list[int]
    is_native: bool = False
    register: Table | None = None
    above: list[tuple[int, list[str | None]]] = field(default_factory=list)
    is_keyed: bool = False


_Problem = tuple[int, str, str]  # row number, heading, reason


class _Unreadable(Exception):
    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


class _NoRegister(_Unreadable):
    """A table that is none of the registers."""


def read_registers(
    data: bytes, shape: Shape, sha256: str, file_name: str, max_cells: int
) -> RegisterResult:
    """Read every register in a file.

    A file or table that is no register, lacks a column or can't be read is rejected as a whole; a
    row that breaks its contract is rejected alone.
    """
    try:
        raw_tables = _raw_tables(data, shape, max_cells)
    except _Unreadable as problem:
        return _refused(sha256, problem, 1)
    result = RegisterResult({}, [], 0, 0, None, is_unknown=True)
    for raw in raw_tables:
        own = _refused(sha256, raw, 1) if isinstance(raw, _Unreadable) else _read_table(raw, sha256)
        result = _merged(result, own)
    effective = result.effective_date or date_in_name(file_name)
    if result.tables:  # what is refused is a part of the file only
        rejections = [replace(item, is_whole_file=False) for item in result.rejections]
        result = replace(result, rejections=rejections)
    return replace(result, effective_date=effective)


def names_register(head: bytes, shape: Shape) -> bool:
    """Return whether the beginning of a text table has the headings that a register must have.

    Half of a register's headings is not enough: other exports have dates and suppliers too.
    Of a workbook nothing can be said from its beginning: False.
    """
    if shape != "csv":
        return False
    tables = [
        _located("tabellen", _csv_rows(decode_text(head), delimiter)[0], None, False, None)
        for delimiter in _DELIMITERS
    ]
    raw = max(tables, key=lambda table: _recognised(table.headings))
    try:
        _column_order(raw, _which(raw))
    except _Unreadable:
        return False
    return True


def _refused(sha256: str, problem: _Unreadable, rows: int) -> RegisterResult:
    rejection = Rejection(sha256, problem.place, problem.reason, problem.raw, "register")
    is_unknown = isinstance(problem, _NoRegister)
    return RegisterResult({}, [rejection], rows, rows, None, is_unknown=is_unknown)


def _merged(one: RegisterResult, other: RegisterResult) -> RegisterResult:
    tables = dict(one.tables)
    for name, frame in other.tables.items():
        tables[name] = pl.concat([tables[name], frame]) if name in tables else frame
    dates = [day for day in (one.effective_date, other.effective_date) if day is not None]
    return RegisterResult(
        tables,
        one.rejections + other.rejections,
        one.rows_in + other.rows_in,
        one.rows_quarantined + other.rows_quarantined,
        max(dates, default=None),
        one.notes + other.notes,
        one.is_unknown and other.is_unknown,
    )


def date_in_name(file_name: str) -> date | None:
    """Return the first date in a file's name, None where there is none."""
    for match in _FILE_DATE.finditer(file_name.rsplit("/", 1)[-1]):
        year, month, day, day2, month2, year2 = match.groups()
        try:
            return date(int(year or year2), int(month or month2), int(day or day2))
        except ValueError:
            continue
    return None


# --- reading the three shapes -------------------------------------------------------------------


def _raw_tables(data: bytes, shape: Shape, max_cells: int) -> Sequence[_RawTable | _Unreadable]:
    if shape == "yaml":
        return _yaml_tables(data)
    if shape == "xlsx":
        try:
            sheets = read_workbook(data, max_cells)
        except WorkbookProblem as problem:
            raise _Unreadable("arbeidsboken", str(problem)) from problem
        tables = [
            _located(f"arket «{sheet.name}»", sheet.rows, None, True, _named(sheet.name))
            for sheet in sheets
            if any(any(cell for cell in row) for row in sheet.rows)
        ]
        if not tables:
            raise _Unreadable("arbeidsboken", "ingen ark har innhold")
        return tables
    return [_csv_table(data)]


def _csv_table(data: bytes) -> _RawTable:
    text = decode_text(data)
    if "\x00" in text:
        raise _Unreadable("filen", "filen har NUL-tegn og er ikke en tekstfil")
    best: tuple[_RawTable, _Unreadable | None] | None = None
    best_score = -1
    for delimiter in _DELIMITERS:
        rows, numbers, problem = _csv_rows(text, delimiter)
        table = _located("tabellen", rows, numbers, False, None)
        score = _recognised(table.headings)
        if score > best_score:
            best, best_score = (table, problem), score
    assert best is not None
    if best[1] is not None:
        raise best[1]
    return best[0]


def _csv_rows(
    text: str, delimiter: str
) -> tuple[list[list[str | None]], list[int], _Unreadable | None]:
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
        return rows, numbers, _Unreadable(f"linje {start}", reason)
    return rows, numbers, None


def _located(
    place: str,
    rows: list[list[str | None]],
    numbers: list[int] | None,
    is_native: bool,
    register: Table | None,
) -> _RawTable:
    """Find the header row: the one among the first with most known headings."""
    numbers = numbers or list(range(1, len(rows) + 1))
    scores = [_recognised([_heading(c) for c in row]) for row in rows[:_HEADER_SEARCH_ROWS]]
    top = scores.index(max(scores)) if scores else 0
    headings = [_heading(cell) for cell in rows[top]] if rows else []
    above = _too_full(numbers[:top], rows[:top], headings)
    below = rows[top + 1 :], numbers[top + 1 :]
    return _RawTable(place, headings, *below, is_native, register, above)


def _too_full(
    numbers: list[int], rows: list[list[str | None]], headings: list[str]
) -> list[tuple[int, list[str | None]]]:
    """Return the rows that have more cells than a title; a sorted sheet has its header anywhere."""
    most = max(_TITLE_CELLS, sum(map(bool, headings)) // 2)
    return [(n, row) for n, row in zip(numbers, rows, strict=True) if sum(map(bool, row)) > most]


def _yaml_tables(data: bytes) -> list[_RawTable | _Unreadable]:
    if len(data) > _MAX_YAML_BYTES:
        raise _Unreadable("filen", f"YAML-filen er over {_MAX_YAML_BYTES // 10**6} MB; del den")
    text = decode_text(data)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise _Unreadable("filen", "YAML-referanser (*navn) er ikke tillatt; skriv verdiene ut")
        content = _yaml_content(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"linje {mark.line + 1}" if mark else "filen"
        raise _Unreadable(place, "filen er ikke gyldig YAML; se på innrykk og kolon") from error
    if not isinstance(content, dict):
        raise _Unreadable("filen", "forventet registernavn som øverste nivå, f.eks. «avtaler:»")
    named = {_heading(str(name)): (str(name), items) for name, items in content.items()}
    _, effective = named.pop(EFFECTIVE_DATE_HEADING, ("", None))
    if not named:
        raise _Unreadable("filen", "filen har ingen registre, bare gyldig_per; se om den er hel")
    tables: list[_RawTable | _Unreadable] = []
    for name, items in named.values():
        try:
            tables.append(_yaml_table(name, items, effective))
        except _Unreadable as problem:
            tables.append(problem)
    return tables


def _yaml_content(text: str) -> Any:
    """Return the content with every value as the text that was written: 0110 is no number here."""
    top = yaml.compose(text, yaml.BaseLoader)
    if isinstance(top, yaml.MappingNode):
        names = [_heading(str(key.value)) for key, _ in top.value]
        for name in names:
            if names.count(name) > 1:
                raise _Unreadable(f"«{name}»", "registeret står to ganger; slå dem sammen")
    return yaml.load(text, yaml.BaseLoader)


def _yaml_table(name: str, items: Any, effective: Any) -> _RawTable:
    register = _named(name)
    if register is None:
        close = difflib.get_close_matches(_heading(name), REGISTERS, 1)
        hint = f"; mente du «{close[0]}»?" if close else f". Kjente er {', '.join(REGISTERS)}"
        raise _Unreadable(f"«{name}»", f"ukjent register{hint}")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _Unreadable(f"«{name}»", "forventet en liste av poster (- navn: verdi)")
    headings = list(dict.fromkeys(str(key) for item in items for key in item))
    rows = [[_yaml_text(item.get(key, "")) for key in headings] for item in items]
    if effective is not None:
        headings.append(EFFECTIVE_DATE_HEADING)
        rows = [[*row, _yaml_text(effective)] for row in rows]
    names = [_heading(heading) for heading in headings]
    numbers = list(range(1, len(rows) + 1))
    return _RawTable(f"«{name}»", names, rows, numbers, True, register, is_keyed=True)


def _yaml_text(value: Any) -> str | None:
    if isinstance(value, list):
        return ";".join(filter(None, (_yaml_text(item) for item in value)))
    text = str(value).strip()
    return None if text in ("", "~", "null") else text


# --- from a raw table to a register -------------------------------------------------------------


def _heading(cell: str | None) -> str:
    text = (cell or "").strip().lower().replace("*", "")
    return re.sub(r"[\s\-/.]+", "_", text).strip("_")


_ALL_HEADINGS = {
    heading
    for table in REGISTERS.values()
    for column in table.columns
    for heading in (column.name, *column.aliases)
}


def _recognised(headings: list[str]) -> int:
    return sum(heading in _ALL_HEADINGS for heading in set(headings))


def _named(name: str) -> Table | None:
    plain = _heading(name).replace("oe", "ø").replace("ae", "æ")
    plain = plain.replace("leverandor", "leverandør")
    return REGISTERS.get(plain)


def _column_of(table: Table, heading: str) -> Column | None:
    return next(
        (c for c in table.columns if heading == c.name or heading in c.aliases),
        None,
    )


def _which(raw: _RawTable) -> Table:
    """Return the register whose columns fit the headings best."""
    if raw.register is not None:
        return raw.register

    def fit(table: Table) -> tuple[int, bool, int]:
        found = {c.name for h in raw.headings if (c := _column_of(table, h)) is not None}
        missing = [c for c in _data_columns(table) if c.required and c.name not in found]
        return len(found), not missing, -len(_data_columns(table))

    best = max(REGISTERS.values(), key=fit)
    known = fit(best)[0]
    if known < 2 or known * 2 < len([h for h in raw.headings if h]):
        found = _shown(raw.headings[:8])
        raise _NoRegister(
            raw.place,
            "tabellen er ikke et register som Samkjøp kjenner, og ingen mapping passer til den: "
            f"fant overskriftene {found}. Se docs/registre.md for hvilke registre som finnes, "
            "eller lag en mapping med «samkjop mapping suggest»",
        )
    return best


def _shown(headings: list[str]) -> str:
    return ", ".join(f"«{heading[:_SHOWN]}»" for heading in headings if heading) or "ingen"


def _data_columns(table: Table) -> list[Column]:
    return [c for c in table.columns if c.name not in ("source_sha256", "source_row")]


_ABOVE = "raden står over overskriftene; flytt dem til toppen av tabellen"


def _read_table(raw: _RawTable, sha256: str) -> RegisterResult:
    filled, examples = _data_rows(raw)
    try:
        table = _which(raw)
        order = _column_order(raw, table)
        effective, problems = _effective_date(raw, filled)
    except _Unreadable as problem:
        return _refused(sha256, problem, max(len(filled) + len(raw.above), 1))
    text = _text_frame(raw, table, order, filled)
    typed, more = _checked(text, table, raw, order)
    problems += more + _half_examples(raw, filled) + _too_long(raw, filled)
    bad = sorted({number for number, _, _ in problems})
    problems += [(number, "", _ABOVE) for number, _ in raw.above]
    rejections = _rejections(raw, dict(filled + raw.above), problems, sha256)
    frame = typed.filter(~pl.col(_ROW).is_in(bad)).with_columns(
        pl.lit(sha256).alias("source_sha256")
    )
    frame = frame.select(list(table.schema()))
    notes = _notes(raw, table, order) + _example_notes(raw, examples, has_data=bool(filled))
    rows, quarantined = len(filled) + len(raw.above), len(bad) + len(raw.above)
    return RegisterResult({table.name: frame}, rejections, rows, quarantined, effective, notes)


def _rejections(
    raw: _RawTable, rows: dict[int, list[str | None]], problems: list[_Problem], sha256: str
) -> list[Rejection]:
    return [
        Rejection(
            sha256,
            f"{raw.place}, rad {number}{f', kolonnen «{column}»' if column else ''}",
            reason,
            ";".join(cell or "" for cell in rows[number]),
            "register",
            is_whole_file=False,
        )
        for number, column, reason in sorted(problems)
    ]


def _too_long(raw: _RawTable, filled: list[tuple[int, list[str | None]]]) -> list[_Problem]:
    width = len(raw.headings)
    return [
        (n, "", f"raden har flere felt enn overskriften ({len(r)} mot {width})")
        for n, r in filled
        if any(r[width:])
    ]


def _data_rows(raw: _RawTable) -> tuple[list[tuple[int, list[str | None]]], list[int]]:
    """Return the rows with content and their numbers, and the numbers of the example rows.

    An example row, as our templates have it, is one whose first filled cell begins with the mark.
    """
    filled = [(n, r) for n, r in zip(raw.numbers, raw.rows, strict=True) if any(r)]
    marked = [_is_marked(next(cell for cell in row if cell)) for _, row in filled]
    data = [numbered for numbered, is_example in zip(filled, marked, strict=True) if not is_example]
    examples = [n for (n, _), is_example in zip(filled, marked, strict=True) if is_example]
    return data, examples


def _is_marked(cell: str | None) -> bool:
    return (cell or "").lstrip().lower().startswith(EXAMPLE_MARK)


def _half_examples(raw: _RawTable, filled: list[tuple[int, list[str | None]]]) -> list[_Problem]:
    """Return the cells of rows written over an example in which some of the example is left."""
    reason = f"cellen har fortsatt teksten «{EXAMPLE_MARK}»; skriv over den eller tøm den"
    return [
        (number, heading, reason)
        for number, row in filled
        for heading, cell in zip(raw.headings, row, strict=False)
        if _is_marked(cell)
    ]


def _example_notes(raw: _RawTable, examples: list[int], *, has_data: bool) -> list[str]:
    if not examples and not has_data:
        return [f"{raw.place}: registeret har ingen rader"]
    notes = [f"{raw.place}, rad {number}: eksempelraden er ikke lest" for number in examples]
    if examples and not has_data:
        notes.append(f"{raw.place}: malen er ikke fylt ut, så registeret har ingen rader")
    return notes


def _column_order(raw: _RawTable, table: Table) -> dict[str, int]:
    """Return column name → position in the rows.

    Raises _Unreadable for a missing required column, one that stands twice, or a heading so like a
    known one that it must be a slip.
    """
    order: dict[str, int] = {}
    for position, heading in enumerate(raw.headings):
        column = _column_of(table, heading)
        if column is None:
            continue
        if column.name in order:
            raise _Unreadable(raw.place, f"kolonnen «{heading}» står to ganger; fjern den ene")
        order[column.name] = position
    missing = [c for c in _data_columns(table) if c.required and c.name not in order]
    absent = [c for c in _data_columns(table) if c.name not in order]
    slips = _slips(raw.headings, table, absent)
    if slips:
        heading, meant = slips[0]
        raise _Unreadable(raw.place, f"ukjent kolonne «{heading}»; mente du «{meant}»?")
    if missing:
        names = ", ".join(f"«{c.aliases[0] if c.aliases else c.name}»" for c in missing)
        raise _Unreadable(
            raw.place,
            f"registeret «{table.register}» mangler kolonnen {names} (fant "
            f"{_shown(raw.headings[:20])}); legg den til",
        )
    return order


def _slips(headings: list[str], table: Table, absent: list[Column]) -> list[tuple[str, str]]:
    known = {name for c in absent for name in (c.name, *c.aliases)}
    unknown = [h for h in headings if h and _column_of(table, h) is None]
    pairs = [(h, difflib.get_close_matches(h, known, 1, cutoff=0.85)) for h in unknown]
    return [(heading, found[0]) for heading, found in pairs if found]


def _notes(raw: _RawTable, table: Table, order: dict[str, int]) -> list[str]:
    """Return what is not read, and what is empty since the table has no such column."""
    extra = [
        h
        for h in raw.headings
        if h and _column_of(table, h) is None and h != EFFECTIVE_DATE_HEADING
    ]
    notes = [f"{raw.place}: kolonnen «{heading}» er ikke lest" for heading in extra]
    absent = [
        column.aliases[0] if column.aliases else column.name
        for column in _data_columns(table)
        if column.name not in order and column.default is None
    ]
    if absent and not raw.is_keyed:
        notes.append(f"{raw.place}: står ikke i filen og er tomme: {_shown(absent)}")
    return notes


def _text_frame(
    raw: _RawTable, table: Table, order: dict[str, int], filled: list[tuple[int, list[str | None]]]
) -> pl.DataFrame:
    width = len(raw.headings)
    padded = [[*row, *[None] * (width - len(row))] for _, row in filled]
    data = {
        name: pl.Series(name, [row[position] for row in padded], dtype=pl.String)
        for name, position in order.items()
    }
    data[_ROW] = pl.Series(_ROW, [number for number, _ in filled], dtype=pl.Int64)
    frame = pl.DataFrame(data)
    defaults = {
        c.name: pl.lit(c.default, pl.String) if c.default is not None else pl.lit(None, pl.String)
        for c in _data_columns(table)
    }
    return frame.with_columns(
        pl.coalesce(pl.col(name), default).alias(name) if name in order else default.alias(name)
        for name, default in defaults.items()
    )


def _effective_date(
    raw: _RawTable, filled: list[tuple[int, list[str | None]]]
) -> tuple[date | None, list[_Problem]]:
    """Return the latest gyldig_per of the rows, and the rows where it is no date."""
    if EFFECTIVE_DATE_HEADING not in raw.headings:
        return None, []
    position = raw.headings.index(EFFECTIVE_DATE_HEADING)
    cells = [(n, row[position]) for n, row in filled if len(row) > position and row[position]]
    found = values.dates(pl.Series("d", [cell for _, cell in cells], dtype=pl.String))
    problems = [
        (number, EFFECTIVE_DATE_HEADING, f"forventet en dato (31.12.2024), fant «{cell}»")
        for (number, cell), day in zip(cells, found.to_list(), strict=True)
        if day is None
    ]
    latest = found.max()
    return (latest if isinstance(latest, date) else None), problems


def _checked(
    text: pl.DataFrame, table: Table, raw: _RawTable, order: dict[str, int]
) -> tuple[pl.DataFrame, list[_Problem]]:
    """Return typed rows and every (row number, heading, reason) that breaks the contract."""
    typed = text
    problems: list[_Problem] = []
    headings = {c.name: _shown_heading(c, raw, order) for c in _data_columns(table)}
    for column in _data_columns(table):
        series = text[column.name]
        heading = headings[column.name]
        result, reasons = _convert(series, column, raw.is_native)
        typed = typed.with_columns(result.alias(column.name))
        for number, reason in zip(text[_ROW].to_list(), reasons.to_list(), strict=True):
            if reason:
                problems.append((number, heading, reason))
        beyond = _too_small(typed, column) + _beyond_limits(typed, text, column, table)
        problems += [(number, heading, reason) for number, reason in beyond]
    return typed, problems + _row_problems(typed, table, headings)


def _shown_heading(column: Column, raw: _RawTable, order: dict[str, int]) -> str:
    """Return the column's heading as the file has it, else as our own templates do."""
    if column.name in order:
        return raw.headings[order[column.name]]
    return column.aliases[0] if column.aliases else column.name


def _convert(text: pl.Series, column: Column, is_native: bool) -> tuple[pl.Series, pl.Series]:
    """Return the typed column and a column of reasons, null where all is well."""
    doubtful = pl.Series([False] * len(text), dtype=pl.Boolean)
    if column.type == "date":
        result, expected = values.dates(text), "en dato (31.12.2024 eller 2024-12-31)"
    elif column.type == "boolean":
        result, expected = values.booleans(text), "ja eller nei"
    elif column.type == "text":
        result, expected = _text_value(text, column)
    else:
        mark = None if is_native else values.decimal_mark(text)
        result, doubtful = values.numbers(text, column, mark, is_native=is_native)
        expected = "et helt tall" if column.type == "integer" else "et tall"
    lost = text.is_not_null() & result.is_null()
    frame = pl.DataFrame({"t": text, "lost": lost, "doubtful": doubtful, "r": result.is_null()})
    found = pl.format(f"forventet {expected}, fant «{{}}»", "t")
    two = pl.format("«{}» kan leses på to måter (tusenskille eller desimaltegn); skriv om", "t")
    missing = pl.lit("mangler verdi") if column.required else pl.lit(None, pl.String)
    reasons = frame.select(
        pl.when("doubtful").then(two).when("lost").then(found).when("r").then(missing)
    ).to_series()
    return result, reasons


def _too_small(typed: pl.DataFrame, column: Column) -> list[tuple[int, str]]:
    """Return the row numbers where the value is less than it can be, with the reason."""
    least = LEAST_VALUES.get(column.name)
    if least is None:
        return []
    small = typed.filter(pl.col(column.name) < least).select(_ROW, column.name)
    return [(n, f"forventet minst {least}, fant «{value}»") for n, value in small.iter_rows()]


def _beyond_limits(
    typed: pl.DataFrame, text: pl.DataFrame, column: Column, table: Table
) -> list[tuple[int, str]]:
    """Return the row numbers where the value can't be in this register, with the reason."""
    limit = _LIMITS.get((table.name, column.name))
    if limit is None:
        return []
    is_refused, expected = limit
    beyond = typed.select(is_refused(pl.col(column.name)).fill_null(False)).to_series()
    found = text.filter(beyond).select(_ROW, column.name)
    return [(n, f"forventet {expected}, fant «{value}»") for n, value in found.iter_rows()]


def _text_value(text: pl.Series, column: Column) -> tuple[pl.Series, str]:
    if column.values:
        known = column.values | {value: value for value in column.values.values()}
        lower = text.str.to_lowercase().str.replace_all(r"[\s-]+", "_")
        result = lower.replace_strict(known, default=None, return_dtype=pl.String)
        return result, f"en av {', '.join(column.values)}"
    if column.name.endswith("orgnr"):
        digits = text.str.replace_all(r"[\s\u00a0]", "").str.replace_all(r"(?i)^no|mva$", "")
        good = [value is not None and is_orgnr(value) for value in digits.to_list()]
        result = pl.select(pl.when(pl.Series(good, dtype=pl.Boolean)).then(digits)).to_series()
        return result, "et organisasjonsnummer (ni siffer med gyldig kontrollsiffer)"
    return text, "tekst"


def _row_problems(typed: pl.DataFrame, table: Table, headings: dict[str, str]) -> list[_Problem]:
    problems = _turned_years(typed, headings) + _merged_with_itself(typed, headings)
    last = "valid_to" if "valid_to" in typed.columns else "end_date"
    if last in typed.columns and "valid_from" in typed.columns:
        turned = typed.filter(pl.col(last) < pl.col("valid_from"))
        problems += [
            (number, "", "siste dag er før første dag; bytt om eller rett datoene")
            for number in turned[_ROW].to_list()
        ]
    key = list(table.key)
    named = ", ".join(headings[name] for name in key)
    first = pl.col(_ROW).min().over(key)
    repeated = typed.with_columns(first.alias("_first")).filter(pl.col(_ROW) != pl.col("_first"))
    problems += [
        (number, "", f"samme nøkkel ({named}) som rad {other}; slett den ene")
        for number, other in repeated.select(_ROW, "_first").iter_rows()
    ]
    return problems


def _turned_years(typed: pl.DataFrame, headings: dict[str, str]) -> list[_Problem]:
    if not {"from_year", "to_year"} <= set(typed.columns):
        return []
    turned = typed.filter(pl.col("to_year") < pl.col("from_year"))
    reason = f"«{headings['to_year']}» er før «{headings['from_year']}»; bytt om eller rett dem"
    return [(number, "", reason) for number in turned[_ROW].to_list()]


def _merged_with_itself(typed: pl.DataFrame, headings: dict[str, str]) -> list[_Problem]:
    """Return the rows of supplier merges whose two are one, case and spaces aside."""
    if not {"supplier_a", "supplier_b"} <= set(typed.columns):
        return []
    one, other = (
        pl.col(name).str.replace_all(r"\s", "").str.to_lowercase()
        for name in ("supplier_a", "supplier_b")
    )
    names = f"«{headings['supplier_a']}» og «{headings['supplier_b']}»"
    reason = f"{names} er den samme leverandøren; rett den ene eller slett raden"
    return [(number, "", reason) for number in typed.filter(one == other)[_ROW].to_list()]
