"""Empty registers as workbooks: what people fill in is read, and what they leave is left out."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.errors import SamkjopError
from pipelines.extracts import registers
from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import RegisterResult, read_registers
from pipelines.extracts.tables import REGISTERS
from pipelines.reporting.register_guide import heading, load_texts, written_columns
from pipelines.reporting.templates import template, write_templates

EXAMPLES = {name: text.example for name, text in load_texts().registers.items()}
NAMES = sorted(REGISTERS)
FEW = ("enheter", "leverandørkontroller", "kontokategorier")  # each workbook costs a process
KEY = b"k" * 32


def read(data: bytes, name: str = "mal.xlsx") -> RegisterResult:
    return read_registers(data, shape_of(data), "f" * 64, name, 1_000_000, KEY)


def workbook(register: str) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(template(REGISTERS[register], EXAMPLES[register])))
    (sheet,) = book.worksheets
    return book, sheet


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def headings(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[1]]


def fill(sheet: Worksheet, row: int, values: dict[str, Any]) -> None:
    """Write values under their headings and empty the other cells of the row."""
    for place, name in enumerate(headings(sheet), 1):
        value = values.get(name)
        sheet.cell(row, place).value = None if value == "" else value


def example_rows(register: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(EXAMPLES[register]), delimiter=";"))


def typed(register: str, row: dict[str, str]) -> dict[str, Any]:
    """Return the row as a spreadsheet holds what a person types: dates and numbers are such."""
    types = {heading(column): column.type for column in written_columns(REGISTERS[register])}
    return {name: _cell(types[name], text) for name, text in row.items()}


def _cell(kind: str, text: str) -> Any:
    if kind == "date" and "." in text:
        return datetime.strptime(text, "%d.%m.%Y")  # noqa: DTZ007 - a spreadsheet has no zone
    if kind in ("integer", "money", "quantity", "rate") and text:
        return float(text.replace(" ", "").replace(",", "."))
    return text


def column_of(rule: DataValidation) -> int:
    """Return the place, from 1, of the one column that a rule is for."""
    (cells,) = rule.sqref.ranges
    assert cells.min_col == cells.max_col
    return int(cells.min_col)


def drop_downs(sheet: Worksheet) -> dict[str, list[str]]:
    """Return the values that the sheet offers, by heading."""
    names = headings(sheet)
    return {
        names[column_of(rule) - 1]: rule.formula1.strip('"').split(",")
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }


# --- read back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("register", FEW)
def test_an_untouched_template_has_no_rows_and_says_so(register: str) -> None:
    result = read(template(REGISTERS[register], EXAMPLES[register]))
    assert (result.rejections, result.rows_in, result.effective_date) == ([], 0, None)
    assert result.tables[REGISTERS[register].name].height == 0
    assert result.notes == [
        f"arket «{register}», rad 2: eksempelraden er ikke lest",
        f"arket «{register}»: malen er ikke fylt ut, så registeret har ingen rader",
    ]


@pytest.mark.parametrize("register", NAMES)
def test_rows_below_the_example_are_read_with_the_values_that_csv_gives(register: str) -> None:
    book, sheet = workbook(register)
    for number, row in enumerate(example_rows(register), 3):
        fill(sheet, number, typed(register, row))
    result = read(saved(book))
    expected = read(EXAMPLES[register].encode()).tables[REGISTERS[register].name]
    assert result.rejections == []
    assert result.notes == [f"arket «{register}», rad 2: eksempelraden er ikke lest"]
    data = result.tables[REGISTERS[register].name].drop("source_row")
    assert data.rows() == expected.drop("source_row").rows()


def test_the_values_of_a_filled_template_are_those_typed() -> None:
    book, sheet = workbook("avvik")
    row = {
        "avvik_id": "0017",
        "meldt_dato": datetime(2024, 3, 12),  # noqa: DTZ001 - a spreadsheet has no time zone
        "orgnr": "850100012",
        "avvikstype": "forsinkelse",
        "krav_nok": 12000.5,
        "gyldig_per": datetime(2024, 12, 31),  # noqa: DTZ001
    }
    fill(sheet, 3, row)
    result = read(saved(book))
    assert (result.rejections, result.effective_date) == ([], date(2024, 12, 31))
    names = ("deviation_id", "reported_date", "deviation_type", "status", "claim_nok")
    assert result.tables["reg_deviation"].select(names).rows() == [
        ("0017", date(2024, 3, 12), "late", None, Decimal("12000.50"))
    ]


@pytest.mark.parametrize("register", FEW)
def test_a_row_may_be_written_over_the_example(register: str) -> None:
    book, sheet = workbook(register)
    fill(sheet, 2, typed(register, example_rows(register)[0]))
    result = read(saved(book))
    assert (result.rejections, result.notes, result.rows_in) == ([], [], 1)


def test_a_row_half_written_over_the_example_is_refused_with_the_cell() -> None:
    book, sheet = workbook("kategorier")
    sheet["A2"] = "BHT"
    result = read(saved(book))
    assert (result.rows_in, result.rows_quarantined) == (1, 1)
    found = [(r.place, r.reason) for r in result.rejections]
    assert (
        "arket «kategorier», rad 2, kolonnen «navn»",
        "cellen har fortsatt teksten «[eksempel]»; skriv over den eller tøm den",
    ) in found


def test_a_template_saved_as_csv_still_leaves_the_example_out() -> None:
    text = "enhet_id;navn\n[eksempel] NORD;[eksempel] Nord skole\nA;Bydel A\n"
    result = read(text.encode(), "enheter.csv")
    assert result.tables["reg_unit"]["unit_id"].to_list() == ["A"]
    assert "tabellen, rad 2: eksempelraden er ikke lest" in result.notes


# --- what people see ----------------------------------------------------------------------------


@pytest.mark.parametrize("register", NAMES)
def test_headings_are_the_guides_and_each_has_a_comment_with_its_meaning(register: str) -> None:
    _, sheet = workbook(register)
    columns = written_columns(REGISTERS[register])
    assert sheet.title == register
    assert headings(sheet) == [*(heading(column) for column in columns), "gyldig_per"]
    assert sheet.freeze_panes == "A2"
    for column, cell in zip(columns, sheet[1], strict=False):
        comment = cell.comment.text
        assert cell.font.bold
        assert comment.startswith(f"{column.description}.\n")
        assert ("Må ha verdi." in comment) == column.required


@pytest.mark.parametrize("register", NAMES)
def test_every_cell_of_the_example_is_marked(register: str) -> None:
    _, sheet = workbook(register)
    shown = [str(cell.value) for cell in sheet[2] if cell.value is not None]
    assert shown
    assert all(text.startswith(registers.EXAMPLE_MARK) for text in shown)
    assert sheet["A2"].value is not None


OFFERED = [
    (name, column.name)
    for name in NAMES
    for column in written_columns(REGISTERS[name])
    if column.values or column.type == "boolean"
]


@pytest.mark.parametrize(("register", "name"), OFFERED)
def test_every_value_that_a_drop_down_offers_is_accepted(register: str, name: str) -> None:
    column = next(c for c in REGISTERS[register].columns if c.name == name)
    offered = drop_downs(workbook(register)[1])[heading(column)]
    row = example_rows(register)[0]
    for value in offered:
        table = io.StringIO()
        writer = csv.DictWriter(table, [*row], delimiter=";")
        writer.writeheader()
        writer.writerow(row | {heading(column): value})
        result = read(table.getvalue().encode())
        assert result.rejections == [], value
        expected = column.values[value] if column.values else value == "ja"
        assert result.tables[REGISTERS[register].name][name].to_list() == [expected]


@pytest.mark.parametrize(("register", "name"), OFFERED)
def test_a_drop_down_offers_each_value_once(register: str, name: str) -> None:
    column = next(c for c in REGISTERS[register].columns if c.name == name)
    offered = drop_downs(workbook(register)[1])[heading(column)]
    meanings = [column.values.get(value, value) for value in offered]
    assert sorted(meanings) == sorted(set(column.values.values()) or {"ja", "nei"})


def test_dates_are_shown_as_norwegian_dates_and_only_dates_are_let_in() -> None:
    _, sheet = workbook("unntak")
    dates = [r for r in sheet.data_validations.dataValidation if r.type == "date"]
    names = {headings(sheet)[column_of(rule) - 1] for rule in dates}
    assert names == {"gyldig_fra", "gyldig_til", "gyldig_per"}
    assert all(str(rule.sqref).endswith("1048576") for rule in dates)
    assert sheet.column_dimensions["C"].number_format == "dd.mm.yyyy"


def test_codes_are_kept_as_text_so_that_leading_zeros_stay() -> None:
    _, sheet = workbook("kategorikoder")
    assert headings(sheet)[1] == "kode"
    assert sheet.column_dimensions["B"].number_format == "@"


# --- writing ------------------------------------------------------------------------------------


def test_one_workbook_per_register_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    first = write_templates(tmp_path / "ny" / "maler")
    second = write_templates(tmp_path / "andre")
    assert [path.name for path in first] == [f"{name}.xlsx" for name in REGISTERS]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    with zipfile.ZipFile(first[0]) as archive:
        years = {item.date_time[0] for item in archive.infolist()}
        properties = archive.read("docProps/core.xml").decode()
    assert years == {1980}
    assert str(date.today().year) not in properties  # noqa: DTZ011 - any clock would do


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "avtaler.xlsx").write_text("mitt")
    with pytest.raises(SamkjopError, match=r"forventet en mappe uten maler, fant «avtaler\.xlsx»"):
        write_templates(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["avtaler.xlsx"]
    assert (tmp_path / "avtaler.xlsx").read_text() == "mitt"


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("mitt")
    with pytest.raises(SamkjopError, match="fil: forventet en mappe som malene kan skrives i"):
        write_templates(tmp_path / "fil")
