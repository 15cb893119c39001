"""What is read out of despatch and receipt advices; expected values are worked out by hand."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.extracts.contracts import peppol
from pipelines.extracts.peppol_despatch import DespatchReader
from pipelines.extracts.ubl_reader import UblResult
from tests.ubl import CAC, CBC

ORDER_LINE = (
    "<cac:OrderLineReference><cbc:LineID>7</cbc:LineID>"
    "<cac:OrderReference><cbc:ID>B-1</cbc:ID></cac:OrderReference></cac:OrderLineReference>"
)


def quantity(element: str, value: str) -> str:
    return f'<cbc:{element} unitCode="KGM">{value}</cbc:{element}>'


def line(quantities: str, item: str = "", root: str = "DespatchAdvice") -> str:
    name = root.replace("Advice", "Line")
    return (
        f"<cac:{name}><cbc:ID>1</cbc:ID>{quantities}{ORDER_LINE}"
        f"<cac:Item><cbc:Name>Epler</cbc:Name>{item}</cac:Item></cac:{name}>"
    )


def party(element: str, orgnr: str) -> str:
    return (
        f'<cac:{element}><cac:Party><cac:PartyIdentification><cbc:ID schemeID="0192">{orgnr}'
        f"</cbc:ID></cac:PartyIdentification></cac:Party></cac:{element}>"
    )


def advice(*parts: str, root: str = "DespatchAdvice", number: str = "P-1") -> bytes:
    return (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        f'xmlns:cac="{CAC}" xmlns:cbc="{CBC}"><cbc:ID>{number}</cbc:ID>'
        f"<cbc:IssueDate>2024-05-02</cbc:IssueDate>{''.join(parts)}</{root}>"
    ).encode()


def read(*documents: bytes) -> UblResult:
    reader = DespatchReader(b"test key")
    for data in documents:
        reader.add(data, hashlib.sha256(data).hexdigest())
    return reader.finish()


def only(data: bytes, table: str) -> dict[str, Any]:
    result = read(data)
    assert result.rejections == []
    return result.tables[table].row(0, named=True)


def test_a_despatch_line_says_what_was_sent_and_what_is_to_come() -> None:
    quantities = quantity("DeliveredQuantity", "4.25") + quantity("OutstandingQuantity", "1")
    found = only(advice(line(quantities)), "peppol_despatch_line")
    assert (found["delivered_quantity"], found["unit_code"]) == (Decimal("4.25"), "KGM")
    assert found["outstanding_quantity"] == Decimal(1)
    assert (found["order_reference"], found["order_line_reference"]) == ("B-1", "7")


def test_a_receipt_line_says_what_came_lacked_and_was_refused() -> None:
    quantities = (
        quantity("ReceivedQuantity", "90")
        + quantity("ShortQuantity", "10")
        + quantity("RejectedQuantity", "1")
        + "<cbc:RejectReason>Skadet</cbc:RejectReason>"
    )
    data = advice(line(quantities, root="ReceiptAdvice"), root="ReceiptAdvice")
    assert only(data, "peppol_despatch")["document_kind"] == "receipt_advice"
    found = only(data, "peppol_despatch_line")
    assert (found["received_quantity"], found["short_quantity"]) == (Decimal(90), Decimal(10))
    assert (found["rejected_quantity"], found["reject_reason"]) == (Decimal(1), "Skadet")
    assert (found["delivered_quantity"], found["unit_code"]) == (None, "KGM")


def test_when_it_was_sent_and_when_it_came_are_read() -> None:
    shipment = (
        "<cac:Shipment><cbc:ID>S</cbc:ID><cac:Delivery>"
        "<cbc:ActualDeliveryDate>2024-05-09</cbc:ActualDeliveryDate>"
        "<cac:EstimatedDeliveryPeriod><cbc:StartDate>2024-05-06</cbc:StartDate>"
        "<cbc:EndDate>2024-05-08</cbc:EndDate></cac:EstimatedDeliveryPeriod><cac:Despatch>"
        "<cbc:ActualDespatchDate>2024-05-03</cbc:ActualDespatchDate></cac:Despatch>"
        "</cac:Delivery></cac:Shipment>"
    )
    found = only(advice(shipment, line("")), "peppol_despatch")
    assert found["despatch_date"] == date(2024, 5, 3)
    assert found["estimated_end"] == date(2024, 5, 8)
    assert found["actual_delivery_date"] == date(2024, 5, 9)


def test_the_sender_is_the_seller_and_the_receiver_the_buyer_unless_others_are_named() -> None:
    sent = party("DespatchSupplierParty", "974760673") + party("DeliveryCustomerParty", "971526920")
    found = only(advice(sent, line("")), "peppol_despatch")
    assert (found["seller_orgnr"], found["buyer_orgnr"]) == ("974760673", "971526920")
    named = (
        sent + party("BuyerCustomerParty", "974761076") + party("SellerSupplierParty", "971035854")
    )
    found = only(advice(named, line("")), "peppol_despatch")
    assert (found["seller_orgnr"], found["buyer_orgnr"]) == ("971035854", "974761076")
    assert found["despatch_supplier_orgnr"] == "974760673"
    assert found["delivery_customer_orgnr"] == "971526920"


def test_several_orders_in_one_despatch_are_counted() -> None:
    orders = "".join(
        f"<cac:OrderReference><cbc:ID>B-{number}</cbc:ID></cac:OrderReference>" for number in (1, 2)
    )
    found = only(advice(orders, line("")), "peppol_despatch")
    assert (found["order_reference"], found["order_reference_count"]) == ("B-1", 2)


def test_the_first_item_instance_gives_lot_and_dates() -> None:
    instance = (
        "<cac:ItemInstance><cbc:BestBeforeDate>2024-09-01</cbc:BestBeforeDate>"
        "<cac:LotIdentification><cbc:LotNumberID>L-1</cbc:LotNumberID></cac:LotIdentification>"
        "</cac:ItemInstance>"
    )
    other = "<cac:ItemInstance><cbc:SerialID>2</cbc:SerialID></cac:ItemInstance>"
    found = only(advice(line("", instance + other)), "peppol_despatch_line")
    assert (found["lot_number"], found["best_before_date"]) == ("L-1", date(2024, 9, 1))
    assert found["item_instance_count"] == 2


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (advice(line(""), number=""), "dokumentet: mangler cbc:ID"),
        (
            advice(line(quantity("DeliveredQuantity", "to"))),
            "linje 1: DeliveredQuantity: forventet et tall, fant «to»",
        ),
        (advice(root="TransportationStatus"), "linje 1: dette er en transportstatus"),
        (advice(root="Order"), "linje 1: forventet en pakkseddel eller et varemottak"),
    ],
)
def test_what_breaks_the_contract_is_refused_with_place_and_reason(
    data: bytes, expected: str
) -> None:
    result = read(data)
    assert all(frame.is_empty() for frame in result.tables.values())
    assert f"{result.rejections[0].place}: {result.rejections[0].reason}".startswith(expected)
    assert result.facts[0][1:8] == (1, 0, 1, None, None, None, None)


def test_rows_are_counted_and_no_money_is_claimed() -> None:
    assert read(advice(line(""), line(""))).facts[0][1:8] == (2, 2, 0, None, None, None, None)


def test_tables_have_exactly_their_contracts_even_without_a_document() -> None:
    for result in (read(), read(advice(line("")))):
        assert set(result.tables) == {table.name for table in peppol.DESPATCH_TABLES}
        for table in peppol.DESPATCH_TABLES:
            assert result.tables[table.name].schema == table.schema()
