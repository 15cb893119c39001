"""Contracts of what is read from EHF and Peppol invoices and credit notes."""

from __future__ import annotations

from pipelines.extracts.contracts.columns import (
    DOCUMENT_ID,
    SOURCE_ROW,
    SOURCE_SHA256,
    Classification,
    Column,
    Table,
)
from pipelines.extracts.contracts.columns import date_column as _date
from pipelines.extracts.contracts.columns import money_column as _money
from pipelines.extracts.contracts.columns import text_column as _text


def _party(prefix: str, element: str, personal: Classification) -> tuple[Column, ...]:
    return (
        _text(f"{prefix}_endpoint_id", f"{element}: cbc:EndpointID, elektronisk adresse"),
        _text(f"{prefix}_endpoint_scheme", f"{element}: EndpointID/@schemeID"),
        _text(f"{prefix}_party_id", f"{element}: PartyIdentification/ID, den første"),
        _text(f"{prefix}_party_id_scheme", f"{element}: PartyIdentification/ID/@schemeID"),
        _text(f"{prefix}_legal_id", f"{element}: PartyLegalEntity/CompanyID"),
        _text(f"{prefix}_legal_id_scheme", f"{element}: PartyLegalEntity/CompanyID/@schemeID"),
        _text(f"{prefix}_vat_id", f"{element}: PartyTaxScheme/CompanyID der TaxScheme er VAT"),
        _text(
            f"{prefix}_name",
            f"{element}: PartyLegalEntity/RegistrationName, ellers PartyName/Name",
            classification=personal,
        ),
        _text(f"{prefix}_trading_name", f"{element}: PartyName/Name", classification=personal),
        _text(
            f"{prefix}_contact_id",
            f"{element}: Contact/ID (brukes i EHF 2)",
            classification="personal",
        ),
        _text(f"{prefix}_contact_name", f"{element}: Contact/Name", classification="personal"),
        _text(
            f"{prefix}_orgnr",
            f"{element}: norsk organisasjonsnummer (ni siffer med gyldig kontrollsiffer) fra den "
            "første av CompanyID, PartyIdentification/ID, EndpointID og mva-nummer der @schemeID "
            "sier at det er et",
        ),
    )


DOCUMENT_TOTALS = (
    ("line_extension_amount", "LineExtensionAmount"),
    ("tax_exclusive_amount", "TaxExclusiveAmount"),
    ("tax_inclusive_amount", "TaxInclusiveAmount"),
    ("allowance_total_amount", "AllowanceTotalAmount"),
    ("charge_total_amount", "ChargeTotalAmount"),
    ("prepaid_amount", "PrepaidAmount"),
    ("payable_rounding_amount", "PayableRoundingAmount"),
    ("payable_amount", "PayableAmount"),
)

EHF_DOCUMENT = Table(
    "ehf_document",
    "Én rad per godtatt faktura eller kreditnota",
    ("document_id",),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        _text(
            "document_kind",
            "invoice (faktura) eller credit_note (kreditnota, med beløpene i motsatt fortegn)",
        ),
        _text("profile", "peppol_bis3 eller ehf2, etter CustomizationID"),
        _text("customization_id", "cbc:CustomizationID, spesifikasjonen dokumentet følger"),
        _text("profile_id", "cbc:ProfileID, forretningsprosessen dokumentet hører til"),
        _text("document_number", "cbc:ID, dokumentets nummer", required=True),
        _text("type_code", "cbc:InvoiceTypeCode eller cbc:CreditNoteTypeCode"),
        _date("issue_date", "cbc:IssueDate, fakturadato", required=True),
        _date("due_date", "cbc:DueDate, ellers PaymentMeans/PaymentDueDate: forfallsdato"),
        _date("tax_point_date", "cbc:TaxPointDate, dato for avgiftsberegning"),
        _text(
            "currency",
            "cbc:DocumentCurrencyCode, ellers TaxExclusiveAmount/@currencyID",
            required=True,
        ),
        _text("tax_currency", "cbc:TaxCurrencyCode, valutaen mva bokføres i"),
        _text("accounting_cost", "cbc:AccountingCost på dokumentet, kjøperens kontering"),
        _text("buyer_reference", "cbc:BuyerReference, ellers kjøperens Contact/ID: «deres ref.»"),
        _text("order_reference", "OrderReference/ID, bestillingsnummer"),
        _date("order_date", "OrderReference/IssueDate, bestillingsdato"),
        _text("sales_order_reference", "OrderReference/SalesOrderID, selgerens ordrenummer"),
        _text("contract_reference", "ContractDocumentReference/ID, den første: avtalens nummer"),
        _text("project_reference", "ProjectReference/ID, prosjekt"),
        _text("despatch_reference", "DespatchDocumentReference/ID, pakkseddel"),
        _text("receipt_reference", "ReceiptDocumentReference/ID, mottaksmelding"),
        _text(
            "originator_reference",
            "OriginatorDocumentReference/ID, konkurransen eller delkontrakten",
        ),
        _date("period_start", "InvoicePeriod/StartDate, første dag i fakturert periode"),
        _date("period_end", "InvoicePeriod/EndDate, siste dag i fakturert periode"),
        _date("delivery_date", "Delivery/ActualDeliveryDate, leveringsdato"),
        _text("delivery_location_id", "Delivery/DeliveryLocation/ID, leveringsstedet"),
        _text("delivery_location_scheme", "Delivery/DeliveryLocation/ID/@schemeID"),
        *_party("seller", "AccountingSupplierParty", "internal"),
        Column(
            "seller_is_private_person",
            "boolean",
            "Ja når selgeren er en privatperson; navn og ID er da erstattet med et pseudonym",
        ),
        *_party("buyer", "AccountingCustomerParty", "internal"),
        _text(
            "payee_name",
            "PayeeParty/PartyName/Name, betalingsmottaker; tom når selgeren er privatperson",
        ),
        _text("payee_party_id", "PayeeParty/PartyIdentification/ID"),
        _text("payee_legal_id", "PayeeParty/PartyLegalEntity/CompanyID"),
        _text("payee_legal_id_scheme", "PayeeParty/PartyLegalEntity/CompanyID/@schemeID"),
        _text("payment_means_code", "PaymentMeans/PaymentMeansCode, betalingsmåte"),
        _text("payment_id", "PaymentMeans/PaymentID, KID"),
        *(
            _money(
                name,
                f"LegalMonetaryTotal/{element}, med motsatt fortegn i kreditnotaer",
                required=name == "tax_exclusive_amount",
            )
            for name, element in DOCUMENT_TOTALS
        ),
        _money(
            "tax_amount",
            "TaxTotal/TaxAmount i dokumentets valuta, med motsatt fortegn i kreditnotaer",
        ),
        Column(
            "attachment_count",
            "integer",
            "Antall innebygde vedlegg; selve vedleggene ligger bare i originalfilen",
        ),
        Column("line_count", "integer", "Antall InvoiceLine eller CreditNoteLine i filen"),
        Column(
            "has_rounded_amounts",
            "boolean",
            "Ja når et beløp hadde mer enn to desimaler og er rundet av til nærmeste øre",
        ),
    ),
)

EHF_LINE = Table(
    "ehf_line",
    "Én rad per fakturalinje, rabatt eller gebyr på dokumentet, eller differanse; radene i et "
    "dokument summerer til TaxExclusiveAmount",
    ("document_id", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        _text(
            "line_kind",
            "line (linje), allowance (rabatt), charge (gebyr) eller difference (differanse)",
        ),
        _text("line_id", "cbc:ID på linjen, linjens nummer"),
        _money(
            "amount",
            "LineExtensionAmount, for rabatt og gebyr Amount: beløp uten mva i dokumentets valuta, "
            "med fortegn",
            required=True,
        ),
        Column(
            "quantity",
            "quantity",
            "InvoicedQuantity eller CreditedQuantity, med motsatt fortegn i kreditnotaer",
        ),
        _text(
            "unit_code", "InvoicedQuantity/@unitCode eller CreditedQuantity/@unitCode, måleenhet"
        ),
        Column("price_amount", "price", "Price/PriceAmount, pris per BaseQuantity"),
        Column("base_quantity", "quantity", "Price/BaseQuantity, antallet prisen gjelder"),
        _text("base_quantity_unit", "Price/BaseQuantity/@unitCode"),
        Column("price_base_amount", "price", "Price/AllowanceCharge/BaseAmount, prisen før rabatt"),
        _money(
            "line_allowance_amount",
            "Sum av linjens egne rabatter, med motsatt fortegn i kreditnotaer",
        ),
        _money(
            "line_charge_amount", "Sum av linjens egne gebyrer, med motsatt fortegn i kreditnotaer"
        ),
        _text("accounting_cost", "cbc:AccountingCost på linjen, kjøperens kontering"),
        _text("order_reference", "OrderLineReference/OrderReference/ID, bestillingsnummer"),
        _text("order_line_reference", "OrderLineReference/LineID, linjen i bestillingen"),
        _date("period_start", "InvoicePeriod/StartDate på linjen, første dag i fakturert periode"),
        _date("period_end", "InvoicePeriod/EndDate på linjen, siste dag i fakturert periode"),
        _date(
            "delivery_date", "Delivery/ActualDeliveryDate på linjen, leveringsdato (brukes i EHF 2)"
        ),
        _text("note", "cbc:Note på linjen"),
        _text(
            "item_name", "Item/Name; for rabatt og gebyr begrunnelsen, for differanse en fast tekst"
        ),
        _text("item_description", "Item/Description, varens beskrivelse"),
        _text("sellers_item_id", "SellersItemIdentification/ID, selgerens varenummer"),
        _text("buyers_item_id", "BuyersItemIdentification/ID, kjøperens varenummer"),
        _text(
            "standard_item_id", "StandardItemIdentification/ID, varenummer i en standard, ofte GTIN"
        ),
        _text("standard_item_scheme", "StandardItemIdentification/ID/@schemeID"),
        _text("reason_code", "AllowanceChargeReasonCode for rabatt eller gebyr på dokumentet"),
        _text(
            "vat_category",
            "ClassifiedTaxCategory/ID, for rabatt og gebyr TaxCategory/ID: avgiftskategori",
        ),
        Column(
            "vat_percent",
            "rate",
            "ClassifiedTaxCategory/Percent, for rabatt og gebyr TaxCategory/Percent",
        ),
    ),
)

EHF_LINE_CLASSIFICATION = Table(
    "ehf_line_classification",
    "Én rad per varekode (ItemClassificationCode) på en fakturalinje",
    ("document_id", "source_row", "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        Column("position", "integer", "Rekkefølgen på linjen, fra 1"),
        _text("list_id", "ItemClassificationCode/@listID, kodeverket slik det er skrevet"),
        _text("list_version", "ItemClassificationCode/@listVersionID, kodeverkets versjon"),
        _text("code", "ItemClassificationCode, koden slik den er skrevet"),
    ),
)

EHF_LINE_ALLOWANCE = Table(
    "ehf_line_allowance",
    "Én rad per rabatt eller gebyr på en fakturalinje",
    ("document_id", "source_row", "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        Column("position", "integer", "Rekkefølgen på linjen, fra 1"),
        Column("is_charge", "boolean", "ChargeIndicator: ja for gebyr, nei for rabatt"),
        _text("reason_code", "AllowanceChargeReasonCode"),
        _text("reason", "AllowanceChargeReason, begrunnelsen"),
        _money("amount", "Amount, med motsatt fortegn i kreditnotaer"),
        Column("percent", "rate", "MultiplierFactorNumeric, prosenten"),
        _money(
            "base_amount",
            "BaseAmount, beløpet prosenten er regnet av, med motsatt fortegn i kreditnotaer",
        ),
    ),
)

EHF_TAX_SUBTOTAL = Table(
    "ehf_tax_subtotal",
    "Én rad per avgiftskategori og mva-sats i et dokument, i dokumentets valuta",
    ("document_id", "position"),
    (
        SOURCE_SHA256,
        DOCUMENT_ID,
        Column("position", "integer", "Rekkefølgen i dokumentet, fra 1"),
        _money("taxable_amount", "TaxableAmount, grunnlaget, med motsatt fortegn i kreditnotaer"),
        _money("tax_amount", "TaxAmount, mva-beløpet, med motsatt fortegn i kreditnotaer"),
        _text("vat_category", "TaxCategory/ID, avgiftskategori"),
        Column("vat_percent", "rate", "TaxCategory/Percent, mva-sats i prosent"),
        _text("exemption_reason", "TaxExemptionReason, hvorfor det ikke er beregnet mva"),
    ),
)

EHF_BILLING_REFERENCE = Table(
    "ehf_billing_reference",
    "Én rad per tidligere faktura som et dokument viser til",
    ("document_id", "position"),
    (
        SOURCE_SHA256,
        DOCUMENT_ID,
        Column("position", "integer", "Rekkefølgen i dokumentet, fra 1"),
        _text("referenced_number", "InvoiceDocumentReference/ID, den tidligere fakturaens nummer"),
        _date(
            "referenced_date", "InvoiceDocumentReference/IssueDate, den tidligere fakturaens dato"
        ),
    ),
)

EHF_TABLES = (
    EHF_DOCUMENT,
    EHF_LINE,
    EHF_LINE_CLASSIFICATION,
    EHF_LINE_ALLOWANCE,
    EHF_TAX_SUBTOTAL,
    EHF_BILLING_REFERENCE,
)
