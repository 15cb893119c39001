"""Empty registers as workbooks that people fill in, one a register.

Columns come from the contracts, examples from register_guide.yaml. The example row is marked in
every cell, so that `pipelines.extracts.registers` leaves it out and refuses one half written over.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.errors import UsageError
from pipelines.extracts.contracts.columns import Column, ColumnType, Table, date_column
from pipelines.extracts.register_files import EFFECTIVE_DATE_HEADING
from pipelines.extracts.registers import EXAMPLE_MARK
from pipelines.extracts.tables import REGISTERS
from pipelines.reporting.register_guide import (
    default_value,
    heading,
    load_texts,
    spellings,
    written_columns,
)

_LAST_ROW = 1_048_575  # of a sheet, from 0
_FIXED_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet has no time zone
_EARLIEST, _LATEST = date(1900, 1, 1), date(9999, 12, 31)
_WIDTHS = (14, 46)
_COMMENT_WIDTH, _COMMENT_LETTERS, _LINE_HEIGHT = 300, 44, 17
_NUMBER_FORMATS: dict[ColumnType, str] = {
    "text": "@",  # keeps leading zeros
    "boolean": "@",
    "date": "dd.mm.yyyy",
    "money": "#,##0.00",
}
_HOW_TO_WRITE: dict[ColumnType, str] = {
    "text": "tekst",
    "date": "en dato, som 31.12.2024",
    "integer": "et helt tall",
    "boolean": "ja eller nei",
    "money": "et beløp, som 1234,50",
    "quantity": "et tall, som 6,5",
    "price": "et tall, som 6,5",
    "rate": "et tall, som 11,85",
}
_EFFECTIVE_DATE = date_column(
    "effective_date",
    "Dagen registeret gjelder per; én rad er nok. En dato i filnavnet er like god",
    aliases=(EFFECTIVE_DATE_HEADING,),
)
_ABOUT_EXAMPLE = (
    f"Eksempelrad. Den leses ikke så lenge cellen begynner med {EXAMPLE_MARK}. "
    "Skriv under den, eller skriv over alle cellene i den."
)


@dataclass(frozen=True)
class _Formats:
    """The looks of a workbook: headings, and cells by type of column."""

    required: Any
    optional: Any
    cells: dict[ColumnType, Any]
    examples: dict[ColumnType, Any]


def write_templates(folder: Path) -> list[Path]:
    """Write one workbook per register into `folder`, made where it is missing; return their paths.

    The order is that of the contracts, and the bytes are the same every time. Raises UsageError
    where one of the files is there already (then none is written) or the folder can't be written.
    """
    paths = {name: folder / f"{name}.xlsx" for name in REGISTERS}
    present = [path.name for path in paths.values() if path.exists()]
    if present:
        others = f" og {len(present) - 1} til" if present[1:] else ""
        raise UsageError(
            f"{folder}: forventet en mappe uten maler, fant «{present[0]}»{others}. "
            "Velg en annen mappe; ingenting er skrevet."
        )
    examples = {name: text.example for name, text in load_texts().registers.items()}
    contents = {name: template(REGISTERS[name], examples[name]) for name in paths}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            with path.open("xb") as stream:
                stream.write(contents[name])
    except OSError as error:
        raise UsageError(
            f"{folder}: forventet en mappe som malene kan skrives i, fant at det ikke går "
            f"({error.strerror}). Velg en annen mappe."
        ) from error
    return list(paths.values())


def template(table: Table, example: str) -> bytes:
    """Return the workbook of one register; `example` is a CSV of it, of which the fullest row is
    shown.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": table.register, "created": _FIXED_TIME})
        formats = _formats(book)
        sheet = book.add_worksheet(table.register)
        shown = _example_row(example)
        for place, column in enumerate([*written_columns(table), _EFFECTIVE_DATE]):
            _write_column(sheet, place, column, shown.get(heading(column), ""), formats)
        sheet.write_comment(1, 0, _ABOUT_EXAMPLE, _comment_size(_ABOUT_EXAMPLE))
        sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{_LAST_ROW + 1}"})
        sheet.freeze_panes(1, 0)
    return stream.getvalue()


def _formats(book: Any) -> _Formats:
    def cell(kind: ColumnType, **look: object) -> Any:
        return book.add_format({"num_format": _NUMBER_FORMATS.get(kind, "General"), **look})

    return _Formats(
        required=book.add_format({"bold": True, "bottom": 1, "bg_color": "#FCE4B0"}),
        optional=book.add_format({"bold": True, "bottom": 1, "bg_color": "#E4E9EE"}),
        cells={kind: cell(kind) for kind in _HOW_TO_WRITE},
        examples={kind: cell(kind, italic=True, font_color="#666666") for kind in _HOW_TO_WRITE},
    )


def _example_row(example: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(example), delimiter=";")
    return max(rows, key=lambda row: sum(value != "" for value in row.values()))


def _write_column(sheet: Any, place: int, column: Column, example: str, formats: _Formats) -> None:
    name, about = heading(column), _about(column)
    shown = f"{EXAMPLE_MARK} {example}" if example else ""
    low, high = _WIDTHS
    width = min(max(low, len(name) + 3, len(shown) + 1), high)
    sheet.set_column(place, place, width, formats.cells[column.type])
    sheet.write_string(0, place, name, formats.required if column.required else formats.optional)
    sheet.write_comment(0, place, about, _comment_size(about))
    if shown:
        sheet.write_string(1, place, shown, formats.examples[column.type])
    rule = _validation(column)
    if rule is not None:
        sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _about(column: Column) -> str:
    """Return what a heading's comment says: meaning, whether it may be empty, how it is written."""
    empty = f"Kan stå tom; det betyr {default_value(column)}." if column.default else "Kan stå tom."
    ways = ", ".join(_choices(column)) if column.values else _HOW_TO_WRITE[column.type]
    if column.name.endswith("orgnr"):
        ways = "ni siffer; kontrollsifferet må stemme"
    if column.is_activity:
        ways = _HOW_TO_WRITE["date"]
    return "\n".join(
        (
            f"{column.description}.",
            "Må ha verdi." if column.required else empty,
            f"Skriv {'én av: ' if column.values else ''}{ways}.",
        )
    )


def _choices(column: Column) -> list[str]:
    """Return what a drop-down of the column offers; nothing where any value may stand there."""
    return ["ja", "nei"] if column.type == "boolean" else [ways[0] for ways in spellings(column)]


def _validation(column: Column) -> dict[str, Any] | None:
    """Return the rule by which the spreadsheet itself refuses a value, None where it can't tell."""
    choices = _choices(column)
    if choices:
        message = f"Velg en av verdiene i listen: {', '.join(choices)}."
        return {"validate": "list", "source": choices, **_refusal(message)}
    if column.type == "date":
        limits = {"criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
        return {"validate": "date", **limits, **_refusal("Skriv en dato, for eksempel 31.12.2024.")}
    return None


def _refusal(message: str) -> dict[str, str]:
    return {"error_title": "Kan ikke stå her", "error_message": message}


def _comment_size(text: str) -> dict[str, int]:
    lines = sum(-(-len(line) // _COMMENT_LETTERS) for line in text.splitlines())
    return {"width": _COMMENT_WIDTH, "height": _LINE_HEIGHT * (lines + 1)}
