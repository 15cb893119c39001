"""The largest purchases without a category as a workbook that a person can answer in.

Every text is written as a text: what an invoice calls a thing can begin with «=», and is no formula
for that. Reading the answers is done in `answers`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from pipelines.categories.sheet import (
    AMOUNT,
    CATEGORIES_SHEET,
    CONFIDENCE,
    FIXED_TIME,
    HEADINGS,
    HOW_TO,
    INTERNAL,
    LINES,
    QUESTIONS_SHEET,
    choice,
)
from pipelines.errors import UsageError
from pipelines.lake.home import replace_file
from pipelines.publication.seal import DATABASE
from pipelines.publication.snapshot import CURRENT
from pipelines.settings import Settings

_MOST_LETTERS = 32_000  # in a cell
_TOP = 3  # rows above the questions: two sentences and the headings
_WIDTHS = (34, 34, 10, 30, 40, 10, 11, 16, 8, 18, 14, 20, 34)
_FORMATS = {CONFIDENCE: "0 %", AMOUNT: "#,##0.00", LINES: "0"}
_QUESTIONS = f"""
    select question.suggested_category_id, question.suggested_category_name, question.confidence,
        supplier.name, question.item_text, question.account, question.kostra_art,
        question.spend_nok, question.line_count, example.document_number,
        coalesce(example.issue_date, example.posting_date) as example_date,
        question.supplier_id, question.category_key
    from mart_category_suggestion as question
    left join dim_supplier as supplier on supplier.supplier_id = question.supplier_id
    left join fct_spend_line as example on example.spend_line_id = question.example_line_id
    where not question.is_accepted
        and coalesce(length(question.item_text), 0) <= {_MOST_LETTERS}
    order by question.spend_rank
    limit ?
"""
_CATEGORIES = """
    select category_id, name from dim_category where category_id <> 'unknown' order by category_id
"""


@dataclass(frozen=True)
class Export:
    """What was written: questions, their spend in NOK, and how many there are in all."""

    questions: int
    spend_nok: Decimal
    in_all: int


def current_database(settings: Settings) -> Path:
    """Return the database of the current snapshot. Raises UsageError where there is none."""
    path = settings.published / CURRENT / DATABASE
    if not path.exists():
        raise UsageError(
            f"{settings.published}: forventet et publisert øyeblikksbilde, fant ingen. "
            "Kjør «samkjop run» først."
        )
    return path


def categories(settings: Settings) -> list[tuple[str, str]]:
    """Return ID and name of the categories of the current snapshot, by ID."""
    with duckdb.connect(str(current_database(settings)), read_only=True) as connection:
        return connection.execute(_CATEGORIES).fetchall()


def export_questions(settings: Settings, file: Path, limit: int) -> Export:
    """Write the questions with the largest spend to `file`, at most `limit`.

    Raises UsageError where nothing is published, there are no categories to choose from, the file
    is there already or is not named .xlsx.
    """
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file}: forventet et filnavn som slutter på .xlsx. Rett navnet.")
    if file.exists():
        raise UsageError(f"{file}: finnes alt. Velg et annet navn, eller slett den først.")
    if limit < 1:
        raise UsageError(f"--limit: forventet minst 1, fant {limit}. Rett tallet.")
    known = categories(settings)
    if not known:
        raise UsageError(
            "kategorier: forventet et kategoriregister å velge fra, fant ingen kategorier. Legg "
            "registeret i landing/ og kjør «samkjop run» først."
        )
    with duckdb.connect(str(current_database(settings)), read_only=True) as connection:
        rows = connection.execute(_QUESTIONS, [limit]).fetchall()
        (in_all,) = connection.execute(
            "select count(*) from mart_category_suggestion where not is_accepted"
        ).fetchall()[0]
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, workbook(rows, known))
    spend = sum((row[HEADINGS.index(AMOUNT)] for row in rows), start=Decimal(0))
    return Export(len(rows), spend, int(in_all))


def workbook(rows: list[tuple[Any, ...]], known: list[tuple[str, str]]) -> bytes:
    """Return the workbook: a sheet of questions, and the categories that the drop-down offers."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": "Kategorier", "comments": INTERNAL, "created": FIXED_TIME})
        sheet = book.add_worksheet(QUESTIONS_SHEET)
        choices = book.add_worksheet(CATEGORIES_SHEET)
        choices.set_column(0, 0, _WIDTHS[0])
        for place, (category_id, name) in enumerate(known):
            choices.write_string(place, 0, choice(category_id, name))
        _write_frame(book, sheet)
        _write_rows(book, sheet, rows)
        _add_drop_down(sheet, len(rows), len(known))
    return stream.getvalue()


def _write_frame(book: Any, sheet: Any) -> None:
    sheet.write_string(0, 0, INTERNAL, book.add_format({"bold": True, "font_color": "#9C2A00"}))
    sheet.write_string(1, 0, HOW_TO)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E4E9EE"})
    for place, (name, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(_TOP - 1, place, name, head)
    sheet.freeze_panes(_TOP, 1)
    sheet.autofilter(_TOP - 1, 0, _TOP - 1, len(HEADINGS) - 1)


def _write_rows(book: Any, sheet: Any, rows: list[tuple[Any, ...]]) -> None:
    text = book.add_format({"num_format": "@"})
    numbers = {name: book.add_format({"num_format": form}) for name, form in _FORMATS.items()}
    for number, (category_id, category, *rest) in enumerate(rows, start=_TOP):
        shown = None if category_id is None else choice(category_id, category)
        for place, (name, value) in enumerate(zip(HEADINGS, [None, shown, *rest], strict=True)):
            if value is None:
                sheet.write_blank(number, place, None, text)
            elif name in numbers:
                sheet.write_number(number, place, float(value), numbers[name])
            else:
                sheet.write_string(number, place, str(value), text)


def _add_drop_down(sheet: Any, row_count: int, category_count: int) -> None:
    rule = {
        "validate": "list",
        "source": f"='{CATEGORIES_SHEET}'!$A$1:$A${category_count}",
        "error_title": "Kan ikke stå her",
        "error_message": "Velg en av kategoriene i listen.",
    }
    if row_count:
        sheet.data_validation(_TOP, 0, _TOP + row_count - 1, 0, rule)
