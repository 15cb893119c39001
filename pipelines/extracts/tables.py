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


SOURCE_SHA256 = _text(
    "source_sha256",
    "SHA-256 av filens byte, 64 heksadesimale tegn med små bokstaver",
    required=True,
)
SOURCE_ROW = Column(
    "source_row",
    "integer",
    "Plassen i filen, fra 1: elementets nummer i XML, linjen eller raden i tabeller, posten i YAML",
    required=True,
)
DOCUMENT_ID = _text(
    "document_id", "Samkjøps nøkkel for dokumentet: «D» og de 20 første tegnene av filens SHA-256"
)


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
            _money(name, f"LegalMonetaryTotal/{element}, med motsatt fortegn i kreditnotaer")
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
        _money("amount", "Beløp uten mva i dokumentets valuta, med fortegn", required=True),
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


def _register(name: str, heading: str, grain: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table(name, grain, key, (SOURCE_SHA256, SOURCE_ROW, *columns), register=heading)


_VALID_FROM = _date(
    "valid_from",
    "Første dag som teller; tom = ingen startdato",
    aliases=("gyldig_fra", "fra", "fra_dato", "startdato"),
)
_VALID_TO = _date(
    "valid_to",
    "Siste dag som teller; tom = inntil videre",
    aliases=("gyldig_til", "til", "til_dato", "sluttdato"),
)
_AGREEMENT_ID = _text(
    "agreement_id", "Avtalens ID", required=True, aliases=("avtale_id", "avtale", "avtalenr")
)
_LOT = _text(
    "lot",
    "Delkontrakt eller sone: nummer eller navn",
    required=True,
    aliases=("delkontrakt", "sone", "lott"),
)
_UNIT_ID = _text(
    "unit_id", "Enhetens ID", required=True, aliases=("enhet_id", "enhet", "virksomhet_id")
)
_CATEGORY_ID = _text(
    "category_id",
    "Kategoriens ID",
    required=True,
    aliases=("kategori_id", "kategori", "faggruppe_id"),
)
_ORGNR = _text(
    "orgnr",
    "Organisasjonsnummer: ni siffer med gyldig kontrollsiffer",
    aliases=("orgnr", "organisasjonsnummer", "org_nr"),
)
_ORGNR_REQUIRED = _text(
    "orgnr",
    "Organisasjonsnummer: ni siffer med gyldig kontrollsiffer",
    required=True,
    aliases=("orgnr", "organisasjonsnummer", "org_nr"),
)

REG_UNIT = _register(
    "reg_unit",
    "enheter",
    "Én rad per enhet (virksomhet) og periode",
    ("unit_id", "valid_from"),
    _UNIT_ID,
    _text("name", "Enhetens navn", required=True, aliases=("navn", "enhetsnavn")),
    _ORGNR,
    _text("sector", "Sektoren enheten hører til", aliases=("sektor", "byrådsavdeling")),
    _text(
        "parent_unit_id",
        "ID-en til samleenheten over den",
        aliases=("overordnet_enhet_id", "overordnet", "overordnet_enhet"),
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_UNIT_IDENTIFIER = _register(
    "reg_unit_identifier",
    "enhetskjennetegn",
    "Én rad per kjennetegn som en enhet kjennes igjen på i dokumentene, og periode",
    ("unit_id", "identifier_type", "match_type", "value", "valid_from"),
    _UNIT_ID,
    _text(
        "identifier_type",
        "Hva i dokumentet verdien sammenlignes med",
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
        "Hvordan verdien sammenlignes",
        aliases=("treff", "sammenligning"),
        default="exact",
        values={"eksakt": "exact", "prefiks": "prefix", "område": "range", "omrade": "range"},
    ),
    _text(
        "value",
        "Verdien, begynnelsen på den (prefiks) eller den første i et område",
        required=True,
        aliases=("verdi",),
    ),
    _text("value_to", "Den siste verdien i et område", aliases=("verdi_til",)),
    Column(
        "priority",
        "integer",
        "Laveste tall går først; ved likhet avgjør rekkefølgen mellom kjennetegnene",
        aliases=("prioritet",),
        default="100",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_CATEGORY = _register(
    "reg_category",
    "kategorier",
    "Én rad per kategori av varer, tjenester eller arbeider",
    ("category_id",),
    _CATEGORY_ID,
    _text("name", "Kategoriens navn", required=True, aliases=("navn", "kategorinavn")),
    _text("faggruppe", "Faggruppen kategorien hører til", aliases=("faggruppe",)),
    _text(
        "kind",
        "Hvilken tabell med terskelverdier som gjelder",
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
        "Nei for kategorier som konkurranse ikke kan nå; de holdes utenfor avtaledekningen",
        aliases=("pavirkbar", "påvirkbar", "adresserbar"),
        default="ja",
    ),
)

REG_CATEGORY_CODE = _register(
    "reg_category_code",
    "kategorikoder",
    "Én rad per varekode, eller begynnelse på en varekode, som betyr en kategori",
    ("code_list", "code"),
    _text(
        "code_list",
        "UNSPSC, CPV eller navnet på et annet kodeverk, slik det står på fakturaene",
        required=True,
        aliases=("kodeverk",),
    ),
    _text(
        "code",
        "Koden eller de første sifrene i den",
        required=True,
        aliases=("kode", "kodeprefiks"),
    ),
    _CATEGORY_ID,
)

REG_SUPPLIER = _register(
    "reg_supplier",
    "leverandører",
    "Én rad per leverandør som kommunen har beskrevet",
    ("orgnr",),
    _ORGNR_REQUIRED,
    _text(
        "name",
        "Navnet som skal vises; tom = navnet på den nyeste fakturaen",
        aliases=("navn", "leverandørnavn"),
    ),
    _text(
        "organisation_form",
        "Organisasjonsform: AS, ENK, KOMM …",
        aliases=("organisasjonsform", "orgform"),
    ),
    Column(
        "is_public_body",
        "boolean",
        "Ja for stat, fylkeskommune, kommune og foretakene deres",
        aliases=("offentlig", "er_offentlig"),
        default="nei",
    ),
    Column(
        "is_internal",
        "boolean",
        "Ja for kommunens egne foretak",
        aliases=("intern", "er_intern"),
        default="nei",
    ),
)

REG_SUPPLIER_CATEGORY = _register(
    "reg_supplier_category",
    "leverandørkategorier",
    "Én rad per leverandør, kategori den leverer, og periode",
    ("orgnr", "category_id", "valid_from"),
    _ORGNR_REQUIRED,
    _CATEGORY_ID,
    Column(
        "is_single_category",
        "boolean",
        "Ja når alt leverandøren selger, er i denne kategorien",
        aliases=("en_kategori", "én_kategori", "enkeltkategori"),
        default="nei",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_AGREEMENT = _register(
    "reg_agreement",
    "avtaler",
    "Én rad per avtale",
    ("agreement_id",),
    _AGREEMENT_ID,
    _text("title", "Avtalens tittel", required=True, aliases=("tittel", "avtalenavn", "navn")),
    Column(
        "is_binding",
        "boolean",
        "Ja når enhetene skal bruke avtalen, nei når de kan",
        required=True,
        aliases=("bindende", "forpliktende"),
    ),
    Column(
        "own_production_allowed",
        "boolean",
        "Ja når enhetene kan gjøre arbeidet selv",
        aliases=("egenregi_tillatt", "egenregi"),
        default="nei",
    ),
    _text(
        "lead_buyer",
        "Den som holdt konkurransen: kommunen selv eller et innkjøpssamarbeid",
        aliases=("oppdragsgiver", "innkjøpssamarbeid", "innkjopssamarbeid"),
    ),
    _date(
        "valid_from",
        "Første dag som teller",
        required=True,
        aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
    ),
    _date(
        "end_date",
        "Siste dag avtalen gjelder uten opsjoner",
        required=True,
        aliases=("gyldig_til", "til", "sluttdato", "til_dato"),
    ),
    _text(
        "agreement_manager", "Den som forvalter avtalen", aliases=("avtaleforvalter", "forvalter")
    ),
    _money(
        "ceiling_nok",
        "Avtalens høyeste verdi, kroner uten mva",
        aliases=("tak_nok", "tak", "maksverdi"),
    ),
    Column(
        "notice_months",
        "integer",
        "Hvor mange måneder før utløp en opsjon må være utløst",
        aliases=("varslingstid_mnd", "varslingstid"),
    ),
    Column(
        "lead_time_months",
        "integer",
        "Hvor mange måneder en ny konkurranse tar",
        aliases=("ledetid_mnd", "ledetid"),
    ),
    _text(
        "contract_references",
        "Numrene fakturaer og bestillinger viser til avtalen med, skilt med semikolon",
        aliases=("avtalereferanser", "referanser", "kontraktsnummer"),
    ),
)

REG_AGREEMENT_OPTION = _register(
    "reg_agreement_option",
    "opsjoner",
    "Én rad per opsjon på å forlenge en avtale",
    ("agreement_id", "option_number"),
    _AGREEMENT_ID,
    Column(
        "option_number",
        "integer",
        "Opsjonens nummer, fra 1",
        required=True,
        aliases=("opsjon_nr", "opsjon"),
    ),
    Column(
        "length_months",
        "integer",
        "Opsjonens lengde i måneder, minst 1",
        required=True,
        aliases=("lengde_mnd", "lengde_måneder"),
    ),
    Column(
        "is_exercised",
        "boolean",
        "Ja når opsjonen er utløst",
        required=True,
        aliases=("utløst", "utlost", "benyttet"),
    ),
    _date("exercised_date", "Dagen opsjonen ble utløst", aliases=("utløst_dato", "utlost_dato")),
)

REG_AGREEMENT_LOT = _register(
    "reg_agreement_lot",
    "delkontrakter",
    "Én rad per delkontrakt eller sone i en avtale",
    ("agreement_id", "lot"),
    _AGREEMENT_ID,
    _LOT,
    _text("name", "Delkontraktens navn", aliases=("navn", "delkontraktnavn")),
    _text(
        "call_off",
        "Hvordan leverandør velges ved avrop",
        aliases=("avropsform", "rangering"),
        default="parallel",
        values={"parallell": "parallel", "rangert": "ranked", "enkelt": "single"},
    ),
)

REG_LOT_SUPPLIER = _register(
    "reg_lot_supplier",
    "delkontrakt_leverandører",
    "Én rad per leverandør på en delkontrakt, og periode",
    ("agreement_id", "lot", "orgnr", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _ORGNR_REQUIRED,
    _text("name", "Leverandørens navn", aliases=("navn", "leverandør", "leverandørnavn")),
    Column(
        "supplier_rank", "integer", "Rangering: 1 spørres først", aliases=("rang",), default="1"
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_LOT_UNIT = _register(
    "reg_lot_unit",
    "delkontrakt_enheter",
    "Én rad per enhet som en delkontrakt gjelder for, og periode; «*» er alle enheter",
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
    "Én rad per kategori som en delkontrakt omfatter, og periode",
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
    "Én rad per innvilget unntak fra en avtale",
    ("agreement_id", "unit_id", "valid_from"),
    _AGREEMENT_ID,
    _UNIT_ID,
    _date(
        "valid_from",
        "Første dag som teller",
        required=True,
        aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
    ),
    _VALID_TO,
    _text(
        "reason", "Hvorfor unntaket er innvilget", required=True, aliases=("begrunnelse", "årsak")
    ),
)

REG_EXCHANGE_RATE = _register(
    "reg_exchange_rate",
    "valutakurser",
    "Én rad per valuta og dag",
    ("currency", "rate_date"),
    _text(
        "currency",
        "Valutakode etter ISO 4217, for eksempel EUR",
        required=True,
        aliases=("valuta", "valutakode"),
    ),
    _date("rate_date", "Dagen kursen gjelder", required=True, aliases=("dato", "kursdato")),
    Column(
        "rate", "rate", "Norske kroner for antallet i «antall»", required=True, aliases=("kurs",)
    ),
    Column(
        "units",
        "integer",
        "Hvor mange enheter av valutaen kursen gjelder",
        aliases=("antall", "enheter"),
        default="1",
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
