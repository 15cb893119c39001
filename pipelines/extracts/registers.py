"""Registers that people keep (units, agreements, …) as CSV, XLSX or YAML: bytes in, tables out.

Headings, types and which register a table is come from the contracts in `tables`. Whether a row's
references exist is judged in dbt, over all registers; here each row stands alone.
"""

from __future__ import annotations

import difflib
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.extracts import values
from pipelines.extracts.contracts.columns import Column, Table
from pipelines.extracts.contracts.licences import LICENCE_REGISTERS
from pipelines.extracts.detect import Shape, decode_text
from pipelines.extracts.pseudonyms import HIDDEN, shown_headings
from pipelines.extracts.register_files import (
    DELIMITERS,
    EFFECTIVE_DATE_HEADING,
    RawTable,
    Unreadable,
    csv_rows,
    located,
    raw_tables,
    recognised,
)
from pipelines.extracts.register_values import (
    ROW,
    Problem,
    bucketed,
    checked,
    data_columns,
    is_of_persons,
)
from pipelines.extracts.result import Rejection
from pipelines.extracts.tables import REGISTERS

EXAMPLE_MARK = "[eksempel]"
_SOURCE = {"source_sha256", "source_row"}
_OF_USERS = ("lisenstildelinger", "lisensbruk")  # one list of users may be both
_OSLO = ZoneInfo("Europe/Oslo")
_OF_PURCHASES = re.compile(
    r"pris|price|bel[øo]p|amount|sum|faktura|invoice|bilag|voucher|leverand|supplier|ordre|order"
)
_FEW = 2  # known headings that say little alone
_SAMPLE = 100  # rows
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


class _NoRegister(Unreadable):
    """A table that is none of the registers."""


def read_registers(
    data: bytes,
    shape: Shape,
    sha256: str,
    file_name: str,
    max_cells: int,
    pseudonym_key: bytes | None = None,
    load_day: date | None = None,
) -> RegisterResult:
    """Read every register in a file.

    A file or table that is no register, lacks a column or can't be read is rejected as a whole; a
    row that breaks its contract is rejected alone. Without a `pseudonym_key` accounts and persons
    get keys that only this call knows. Activity is counted to the file's effective date; where it
    has none to `load_day`, else today.
    """
    key = pseudonym_key or secrets.token_bytes(32)
    try:
        found = raw_tables(data, shape, max_cells)
    except Unreadable as problem:
        return _refused(sha256, problem, 1)
    result = RegisterResult({}, [], 0, 0, None, is_unknown=True)
    for raw in found:
        if isinstance(raw, Unreadable):
            result = _merged(result, _refused(sha256, raw, 1))
        else:
            for one in _of_each_register(raw):
                result = _merged(result, _read_table(one, sha256, key))
    effective = result.effective_date or date_in_name(file_name)
    if result.tables:  # what is refused is a part of the file only
        rejections = [replace(item, is_whole_file=False) for item in result.rejections]
        result = replace(result, rejections=rejections)
    counted_to = effective or load_day or datetime.now(_OSLO).date()
    tables = bucketed(result.tables, counted_to)
    return replace(result, tables=tables, effective_date=effective)


def names_register(head: bytes, shape: Shape) -> bool:
    """Return whether the beginning of a text table has the headings that a register must have.

    Half of a register's headings is not enough: other exports have dates and suppliers too.
    Of a workbook nothing can be said from its beginning: False.
    """
    if shape != "csv":
        return False
    tables = [
        located("tabellen", csv_rows(decode_text(head), delimiter)[0], None, False, None)
        for delimiter in DELIMITERS
    ]
    raw = max(tables, key=lambda table: recognised(table.headings))
    try:
        table = _which(raw)
        order = _column_order(raw, table)
    except Unreadable:
        return False
    return not is_of_persons(table) or _is_surely_of_persons(raw, table, order)


def _is_surely_of_persons(raw: RawTable, table: Table, order: dict[str, int]) -> bool:
    """Return whether a table is no ledger or budget: these too have «konto» and «enhet».

    Its headings say it, or accounts that are neither numbers nor numbers with a text.
    """
    if len(order) > _FEW or len(order) == len([h for h in raw.headings if h]):
        return True
    places = [order[c.name] for c in data_columns(table) if c.pseudonym and c.name in order]
    cells = (row[at] for row in raw.rows[:_SAMPLE] for at in places if at < len(row))
    return any(cell and re.fullmatch(r"\S*[^\W\d]\S*", cell) for cell in cells)


def _refused(sha256: str, problem: Unreadable, rows: int) -> RegisterResult:
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


# --- from a raw table to a register -------------------------------------------------------------


def _column_of(table: Table, heading: str) -> Column | None:
    return next(
        (c for c in table.columns if heading == c.name or heading in c.aliases),
        None,
    )


def _found(table: Table, headings: list[str]) -> set[str]:
    return {c.name for h in headings if (c := _column_of(table, h)) is not None}


def _which(raw: RawTable) -> Table:
    """Return the register whose columns fit the headings best."""
    if raw.register is not None:
        return raw.register

    def fit(table: Table) -> tuple[int, bool, int]:
        found, columns = _found(table, raw.headings), data_columns(table)
        missing = [c for c in columns if c.required and c.name not in found]
        return len(found), not missing and len(found) * 4 >= len(columns), -len(columns)

    best = max(REGISTERS.values(), key=fit)
    known = fit(best)[0]
    if known < 2 or _is_of_purchases(raw, best) or known * 2 < len([h for h in raw.headings if h]):
        found = _shown(raw.headings[:8])
        raise _NoRegister(
            raw.place,
            "tabellen er ikke et register som Samkjøp kjenner, og ingen mapping passer til den: "
            f"fant overskriftene {found}. Se docs/registre.md for hvilke registre som finnes, "
            "eller lag en mapping med «samkjop mapping suggest»",
        )
    return best


def _of_each_register(raw: RawTable) -> list[RawTable]:
    """Return the table once, or twice where a list of users tells both of seats and of use."""
    users = [REGISTERS[name] for name in _OF_USERS]
    found = [_found(table, raw.headings) for table in users]
    shared = set.intersection(*({c.name for c in table.columns} for table in users))
    tells_both = all(shared <= (names | _SOURCE) and names - shared for names in found)
    if raw.register is not None or not tells_both:
        return [raw]
    return [replace(raw, register=table, others=users) for table in users]


def _is_of_purchases(raw: RawTable, table: Table) -> bool:
    """Return whether what looks like a register of licences is an order, ledger or price list.

    «produkt», «antall», «enhet» and «konto» stand in those too, but beside prices and documents.
    """
    unknown = [h for h in raw.headings if h and _column_of(table, h) is None]
    return table in LICENCE_REGISTERS and any(_OF_PURCHASES.search(h) for h in unknown)


def _shown(headings: list[str]) -> str:
    return shown_headings(heading[:_SHOWN] for heading in headings) or "ingen"


_ABOVE = "raden står over overskriftene; flytt dem til toppen av tabellen"


def _read_table(raw: RawTable, sha256: str, key: bytes) -> RegisterResult:
    filled, examples = _data_rows(raw)
    try:
        table = _which(raw)
        order = _column_order(raw, table)
        effective, problems = _effective_date(raw, table, filled)
    except Unreadable as problem:
        return _refused(sha256, problem, max(len(filled) + len(raw.above), 1))
    text = _text_frame(raw, table, order, filled)
    headings = {c.name: _shown_heading(c, raw, order) for c in data_columns(table)}
    result = checked(text, table, headings, key, is_native=raw.is_native)
    problems += result.problems + _half_examples(raw, filled) + _too_long(raw, filled)
    bad = sorted({number for number, _, _ in problems})
    problems += [(number, "", _ABOVE) for number, _ in raw.above]
    rejections = _rejections(raw, dict(filled + raw.above), problems, sha256)
    frame = result.rows.filter(~pl.col(ROW).is_in(bad)).with_columns(
        pl.lit(sha256).alias("source_sha256")
    )
    frame = frame.select(list(table.schema()))
    notes = _notes(raw, table, order) + _unknown_activity(raw, result.unknown_activity)
    notes += _example_notes(raw, examples, has_data=bool(filled))
    rows, quarantined = len(filled) + len(raw.above), len(bad) + len(raw.above)
    return RegisterResult({table.name: frame}, rejections, rows, quarantined, effective, notes)


def _rejections(
    raw: RawTable, rows: dict[int, list[str | None]], problems: list[Problem], sha256: str
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


def _too_long(raw: RawTable, filled: list[tuple[int, list[str | None]]]) -> list[Problem]:
    width = len(raw.headings)
    return [
        (n, "", f"raden har flere felt enn overskriften ({len(r)} mot {width})")
        for n, r in filled
        if any(r[width:])
    ]


def _data_rows(raw: RawTable) -> tuple[list[tuple[int, list[str | None]]], list[int]]:
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


def _half_examples(raw: RawTable, filled: list[tuple[int, list[str | None]]]) -> list[Problem]:
    """Return the cells of rows written over an example in which some of the example is left."""
    reason = f"cellen har fortsatt teksten «{EXAMPLE_MARK}»; skriv over den eller tøm den"
    return [
        (number, heading, reason)
        for number, row in filled
        for heading, cell in zip(raw.headings, row, strict=False)
        if _is_marked(cell)
    ]


def _example_notes(raw: RawTable, examples: list[int], *, has_data: bool) -> list[str]:
    if not examples and not has_data:
        return [f"{raw.place}: registeret har ingen rader"]
    notes = [f"{raw.place}, rad {number}: eksempelraden er ikke lest" for number in examples]
    if examples and not has_data:
        notes.append(f"{raw.place}: malen er ikke fylt ut, så registeret har ingen rader")
    return notes


def _column_order(raw: RawTable, table: Table) -> dict[str, int]:
    """Return column name → position in the rows.

    Raises Unreadable for a missing required column, one that stands twice, or a heading so like a
    known one that it must be a slip.
    """
    order: dict[str, int] = {}
    for position, heading in enumerate(raw.headings):
        column = _column_of(table, heading)
        if column is None:
            continue
        if column.name in order:
            raise Unreadable(raw.place, f"kolonnen «{heading}» står to ganger; fjern den ene")
        order[column.name] = position
    missing = [c for c in data_columns(table) if c.required and c.name not in order]
    absent = [c for c in data_columns(table) if c.name not in order]
    slips = _slips(raw.headings, table, absent)
    if slips:
        heading, meant = slips[0]
        raise Unreadable(raw.place, f"ukjent kolonne «{heading}»; mente du «{meant}»?")
    if missing:
        names = ", ".join(f"«{c.aliases[0] if c.aliases else c.name}»" for c in missing)
        raise Unreadable(
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


def _notes(raw: RawTable, table: Table, order: dict[str, int]) -> list[str]:
    """Return what is not read, and what is empty since the table has no such column."""
    known = (table, *raw.others)
    extra = [
        h
        for h in raw.headings
        if h and h != EFFECTIVE_DATE_HEADING and not any(_column_of(t, h) for t in known)
    ]
    notes = [f"{raw.place}: kolonnen {shown_headings([heading])} er ikke lest" for heading in extra]
    absent = [
        column.aliases[0] if column.aliases else column.name
        for column in data_columns(table)
        if column.name not in order and column.default is None
    ]
    if absent and not raw.is_keyed:
        notes.append(f"{raw.place}: står ikke i filen og er tomme: {_shown(absent)}")
    return notes


def _unknown_activity(raw: RawTable, headings: list[str]) -> list[str]:
    return [
        f"{raw.place}: ingen rad har noe i «{heading}», så bruken er ukjent, ikke aldri; "
        "skriv «aldri» der det er det"
        for heading in headings
    ]


def _text_frame(
    raw: RawTable, table: Table, order: dict[str, int], filled: list[tuple[int, list[str | None]]]
) -> pl.DataFrame:
    width = len(raw.headings)
    padded = [[*row, *[None] * (width - len(row))] for _, row in filled]
    data = {
        name: pl.Series(name, [row[position] for row in padded], dtype=pl.String)
        for name, position in order.items()
    }
    data[ROW] = pl.Series(ROW, [number for number, _ in filled], dtype=pl.Int64)
    frame = pl.DataFrame(data)
    defaults = {
        c.name: pl.lit(c.default, pl.String) if c.default is not None else pl.lit(None, pl.String)
        for c in data_columns(table)
    }
    return frame.with_columns(
        pl.coalesce(pl.col(name), default).alias(name) if name in order else default.alias(name)
        for name, default in defaults.items()
    )


def _effective_date(
    raw: RawTable, table: Table, filled: list[tuple[int, list[str | None]]]
) -> tuple[date | None, list[Problem]]:
    """Return the latest gyldig_per of the rows, and the rows where it is no date."""
    if EFFECTIVE_DATE_HEADING not in raw.headings:
        return None, []
    position = raw.headings.index(EFFECTIVE_DATE_HEADING)
    cells = [(n, row[position]) for n, row in filled if len(row) > position and row[position]]
    found = values.dates(pl.Series("d", [cell for _, cell in cells], dtype=pl.String))
    is_hidden = is_of_persons(table)
    problems = [
        (number, EFFECTIVE_DATE_HEADING, _no_date(HIDDEN if is_hidden else cell))
        for (number, cell), day in zip(cells, found.to_list(), strict=True)
        if day is None
    ]
    latest = found.max()
    return (latest if isinstance(latest, date) else None), problems


def _no_date(found: str | None) -> str:
    return f"forventet en dato (31.12.2024), fant «{found}»"


def _shown_heading(column: Column, raw: RawTable, order: dict[str, int]) -> str:
    """Return the column's heading as the file has it, else as our own templates do."""
    if column.name in order:
        return raw.headings[order[column.name]]
    return column.aliases[0] if column.aliases else column.name
