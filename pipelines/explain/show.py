"""An answer as text on the screen, and as a workbook for an auditor. Nothing is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.errors import UsageError
from pipelines.explain.answer import Answer, Line
from pipelines.reporting.formats import number

_SHOWN_COLUMNS = (
    *("spend_line_id", "document_number", "supplier_id", "unit_id", "category_id"),
    *("loyalty_class", "issue_date", "posting_date", "decisive_date", "item_name", "amount_nok"),
)
_HEADINGS = ("Fil", "SHA-256", "Sted i filen", "Kolonner", "Slik det står i filen")
_CELL = 32_000  # Excel takes 32 767 characters in a cell


def verdict(answer: Answer) -> str:
    """Return in a sentence whether the lines are the figure."""
    if answer.files is not None:
        return f"{answer.file_count} {'fil' if answer.file_count == 1 else 'filer'}"
    lines = (
        f"{answer.line_count} {'linje' if answer.line_count == 1 else 'linjer'} i "
        f"{answer.file_count} {'fil' if answer.file_count == 1 else 'filer'}"
    )
    amount = f"{number(answer.lines_nok, 2)} kr"
    if answer.adds_up is None:
        return f"{lines}, til sammen {amount}"
    if answer.adds_up:
        return f"{lines}, til sammen {amount}: summen er tallet"
    difference = answer.value - answer.lines_nok
    word = "mer" if difference > 0 else "mindre"
    return f"{lines}, til sammen {amount}: tallet er {number(abs(difference), 2)} kr {word}"


def as_text(answer: Answer, raw: bool) -> Iterator[str]:
    """Yield the lines to show on the screen; `raw` adds what stands in the originals."""
    question = answer.question
    yield f"øyeblikksbilde {answer.snapshot}, tabellen {question.table}"
    yield "rad: " + ", ".join(f"{name}={answer.row[name]}" for name in answer.key)
    if question.column is not None:
        yield f"{question.column}: {_value(answer.value)}"
    if answer.formula is not None:
        yield f"regnet ut som: {answer.formula}"
    yield verdict(answer)
    if answer.note is not None:
        yield f"merk: {answer.note}"
    if answer.line_count > len(answer.lines):
        yield f"viser de {len(answer.lines)} største; «--limit» viser flere"
    for file in answer.files or []:
        yield f"{file.kind}: {file.name} (SHA-256 {file.sha256})"
    for line in answer.lines:
        yield _line(line)
        yield f"    {_where(line)}"
        if raw and line.place is not None:
            yield from (f"    | {text}" for text in line.place.text.splitlines())


def write_workbook(answer: Answer, path: Path) -> None:
    """Write the figure, its lines and the text of each in its original to an Excel file.

    Raises UsageError where the name does not end in .xlsx, or the folder is not there.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"--out {path}: forventet et navn som slutter på .xlsx.")
    if not path.parent.is_dir():
        raise UsageError(
            f"--out {path}: fant ikke mappen {path.parent}. Lag den, eller velg en annen."
        )
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        _write(book, "Tallet", ("Hva", "Verdi"), _figure(answer), (32, 90))
        if answer.files is not None:
            told = [[f.kind, f.name, f.sha256, _value(f.effective_date)] for f in answer.files]
            _write(book, "Filene", ("Slag", "Fil", "SHA-256", "Dato"), told, (40, 60, 66, 12))
            return
        rows = [[_value(line.row.get(name)) for name in _SHOWN_COLUMNS] for line in answer.lines]
        _write(book, "Linjene", _SHOWN_COLUMNS, rows, (24,))
        _write(book, "Originalene", _HEADINGS, map(_original, answer.lines), (40, 66, 30, 40, 120))


def _figure(answer: Answer) -> list[list[Any]]:
    question = answer.question
    told: list[list[Any]] = [
        ["Øyeblikksbilde", answer.snapshot],
        ["Tabell", question.table],
        *([f"Rad: {name}", _value(value)] for name, value in answer.row.items()),
    ]
    if question.column is not None:
        told.append([f"Tallet: {question.column}", _value(answer.value)])
    if answer.formula is not None:
        told.append(["Regnet ut som", answer.formula])
    if answer.note is not None:
        told.append(["Merk", answer.note])
    if answer.files is not None:
        return [*told, ["Filene", verdict(answer)]]
    return [*told, ["Linjene", verdict(answer)], ["Linjer i dette arket", len(answer.lines)]]


def _write(book: Any, name: str, headings: Any, rows: Any, widths: tuple[int, ...]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    amount = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"})
    sheet.write_row(0, 0, headings, bold)
    for position in range(len(headings)):
        sheet.set_column(position, position, widths[min(position, len(widths) - 1)])
    for number_, row in enumerate(rows, 1):
        for position, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number_, position, value, day)
            elif isinstance(value, Decimal | int | float):
                sheet.write_number(number_, position, value, amount)
            else:
                sheet.write_string(number_, position, str(value)[:_CELL], wrapped)
    sheet.freeze_panes(1, 0)


def _original(line: Line) -> list[str]:
    if line.original is None or line.place is None:
        return ["", line.row["source_sha256"], "", "", line.problem or ""]
    place = line.place
    return [line.original.name, line.original.sha256, place.where, place.headings, place.text]


def _line(line: Line) -> str:
    row = line.row
    words = (
        *(str(row.get("issue_date") or row.get("posting_date") or ""),),
        *(str(row.get(name) or "") for name in ("supplier_id", "unit_id", "item_name")),
    )
    amount = row.get("amount_nok")
    return f"{'' if amount is None else number(amount, 2):>16}  " + "  ".join(
        word for word in words if word
    )


def _where(line: Line) -> str:
    if line.original is None or line.place is None:
        return line.problem or ""
    return f"{line.original.name}, {line.place.where} (SHA-256 {line.original.sha256[:12]}…)"


def _value(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, int | float | Decimal | date) else str(value)
