"""Hostile and unlucky input that must end in quarantine, not in an exception and not in silence."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from pipelines.extracts.detect import shape_of
from pipelines.extracts.readers import Reader, ReadOptions
from pipelines.extracts.registers import RegisterResult, read_registers
from pipelines.extracts.result import Extracted
from tests.ubl import invoice, line

REMINDER = "urn:fdc:anskaffelser.no:2017:ehf:reminder:3.0"
UNITS = "enhet_id;navn\n"
AGREEMENT = "avtale_id;tittel;bindende;gyldig_fra;sluttdato;tak\na;T;ja;2024-01-01;2025-01-01;"


def read(data: bytes, name: str = "fil") -> tuple[Extracted, str]:
    sha256 = hashlib.sha256(data).hexdigest()
    reader = Reader(ReadOptions(b"key", 1_000_000))
    reader.add(data, sha256, name)
    return reader.finish(), sha256


def register(content: str, name: str = "fil") -> RegisterResult:
    data = content.encode()
    return read_registers(data, shape_of(data), "f" * 64, name, 1_000_000)


def ceiling(text: str) -> list[Decimal | None]:
    table = register(AGREEMENT + text + "\n").tables["reg_agreement"]
    return table["ceiling_nok"].to_list()


def test_a_refused_document_with_an_endless_total_is_quarantined() -> None:
    result, sha256 = read(invoice("9" * 30, customization=REMINDER))
    assert result.facts[sha256].rows_quarantined == 1
    assert result.facts[sha256].amount_in is None


def test_the_amount_of_a_refused_document_fits_the_manifest() -> None:
    result, sha256 = read(invoice("9" * 20, customization=REMINDER))
    amount = result.facts[sha256].amount_in
    assert amount is None or abs(amount) < Decimal(10) ** 16


def test_lines_whose_difference_overflows_are_quarantined() -> None:
    # The price must be plausible, or that alone is the reason.
    one = line(1, "-9999999999999999.99").replace(
        'PriceAmount currencyID="NOK">-9999999999999999.99', 'PriceAmount currencyID="NOK">1'
    )
    result, sha256 = read(invoice("9999999999999999.99", lines=one))
    assert result.facts[sha256].rows_accepted == 0
    assert result.rejections


def test_an_accepted_document_without_lines_counts_as_a_row() -> None:
    result, sha256 = read(invoice("75.00", lines=""))
    assert result.tables["ehf_document"][0].height == 1
    assert result.facts[sha256].rows_accepted > 0


def test_a_foreign_company_with_an_eleven_digit_number_is_no_private_person() -> None:
    seller = '<cbc:CompanyID schemeID="0151">51824753556</cbc:CompanyID>'  # ABN, ISO 6523 0151
    result, _ = read(invoice(seller=seller, seller_name="Sky Pty Ltd"))
    document = result.tables["ehf_document"][0].row(0, named=True)
    assert document["seller_is_private_person"] is False
    assert document["seller_name"] == "Sky Pty Ltd"


def test_a_private_persons_number_is_not_left_in_the_payee() -> None:
    seller = '<cbc:CompanyID schemeID="0192">01017012345</cbc:CompanyID>'
    payee = (
        "<cac:PayeeParty><cac:PartyIdentification><cbc:ID>01017012345</cbc:ID>"
        "</cac:PartyIdentification></cac:PayeeParty>"
    )
    result, _ = read(invoice(seller=seller, seller_name="Ola Nordmann", extra=payee))
    document = result.tables["ehf_document"][0].row(0, named=True)
    assert "01017012345" not in document.values()


def test_a_register_with_headings_only_is_read_as_empty() -> None:
    result = register("enhet_id;navn;orgnr\n")
    assert (result.rows_in, result.rejections) == (0, [])


def test_a_workbook_with_damaged_compression_is_quarantined() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", "<c r='A1'/>" * 400)
    data = bytearray(stream.getvalue())
    start = data.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[start : start + 4] = b"\xff\xff\xff\xff"  # a block type that deflate does not have
    result, sha256 = read(bytes(data))
    assert result.facts[sha256].rows_quarantined == 1


@pytest.mark.parametrize(("tag", "text"), [("!!timestamp", "x"), ("!!bool", "z"), ("!!int", "7")])
def test_a_yaml_tag_changes_nothing_of_the_text(tag: str, text: str) -> None:
    result = register(f"enheter:\n- enhet_id: {tag} {text}\n  navn: A\n")
    assert result.tables["reg_unit"]["unit_id"].to_list() == [text]


@pytest.mark.parametrize("value", ["0110", "12:30:45", "1_000", "no"])
def test_an_identifier_in_yaml_is_the_text_that_was_written(value: str) -> None:
    result = register(f"enheter:\n- enhet_id: {value}\n  navn: A\n")
    assert result.tables["reg_unit"]["unit_id"].to_list() == [value]


def test_a_yaml_register_that_stands_twice_loses_no_row() -> None:
    text = "enheter:\n- enhet_id: a\n  navn: A\nenheter:\n- enhet_id: b\n  navn: B\n"
    result = register(text)
    assert result.rejections or result.tables["reg_unit"].height == 2


def test_an_unclosed_quote_in_csv_is_quarantined() -> None:
    result = register(UNITS + '1;A\n2;"B\n3;C\n4;D\n')
    assert result.rejections
    assert result.rows_in == result.rows_quarantined + sum(
        table.height for table in result.tables.values()
    )


def test_kroner_written_with_a_dash_for_the_oere_are_positive() -> None:
    assert ceiling("5 000 000,-") == [Decimal("5000000.00")]


def test_commas_between_thousands_are_no_decimal_mark() -> None:
    assert ceiling('"1,234,567"') == [Decimal("1234567.00")]


def test_money_with_more_than_two_decimals_is_quarantined() -> None:
    text = (
        "avtaler:\n- avtale_id: a\n  tittel: T\n  gyldig_fra: 2024-01-01\n"
        "  sluttdato: 2025-01-01\n  bindende: ja\n  tak: 100.505\n"
    )
    assert register(text).rejections


def test_an_effective_date_that_is_none_is_said() -> None:
    result = register("enhet_id;navn;gyldig_per\n1;A;31.13.2024\n")
    assert result.rejections or result.notes


def test_the_cell_goes_before_the_file_name() -> None:
    text = "enhet_id;navn;gyldig_per\n1;A;2023-01-01\n"
    assert register(text, "enheter_2024-12-31.csv").effective_date == date(2023, 1, 1)


@pytest.mark.parametrize("day", ["0024-05-02", "2204-05-02"])
def test_an_impossible_issue_date_is_quarantined(day: str) -> None:
    result, sha256 = read(invoice(issue_date=day))
    assert result.facts[sha256].rows_accepted == 0
