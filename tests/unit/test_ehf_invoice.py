"""What is read out of an invoice, and what is refused; expected values are worked out by hand."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pytest

from pipelines.extracts.ehf_invoice import EhfReader
from pipelines.extracts.ubl_reader import UblResult
from tests.ubl import invoice, line


def read(*documents: bytes) -> UblResult:
    reader = EhfReader(b"test key")
    for data in documents:
        reader.add(data, hashlib.sha256(data).hexdigest())
    return reader.finish()


def document(data: bytes) -> dict[str, Any]:
    result = read(data)
    assert result.rejections == []
    return result.tables["ehf_document"].row(0, named=True)


def lines(data: bytes) -> list[tuple[str, Decimal]]:
    result = read(data)
    assert result.rejections == []
    return result.tables["ehf_line"].sort("source_row").select("line_kind", "amount").rows()


def reason(data: bytes) -> str:
    result = read(data)
    assert result.tables["ehf_document"].is_empty()
    assert result.tables["ehf_line"].is_empty()
    return f"{result.rejections[0].place}: {result.rejections[0].reason}"


def charge(amount: str, indicator: str) -> str:
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReason>Frakt</cbc:AllowanceChargeReason>"
        f'<cbc:Amount currencyID="NOK">{amount}</cbc:Amount></cac:AllowanceCharge>'
    )


def test_an_invoice_that_adds_up_has_no_difference_line() -> None:
    assert lines(invoice("100.00")) == [("line", Decimal("100.00"))]


def test_document_level_charges_and_allowances_are_lines_of_their_own() -> None:
    data = invoice("120.00", extra=charge("30", "true") + charge("10", "false"))
    assert lines(data) == [
        ("line", Decimal("100.00")),
        ("charge", Decimal("30.00")),
        ("allowance", Decimal("-10.00")),
    ]


def test_what_the_lines_lack_is_a_line_of_its_own() -> None:
    assert lines(invoice("104.50")) == [
        ("line", Decimal("100.00")),
        ("difference", Decimal("4.50")),
    ]


def test_a_document_without_lines_is_one_difference() -> None:
    assert lines(invoice("75.00", lines="")) == [("difference", Decimal("75.00"))]


def test_a_credit_note_counts_negative() -> None:
    data = invoice("100.00", extra=charge("10", "false"), root="CreditNote")
    assert document(data)["tax_exclusive_amount"] == Decimal("-100.00")
    assert lines(data) == [
        ("line", Decimal("-100.00")),
        ("allowance", Decimal("10.00")),
        ("difference", Decimal("-10.00")),
    ]


def test_a_third_decimal_is_rounded_and_flagged_and_no_ore_is_lost() -> None:
    data = invoice("0.67", line(1, "0.335") + line(2, "0.335"))
    assert document(data)["has_rounded_amounts"] is True
    assert sum(amount for _, amount in lines(data)) == Decimal("0.67")


def test_zeros_after_the_second_decimal_are_no_rounding() -> None:
    assert document(invoice("100.000000"))["has_rounded_amounts"] is False


@pytest.mark.parametrize(
    ("seller", "orgnr"),
    [
        ('<cbc:CompanyID schemeID="0192">974760673</cbc:CompanyID>', "974760673"),
        ('<cbc:CompanyID schemeID="NO:ORGNR">974 760 673</cbc:CompanyID>', "974760673"),
        ('<cbc:CompanyID schemeID="0192">974760674</cbc:CompanyID>', None),
        ('<cbc:CompanyID schemeID="0007">974760673</cbc:CompanyID>', None),
        ("<cbc:CompanyID>974760673</cbc:CompanyID>", None),
    ],
)
def test_nine_digits_are_an_orgnr_only_when_the_scheme_says_so(
    seller: str, orgnr: str | None
) -> None:
    assert document(invoice(seller=seller))["seller_orgnr"] == orgnr


def test_a_seller_with_a_birth_number_becomes_a_pseudonym() -> None:
    seller = "<cbc:CompanyID>01017012345</cbc:CompanyID>"
    row = document(invoice(seller=seller, seller_name="Fosterhjem Hansen"))
    assert row["seller_is_private_person"] is True
    assert "01017012345" not in str(row)
    assert "Hansen" not in str(row)


def test_the_same_private_person_is_the_same_pseudonym_whatever_the_document() -> None:
    first = document(invoice(seller="", seller_name="Kari Nordmann"))
    second = document(invoice(seller="", seller_name="Kari Nordmann", number="F-2"))
    assert first["seller_party_id"] == second["seller_party_id"]
    assert first["seller_name"].startswith("Privatperson ")


def test_a_firm_without_a_number_keeps_its_name() -> None:
    row = document(invoice(seller="", seller_name="Nordmann Bygg AS"))
    assert row["seller_name"] == "Nordmann Bygg AS"


def test_the_document_inside_a_business_envelope_is_read() -> None:
    inner = invoice().split(b"\n", 1)[1]
    name = b"http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    data = b'<StandardBusinessDocument xmlns="%s"><StandardBusinessDocumentHeader/>%s' % (
        name,
        inner,
    )
    assert document(data + b"</StandardBusinessDocument>")["document_number"] == "F-1"


def test_item_classifications_are_kept_in_order() -> None:
    item = "".join(
        "<cac:CommodityClassification><cbc:ItemClassificationCode "
        f'listID="{name}">{code}</cbc:ItemClassificationCode></cac:CommodityClassification>'
        for name, code in (("STI", "33600000-6"), ("MP", "51000000"))
    )
    table = read(invoice(lines=line(item=item))).tables["ehf_line_classification"]
    assert table.select("position", "list_id", "code").rows() == [
        (1, "STI", "33600000-6"),
        (2, "MP", "51000000"),
    ]


def test_the_vat_total_is_the_one_in_the_documents_currency() -> None:
    totals = "".join(
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{code}">{amount}</cbc:TaxAmount></cac:TaxTotal>'
        for code, amount in (("SEK", "999"), ("NOK", "25"))
    )
    assert document(invoice(extra=totals))["tax_amount"] == Decimal("25.00")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (invoice(number=""), "dokumentet: mangler cbc:ID"),
        (invoice(issue_date="2024-02-30"), "IssueDate: forventet en dato"),
        (invoice(issue_date="02.05.2024"), "fant «02.05.2024»"),
        (invoice(total=None), "mangler LegalMonetaryTotal/TaxExclusiveAmount"),
        (invoice(total="1,234.00"), "forventet et beløp, fant «1,234.00»"),
        (invoice(total="1e5"), "forventet et beløp, fant «1e5»"),
        (invoice(total="99999999999999999999"), "forventet et beløp"),
        (invoice(lines=line(2, "")), "linje 1: mangler LineExtensionAmount"),
        (invoice(lines=line(1, "abc")), "linje 1: LineExtensionAmount: forventet et beløp"),
        (invoice("110.00", extra=charge("10", "")), "AllowanceCharge 1/ChargeIndicator"),
        (invoice(total="1" * 40, number=""), "mangler cbc:ID"),
        (invoice(total="9" * 40, customization="x:ehf:reminder:3"), "purring"),
        (b"<Order/>", "fant rotelementet «Order»"),
        (b"<Invoice/>", "fant rotelementet «Invoice»"),
        (b"<Invoice", "ikke velformet XML"),
        (b"<?xml version='1.0' encoding='tull'?><a/>", "ikke velformet XML"),
        (invoice(customization="urn:fdc:anskaffelser.no:2019:ehf:reminder:3.0"), "purring"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "DOCTYPE"),
    ],
)
def test_what_breaks_the_contract_is_refused_whole_with_its_place(
    data: bytes, expected: str
) -> None:
    assert expected in reason(data)


def test_a_bad_document_does_not_touch_the_good_ones() -> None:
    result = read(invoice(number="A"), invoice(total="x"), b"junk", invoice(number="B"))
    assert sorted(result.tables["ehf_document"]["document_number"]) == ["A", "B"]
    assert len(result.rejections) == 2


def test_in_is_accepted_plus_quarantined_for_rows_and_money() -> None:
    documents = (invoice("100.00"), invoice("50.00", line(1, "x")), invoice(number=""), b"junk")
    facts = read(*documents).facts
    assert len(facts) == 4
    for fact in facts:
        assert fact.rows_in == fact.rows_accepted + fact.rows_quarantined
        if fact.amount_in is not None:
            assert fact.amount_accepted is not None
            assert fact.amount_quarantined is not None
            assert fact.amount_in == fact.amount_accepted + fact.amount_quarantined
    assert sum(fact.amount_in or 0 for fact in facts) == Decimal("250.00")


def test_the_amount_in_a_currency_other_than_the_documents_is_refused() -> None:
    data = invoice().replace(b'"NOK">100.00</cbc:TaxE', b'"EUR">100.00</cbc:TaxE')
    assert "beløpet er i EUR, mens dokumentets valuta er NOK" in reason(data)


def test_a_fifty_megabyte_attachment_is_accepted_and_not_kept() -> None:
    attachment = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">'
        + "QUJD" * 12_500_000
        + "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    row = document(invoice(extra=attachment))
    assert row["attachment_count"] == 1
    assert len(str(row)) < 10_000


def test_a_credit_note_negates_the_quantity_and_not_the_base_quantity() -> None:
    base = b"<cbc:BaseQuantity>10</cbc:BaseQuantity></cac:Price>"
    data = invoice(root="CreditNote").replace(b"</cac:Price>", base)
    row = read(data).tables["ehf_line"].row(0, named=True)
    assert (row["quantity"], row["base_quantity"]) == (Decimal("-1"), Decimal("10"))


def test_a_difference_too_large_for_the_lake_is_refused() -> None:
    one = line(1, "-999999999999.00")
    assert "differansen mellom linjene" in reason(invoice("999999999999.00", one * 10_001))
