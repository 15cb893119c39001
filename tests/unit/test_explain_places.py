"""What stands at a place in an original is exactly what stands there."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.explain.originals import Original, originals
from pipelines.explain.places import Place, places
from pipelines.lake.batches import extract
from pipelines.lake.home import lock, make_home
from pipelines.lake.landing import SourceFile
from pipelines.settings import Settings
from tests.ubl import invoice, line

MAX_CELLS = 10_000


def _original(data: bytes, name: str = "a.xml") -> Original:
    sha256 = hashlib.sha256(data).hexdigest()
    return Original(sha256, name, "ehf_invoice", SourceFile(name, name, sha256, data))


def _at(data: bytes, *numbers: int) -> dict[int, Place]:
    return places(_original(data), numbers, MAX_CELLS)


UBL = b"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:i" xmlns:cac="urn:a" xmlns:cbc="urn:b">
 <cac:AllowanceCharge><cbc:Amount>5</cbc:Amount></cac:AllowanceCharge>
 <cac:LegalMonetaryTotal><cbc:X>9</cbc:X></cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:Note>bl\xc3\xa5b\xc3\xa6r &amp; r\xc3\xb8mme</cbc:Note>
   <cac:AllowanceCharge><cbc:Amount>1</cbc:Amount></cac:AllowanceCharge></cac:InvoiceLine>
 <cac:InvoiceLine><cbc:ID>2</cbc:ID></cac:InvoiceLine >
</Invoice>"""


def test_an_invoice_line_is_shown_byte_for_byte() -> None:
    assert _at(UBL, 1) == {
        1: Place(
            "InvoiceLine nr. 1, fra linje 5",
            "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:Note>blåbær &amp; rømme</cbc:Note>\n"
            "   <cac:AllowanceCharge><cbc:Amount>1</cbc:Amount></cac:AllowanceCharge>"
            "</cac:InvoiceLine>",
        )
    }


def test_charges_follow_the_lines_and_the_rest_is_the_totals() -> None:
    found = _at(UBL, 2, 3, 4, 5)
    assert found[2].text == "<cac:InvoiceLine><cbc:ID>2</cbc:ID></cac:InvoiceLine >"
    assert found[3].text == (
        "<cac:AllowanceCharge><cbc:Amount>5</cbc:Amount></cac:AllowanceCharge>"
    )
    totals = "<cac:LegalMonetaryTotal><cbc:X>9</cbc:X></cac:LegalMonetaryTotal>"
    assert found[4].text == totals == found[5].text


def test_a_file_in_utf_16_is_read_by_its_own_bytes() -> None:
    data = UBL.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert _at(data, 1)[1].text == _at(UBL, 1)[1].text


def test_a_doctype_is_not_read() -> None:
    assert _at(b"<!DOCTYPE a><a/>", 1) == {}


def test_a_posting_is_the_line_of_its_number_over_all_transactions() -> None:
    data = b"""<AuditFile><GeneralLedgerEntries><Journal>
    <Transaction><Line><A>1</A></Line><Line><A>2</A></Line></Transaction>
    <Transaction><Line><A>3</A></Line></Transaction></Journal></GeneralLedgerEntries></AuditFile>"""
    assert _at(data, 3)[3].text == "<Line><A>3</A></Line>"


def test_a_record_with_a_line_break_in_a_cell_is_shown_as_it_stands() -> None:
    data = 'Dato,Tekst,Beløp\r\n2024-01-01,"to\r\nlinjer",1\r\n2024-01-02,én,2\r\n'.encode()
    found = _at(data, 2, 3)
    assert found[2] == Place("tabellen, rad 2", '2024-01-01,"to\nlinjer",1', "Dato\tTekst\tBeløp")
    assert found[3].text == "2024-01-02,én,2"


def test_a_row_of_the_second_sheet_is_found_by_its_number_over_both() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, value in (("en", 1), ("to", 2)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ("Dato", "Beløp"))
            sheet.write_row(1, 0, ("i dag", value))
    assert _at(stream.getvalue(), 4)[4] == Place("arket «to», rad 2", "i dag\t2", "Dato\tBeløp")


def test_a_place_that_is_not_there_is_left_out() -> None:
    assert _at(b"<Order><a/></Order>", 1, 7) == {}
    assert _at(b"a;b\n1;2\n", 9) == {}


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path, settle_seconds=0)
    make_home(settings)
    (settings.landing / "løs.xml").write_bytes(invoice("10.00", line(1, "10.00"), number="L"))
    with zipfile.ZipFile(settings.landing / "flere.zip", "w") as archive:
        archive.writestr("m.xml", invoice("20.00", line(1, "20.00"), number="M"))
    with lock(settings, "test"):
        extract(settings)
    return settings


def _sha(number: str, amount: str) -> str:
    return hashlib.sha256(invoice(amount, line(1, amount), number=number)).hexdigest()


def test_originals_are_found_loose_and_in_archives(home: Settings) -> None:
    wanted = [_sha("L", "10.00"), _sha("M", "20.00"), "0" * 64]
    found = {original.sha256: original for original in originals(home, wanted)}
    assert set(found) == set(wanted[:2])
    assert found[wanted[1]].name == "flere.zip/m.xml"
    with found[wanted[1]].open() as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == wanted[1]


def test_an_original_that_was_changed_afterwards_is_no_evidence(home: Settings) -> None:
    sha256 = _sha("L", "10.00")
    path = home.archive / sha256
    path.write_bytes(path.read_bytes().replace(b"10.00", b"11.00"))
    (found,) = originals(home, [sha256])
    assert found.source is None
    assert found.problem is not None and "endret" in found.problem
    assert places(found, [1], MAX_CELLS) == {}
