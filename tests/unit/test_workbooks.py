"""Workbooks as people save them: every row at its own number, exact amounts, nothing unsaid."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from pipelines.extracts.mapped import TabularResult, read_mapped
from pipelines.extracts.mapping import load_mapping
from pipelines.extracts.mapping_suggest import suggest
from pipelines.extracts.xlsx import WorkbookProblem, read_workbook

MAPPING = load_mapping(
    "name: t\ntable: ledger_line\nconstants: {currency: NOK}\n"
    "columns: {supplier_name: Leverandør, amount: Beløp}\n"
)


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Ark{number}")
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(data: bytes) -> TabularResult:
    result = read_mapped(data, "b" * 64, MAPPING, b"key")
    facts = result.facts
    assert facts.rows_in == facts.rows_accepted + facts.rows_quarantined + facts.rows_left_out
    return result


def test_row_numbers_are_the_sheets_own_also_under_empty_rows() -> None:
    data = workbook([[], [], ["Leverandør", "Beløp"], ["A AS", 10], ["B AS", "#####"]])
    result = read(data)
    assert [r.place for r in result.rejections] == ["arket «Ark1», rad 5"]
    assert "kolonnen var for smal" in result.rejections[0].reason
    assert result.tables["ledger_line"]["source_row"].to_list() == [4]


def test_a_float_is_its_two_decimals_and_one_with_more_is_quarantined() -> None:
    rows: list[list[object]] = [["Leverandør", "Beløp"], ["A AS", 0.1 + 0.2], ["B AS", 1.255]]
    result = read(workbook(rows))
    assert result.tables["ledger_line"]["amount"].to_list() == [Decimal("0.30")]
    assert "høyst 2 desimaler, fant «1.255»" in result.rejections[0].reason


def test_a_sheet_that_lacks_the_amount_is_told_of_and_counted() -> None:
    good: list[list[object]] = [["Leverandør", "Dato", "Beløp"], ["A AS", "x", 10]]
    mapping = load_mapping(
        "name: t\ntable: ledger_line\ncolumns: {supplier_name: Leverandør, text: Dato, "
        "amount: Beløp}\n"
    )
    data = workbook(good, [["Leverandør", "Dato", "Kroner"], ["B AS", "y", 20]])
    result = read_mapped(data, "b" * 64, mapping, b"key")
    assert [(r.place, "«Beløp»" in r.reason) for r in result.rejections] == [("arket «Ark2»", True)]
    assert (result.facts.rows_in, result.facts.rows_quarantined) == (2, 1)


def test_a_draft_names_what_the_columns_are_called_in_every_sheet() -> None:
    data = workbook(
        [["Supplier", "Date", "Amount"], ["SKIPS LTD", "31/01/2024", 10]],
        [["* Supplier Name", "* Date", "* Net Amount"], ["BINS LTD", "29/02/2024", 20]],
    )
    result = read_mapped(data, "b" * 64, load_mapping(suggest(data, "a.xlsx").text), b"key")
    assert result.rejections == []
    table = result.tables["ledger_line"]
    assert table["amount"].to_list() == [Decimal("10.00"), Decimal("20.00")]
    assert table["supplier_name"].to_list() == ["SKIPS LTD", "BINS LTD"]


def test_a_cell_in_the_far_corner_is_refused_with_the_place() -> None:
    content = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(workbook([["a"], ["b"]])))
    with old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb'r="A2"', b'r="XFD1048576"', data)
            new.writestr(name, data)
    with pytest.raises(WorkbookProblem, match="rad 1048576 og kolonne 16384, mer enn grensen"):
        read_workbook(content.getvalue(), 1_000_000)


def test_a_sheet_over_the_limit_is_refused_though_it_could_be_read() -> None:
    with pytest.raises(WorkbookProblem, match="rad 3 og kolonne 2, mer enn grensen på 5 celler"):
        read_workbook(workbook([[1, 2], [3, 4], [5, 6]]), 5)


def test_a_remark_beside_the_table_is_no_moved_field() -> None:
    text = "Leverandør,Beløp,Avdeling\n" + "A AS,10.00,Skole\n" * 8
    result = read(f"{text}B AS,5.00,Skole,1\nC,D AS,5.00,Skole\n".encode())
    assert result.facts.amount_accepted == Decimal("85.00")
    assert ["flere felt enn overskriften" in r.reason for r in result.rejections] == [True]
