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
            f"{prefix}_endpoint_id": f"{element}: cbc:EndpointID, elektronisk adresse",
            f"{prefix}_endpoint_scheme": f"{element}: EndpointID/@schemeID",
            f"{prefix}_party_id": f"{element}: PartyIdentification/ID, den første",
            f"{prefix}_party_id_scheme": f"{element}: PartyIdentification/ID/@schemeID",
            f"{prefix}_legal_id": f"{element}: PartyLegalEntity/CompanyID",
            f"{prefix}_legal_id_scheme": f"{element}: PartyLegalEntity/CompanyID/@schemeID",
            f"{prefix}_vat_id": f"{element}: PartyTaxScheme/CompanyID der TaxScheme er VAT",
            f"{prefix}_orgnr": f"{element}: norsk organisasjonsnummer (ni siffer med gyldig "
            "kontrollsiffer) fra den første av CompanyID, PartyIdentification/ID, EndpointID og "
            "mva-nummer der @schemeID sier at det er et",
        },
    )
    named = {
        f"{prefix}_name": f"{element}: PartyLegalEntity/RegistrationName, ellers PartyName/Name",
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
            f"{prefix}_id": f"{element}: PartyIdentification/ID, den første",
            f"{prefix}_id_scheme": f"{element}: PartyIdentification/ID/@schemeID",
        },
    )
    return (*identifiers, *_personal(**{f"{prefix}_name": f"{element}: PartyName/Name"}))


_SELLER_IS_PRIVATE = Column(
    "seller_is_private_person",
    "boolean",
    "Ja når selgeren er en privatperson; navn og ID er da erstattet med et pseudonym",
)
_HEAD = (
    SOURCE_SHA256,
    SOURCE_ROW,
    DOCUMENT_ID,
)
_SPECIFICATION = _columns(
    "text",
    profile="peppol_bis3 eller ehf2, etter CustomizationID",
    customization_id="cbc:CustomizationID, spesifikasjonen dokumentet følger",
    profile_id="cbc:ProfileID, forretningsprosessen dokumentet hører til",
)
_NUMBER = Column("document_number", "text", "cbc:ID, dokumentets nummer", required=True)
_ISSUE_DATE = Column("issue_date", "date", "cbc:IssueDate, dokumentets dato", required=True)
_POSITION = Column("position", "integer", "Rekkefølgen på linjen, fra 1")
_ITEM = _columns(
    "text",
    item_name="Item/Name, varens navn",
    item_description="Item/Description, varens beskrivelse",
    sellers_item_id="SellersItemIdentification/ID, selgerens varenummer",
    buyers_item_id="BuyersItemIdentification/ID, kjøperens varenummer",
    manufacturers_item_id="ManufacturersItemIdentification/ID, produsentens varenummer",
    standard_item_id="StandardItemIdentification/ID, varenummer i en standard, ofte GTIN",
    standard_item_scheme="StandardItemIdentification/ID/@schemeID (0160 og GTIN: GTIN)",
)
_VAT = (
    *_columns(
        "text",
        vat_category="ClassifiedTaxCategory/ID, for rabatt og gebyr TaxCategory/ID: "
        "avgiftskategori",
    ),
    *_columns(
        "rate", vat_percent="ClassifiedTaxCategory/Percent, for rabatt og gebyr TaxCategory/Percent"
    ),
)


def _classification(name: str, line: str) -> Table:
    return Table(
        name,
        f"Én rad per varekode (ItemClassificationCode) på {line}",
        ("document_id", "source_row", "position"),
        (
            *_HEAD,
            _POSITION,
            *_columns(
                "text",
                list_id="ItemClassificationCode/@listID, kodeverket slik det er skrevet (MP og "
                "UNSPSC: UNSPSC, …)",
                list_version="ItemClassificationCode/@listVersionID, kodeverkets versjon",
                code="ItemClassificationCode, koden slik den er skrevet",
            ),
        ),
    )


_REQUESTED_AND_PROMISED = _columns(
    "date",
    requested_start="Delivery/RequestedDeliveryPeriod/StartDate, første dag levering er ønsket",
    requested_end="Delivery/RequestedDeliveryPeriod/EndDate, siste dag levering er ønsket (den "
    "dagen med)",
    promised_start="Delivery/PromisedDeliveryPeriod/StartDate, første dag levering er lovet",
    promised_end="Delivery/PromisedDeliveryPeriod/EndDate, siste dag levering er lovet (den dagen "
    "med)",
    latest_delivery_date="Delivery/LatestDeliveryDate, seneste leveringsdato",
    actual_delivery_date="Delivery/ActualDeliveryDate, leveringsdato",
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
    "Én rad per godtatt ordre, ordreendring, ordrekansellering eller ordrebekreftelse",
    ("document_id",),
    (
        *_HEAD,
        *_columns(
            "text",
            document_kind="order (ordre), order_change (ordreendring), order_cancellation "
            "(ordrekansellering), order_response (ordrebekreftelse) eller order_agreement "
            "(ordreavtale: selgeren skriver ordren, og den teller som ordren)",
        ),
        *_SPECIFICATION,
        _NUMBER,
        _ISSUE_DATE,
        *_columns(
            "text",
            issue_time="cbc:IssueTime, klokkeslett slik det er skrevet",
            sequence_number="cbc:SequenceNumberID, ordreendringens løpenummer",
            sales_order_number="cbc:SalesOrderID, selgerens ordrenummer",
            type_code="cbc:OrderTypeCode (UNCL1001: 220 ordre, 227 konsignasjonsordre, …)",
            response_code="cbc:OrderResponseCode (UNCL4343: AP godtatt, RE avvist, CA godtatt med "
            "endringer, AB mottatt)",
        ),
        Column(
            "is_accepted",
            "boolean",
            "cbc:AcceptedIndicator i en OrderResponseSimple: ja når ordren er godtatt",
        ),
        *_columns(
            "text",
            rejection_note="cbc:RejectionNote eller cbc:CancellationNote, begrunnelsen for avslag "
            "eller kansellering",
            note="cbc:Note, merknad",
            currency="cbc:DocumentCurrencyCode, ellers beløpenes @currencyID",
            buyer_reference="cbc:CustomerReference, ellers kjøperens Contact/ID: «deres ref.»",
            accounting_cost="cbc:AccountingCost på dokumentet, kjøperens kontering",
        ),
        *_columns(
            "date",
            valid_from="ValidityPeriod/StartDate, første dag",
            valid_to="ValidityPeriod/EndDate, siste dag (den dagen med)",
        ),
        *_columns(
            "text",
            order_reference="OrderReference/ID, ordren som endres, kanselleres eller besvares",
            order_change_reference="OrderChangeDocumentReference/ID, ordreendringen som besvares",
            earlier_order_reference="OrderDocumentReference/ID, en tidligere ordre, for eksempel "
            "en som ble avvist",
            contract_reference="Contract/ID, avtalens nummer",
            catalogue_reference="CatalogueReference/ID, katalog",
            quotation_reference="QuotationDocumentReference/ID, tilbud",
            originator_reference="OriginatorDocumentReference/ID, rekvisisjonen",
            project_reference="ProjectReference/ID, prosjekt",
        ),
        *_party("seller", "SellerSupplierParty/Party"),
        _SELLER_IS_PRIVATE,
        *_party("buyer", "BuyerCustomerParty/Party"),
        *_personal(
            buyer_delivery_contact_name="BuyerCustomerParty/DeliveryContact/Name, kontakt for "
            "leveringen"
        ),
        *_role("originator", "OriginatorCustomerParty/Party"),
        *_personal(
            originator_contact_name="OriginatorCustomerParty/Party/Contact/Name, rekvirentens "
            "kontakt"
        ),
        *_party("accounting_customer", "AccountingCustomerParty/Party"),
        *_columns(
            "text",
            delivery_location_id="Delivery/DeliveryLocation/ID, leveringsstedet",
            delivery_location_scheme="Delivery/DeliveryLocation/ID/@schemeID",
        ),
        *_role("delivery_party", "Delivery/DeliveryParty"),
        *_personal(
            delivery_party_contact_name="Delivery/DeliveryParty/Contact/Name, mottakerens kontakt"
        ),
        *_REQUESTED_AND_PROMISED,
        *_columns(
            "money",
            **{
                name: f"AnticipatedMonetaryTotal/{element} (LegalMonetaryTotal i en ordreavtale)"
                for name, element in ORDER_TOTALS
            },
            tax_amount="TaxTotal/TaxAmount, mva-beløpet",
            total_amount="Sum uten mva i dokumentets valuta (PEPPOL-T01-R011); tom når dokumentet "
            "ikke oppgir beløp",
        ),
        *_columns(
            "text",
            total_evidence="Hva summen er hentet fra: tax_exclusive, line_extension (minus "
            "rabatter, pluss gebyrer), lines (når alle linjer har beløp) eller payable (minus "
            "oppgitt mva)",
        ),
        *_columns(
            "money",
            lines_difference_amount="Summen minus summen av radene; tom når en linje mangler "
            "beløp, eller når ingen sum er oppgitt",
        ),
        *_columns(
            "integer",
            attachment_count="Antall innebygde vedlegg; selve vedleggene ligger bare i "
            "originalfilen",
            line_count="Antall OrderLine i filen",
        ),
        Column(
            "has_rounded_amounts",
            "boolean",
            "Ja når et beløp hadde mer enn to desimaler og er rundet av til nærmeste øre",
        ),
    ),
)

PEPPOL_ORDER_LINE = Table(
    "peppol_order_line",
    "Én rad per ordrelinje, eller rabatt eller gebyr på hele ordren",
    ("document_id", "source_row"),
    (
        *_HEAD,
        *_columns(
            "text",
            line_kind="line (linje), allowance (rabatt, med negativt beløp) eller charge (gebyr)",
            line_id="LineItem/ID, linjens nummer",
            sales_order_line_id="OrderLineReference/SalesOrderLineID eller LineItem/SalesOrderID, "
            "linjen i selgerens ordre",
            status_code="LineStatusCode (UNCL1229; endring: 1 lagt til, 2 slettet, 3 endret, 4 "
            "uendret; svar: 1 lagt til, 3 godtatt med endring, 5 godtatt, 7 ikke godtatt, 42 alt "
            "levert)",
            note="cbc:Note på linjen",
        ),
        *_columns("quantity", quantity="LineItem/Quantity, bestilt antall"),
        *_columns("text", unit_code="LineItem/Quantity/@unitCode, måleenhet"),
        *_columns(
            "money",
            amount="LineExtensionAmount, for rabatt og gebyr Amount: beløp uten mva",
            tax_amount="TotalTaxAmount, mva-beløpet på linjen",
        ),
        *_columns("price", price_amount="Price/PriceAmount, pris per BaseQuantity"),
        *_columns("quantity", base_quantity="Price/BaseQuantity, antallet prisen gjelder"),
        *_columns("text", base_quantity_unit="Price/BaseQuantity/@unitCode"),
        *_columns(
            "price",
            price_base_amount="Price/AllowanceCharge/BaseAmount, prisen før rabatt",
        ),
        *_columns("text", price_type="Price/PriceType, pristype"),
        *_columns(
            "money",
            line_allowance_amount="Sum av linjens egne rabatter",
            line_charge_amount="Sum av linjens egne gebyrer",
        ),
        *_columns(
            "quantity",
            max_backorder_quantity="LineItem/MaximumBackorderQuantity, antallet som høyst kan "
            "leveres senere",
        ),
        *_columns(
            "boolean",
            partial_delivery_allowed="LineItem/PartialDeliveryIndicator: ja når delvis levering er "
            "tillatt",
        ),
        *_columns(
            "text",
            accounting_cost="LineItem/AccountingCost, kjøperens kontering",
            order_reference="OrderLineReference/OrderReference/ID, bestillingsnummer",
            order_line_reference="OrderLineReference/LineID, ordrelinjen som besvares",
            catalogue_line_reference="CatalogueLineReference/LineID, linjen i katalogen",
        ),
        *_role("originator", "LineItem/OriginatorParty"),
        *_REQUESTED_AND_PROMISED,
        *_columns("integer", delivery_count="Antall Delivery; datoene er fra den første"),
        *_ITEM,
        *_VAT,
        *_columns(
            "text",
            reason_code="AllowanceChargeReasonCode for rabatt eller gebyr på hele ordren",
            substitute_name="SellerSubstitutedLineItem/Item/Name, erstatningsvarens navn, også en "
            "foreslått",
            substitute_sellers_item_id="SellerSubstitutedLineItem: SellersItemIdentification/ID, "
            "erstatningens varenummer",
            substitute_standard_item_id="SellerSubstitutedLineItem: StandardItemIdentification/ID, "
            "erstatningens varenummer i en standard",
        ),
    ),
)

PEPPOL_ORDER_LINE_CLASSIFICATION = _classification(
    "peppol_order_line_classification", "en ordrelinje"
)

PEPPOL_ORDER_LINE_ALLOWANCE = Table(
    "peppol_order_line_allowance",
    "Én rad per rabatt eller gebyr på en ordrelinje",
    ("document_id", "source_row", "position"),
    (
        *_HEAD,
        _POSITION,
        Column(
            "is_charge", "boolean", "ChargeIndicator: ja for gebyr, nei for rabatt", required=True
        ),
        *_columns(
            "text",
            reason_code="AllowanceChargeReasonCode",
            reason="AllowanceChargeReason, begrunnelsen",
        ),
        Column("amount", "money", "Amount, beløpet", required=True),
        *_columns("rate", percent="MultiplierFactorNumeric, prosenten"),
        *_columns("money", base_amount="BaseAmount, beløpet prosenten er regnet av"),
    ),
)

PEPPOL_ORDER_DELIVERY = Table(
    "peppol_order_delivery",
    "Én rad per Delivery på en ordre (source_row 0) eller en ordrelinje",
    ("document_id", "source_row", "position"),
    (
        *_HEAD,
        Column("position", "integer", "Rekkefølgen på dokumentet eller linjen, fra 1"),
        *_columns("quantity", delivery_quantity="Delivery/Quantity, antallet i leveringen"),
        *_columns("text", delivery_unit_code="Delivery/Quantity/@unitCode, måleenhet"),
        *_REQUESTED_AND_PROMISED,
        *_columns(
            "text",
            delivery_location_id="Delivery/DeliveryLocation/ID, leveringsstedet",
            delivery_location_scheme="Delivery/DeliveryLocation/ID/@schemeID",
        ),
        *_role("delivery_party", "Delivery/DeliveryParty"),
        *_personal(
            delivery_party_contact_name="Delivery/DeliveryParty/Contact/Name, mottakerens kontakt"
        ),
    ),
)

_DELIVERY_DATES = _columns(
    "date",
    actual_delivery_date="Delivery/ActualDeliveryDate, leveringsdato",
    estimated_start="Delivery/EstimatedDeliveryPeriod/StartDate, første dag levering er ventet",
    estimated_end="Delivery/EstimatedDeliveryPeriod/EndDate, siste dag levering er ventet (den "
    "dagen med)",
)

PEPPOL_DESPATCH = Table(
    "peppol_despatch",
    "Én rad per godtatt pakkseddel eller varemottak",
    ("document_id",),
    (
        *_HEAD,
        *_columns(
            "text",
            document_kind="despatch_advice (pakkseddel: leverandøren sier hva som er sendt) eller "
            "receipt_advice (varemottak: kjøperen sier hva som kom)",
        ),
        *_SPECIFICATION,
        _NUMBER,
        _ISSUE_DATE,
        *_columns(
            "text",
            status_code="cbc:DocumentStatusCode, dokumentets status",
            type_code="cbc:DespatchAdviceTypeCode eller cbc:ReceiptAdviceTypeCode",
            note="cbc:Note, merknad",
            order_reference="OrderReference/ID, den første: bestillingsnummer",
        ),
        *_columns("integer", order_reference_count="Antall OrderReference i dokumentet"),
        *_columns(
            "text",
            despatch_reference="DespatchDocumentReference/ID i et varemottak: pakkseddelens nummer",
        ),
        *_party("seller", "SellerSupplierParty/Party, ellers DespatchSupplierParty/Party"),
        _SELLER_IS_PRIVATE,
        *_columns(
            "text",
            despatch_supplier_orgnr="DespatchSupplierParty/Party: norsk organisasjonsnummer for "
            "den som sendte varene, ikke alltid selgeren",
        ),
        *_party("buyer", "BuyerCustomerParty/Party, ellers DeliveryCustomerParty/Party"),
        *_party("delivery_customer", "DeliveryCustomerParty/Party", "personal"),
        *_personal(
            delivery_contact_name="DeliveryCustomerParty/DeliveryContact/Name, mottakerens kontakt"
        ),
        *_role("originator", "OriginatorCustomerParty/Party"),
        *_columns(
            "text",
            shipment_id="Shipment/ID, sendingens nummer",
            tracking_id="Shipment/Delivery/TrackingID, sporingsnummer",
        ),
        *_columns(
            "date",
            despatch_date="Shipment/Delivery/Despatch/ActualDespatchDate, dagen varene ble sendt",
        ),
        *_DELIVERY_DATES,
        *_columns("integer", line_count="Antall DespatchLine eller ReceiptLine i filen"),
    ),
)

PEPPOL_DESPATCH_LINE = Table(
    "peppol_despatch_line",
    "Én rad per linje i en pakkseddel eller et varemottak; en ordrelinje kan ha flere",
    ("document_id", "source_row"),
    (
        *_HEAD,
        *_columns("text", line_id="cbc:ID på linjen, linjens nummer", note="cbc:Note på linjen"),
        *_columns(
            "quantity",
            delivered_quantity="DeliveredQuantity, antallet leverandøren sier er sendt",
            received_quantity="ReceivedQuantity, antallet kjøperen sier kom",
        ),
        *_columns(
            "text",
            unit_code="DeliveredQuantity/@unitCode eller ReceivedQuantity/@unitCode, måleenhet",
        ),
        *_columns(
            "quantity", outstanding_quantity="OutstandingQuantity, antallet som kommer senere"
        ),
        *_columns(
            "text",
            outstanding_unit_code="OutstandingQuantity/@unitCode",
            outstanding_reason="OutstandingReason, hvorfor det kommer senere",
        ),
        *_columns(
            "quantity",
            backorder_quantity="BackorderQuantity, antallet i restordre",
            short_quantity="ShortQuantity, antallet som manglet",
        ),
        *_columns(
            "text",
            short_unit_code="ShortQuantity/@unitCode",
            shortage_action_code="ShortageActionCode, hva som gjøres med mangelen",
        ),
        *_columns("quantity", rejected_quantity="RejectedQuantity, antallet som ble avvist"),
        *_columns(
            "text",
            rejected_unit_code="RejectedQuantity/@unitCode",
            reject_reason_code="RejectReasonCode, kode for avvisningen",
            reject_reason="RejectReason, hvorfor det ble avvist",
            reject_action_code="RejectActionCode, hva som gjøres med det avviste",
        ),
        *_columns("quantity", oversupply_quantity="OversupplyQuantity, antallet som kom for mye"),
        *_columns(
            "text",
            oversupply_unit_code="OversupplyQuantity/@unitCode",
            quantity_discrepancy_code="QuantityDiscrepancyCode, kode for avviket i antall",
            timing_complaint="TimingComplaint, ellers TimingComplaintCode: feil leveringstid",
        ),
        *_columns("date", received_date="ReceivedDate, dagen varene på linjen kom"),
        *_DELIVERY_DATES,
        *_columns(
            "text",
            order_reference="OrderLineReference/OrderReference/ID, bestillingsnummer",
            order_line_reference="OrderLineReference/LineID, linjen i bestillingen",
            sales_order_line_id="OrderLineReference/SalesOrderLineID, linjen i selgerens ordre",
            despatch_reference="DespatchLineReference/DocumentReference/ID i et varemottak: "
            "pakkseddelens nummer",
            despatch_line_reference="DespatchLineReference/LineID i et varemottak: linjen i "
            "pakkseddelen",
        ),
        *_ITEM,
        *_columns(
            "text",
            lot_number="ItemInstance/LotIdentification/LotNumberID, den første: partinummer",
        ),
        *_columns(
            "date",
            expiry_date="ItemInstance/LotIdentification/ExpiryDate, den første: utløpsdato",
            best_before_date="ItemInstance/BestBeforeDate, den første: best før",
        ),
        *_columns("integer", item_instance_count="Antall ItemInstance på linjen"),
    ),
)

PEPPOL_DESPATCH_LINE_CLASSIFICATION = _classification(
    "peppol_despatch_line_classification", "en linje i en pakkseddel eller et varemottak"
)

PEPPOL_CATALOGUE = Table(
    "peppol_catalogue",
    "Én rad per godtatt katalog eller handlekurv fra leverandørens nettbutikk (punch-out)",
    ("document_id",),
    (
        *_HEAD,
        *_columns(
            "text",
            document_kind="catalogue (katalog) eller punch_out (handlekurv fra leverandørens "
            "nettbutikk: prisene er et tilbud for denne kurven, ikke en prisliste)",
        ),
        *_SPECIFICATION,
        _NUMBER,
        *_columns(
            "text",
            version_id="cbc:VersionID, katalogens versjon",
            name="cbc:Name, katalogens navn",
            action="cbc:ActionCode med små bokstaver: add (ny), replace (erstatter, også når koden "
            "mangler), update (oppdaterer) eller delete (hele katalogen trekkes tilbake); tom for "
            "punch_out",
        ),
        _ISSUE_DATE,
        *_columns(
            "date",
            valid_from="ValidityPeriod/StartDate, første dag",
            valid_to="ValidityPeriod/EndDate, siste dag (den dagen med)",
        ),
        *_columns(
            "text",
            contract_reference="ReferencedContract/ID, den første: avtalens nummer",
            source_catalogue_reference="SourceCatalogueReference/ID, katalogen denne bygger på",
        ),
        *_party("seller", "SellerSupplierParty/Party, ellers ProviderParty"),
        _SELLER_IS_PRIVATE,
        *_columns(
            "text",
            provider_orgnr="ProviderParty: norsk organisasjonsnummer for den som sendte katalogen",
        ),
        *_party("receiver", "ReceiverParty"),
        *_party("buyer", "ContractorCustomerParty/Party, ellers ReceiverParty"),
        *_columns("integer", line_count="Antall CatalogueLine i filen"),
    ),
)

PEPPOL_CATALOGUE_LINE = Table(
    "peppol_catalogue_line",
    "Én rad per vare som en katalog legger til, oppdaterer eller trekker tilbake",
    ("document_id", "source_row"),
    (
        *_HEAD,
        Column("line_id", "text", "CatalogueLine/ID, linjens nummer", required=True),
        *_columns(
            "text",
            action="ActionCode med små bokstaver: add (ny), update (oppdatert) eller delete (varen "
            "trekkes tilbake); mangler den på linjen, følger den av katalogens; tom for punch_out",
        ),
        *_columns("boolean", is_orderable="OrderableIndicator: ja når varen kan bestilles"),
        *_columns("text", orderable_unit="OrderableUnit, enheten varen bestilles i"),
        *_columns(
            "quantity", content_quantity="ContentUnitQuantity, innholdet i en bestillingsenhet"
        ),
        *_columns("text", content_unit_code="ContentUnitQuantity/@unitCode, måleenhet"),
        *_columns(
            "quantity",
            order_increment="OrderQuantityIncrementNumeric, trinnet antallet bestilles i",
            minimum_order_quantity="MinimumOrderQuantity, minste antall som kan bestilles",
            maximum_order_quantity="MaximumOrderQuantity, største antall som kan bestilles",
        ),
        *_columns(
            "text",
            order_quantity_unit="MinimumOrderQuantity/@unitCode, måleenhet",
            pack_level_code="PackLevelCode (GS1: CU forbrukerpakning, TU handelsenhet, DU "
            "forsendelsesenhet)",
            contract_subdivision="ContractSubdivision, del av avtalen",
        ),
        *_columns(
            "date",
            line_valid_from="LineValidityPeriod/StartDate, linjens første dag",
            line_valid_to="LineValidityPeriod/EndDate, linjens siste dag (den dagen med)",
            valid_from="Første dag som gjelder: linjens egen, ellers katalogens",
            valid_to="Siste dag som gjelder (den dagen med): linjens egen, ellers katalogens",
        ),
        *_ITEM,
        *_columns("quantity", pack_quantity="Item/PackQuantity, antall i pakningen"),
        *_columns("text", pack_unit_code="Item/PackQuantity/@unitCode, måleenhet"),
        *_columns("quantity", pack_size="Item/PackSizeNumeric, pakningens størrelse"),
        *_columns(
            "text",
            brand_name="Item/BrandName, merke",
            manufacturer_name="Item/ManufacturerParty/PartyName/Name, produsent",
            origin_country="Item/OriginCountry/IdentificationCode, opprinnelsesland",
            transaction_conditions="Item/TransactionConditions/ActionCode, skilt med semikolon "
            "(CT: varen er på avtale)",
            replaced_item_id="ReplacedRelatedItem/ID, varen som denne erstatter",
        ),
        *_VAT,
        *_columns("integer", price_count="Antall priser på linjen"),
    ),
)

PEPPOL_CATALOGUE_LINE_CLASSIFICATION = _classification(
    "peppol_catalogue_line_classification", "en kataloglinje"
)

PEPPOL_CATALOGUE_PRICE = Table(
    "peppol_catalogue_price",
    "Én rad per pris på en kataloglinje, etter antall, sted og periode; uten mva",
    ("document_id", "source_row", "position"),
    (
        *_HEAD,
        _POSITION,
        Column(
            "price_amount",
            "price",
            "Price/PriceAmount, nettopris uten mva per BaseQuantity",
            required=True,
        ),
        Column("currency", "text", "Price/PriceAmount/@currencyID, prisens valuta", required=True),
        *_columns("quantity", base_quantity="Price/BaseQuantity, antallet prisen gjelder"),
        *_columns(
            "text",
            base_quantity_unit="Price/BaseQuantity/@unitCode",
            price_type="Price/PriceType (UNCL5387), pristype",
        ),
        *_columns(
            "rate",
            orderable_unit_factor="Price/OrderableUnitFactorRate, prisenheter per bestillingsenhet",
        ),
        *_columns(
            "quantity",
            minimum_quantity="MinimumQuantity, antallet prisen gjelder fra",
            maximum_quantity="MaximumQuantity, antallet prisen gjelder til",
        ),
        *_columns("text", minimum_quantity_unit="MinimumQuantity/@unitCode, måleenhet"),
        *_columns(
            "date",
            price_valid_from="Price/ValidityPeriod/StartDate, prisens første dag",
            price_valid_to="Price/ValidityPeriod/EndDate, prisens siste dag (den dagen med)",
            valid_from="Første dag som gjelder: prisens egen, ellers linjens, ellers katalogens",
            valid_to="Siste dag som gjelder (den dagen med): prisens egen, ellers linjens, ellers "
            "katalogens",
        ),
        *_columns("quantity", lead_time="LeadTimeMeasure, leveringstid"),
        *_columns(
            "text",
            lead_time_unit="LeadTimeMeasure/@unitCode, leveringstidens enhet",
            territory_city="ApplicableTerritoryAddress/CityName, poststed prisen gjelder i",
            territory_postal_zone="ApplicableTerritoryAddress/PostalZone, postnummer prisen "
            "gjelder i",
            territory_region="ApplicableTerritoryAddress/CountrySubentity, region prisen gjelder i",
            territory_country="ApplicableTerritoryAddress/Country/IdentificationCode, land prisen "
            "gjelder i",
        ),
        *_columns(
            "quantity", batch_quantity="DeliveryUnit/BatchQuantity (punch_out: antallet i kurven)"
        ),
        *_columns("text", batch_unit_code="DeliveryUnit/BatchQuantity/@unitCode, måleenhet"),
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
