"""The lake's table contracts: columns, types, grain, key and classification of every lake table.

Everything about what a row must look like stands here. How a file is turned into rows stands in
the extract modules, how tables are written in `pipelines.lake`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

ColumnType = Literal["text", "date", "integer", "boolean", "money", "quantity", "price", "rate"]
Classification = Literal["public", "internal", "personal"]

POLARS_TYPES: dict[ColumnType, pl.DataType] = {
    "text": pl.String(),
    "date": pl.Date(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "money": pl.Decimal(18, 2),
    "quantity": pl.Decimal(18, 6),
    "price": pl.Decimal(20, 8),
    "rate": pl.Decimal(18, 8),
}


@dataclass(frozen=True)
class Column:
    """One column of a lake table.

    `aliases` are the headings under which people's register files name it, the one that our own
    templates use first; only registers have them. `required` means a row without it is
    quarantined.
    """

    name: str
    type: ColumnType
    description: str
    required: bool = False
    classification: Classification = "internal"
    aliases: tuple[str, ...] = ()
    default: str | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """One lake table: its grain in words, its key and its columns in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    register: str | None = None

    def schema(self) -> dict[str, pl.DataType]:
        """Return the Polars schema, column name to type, in the contract's order."""
        return {column.name: POLARS_TYPES[column.type] for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """Return the table without rows, so that no glob over batches is ever without a file."""
        return pl.DataFrame(schema=self.schema())


def _text(name: str, description: str, **options: object) -> Column:
    return Column(name, "text", description, **options)  # type: ignore[arg-type]


def _date(name: str, description: str, **options: object) -> Column:
    return Column(name, "date", description, **options)  # type: ignore[arg-type]


def _money(name: str, description: str, **options: object) -> Column:
    return Column(name, "money", description, **options)  # type: ignore[arg-type]


SOURCE_SHA256 = _text("source_sha256", "SHA-256 of the file's bytes, lower-case hex", required=True)
SOURCE_ROW = Column(
    "source_row",
    "integer",
    "Place in the file, from 1: position of the element for XML, line or row for tables",
    required=True,
)
DOCUMENT_ID = _text(
    "document_id", "Our key of the document: 'D' and 20 hex digits of the file's SHA-256"
)


def _party(prefix: str, element: str, personal: Classification) -> tuple[Column, ...]:
    return (
        _text(f"{prefix}_endpoint_id", f"{element}: cbc:EndpointID"),
        _text(f"{prefix}_endpoint_scheme", f"{element}: EndpointID/@schemeID"),
        _text(f"{prefix}_party_id", f"{element}: first PartyIdentification/ID"),
        _text(f"{prefix}_party_id_scheme", f"{element}: its @schemeID"),
        _text(f"{prefix}_legal_id", f"{element}: PartyLegalEntity/CompanyID"),
        _text(f"{prefix}_legal_id_scheme", f"{element}: its @schemeID"),
        _text(f"{prefix}_vat_id", f"{element}: PartyTaxScheme/CompanyID where TaxScheme is VAT"),
        _text(
            f"{prefix}_name",
            f"{element}: PartyLegalEntity/RegistrationName, else PartyName/Name",
            classification=personal,
        ),
        _text(f"{prefix}_trading_name", f"{element}: PartyName/Name", classification=personal),
        _text(f"{prefix}_contact_id", f"{element}: Contact/ID (EHF 2)", classification="personal"),
        _text(f"{prefix}_contact_name", f"{element}: Contact/Name", classification="personal"),
        _text(
            f"{prefix}_orgnr",
            f"{element}: Norwegian organisation number, nine digits with a valid check digit, from "
            "the first of legal id, party id, endpoint and VAT id whose scheme says that it is one",
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
    "One row per accepted invoice or credit note",
    ("document_id",),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        _text("document_kind", "invoice or credit_note; a credit note's amounts are negated"),
        _text("profile", "peppol_bis3 or ehf2, from CustomizationID"),
        _text("customization_id", "cbc:CustomizationID"),
        _text("profile_id", "cbc:ProfileID"),
        _text("document_number", "cbc:ID", required=True),
        _text("type_code", "cbc:InvoiceTypeCode or cbc:CreditNoteTypeCode"),
        _date("issue_date", "cbc:IssueDate", required=True),
        _date("due_date", "cbc:DueDate, else PaymentMeans/PaymentDueDate"),
        _date("tax_point_date", "cbc:TaxPointDate"),
        _text("currency", "cbc:DocumentCurrencyCode", required=True),
        _text("tax_currency", "cbc:TaxCurrencyCode"),
        _text("accounting_cost", "cbc:AccountingCost of the document"),
        _text("buyer_reference", "cbc:BuyerReference (EHF 2: the buyer's Contact/ID)"),
        _text("order_reference", "OrderReference/ID"),
        _date("order_date", "OrderReference/IssueDate"),
        _text("sales_order_reference", "OrderReference/SalesOrderID"),
        _text("contract_reference", "First ContractDocumentReference/ID"),
        _text("project_reference", "ProjectReference/ID"),
        _text("despatch_reference", "DespatchDocumentReference/ID"),
        _text("receipt_reference", "ReceiptDocumentReference/ID"),
        _text("originator_reference", "OriginatorDocumentReference/ID"),
        _date("period_start", "InvoicePeriod/StartDate"),
        _date("period_end", "InvoicePeriod/EndDate"),
        _date("delivery_date", "Delivery/ActualDeliveryDate"),
        _text("delivery_location_id", "Delivery/DeliveryLocation/ID"),
        _text("delivery_location_scheme", "Its @schemeID"),
        *_party("seller", "AccountingSupplierParty", "internal"),
        Column(
            "seller_is_private_person",
            "boolean",
            "True where the seller is a private person: its names and ids are then a pseudonym",
        ),
        *_party("buyer", "AccountingCustomerParty", "internal"),
        _text("payee_name", "PayeeParty/PartyName/Name"),
        _text("payee_party_id", "PayeeParty/PartyIdentification/ID"),
        _text("payee_legal_id", "PayeeParty/PartyLegalEntity/CompanyID"),
        _text("payee_legal_id_scheme", "Its @schemeID"),
        _text("payment_means_code", "PaymentMeans/PaymentMeansCode"),
        _text("payment_id", "PaymentMeans/PaymentID (KID)"),
        *(
            _money(name, f"LegalMonetaryTotal/{element}, negated for credit notes")
            for name, element in DOCUMENT_TOTALS
        ),
        _money("tax_amount", "First TaxTotal/TaxAmount, in the document's currency"),
        Column(
            "attachment_count", "integer", "Embedded attachments; they are not kept in the lake"
        ),
        Column("line_count", "integer", "InvoiceLine or CreditNoteLine elements in the file"),
        Column(
            "has_rounded_amounts",
            "boolean",
            "True where an amount had more than two decimals and was rounded to the nearest øre",
        ),
    ),
)

EHF_LINE = Table(
    "ehf_line",
    "One row per invoice line, document-level allowance or charge, or difference; the rows of a "
    "document add up to its TaxExclusiveAmount",
    ("document_id", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        _text("line_kind", "line, allowance, charge or difference"),
        _text("line_id", "cbc:ID of the line"),
        _money("amount", "Without VAT, in the document's currency, signed", required=True),
        Column("quantity", "quantity", "InvoicedQuantity or CreditedQuantity, negated for credits"),
        _text("unit_code", "@unitCode of the quantity"),
        Column("price_amount", "price", "Price/PriceAmount"),
        Column("base_quantity", "quantity", "Price/BaseQuantity"),
        _text("base_quantity_unit", "@unitCode of the base quantity"),
        Column("price_base_amount", "price", "Price/AllowanceCharge/BaseAmount: the gross price"),
        _money("line_allowance_amount", "Sum of the line's own allowances, signed as the amount"),
        _money("line_charge_amount", "Sum of the line's own charges, signed as the amount"),
        _text("accounting_cost", "cbc:AccountingCost of the line"),
        _text("order_reference", "OrderLineReference/OrderReference/ID"),
        _text("order_line_reference", "OrderLineReference/LineID"),
        _date("period_start", "InvoicePeriod/StartDate of the line"),
        _date("period_end", "InvoicePeriod/EndDate of the line"),
        _date("delivery_date", "Delivery/ActualDeliveryDate of the line (EHF 2)"),
        _text("note", "cbc:Note of the line"),
        _text("item_name", "Item/Name; for an allowance or charge its reason"),
        _text("item_description", "Item/Description"),
        _text("sellers_item_id", "SellersItemIdentification/ID"),
        _text("buyers_item_id", "BuyersItemIdentification/ID"),
        _text("standard_item_id", "StandardItemIdentification/ID"),
        _text("standard_item_scheme", "Its @schemeID"),
        _text("reason_code", "AllowanceChargeReasonCode of a document-level allowance or charge"),
        _text("vat_category", "ClassifiedTaxCategory/ID or TaxCategory/ID"),
        Column("vat_percent", "rate", "Its Percent"),
    ),
)

EHF_LINE_CLASSIFICATION = Table(
    "ehf_line_classification",
    "One row per item classification of an invoice line",
    ("document_id", "source_row", "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        Column("position", "integer", "Order within the line, from 1"),
        _text("list_id", "ItemClassificationCode/@listID as written"),
        _text("list_version", "ItemClassificationCode/@listVersionID"),
        _text("code", "The code as written"),
    ),
)

EHF_LINE_ALLOWANCE = Table(
    "ehf_line_allowance",
    "One row per allowance or charge of an invoice line",
    ("document_id", "source_row", "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        DOCUMENT_ID,
        Column("position", "integer", "Order within the line, from 1"),
        Column("is_charge", "boolean", "ChargeIndicator"),
        _text("reason_code", "AllowanceChargeReasonCode"),
        _text("reason", "AllowanceChargeReason"),
        _money("amount", "Amount, signed as the document's (negated for credits)"),
        Column("percent", "rate", "MultiplierFactorNumeric"),
        _money("base_amount", "BaseAmount, negated for credits"),
    ),
)

EHF_TAX_SUBTOTAL = Table(
    "ehf_tax_subtotal",
    "One row per VAT category and rate of a document, in the document's currency",
    ("document_id", "position"),
    (
        SOURCE_SHA256,
        DOCUMENT_ID,
        Column("position", "integer", "Order within the document, from 1"),
        _money("taxable_amount", "TaxableAmount, negated for credits"),
        _money("tax_amount", "TaxAmount, negated for credits"),
        _text("vat_category", "TaxCategory/ID"),
        Column("vat_percent", "rate", "TaxCategory/Percent"),
        _text("exemption_reason", "TaxExemptionReason"),
    ),
)

EHF_BILLING_REFERENCE = Table(
    "ehf_billing_reference",
    "One row per earlier invoice that a document names",
    ("document_id", "position"),
    (
        SOURCE_SHA256,
        DOCUMENT_ID,
        Column("position", "integer", "Order within the document, from 1"),
        _text("referenced_number", "InvoiceDocumentReference/ID"),
        _date("referenced_date", "InvoiceDocumentReference/IssueDate"),
    ),
)


def _register(name: str, heading: str, grain: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table(name, grain, key, (SOURCE_SHA256, SOURCE_ROW, *columns), register=heading)


_VALID_FROM = _date(
    "valid_from", "First day that counts", aliases=("gyldig_fra", "fra", "fra_dato", "startdato")
)
_VALID_TO = _date(
    "valid_to",
    "Last day that counts (inclusive, as people write it); empty = until further notice",
    aliases=("gyldig_til", "til", "til_dato", "sluttdato"),
)
_AGREEMENT_ID = _text(
    "agreement_id", "The agreement's ID", required=True, aliases=("avtale_id", "avtale", "avtalenr")
)
_LOT = _text(
    "lot", "Lot, delkontrakt or zone", required=True, aliases=("delkontrakt", "sone", "lott")
)
_UNIT_ID = _text(
    "unit_id", "The unit's ID", required=True, aliases=("enhet_id", "enhet", "virksomhet_id")
)
_CATEGORY_ID = _text(
    "category_id",
    "The category's ID",
    required=True,
    aliases=("kategori_id", "kategori", "faggruppe_id"),
)
_ORGNR = _text(
    "orgnr",
    "Organisation number, nine digits with a valid check digit",
    aliases=("orgnr", "organisasjonsnummer", "org_nr"),
)
_ORGNR_REQUIRED = _text(
    "orgnr",
    "Organisation number, nine digits with a valid check digit",
    required=True,
    aliases=("orgnr", "organisasjonsnummer", "org_nr"),
)

REG_UNIT = _register(
    "reg_unit",
    "enheter",
    "One row per unit (virksomhet) and period of validity",
    ("unit_id", "valid_from"),
    _UNIT_ID,
    _text("name", "The unit's name", required=True, aliases=("navn", "enhetsnavn")),
    _ORGNR,
    _text("sector", "Sector the unit belongs to", aliases=("sektor", "byrådsavdeling")),
    _text(
        "parent_unit_id",
        "The collective unit above it",
        aliases=("overordnet_enhet_id", "overordnet", "overordnet_enhet"),
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_UNIT_IDENTIFIER = _register(
    "reg_unit_identifier",
    "enhetskjennetegn",
    "One row per sign by which a unit is found on a document",
    ("unit_id", "identifier_type", "match_type", "value", "valid_from"),
    _UNIT_ID,
    _text(
        "identifier_type",
        "What the value is compared with",
        required=True,
        aliases=("type", "kjennetegn"),
        values={
            "orgnr": "orgnr",
            "endepunkt": "endpoint",
            "gln": "gln",
            "deres_ref": "buyer_reference",
            "kontering": "accounting_cost",
            "kontakt": "contact",
            "bestilling": "order_number",
            "ansvar": "ledger_dimension",
        },
    ),
    _text(
        "match_type",
        "How it is compared",
        aliases=("treff", "sammenligning"),
        default="exact",
        values={"eksakt": "exact", "prefiks": "prefix", "område": "range", "omrade": "range"},
    ),
    _text("value", "The value, or the first of a range", required=True, aliases=("verdi",)),
    _text("value_to", "The last value of a range", aliases=("verdi_til",)),
    Column(
        "priority",
        "integer",
        "Lower goes first; within it the most specific kind of sign",
        aliases=("prioritet",),
        default="100",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_CATEGORY = _register(
    "reg_category",
    "kategorier",
    "One row per category of goods or services",
    ("category_id",),
    _CATEGORY_ID,
    _text("name", "The category's name", required=True, aliases=("navn", "kategorinavn")),
    _text("faggruppe", "The group of categories it belongs to", aliases=("faggruppe",)),
    _text(
        "kind",
        "Which table of thresholds applies",
        aliases=("art", "anskaffelsestype"),
        default="goods_services",
        values={
            "varer_tjenester": "goods_services",
            "bygg_anlegg": "works",
            "helse_sosial": "health_social",
            "særlig": "special",
            "saerlig": "special",
        },
    ),
    Column(
        "is_addressable",
        "boolean",
        "False for categories that competition can't reach",
        aliases=("pavirkbar", "påvirkbar", "adresserbar"),
        default="ja",
    ),
)

REG_CATEGORY_CODE = _register(
    "reg_category_code",
    "kategorikoder",
    "One row per code, or beginning of a code, that means a category",
    ("code_list", "code"),
    _text("code_list", "UNSPSC, CPV or another list's name", required=True, aliases=("kodeverk",)),
    _text("code", "The code or its first digits", required=True, aliases=("kode", "kodeprefiks")),
    _CATEGORY_ID,
)

REG_SUPPLIER = _register(
    "reg_supplier",
    "leverandører",
    "One row per supplier that the municipality has described",
    ("orgnr",),
    _ORGNR_REQUIRED,
    _text("name", "Name to show", aliases=("navn", "leverandørnavn")),
    _text("organisation_form", "AS, ENK, KOMM …", aliases=("organisasjonsform", "orgform")),
    Column(
        "is_public_body",
        "boolean",
        "State, county, municipality and their enterprises",
        aliases=("offentlig", "er_offentlig"),
        default="nei",
    ),
    Column(
        "is_internal",
        "boolean",
        "The municipality's own undertakings",
        aliases=("intern", "er_intern"),
        default="nei",
    ),
)

REG_SUPPLIER_CATEGORY = _register(
    "reg_supplier_category",
    "leverandørkategorier",
    "One row per supplier and category that it delivers",
    ("orgnr", "category_id", "valid_from"),
    _ORGNR_REQUIRED,
    _CATEGORY_ID,
    Column(
        "is_single_category",
        "boolean",
        "True where all that the supplier sells is of this category",
        aliases=("en_kategori", "én_kategori", "enkeltkategori"),
        default="nei",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_AGREEMENT = _register(
    "reg_agreement",
    "avtaler",
    "One row per agreement",
    ("agreement_id",),
    _AGREEMENT_ID,
    _text("title", "Title", required=True, aliases=("tittel", "avtalenavn", "navn")),
    Column(
        "is_binding",
        "boolean",
        "True where the units must use it (A02); false where they may (C02)",
        required=True,
        aliases=("bindende", "forpliktende"),
    ),
    Column(
        "own_production_allowed",
        "boolean",
        "True where doing it oneself is allowed (D06)",
        aliases=("egenregi_tillatt", "egenregi"),
        default="nei",
    ),
    _text(
        "lead_buyer",
        "Who ran the competition",
        aliases=("oppdragsgiver", "innkjøpssamarbeid", "innkjopssamarbeid"),
    ),
    _date(
        "valid_from",
        "First day",
        required=True,
        aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
    ),
    _date(
        "end_date",
        "Last day without options (inclusive)",
        required=True,
        aliases=("gyldig_til", "til", "sluttdato", "til_dato"),
    ),
    _text("agreement_manager", "Who looks after it", aliases=("avtaleforvalter", "forvalter")),
    _money(
        "ceiling_nok", "Highest value, NOK without VAT", aliases=("tak_nok", "tak", "maksverdi")
    ),
    Column(
        "notice_months",
        "integer",
        "Months before the end at which an option must be exercised",
        aliases=("varslingstid_mnd", "varslingstid"),
    ),
    Column(
        "lead_time_months",
        "integer",
        "Months that a new competition takes",
        aliases=("ledetid_mnd", "ledetid"),
    ),
    _text(
        "contract_references",
        "Numbers by which invoices and orders name it, separated by semicolon",
        aliases=("avtalereferanser", "referanser", "kontraktsnummer"),
    ),
)

REG_AGREEMENT_OPTION = _register(
    "reg_agreement_option",
    "opsjoner",
    "One row per option to extend an agreement",
    ("agreement_id", "option_number"),
    _AGREEMENT_ID,
    Column("option_number", "integer", "From 1", required=True, aliases=("opsjon_nr", "opsjon")),
    Column(
        "length_months",
        "integer",
        "Length",
        required=True,
        aliases=("lengde_mnd", "lengde_måneder"),
    ),
    Column(
        "is_exercised",
        "boolean",
        "True where it has been exercised",
        required=True,
        aliases=("utløst", "utlost", "benyttet"),
    ),
    _date("exercised_date", "When it was exercised", aliases=("utløst_dato", "utlost_dato")),
)

REG_AGREEMENT_LOT = _register(
    "reg_agreement_lot",
    "delkontrakter",
    "One row per lot or zone of an agreement",
    ("agreement_id", "lot"),
    _AGREEMENT_ID,
    _LOT,
    _text("name", "Name of the lot", aliases=("navn", "delkontraktnavn")),
    _text(
        "call_off",
        "How suppliers are chosen",
        aliases=("avropsform", "rangering"),
        default="parallel",
        values={"parallell": "parallel", "rangert": "ranked", "enkelt": "single"},
    ),
)

REG_LOT_SUPPLIER = _register(
    "reg_lot_supplier",
    "delkontrakt_leverandører",
    "One row per supplier on a lot",
    ("agreement_id", "lot", "orgnr", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _ORGNR_REQUIRED,
    _text("name", "The supplier's name", aliases=("navn", "leverandør", "leverandørnavn")),
    Column("supplier_rank", "integer", "1 is asked first", aliases=("rang",), default="1"),
    _VALID_FROM,
    _VALID_TO,
)

REG_LOT_UNIT = _register(
    "reg_lot_unit",
    "delkontrakt_enheter",
    "One row per unit that a lot is for; '*' is every unit",
    ("agreement_id", "lot", "unit_id", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _UNIT_ID,
    _VALID_FROM,
    _VALID_TO,
)

REG_LOT_CATEGORY = _register(
    "reg_lot_category",
    "delkontrakt_kategorier",
    "One row per category within a lot's scope",
    ("agreement_id", "lot", "category_id", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _CATEGORY_ID,
    _VALID_FROM,
    _VALID_TO,
)

REG_EXEMPTION = _register(
    "reg_exemption",
    "unntak",
    "One row per granted exemption from an agreement (A03)",
    ("agreement_id", "unit_id", "valid_from"),
    _AGREEMENT_ID,
    _UNIT_ID,
    _date(
        "valid_from",
        "First day",
        required=True,
        aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
    ),
    _VALID_TO,
    _text("reason", "Why it was granted", required=True, aliases=("begrunnelse", "årsak")),
)

REG_EXCHANGE_RATE = _register(
    "reg_exchange_rate",
    "valutakurser",
    "One row per currency and day",
    ("currency", "rate_date"),
    _text("currency", "ISO 4217 code", required=True, aliases=("valuta", "valutakode")),
    _date("rate_date", "The day of the rate", required=True, aliases=("dato", "kursdato")),
    Column("rate", "rate", "NOK for that many units", required=True, aliases=("kurs",)),
    Column(
        "units", "integer", "Units that the rate is for", aliases=("antall", "enheter"), default="1"
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        EHF_DOCUMENT,
        EHF_LINE,
        EHF_LINE_CLASSIFICATION,
        EHF_LINE_ALLOWANCE,
        EHF_TAX_SUBTOTAL,
        EHF_BILLING_REFERENCE,
        REG_UNIT,
        REG_UNIT_IDENTIFIER,
        REG_CATEGORY,
        REG_CATEGORY_CODE,
        REG_SUPPLIER,
        REG_SUPPLIER_CATEGORY,
        REG_AGREEMENT,
        REG_AGREEMENT_OPTION,
        REG_AGREEMENT_LOT,
        REG_LOT_SUPPLIER,
        REG_LOT_UNIT,
        REG_LOT_CATEGORY,
        REG_EXEMPTION,
        REG_EXCHANGE_RATE,
    )
}

REGISTERS: dict[str, Table] = {
    table.register: table for table in TABLES.values() if table.register is not None
}
