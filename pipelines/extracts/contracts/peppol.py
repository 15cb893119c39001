"""Contracts of the lake tables that Peppol post-award XML becomes: orders, receipts, catalogues.

What a row must look like stands here; how XML becomes rows stands in `peppol_order`,
`peppol_despatch` and `peppol_catalogue`. Descriptions begin with UBL's own element name, which is
what a rejection names.
"""

from __future__ import annotations

from pipelines.extracts.contracts.columns import (
    DOCUMENT_ID,
    SOURCE_ROW,
    SOURCE_SHA256,
    Classification,
    Column,
    ColumnType,
    Table,
)


def _columns(kind: ColumnType, **described: str) -> tuple[Column, ...]:
    """Return columns of one type, name = description."""
    return tuple(Column(name, kind, text) for name, text in described.items())


def _personal(**described: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, "text", text, classification="personal") for name, text in described.items()
    )


def _party(prefix: str, element: str, names: Classification = "internal") -> tuple[Column, ...]:
    identifiers = _columns(
        "text",
        **{
            f"{prefix}_endpoint_id": f"{element}: cbc:EndpointID",
            f"{prefix}_endpoint_scheme": f"{element}: EndpointID/@schemeID",
            f"{prefix}_party_id": f"{element}: first PartyIdentification/ID",
            f"{prefix}_party_id_scheme": f"{element}: its @schemeID",
            f"{prefix}_legal_id": f"{element}: PartyLegalEntity/CompanyID",
            f"{prefix}_legal_id_scheme": f"{element}: its @schemeID",
            f"{prefix}_vat_id": f"{element}: PartyTaxScheme/CompanyID where TaxScheme is VAT",
            f"{prefix}_orgnr": f"{element}: Norwegian organisation number, nine digits with a "
            "valid check digit, from the first of legal id, party id, endpoint and VAT id whose "
            "scheme says that it is one",
        },
    )
    named = {
        f"{prefix}_name": f"{element}: PartyLegalEntity/RegistrationName, else PartyName/Name",
        f"{prefix}_trading_name": f"{element}: PartyName/Name",
    }
    contact = _personal(
        **{
            f"{prefix}_contact_id": f"{element}: Contact/ID",
            f"{prefix}_contact_name": f"{element}: Contact/Name",
        }
    )
    name_columns = (Column(n, "text", text, classification=names) for n, text in named.items())
    return (*identifiers, *name_columns, *contact)


def _role(prefix: str, element: str) -> tuple[Column, ...]:
    """Return the columns of a party that has but an identifier and names, often a unit's."""
    identifiers = _columns(
        "text",
        **{
            f"{prefix}_id": f"{element}: first PartyIdentification/ID",
            f"{prefix}_id_scheme": f"{element}: its @schemeID",
        },
    )
    return (*identifiers, *_personal(**{f"{prefix}_name": f"{element}: PartyName/Name"}))


_SELLER_IS_PRIVATE = Column(
    "seller_is_private_person",
    "boolean",
    "True where the seller is a private person: its names and ids are then a pseudonym",
)
_HEAD = (
    SOURCE_SHA256,
    SOURCE_ROW,
    DOCUMENT_ID,
)
_SPECIFICATION = _columns(
    "text",
    profile="peppol_bis3 or ehf2, from CustomizationID",
    customization_id="cbc:CustomizationID",
    profile_id="cbc:ProfileID",
)
_NUMBER = Column("document_number", "text", "cbc:ID", required=True)
_ISSUE_DATE = Column("issue_date", "date", "cbc:IssueDate", required=True)
_POSITION = Column("position", "integer", "Order within the line, from 1")
_ITEM = _columns(
    "text",
    item_name="Item/Name",
    item_description="Item/Description",
    sellers_item_id="Item/SellersItemIdentification/ID",
    buyers_item_id="Item/BuyersItemIdentification/ID",
    manufacturers_item_id="Item/ManufacturersItemIdentification/ID",
    standard_item_id="Item/StandardItemIdentification/ID",
    standard_item_scheme="Item/StandardItemIdentification/ID/@schemeID (0160 and GTIN: GTIN)",
)
_VAT = (
    *_columns("text", vat_category="ClassifiedTaxCategory/ID"),
    *_columns("rate", vat_percent="ClassifiedTaxCategory/Percent"),
)


def _classification(name: str, line: str) -> Table:
    return Table(
        name,
        f"One row per item classification of {line}",
        ("document_id", "source_row", "position"),
        (
            *_HEAD,
            _POSITION,
            *_columns(
                "text",
                list_id="ItemClassificationCode/@listID as written (MP and UNSPSC: UNSPSC, …)",
                list_version="ItemClassificationCode/@listVersionID",
                code="ItemClassificationCode as written",
            ),
        ),
    )


_REQUESTED_AND_PROMISED = _columns(
    "date",
    requested_start="Delivery/RequestedDeliveryPeriod/StartDate",
    requested_end="Delivery/RequestedDeliveryPeriod/EndDate, the last day (inclusive)",
    promised_start="Delivery/PromisedDeliveryPeriod/StartDate",
    promised_end="Delivery/PromisedDeliveryPeriod/EndDate, the last day (inclusive)",
    latest_delivery_date="Delivery/LatestDeliveryDate",
    actual_delivery_date="Delivery/ActualDeliveryDate",
)
ORDER_TOTALS = (
    ("line_extension_amount", "LineExtensionAmount"),
    ("tax_exclusive_amount", "TaxExclusiveAmount"),
    ("tax_inclusive_amount", "TaxInclusiveAmount"),
    ("allowance_total_amount", "AllowanceTotalAmount"),
    ("charge_total_amount", "ChargeTotalAmount"),
    ("prepaid_amount", "PrepaidAmount"),
    ("payable_rounding_amount", "PayableRoundingAmount"),
    ("payable_amount", "PayableAmount"),
)

PEPPOL_ORDER = Table(
    "peppol_order",
    "One row per accepted document of the ordering process",
    ("document_id",),
    (
        *_HEAD,
        *_columns(
            "text",
            document_kind="order, order_change, order_cancellation, order_response or "
            "order_agreement (an order that the seller writes, to be taken for the order)",
        ),
        *_SPECIFICATION,
        _NUMBER,
        _ISSUE_DATE,
        *_columns(
            "text",
            issue_time="cbc:IssueTime as written",
            sequence_number="cbc:SequenceNumberID of an order change",
            sales_order_number="cbc:SalesOrderID, the seller's number",
            type_code="cbc:OrderTypeCode (UNCL1001: 220 order, 227 consignment, …)",
            response_code="cbc:OrderResponseCode (UNCL4343: AP accepted, RE rejected, CA "
            "conditionally accepted, AB received)",
        ),
        Column("is_accepted", "boolean", "cbc:AcceptedIndicator, of an OrderResponseSimple"),
        *_columns(
            "text",
            rejection_note="cbc:RejectionNote or cbc:CancellationNote",
            note="cbc:Note",
            currency="cbc:DocumentCurrencyCode, else the amounts' @currencyID",
            buyer_reference="cbc:CustomerReference (else the buyer's Contact/ID)",
            accounting_cost="cbc:AccountingCost of the document",
        ),
        *_columns(
            "date",
            valid_from="ValidityPeriod/StartDate",
            valid_to="ValidityPeriod/EndDate, the last day (inclusive)",
        ),
        *_columns(
            "text",
            order_reference="OrderReference/ID: the order that is changed, cancelled or answered",
            order_change_reference="OrderChangeDocumentReference/ID: the change that is answered",
            earlier_order_reference="OrderDocumentReference/ID: an order before this, say rejected",
            contract_reference="Contract/ID",
            catalogue_reference="CatalogueReference/ID",
            quotation_reference="QuotationDocumentReference/ID",
            originator_reference="OriginatorDocumentReference/ID: the requisition",
            project_reference="ProjectReference/ID",
        ),
        *_party("seller", "SellerSupplierParty/Party"),
        _SELLER_IS_PRIVATE,
        *_party("buyer", "BuyerCustomerParty/Party"),
        *_personal(buyer_delivery_contact_name="BuyerCustomerParty/DeliveryContact/Name"),
        *_role("originator", "OriginatorCustomerParty/Party"),
        *_personal(originator_contact_name="OriginatorCustomerParty/Party/Contact/Name"),
        *_party("accounting_customer", "AccountingCustomerParty/Party"),
        *_columns(
            "text",
            delivery_location_id="Delivery/DeliveryLocation/ID",
            delivery_location_scheme="Delivery/DeliveryLocation/ID/@schemeID",
        ),
        *_role("delivery_party", "Delivery/DeliveryParty"),
        *_personal(delivery_party_contact_name="Delivery/DeliveryParty/Contact/Name"),
        *_REQUESTED_AND_PROMISED,
        *_columns(
            "money",
            **{
                name: f"AnticipatedMonetaryTotal/{element} (LegalMonetaryTotal in an agreement)"
                for name, element in ORDER_TOTALS
            },
            tax_amount="TaxTotal/TaxAmount",
            total_amount="Total without VAT, in the document's currency (PEPPOL-T01-R011); null "
            "where the document states no amount",
        ),
        *_columns(
            "text",
            total_evidence="What the total was taken from: tax_exclusive, line_extension (less "
            "allowances, plus charges), lines (all have an amount), payable (less stated VAT)",
        ),
        *_columns(
            "money",
            lines_difference_amount="Total less the sum of its rows; null where a line has no "
            "amount, or no total is stated",
        ),
        *_columns(
            "integer",
            attachment_count="Embedded attachments; they are not kept in the lake",
            line_count="OrderLine elements in the file",
        ),
        Column(
            "has_rounded_amounts",
            "boolean",
            "True where an amount had more than two decimals and was rounded to the nearest øre",
        ),
    ),
)

PEPPOL_ORDER_LINE = Table(
    "peppol_order_line",
    "One row per order line, or allowance or charge of a whole order",
    ("document_id", "source_row"),
    (
        *_HEAD,
        *_columns(
            "text",
            line_kind="line, allowance or charge; an allowance counts negative",
            line_id="LineItem/ID",
            sales_order_line_id="OrderLineReference/SalesOrderLineID or LineItem/SalesOrderID",
            status_code="LineStatusCode (UNCL1229; change: 1 added, 2 deleted, 3 changed, 4 no "
            "action; response: 1 added, 3 accepted with change, 5 accepted, 7 not accepted, 42 "
            "already delivered)",
            note="cbc:Note of the line",
        ),
        *_columns("quantity", quantity="LineItem/Quantity"),
        *_columns("text", unit_code="LineItem/Quantity/@unitCode"),
        *_columns(
            "money",
            amount="LineExtensionAmount, or Amount of an allowance or charge; without VAT",
            tax_amount="TotalTaxAmount",
        ),
        *_columns("price", price_amount="Price/PriceAmount"),
        *_columns("quantity", base_quantity="Price/BaseQuantity"),
        *_columns("text", base_quantity_unit="Price/BaseQuantity/@unitCode"),
        *_columns(
            "price",
            price_base_amount="Price/AllowanceCharge/BaseAmount: the gross price",
        ),
        *_columns("text", price_type="Price/PriceType"),
        *_columns(
            "money",
            line_allowance_amount="Sum of the line's own allowances",
            line_charge_amount="Sum of the line's own charges",
        ),
        *_columns("quantity", max_backorder_quantity="LineItem/MaximumBackorderQuantity"),
        *_columns("boolean", partial_delivery_allowed="LineItem/PartialDeliveryIndicator"),
        *_columns(
            "text",
            accounting_cost="LineItem/AccountingCost",
            order_reference="OrderLineReference/OrderReference/ID",
            order_line_reference="OrderLineReference/LineID: the order's line that is answered",
            catalogue_line_reference="CatalogueLineReference/LineID",
        ),
        *_role("originator", "LineItem/OriginatorParty"),
        *_REQUESTED_AND_PROMISED,
        *_columns("integer", delivery_count="Delivery elements; the dates are of the first"),
        *_ITEM,
        *_VAT,
        *_columns(
            "text",
            reason_code="AllowanceChargeReasonCode of an allowance or charge of the whole order",
            substitute_name="SellerSubstitutedLineItem/Item/Name (or a proposed substitute's)",
            substitute_sellers_item_id="SellerSubstitutedLineItem/Item/SellersItemIdentification/ID",
            substitute_standard_item_id="SellerSubstitutedLineItem/Item/StandardItemIdentification",
        ),
    ),
)

PEPPOL_ORDER_LINE_CLASSIFICATION = _classification(
    "peppol_order_line_classification", "an order line"
)

PEPPOL_ORDER_LINE_ALLOWANCE = Table(
    "peppol_order_line_allowance",
    "One row per allowance or charge of an order line",
    ("document_id", "source_row", "position"),
    (
        *_HEAD,
        _POSITION,
        Column("is_charge", "boolean", "ChargeIndicator", required=True),
        *_columns("text", reason_code="AllowanceChargeReasonCode", reason="AllowanceChargeReason"),
        Column("amount", "money", "Amount", required=True),
        *_columns("rate", percent="MultiplierFactorNumeric"),
        *_columns("money", base_amount="BaseAmount"),
    ),
)

PEPPOL_ORDER_DELIVERY = Table(
    "peppol_order_delivery",
    "One row per Delivery of an order (source_row 0) or of an order line",
    ("document_id", "source_row", "position"),
    (
        *_HEAD,
        Column("position", "integer", "Order within the document or line, from 1"),
        *_columns("quantity", delivery_quantity="Delivery/Quantity"),
        *_columns("text", delivery_unit_code="Delivery/Quantity/@unitCode"),
        *_REQUESTED_AND_PROMISED,
        *_columns(
            "text",
            delivery_location_id="Delivery/DeliveryLocation/ID",
            delivery_location_scheme="Delivery/DeliveryLocation/ID/@schemeID",
        ),
        *_role("delivery_party", "Delivery/DeliveryParty"),
        *_personal(delivery_party_contact_name="Delivery/DeliveryParty/Contact/Name"),
    ),
)

_DELIVERY_DATES = _columns(
    "date",
    actual_delivery_date="Delivery/ActualDeliveryDate",
    estimated_start="Delivery/EstimatedDeliveryPeriod/StartDate",
    estimated_end="Delivery/EstimatedDeliveryPeriod/EndDate, the last day (inclusive)",
)

PEPPOL_DESPATCH = Table(
    "peppol_despatch",
    "One row per accepted despatch advice or receipt advice",
    ("document_id",),
    (
        *_HEAD,
        *_columns(
            "text",
            document_kind="despatch_advice (the supplier says what was sent) or receipt_advice "
            "(the buyer says what came)",
        ),
        *_SPECIFICATION,
        _NUMBER,
        _ISSUE_DATE,
        *_columns(
            "text",
            status_code="cbc:DocumentStatusCode",
            type_code="cbc:DespatchAdviceTypeCode or cbc:ReceiptAdviceTypeCode",
            note="cbc:Note",
            order_reference="OrderReference/ID, the first",
        ),
        *_columns("integer", order_reference_count="OrderReference elements of the document"),
        *_columns("text", despatch_reference="DespatchDocumentReference/ID of a receipt advice"),
        *_party("seller", "SellerSupplierParty/Party, else DespatchSupplierParty/Party"),
        _SELLER_IS_PRIVATE,
        *_columns(
            "text",
            despatch_supplier_orgnr="DespatchSupplierParty/Party: Norwegian organisation number of "
            "who sent the goods, not always the seller",
        ),
        *_party("buyer", "BuyerCustomerParty/Party, else DeliveryCustomerParty/Party"),
        *_party("delivery_customer", "DeliveryCustomerParty/Party", "personal"),
        *_personal(delivery_contact_name="DeliveryCustomerParty/DeliveryContact/Name"),
        *_role("originator", "OriginatorCustomerParty/Party"),
        *_columns(
            "text",
            shipment_id="Shipment/ID",
            tracking_id="Shipment/Delivery/TrackingID",
        ),
        *_columns("date", despatch_date="Shipment/Delivery/Despatch/ActualDespatchDate"),
        *_DELIVERY_DATES,
        *_columns("integer", line_count="DespatchLine or ReceiptLine elements in the file"),
    ),
)

PEPPOL_DESPATCH_LINE = Table(
    "peppol_despatch_line",
    "One row per line of a despatch advice or receipt advice; an order line may have several",
    ("document_id", "source_row"),
    (
        *_HEAD,
        *_columns("text", line_id="cbc:ID of the line", note="cbc:Note of the line"),
        *_columns(
            "quantity",
            delivered_quantity="DeliveredQuantity, what the supplier says was sent",
            received_quantity="ReceivedQuantity, what the buyer says came",
        ),
        *_columns("text", unit_code="DeliveredQuantity/@unitCode or ReceivedQuantity/@unitCode"),
        *_columns("quantity", outstanding_quantity="OutstandingQuantity, to come later"),
        *_columns(
            "text",
            outstanding_unit_code="OutstandingQuantity/@unitCode",
            outstanding_reason="OutstandingReason",
        ),
        *_columns(
            "quantity",
            backorder_quantity="BackorderQuantity",
            short_quantity="ShortQuantity, what lacked",
        ),
        *_columns(
            "text",
            short_unit_code="ShortQuantity/@unitCode",
            shortage_action_code="ShortageActionCode",
        ),
        *_columns("quantity", rejected_quantity="RejectedQuantity, what was refused"),
        *_columns(
            "text",
            rejected_unit_code="RejectedQuantity/@unitCode",
            reject_reason_code="RejectReasonCode",
            reject_reason="RejectReason",
            reject_action_code="RejectActionCode",
        ),
        *_columns("quantity", oversupply_quantity="OversupplyQuantity, what came too much"),
        *_columns(
            "text",
            oversupply_unit_code="OversupplyQuantity/@unitCode",
            quantity_discrepancy_code="QuantityDiscrepancyCode",
            timing_complaint="TimingComplaint, else TimingComplaintCode",
        ),
        *_columns("date", received_date="ReceivedDate, of a receipt line"),
        *_DELIVERY_DATES,
        *_columns(
            "text",
            order_reference="OrderLineReference/OrderReference/ID",
            order_line_reference="OrderLineReference/LineID",
            sales_order_line_id="OrderLineReference/SalesOrderLineID",
            despatch_reference="DespatchLineReference/DocumentReference/ID of a receipt line",
            despatch_line_reference="DespatchLineReference/LineID of a receipt line",
        ),
        *_ITEM,
        *_columns(
            "text",
            lot_number="ItemInstance/LotIdentification/LotNumberID, the first",
        ),
        *_columns(
            "date",
            expiry_date="ItemInstance/LotIdentification/ExpiryDate, the first",
            best_before_date="ItemInstance/BestBeforeDate, the first",
        ),
        *_columns("integer", item_instance_count="ItemInstance elements of the line"),
    ),
)

PEPPOL_DESPATCH_LINE_CLASSIFICATION = _classification(
    "peppol_despatch_line_classification", "a line of a despatch advice or receipt advice"
)

PEPPOL_CATALOGUE = Table(
    "peppol_catalogue",
    "One row per accepted catalogue or punch-out basket",
    ("document_id",),
    (
        *_HEAD,
        *_columns(
            "text",
            document_kind="catalogue, or punch_out (a basket from the supplier's web shop: its "
            "prices are an offer for this basket, not a price list)",
        ),
        *_SPECIFICATION,
        _NUMBER,
        *_columns(
            "text",
            version_id="cbc:VersionID",
            name="cbc:Name",
            action="cbc:ActionCode in lower case: add, replace (also where it is missing), update "
            "or delete (the whole catalogue is withdrawn); null for punch_out",
        ),
        _ISSUE_DATE,
        *_columns(
            "date",
            valid_from="ValidityPeriod/StartDate",
            valid_to="ValidityPeriod/EndDate, the last day (inclusive)",
        ),
        *_columns(
            "text",
            contract_reference="ReferencedContract/ID, the first",
            source_catalogue_reference="SourceCatalogueReference/ID",
        ),
        *_party("seller", "SellerSupplierParty/Party, else ProviderParty"),
        _SELLER_IS_PRIVATE,
        *_columns(
            "text",
            provider_orgnr="ProviderParty: Norwegian organisation number of who sent the catalogue",
        ),
        *_party("receiver", "ReceiverParty"),
        *_party("buyer", "ContractorCustomerParty/Party, else ReceiverParty"),
        *_columns("integer", line_count="CatalogueLine elements in the file"),
    ),
)

PEPPOL_CATALOGUE_LINE = Table(
    "peppol_catalogue_line",
    "One row per item that a catalogue adds, updates or withdraws",
    ("document_id", "source_row"),
    (
        *_HEAD,
        Column("line_id", "text", "CatalogueLine/ID", required=True),
        *_columns(
            "text",
            action="ActionCode in lower case: add, update or delete (the item is withdrawn); where "
            "the line has none, what the catalogue's means; null for punch_out",
        ),
        *_columns("boolean", is_orderable="OrderableIndicator"),
        *_columns("text", orderable_unit="OrderableUnit"),
        *_columns("quantity", content_quantity="ContentUnitQuantity, content of an orderable unit"),
        *_columns("text", content_unit_code="ContentUnitQuantity/@unitCode"),
        *_columns(
            "quantity",
            order_increment="OrderQuantityIncrementNumeric",
            minimum_order_quantity="MinimumOrderQuantity",
            maximum_order_quantity="MaximumOrderQuantity",
        ),
        *_columns(
            "text",
            order_quantity_unit="MinimumOrderQuantity/@unitCode",
            pack_level_code="PackLevelCode (GS1: CU consumer, TU traded, DU despatch unit)",
            contract_subdivision="ContractSubdivision",
        ),
        *_columns(
            "date",
            line_valid_from="LineValidityPeriod/StartDate",
            line_valid_to="LineValidityPeriod/EndDate, the last day (inclusive)",
            valid_from="First day in force: the line's own, else the catalogue's",
            valid_to="Last day in force (inclusive): the line's own, else the catalogue's",
        ),
        *_ITEM,
        *_columns("quantity", pack_quantity="Item/PackQuantity"),
        *_columns("text", pack_unit_code="Item/PackQuantity/@unitCode"),
        *_columns("quantity", pack_size="Item/PackSizeNumeric"),
        *_columns(
            "text",
            brand_name="Item/BrandName",
            manufacturer_name="Item/ManufacturerParty/PartyName/Name",
            origin_country="Item/OriginCountry/IdentificationCode",
            transaction_conditions="Item/TransactionConditions/ActionCode, joined by ';' (CT: item "
            "under contract)",
            replaced_item_id="ReplacedRelatedItem/ID",
        ),
        *_VAT,
        *_columns("integer", price_count="Prices of the line"),
    ),
)

PEPPOL_CATALOGUE_LINE_CLASSIFICATION = _classification(
    "peppol_catalogue_line_classification", "a catalogue line"
)

PEPPOL_CATALOGUE_PRICE = Table(
    "peppol_catalogue_price",
    "One row per price of a catalogue line: by quantity, place and period; without VAT",
    ("document_id", "source_row", "position"),
    (
        *_HEAD,
        _POSITION,
        Column("price_amount", "price", "Price/PriceAmount, net, without VAT", required=True),
        Column("currency", "text", "Price/PriceAmount/@currencyID", required=True),
        *_columns("quantity", base_quantity="Price/BaseQuantity"),
        *_columns(
            "text",
            base_quantity_unit="Price/BaseQuantity/@unitCode",
            price_type="Price/PriceType (UNCL5387)",
        ),
        *_columns(
            "rate",
            orderable_unit_factor="Price/OrderableUnitFactorRate: base units in an orderable unit",
        ),
        *_columns(
            "quantity",
            minimum_quantity="MinimumQuantity, from which the price counts",
            maximum_quantity="MaximumQuantity, up to which the price counts",
        ),
        *_columns("text", minimum_quantity_unit="MinimumQuantity/@unitCode"),
        *_columns(
            "date",
            price_valid_from="Price/ValidityPeriod/StartDate",
            price_valid_to="Price/ValidityPeriod/EndDate, the last day (inclusive)",
            valid_from="First day in force: the price's own, else the line's, else the catalogue's",
            valid_to="Last day in force (inclusive): the price's own, else the line's, else the "
            "catalogue's",
        ),
        *_columns("quantity", lead_time="LeadTimeMeasure"),
        *_columns(
            "text",
            lead_time_unit="LeadTimeMeasure/@unitCode",
            territory_city="ApplicableTerritoryAddress/CityName",
            territory_postal_zone="ApplicableTerritoryAddress/PostalZone",
            territory_region="ApplicableTerritoryAddress/CountrySubentity",
            territory_country="ApplicableTerritoryAddress/Country/IdentificationCode",
        ),
        *_columns("quantity", batch_quantity="DeliveryUnit/BatchQuantity (punch_out: number put)"),
        *_columns("text", batch_unit_code="DeliveryUnit/BatchQuantity/@unitCode"),
    ),
)

ORDER_TABLES = (
    PEPPOL_ORDER,
    PEPPOL_ORDER_LINE,
    PEPPOL_ORDER_LINE_CLASSIFICATION,
    PEPPOL_ORDER_LINE_ALLOWANCE,
    PEPPOL_ORDER_DELIVERY,
)
DESPATCH_TABLES = (PEPPOL_DESPATCH, PEPPOL_DESPATCH_LINE, PEPPOL_DESPATCH_LINE_CLASSIFICATION)
CATALOGUE_TABLES = (
    PEPPOL_CATALOGUE,
    PEPPOL_CATALOGUE_LINE,
    PEPPOL_CATALOGUE_LINE_CLASSIFICATION,
    PEPPOL_CATALOGUE_PRICE,
)
TABLES = (*ORDER_TABLES, *DESPATCH_TABLES, *CATALOGUE_TABLES)
