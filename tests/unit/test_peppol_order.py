"""What is read out of orders and the answers to them; expected values are worked out by hand."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.extracts.contracts import peppol
from pipelines.extracts.peppol_order import OrderReader
from pipelines.extracts.ubl_reader import UblResult
from pipelines.extracts.ubl_walk import document_in
from pipelines.extracts.xml import parse_xml
from tests.ubl import CAC, CBC

BIS3 = "urn:fdc:peppol.eu:poacc:trns:order:3"


def amount(element: str, value: str, currency: str = "NOK") -> str:
    return f'<cbc:{element} currencyID="{currency}">{value}</cbc:{element}>'


def line(number: int = 1, value: str | None = "100.00", inside: str = "", after: str = "") -> str:
    """Return an OrderLine; `inside` goes into LineItem, `after` behind it."""
    total = "" if value is None else amount("LineExtensionAmount", value)
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID>{inside}"
        f'<cbc:Quantity unitCode="EA">2</cbc:Quantity>{total}'
        f"<cac:Item><cbc:Name>Vare {number}</cbc:Name></cac:Item></cac:LineItem>{after}"
        "</cac:OrderLine>"
    )


def charge(value: str, indicator: str = "true") -> str:
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        f"<cbc:AllowanceChargeReason>Frakt</cbc:AllowanceChargeReason>{amount('Amount', value)}"
        "</cac:AllowanceCharge>"
    )


def total(**amounts: str) -> str:
    inside = "".join(amount(element, value) for element, value in amounts.items())
    return f"<cac:AnticipatedMonetaryTotal>{inside}</cac:AnticipatedMonetaryTotal>"


def order(
    *parts: str,
    root: str = "Order",
    number: str = "B-1",
    customization: str = BIS3,
    currency: str | None = "NOK",
) -> bytes:
    code = (
        ""
        if currency is None
        else f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>"
    )
    return (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        f'xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
        f"<cbc:CustomizationID>{customization}</cbc:CustomizationID><cbc:ID>{number}</cbc:ID>"
        f"<cbc:IssueDate>2024-05-02</cbc:IssueDate>{code}{''.join(parts)}</{root}>"
    ).encode()


def read(*documents: bytes) -> UblResult:
    reader = OrderReader(b"test key")
    for data in documents:
        reader.add(data, hashlib.sha256(data).hexdigest())
    return reader.finish()


def document(data: bytes) -> dict[str, Any]:
    result = read(data)
    assert result.rejections == []
    return result.tables["peppol_order"].row(0, named=True)


def rows(data: bytes, table: str) -> list[dict[str, Any]]:
    result = read(data)
    assert result.rejections == []
    return result.tables[table].rows(named=True)


def reason(data: bytes) -> str:
    result = read(data)
    assert all(frame.is_empty() for frame in result.tables.values())
    assert result.facts[0].rows_quarantined == result.facts[0].rows_in >= 1
    return f"{result.rejections[0].place}: {result.rejections[0].reason}"


def test_the_total_is_the_stated_one_without_vat() -> None:
    data = order(
        line(value="6525.00"),
        total(LineExtensionAmount="6525.00", TaxExclusiveAmount="6272.50", PayableAmount="6363"),
    )
    found = document(data)
    assert (found["total_amount"], found["total_evidence"]) == (Decimal("6272.50"), "tax_exclusive")
    assert found["lines_difference_amount"] == Decimal("-252.50")


def test_without_it_the_total_is_lines_less_allowances_plus_charges_t01_r011() -> None:
    data = order(
        line(value="1000.00"),
        total(
            LineExtensionAmount="1000.00",
            AllowanceTotalAmount="100.00",
            ChargeTotalAmount="30.50",
            PayableAmount="1163.13",
        ),
    )
    found = document(data)
    assert (found["total_amount"], found["total_evidence"]) == (Decimal("930.50"), "line_extension")


def test_charges_that_no_total_sums_up_count_all_the_same() -> None:
    data = order(charge("40.00"), line(), total(LineExtensionAmount="100.00", PayableAmount="175"))
    assert document(data)["total_amount"] == Decimal("140.00")


def test_an_order_without_totals_is_the_sum_of_its_rows() -> None:
    data = order(charge("30.00"), charge("5.00", "false"), line(1), line(2, "19.99"))
    found = document(data)
    assert (found["total_amount"], found["total_evidence"]) == (Decimal("144.99"), "lines")
    kinds = [(row["line_kind"], row["amount"]) for row in rows(data, "peppol_order_line")]
    assert kinds == [
        ("line", Decimal("100.00")),
        ("line", Decimal("19.99")),
        ("charge", Decimal("30.00")),
        ("allowance", Decimal("-5.00")),
    ]


def test_a_payable_amount_alone_is_taken_less_its_vat() -> None:
    tax = f"<cac:TaxTotal>{amount('TaxAmount', '250.00')}</cac:TaxTotal>"
    data = order(tax, line(value=None), total(PrepaidAmount="10.00", PayableAmount="1240.00"))
    found = document(data)
    assert (found["total_amount"], found["total_evidence"]) == (Decimal("1000.00"), "payable")


def test_an_order_with_an_unpriced_line_and_no_total_has_no_amount() -> None:
    data = order(line(1), line(2, None))
    found = document(data)
    assert found["total_amount"] is None
    assert found["total_evidence"] is None
    facts = read(data).facts[0]
    assert facts[1:8] == (2, 2, 0, "NOK", None, None, None)


@pytest.mark.parametrize(("status", "expected"), [("3", Decimal("200.00")), ("2", None)])
def test_a_deleted_line_is_not_summed_up_to_a_total(status: str, expected: Decimal | None) -> None:
    code = f"<cbc:LineStatusCode>{status}</cbc:LineStatusCode>"
    data = order(line(1), line(2, inside=code), root="OrderChange")
    assert document(data)["total_amount"] == expected


def test_a_change_names_the_order_its_sequence_and_what_happens_to_each_line() -> None:
    data = order(
        "<cbc:SequenceNumberID>2</cbc:SequenceNumberID>",
        "<cac:OrderReference><cbc:ID>B-7</cbc:ID></cac:OrderReference>",
        line(inside="<cbc:LineStatusCode>3</cbc:LineStatusCode>"),
        root="OrderChange",
    )
    found = document(data)
    assert found["document_kind"] == "order_change"
    assert (found["order_reference"], found["sequence_number"]) == ("B-7", "2")
    assert rows(data, "peppol_order_line")[0]["status_code"] == "3"


def test_a_cancellation_without_lines_or_amount_counts_as_a_row() -> None:
    data = order(
        "<cbc:CancellationNote>Feil vare</cbc:CancellationNote>",
        "<cac:OrderReference><cbc:ID>B-7</cbc:ID></cac:OrderReference>",
        root="OrderCancellation",
        currency=None,
    )
    found = document(data)
    assert found["document_kind"] == "order_cancellation"
    assert found["rejection_note"] == "Feil vare"
    assert read(data).facts[0][1:8] == (1, 1, 0, None, None, None, None)


def test_a_response_promises_dates_per_line_and_may_substitute_the_item() -> None:
    promised = (
        "<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:StartDate>2024-05-10</cbc:StartDate>"
        "<cbc:EndDate>2024-05-12</cbc:EndDate></cac:PromisedDeliveryPeriod></cac:Delivery>"
    )
    later = promised.replace("05-1", "06-1")
    behind = (
        "<cac:SellerSubstitutedLineItem><cbc:ID>9</cbc:ID><cac:Item><cbc:Name>Erstatning</cbc:Name>"
        "<cac:SellersItemIdentification><cbc:ID>S-2</cbc:ID></cac:SellersItemIdentification>"
        "</cac:Item></cac:SellerSubstitutedLineItem>"
        "<cac:OrderLineReference><cbc:LineID>4</cbc:LineID></cac:OrderLineReference>"
    )
    data = order(
        "<cbc:OrderResponseCode>CA</cbc:OrderResponseCode>",
        line(value=None, inside=promised + later, after=behind),
        root="OrderResponse",
    )
    assert document(data)["response_code"] == "CA"
    found = rows(data, "peppol_order_line")[0]
    assert (found["promised_start"], found["promised_end"]) == (
        date(2024, 5, 10),
        date(2024, 5, 12),
    )
    assert (found["order_line_reference"], found["delivery_count"]) == ("4", 2)
    assert (found["substitute_name"], found["substitute_sellers_item_id"]) == ("Erstatning", "S-2")
    deliveries = rows(data, "peppol_order_delivery")
    assert [(row["source_row"], row["promised_end"]) for row in deliveries] == [
        (1, date(2024, 5, 12)),
        (1, date(2024, 6, 12)),
    ]


def test_where_and_when_the_whole_order_is_wanted_is_read() -> None:
    delivery = (
        '<cac:Delivery><cac:DeliveryLocation><cbc:ID schemeID="0088">7080000000001</cbc:ID>'
        "</cac:DeliveryLocation><cac:RequestedDeliveryPeriod><cbc:EndDate>2024-05-20</cbc:EndDate>"
        "</cac:RequestedDeliveryPeriod><cac:DeliveryParty><cac:PartyName><cbc:Name>Vaktmester"
        "</cbc:Name></cac:PartyName></cac:DeliveryParty></cac:Delivery>"
    )
    data = order(delivery, line())
    found = document(data)
    assert (found["delivery_location_id"], found["requested_end"]) == (
        "7080000000001",
        date(2024, 5, 20),
    )
    assert found["delivery_party_name"] == "Vaktmester"
    assert rows(data, "peppol_order_line")[0]["requested_end"] is None


def test_a_simple_response_says_yes_or_no() -> None:
    data = order("<cbc:AcceptedIndicator>false</cbc:AcceptedIndicator>", root="OrderResponseSimple")
    assert document(data)["is_accepted"] is False


@pytest.mark.parametrize(
    ("customization", "kind"),
    [
        ("urn:fdc:peppol.eu:poacc:trns:order_agreement:3", "order_agreement"),
        ("urn:www.cenbii.eu:transaction:biitrns110:ver1.0", "order_agreement"),
        ("urn:fdc:peppol.eu:poacc:trns:order_response:3", "order_response"),
    ],
)
def test_an_agreement_is_told_from_a_response(customization: str, kind: str) -> None:
    data = order(line(), root="OrderResponse", customization=customization)
    assert document(data)["document_kind"] == kind


def test_what_finds_the_unit_is_read() -> None:
    data = order(
        "<cbc:CustomerReference>Skole-12</cbc:CustomerReference>",
        "<cbc:AccountingCost>4410</cbc:AccountingCost>",
        "<cac:Contract><cbc:ID>A-1</cbc:ID></cac:Contract>",
        "<cac:BuyerCustomerParty><cac:Party>"
        '<cbc:EndpointID schemeID="0192">974760673</cbc:EndpointID>'
        "<cac:Contact><cbc:Name>Kari</cbc:Name></cac:Contact></cac:Party></cac:BuyerCustomerParty>",
        line(inside="<cbc:AccountingCost>4411</cbc:AccountingCost>"),
    )
    found = document(data)
    assert (found["buyer_reference"], found["accounting_cost"]) == ("Skole-12", "4410")
    assert (found["buyer_orgnr"], found["buyer_contact_name"]) == ("974760673", "Kari")
    assert found["contract_reference"] == "A-1"
    assert rows(data, "peppol_order_line")[0]["accounting_cost"] == "4411"


def test_a_private_seller_becomes_a_pseudonym() -> None:
    data = order(
        "<cac:SellerSupplierParty><cac:Party><cac:PartyLegalEntity>"
        "<cbc:RegistrationName>Ola Nordmann</cbc:RegistrationName>"
        "</cac:PartyLegalEntity></cac:Party></cac:SellerSupplierParty>",
        line(),
    )
    found = document(data)
    assert found["seller_is_private_person"] is True
    assert "Nordmann" not in str(found)


def test_a_line_keeps_its_price_and_its_own_allowances() -> None:
    price = (
        f"<cac:Price>{amount('PriceAmount', '52.125')}"
        '<cbc:BaseQuantity unitCode="EA">10</cbc:BaseQuantity></cac:Price>'
    )
    data = order(line(inside=charge("6.00") + charge("3.00", "0") + price))
    found = rows(data, "peppol_order_line")[0]
    assert (found["price_amount"], found["base_quantity"]) == (Decimal("52.125"), Decimal(10))
    assert (found["line_charge_amount"], found["line_allowance_amount"]) == (
        Decimal("6.00"),
        Decimal("3.00"),
    )


def test_an_order_in_an_envelope_is_read() -> None:
    inner = order(line()).decode()
    data = (
        "<StandardBusinessDocument xmlns="
        '"http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
        f"<StandardBusinessDocumentHeader/>{inner}</StandardBusinessDocument>"
    ).encode()
    assert document(data)["document_number"] == "B-1"


def test_a_third_decimal_is_rounded_and_said_so() -> None:
    found = document(order(line(value="10.006")))
    assert found["has_rounded_amounts"] is True
    assert found["total_amount"] == Decimal("10.01")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (order(line(), number=" "), "dokumentet: mangler cbc:ID"),
        (
            order(line(value="1,50")),
            "linje 1: LineExtensionAmount: forventet et beløp, fant «1,50»",
        ),
        (order(line(), currency=None).replace(b' currencyID="NOK"', b""), "mangler cbc:Document"),
        (
            order(line(), currency="EUR"),
            "linje 1: beløpet er i NOK, mens dokumentets valuta er EUR",
        ),
        (order(charge("3", "kanskje"), line()), "linje 2: ChargeIndicator: forventet true eller"),
        (order(charge(" "), line()), "linje 2: mangler Amount"),
        (
            order(charge("ti"), line()),
            "linje 2: LineExtensionAmount: forventet et beløp, fant «ti»",
        ),
        (order(line(inside=charge("3", ""))), "linje 1, rabatt eller gebyr: mangler ChargeInd"),
        (
            order(line(value="9" * 30)),
            "linje 1: LineExtensionAmount: forventet et beløp under 1 000 milliarder, fant",
        ),
        (
            order(*(line(number, "999999999999.00") for number in range(1, 10_003))),
            "dokumentet: summen uten mva er større enn",
        ),
        (order(root="Quotation"), "linje 1: dette er et tilbud"),
        (order(root="Invoice"), "linje 1: forventet en ordre, ordreendring"),
        (b"<Order", "linje 1: filen er ikke velformet XML"),
        (b"", "linje 1: filen er tom"),
    ],
)
def test_what_breaks_the_contract_is_refused_with_place_and_reason(
    data: bytes, expected: str
) -> None:
    assert expected in reason(data)


def test_a_refused_order_is_counted_with_its_rows_and_its_amount() -> None:
    bad = order(line(1), line(2, "50.00"), number="")
    result = read(bad, order(line()))
    by_file = {facts.source_sha256: facts for facts in result.facts}
    facts = by_file[hashlib.sha256(bad).hexdigest()]
    assert facts[1:8] == (2, 0, 2, "NOK", Decimal("150.00"), Decimal("0.00"), Decimal("150.00"))
    assert result.tables["peppol_order"]["document_number"].to_list() == ["B-1"]


def test_a_wrong_delivery_date_is_one_rejection_not_two() -> None:
    wrong = (
        "<cac:Delivery><cac:RequestedDeliveryPeriod><cbc:EndDate>snart</cbc:EndDate>"
        "</cac:RequestedDeliveryPeriod></cac:Delivery>"
    )
    rejections = read(order(line(1), line(2, inside=wrong))).rejections
    assert [(each.place, each.raw) for each in rejections] == [
        ("levering av linje 2 (0 er hele ordren)", "snart")
    ]


def test_a_long_value_is_shortened_in_the_reason() -> None:
    assert len(reason(order(line(value="x" * 5000)))) < 200


def test_tables_have_exactly_their_contracts_even_without_a_document() -> None:
    for result in (read(), read(order(line()))):
        assert set(result.tables) == {table.name for table in peppol.ORDER_TABLES}
        for table in peppol.ORDER_TABLES:
            assert result.tables[table.name].schema == table.schema()


def test_a_parsed_document_is_read_as_its_bytes_are() -> None:
    data = order(line())
    reader = OrderReader(b"test key")
    reader.add_root(document_in(parse_xml(data)), hashlib.sha256(data).hexdigest())
    found = reader.finish()
    assert found.tables["peppol_order"].equals(read(data).tables["peppol_order"])
