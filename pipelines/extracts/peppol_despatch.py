"""Goods sent and received: Peppol and EHF despatch advice and receipt advice, bytes in, tables out.

What was ordered stands in `peppol_order`; whether the two agree is decided in dbt. No files are
written.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pipelines.extracts.contracts import peppol
from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.ubl_reader import KEY, UblReader
from pipelines.extracts.ubl_tables import Rows
from pipelines.extracts.ubl_walk import (
    ITEM,
    Compiled,
    Group,
    Party,
    compile_spec,
    fall_back,
    leaf,
    party_spec,
    period_spec,
    root_tag,
)

_DELIVERY = {
    "cbc:ActualDeliveryDate": "actual_delivery_date",
    "cbc:TrackingID": "tracking_id",
    "cac:EstimatedDeliveryPeriod": period_spec("estimated_start", "estimated_end"),
    "cac:Despatch": {"cbc:ActualDespatchDate": "despatch_date"},
}

_LINE = {
    "cbc:ID": "line_id",
    "cbc:Note": "note",
    "cbc:DeliveredQuantity": leaf("delivered_quantity", unitCode="delivered_unit_code"),
    "cbc:ReceivedQuantity": leaf("received_quantity", unitCode="received_unit_code"),
    "cbc:OutstandingQuantity": leaf("outstanding_quantity", unitCode="outstanding_unit_code"),
    "cbc:OutstandingReason": "outstanding_reason",
    "cbc:BackorderQuantity": "backorder_quantity",
    "cbc:ShortQuantity": leaf("short_quantity", unitCode="short_unit_code"),
    "cbc:ShortageActionCode": "shortage_action_code",
    "cbc:RejectedQuantity": leaf("rejected_quantity", unitCode="rejected_unit_code"),
    "cbc:RejectReasonCode": "reject_reason_code",
    "cbc:RejectReason": "reject_reason",
    "cbc:RejectActionCode": "reject_action_code",
    "cbc:OversupplyQuantity": leaf("oversupply_quantity", unitCode="oversupply_unit_code"),
    "cbc:QuantityDiscrepancyCode": "quantity_discrepancy_code",
    "cbc:TimingComplaint": "timing_complaint",
    "cbc:TimingComplaintCode": "timing_complaint_code",
    "cbc:ReceivedDate": "received_date",
    "cac:OrderLineReference": {
        "cbc:LineID": "order_line_reference",
        "cbc:SalesOrderLineID": "sales_order_line_id",
        "cac:OrderReference": {"cbc:ID": "order_reference"},
    },
    "cac:DespatchLineReference": {
        "cbc:LineID": "despatch_line_reference",
        "cac:DocumentReference": {"cbc:ID": "despatch_reference"},
    },
    "cac:Item": {
        **ITEM,
        "cac:ItemInstance": Group(
            "item_instance",
            {
                "cbc:BestBeforeDate": "best_before_date",
                "cac:LotIdentification": {
                    "cbc:LotNumberID": "lot_number",
                    "cbc:ExpiryDate": "expiry_date",
                },
            },
        ),
    },
    "cac:Shipment": {"cac:Delivery": _DELIVERY},
}
_NO_INSTANCE = {"best_before_date": None, "lot_number": None, "expiry_date": None}

_DOCUMENT = compile_spec(
    {
        "cbc:CustomizationID": "customization_id",
        "cbc:ProfileID": "profile_id",
        "cbc:ID": "document_number",
        "cbc:IssueDate": "issue_date",
        "cbc:DocumentStatusCode": "status_code",
        "cbc:DespatchAdviceTypeCode": "type_code",
        "cbc:ReceiptAdviceTypeCode": "type_code",
        "cbc:Note": "note",
        "cac:OrderReference": Group("order", {"cbc:ID": "order_reference"}),
        "cac:DespatchDocumentReference": {"cbc:ID": "despatch_reference"},
        "cac:SellerSupplierParty": {"cac:Party": party_spec("seller")},
        "cac:DespatchSupplierParty": {"cac:Party": party_spec("despatch_supplier")},
        "cac:BuyerCustomerParty": {"cac:Party": party_spec("buyer")},
        "cac:DeliveryCustomerParty": {
            "cac:Party": party_spec("delivery_customer"),
            "cac:DeliveryContact": {"cbc:Name": "delivery_contact_name"},
        },
        "cac:OriginatorCustomerParty": {
            "cac:Party": {
                "cac:PartyIdentification": {
                    "cbc:ID": leaf("originator_id", schemeID="originator_id_scheme")
                },
                "cac:PartyName": {"cbc:Name": "originator_name"},
            }
        },
        "cac:Shipment": {"cbc:ID": "shipment_id", "cac:Delivery": _DELIVERY},
        "cac:DespatchLine": Group("line", _LINE),
        "cac:ReceiptLine": Group("line", _LINE),
    }
)


class DespatchReader(UblReader):
    """Reads despatch advices and receipt advices; a document stands or falls as a whole.

    They state no money: the facts have rows only.
    """

    kind: ClassVar[str] = "peppol_despatch"
    roots: ClassVar[dict[str, str]] = {
        root_tag("DespatchAdvice"): "despatch_advice",
        root_tag("ReceiptAdvice"): "receipt_advice",
    }
    expected: ClassVar[str] = (
        "en pakkseddel eller et varemottak (UBL DespatchAdvice eller ReceiptAdvice)"
    )
    tables: ClassVar[tuple[Table, ...]] = peppol.DESPATCH_TABLES
    places: ClassVar[dict[str, str]] = {
        "peppol_despatch": "dokumentet",
        "peppol_despatch_line": "linje {row}",
        "peppol_despatch_line_classification": "linje {row}",
    }
    spec: ClassVar[Compiled] = _DOCUMENT
    parties: ClassVar[tuple[Party, ...]] = tuple(
        Party.of(prefix) for prefix in ("seller", "despatch_supplier", "buyer", "delivery_customer")
    )

    def _new_rows(self) -> tuple[Rows, ...]:
        return (
            Rows(
                peppol.PEPPOL_DESPATCH,
                (*KEY, "source_row", "document_kind", "line_count"),
                native=("order_reference_count", "seller_is_private_person"),
            ),
            Rows(
                peppol.PEPPOL_DESPATCH_LINE,
                (*KEY, "source_row"),
                native=("item_instance_count",),
            ),
            Rows(
                peppol.PEPPOL_DESPATCH_LINE_CLASSIFICATION,
                (*KEY, "source_row", "position"),
            ),
        )

    def _add_document(self, row: dict[str, Any], key: tuple[str, str], kind: str) -> None:
        _complete_document(row)
        self._complete_parties(row)
        lines = row["line"]
        self._rows["peppol_despatch"].append(row, (*key, 1, kind, len(lines)))
        for number, line in enumerate(lines, 1):
            _complete_line(line)
            self._rows["peppol_despatch_line"].append(line, (*key, number))
            if line["classification"]:
                codes = self._rows["peppol_despatch_line_classification"]
                codes.extend(line["classification"], (*key, number))


def _complete_document(row: dict[str, Any]) -> None:
    """Add what follows from several elements: the order, and the parties that were meant."""
    orders = row["order"]
    row["order_reference"] = orders[0]["order_reference"] if orders else None
    row["order_reference_count"] = len(orders)
    fall_back(row, "seller", "despatch_supplier")
    fall_back(row, "buyer", "delivery_customer")


def _complete_line(line: dict[str, Any]) -> None:
    """Add the unit of what was sent or received, and the first item instance's marks."""
    instances = line["item_instance"]
    line.update(instances[0] if instances else _NO_INSTANCE)
    line["item_instance_count"] = len(instances)
    line["unit_code"] = line["delivered_unit_code"] or line["received_unit_code"]
    line["timing_complaint"] = line["timing_complaint"] or line["timing_complaint_code"]
