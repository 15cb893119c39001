"""Contracts of what tables by mapping become: postings, budgets, order lines, receipts and prices.

Only columns stand here. How a table is read stands in `pipelines.extracts.tabular`, which of its
columns is which in a mapping. SAF-T's own tables are elsewhere.
"""

from __future__ import annotations

from pipelines.extracts.contracts.columns import (
    SOURCE_ROW,
    SOURCE_SHA256,
    Column,
    Table,
)


def _text(name: str, description: str, *, personal: bool = False) -> Column:
    return Column(name, "text", description, classification="personal" if personal else "internal")


def _date(name: str, description: str) -> Column:
    return Column(name, "date", description)


def _money(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name, "money", description, required=required)


_ENTITY = (
    _text(
        "entity_id",
        "Kjøperens (det rettslige subjektets) nøkkel slik den er eksportert, firma- eller "
        "klientkode",
    ),
    _text("entity_orgnr", "Kjøperens norske organisasjonsnummer, når nøkkelen er et"),
    _text("entity_name", "Kjøperens navn slik det er eksportert"),
)
_SUPPLIER = (
    _text("supplier_id", "Leverandørens nummer i systemet som filen kommer fra"),
    _text(
        "supplier_legal_id",
        "Leverandørens registreringsnummer slik det er eksportert, fra hvilket land som helst",
    ),
    _text(
        "supplier_orgnr",
        "Leverandørens norske organisasjonsnummer: ni siffer med gyldig kontrollsiffer",
    ),
    _text("supplier_name", "Leverandørens navn; et pseudonym når leverandøren er en privatperson"),
    Column(
        "supplier_is_private_person",
        "boolean",
        "Ja når leverandøren er en privatperson; navn og ID er da erstattet med et pseudonym",
    ),
)
_DIMENSIONS = (
    _text(
        "department", "Sektor, avdeling eller direktorat, kode eller navn slik det er eksportert"
    ),
    _text("department_name", "Navnet, når kode og navn står i hver sin kolonne"),
    _text("responsibility", "Ansvar eller kostnadssted, kode eller navn slik det er eksportert"),
    _text("responsibility_name", "Navnet, når kode og navn står i hver sin kolonne"),
    _text("kostra_function", "KOSTRA-funksjon eller tjeneste slik den er eksportert"),
    _text("kostra_function_name", "Navnet"),
    _text("project", "Prosjekt slik det er eksportert"),
    _text("project_name", "Navnet"),
    _text("dimension_1", "En annen dimensjon slik den er eksportert; mappingen sier hvilken"),
    _text("dimension_2", "En annen dimensjon slik den er eksportert; mappingen sier hvilken"),
    _text("dimension_3", "En annen dimensjon slik den er eksportert; mappingen sier hvilken"),
)
_ACCOUNT = (
    _text("account", "Konto, kode eller navn slik den er eksportert"),
    _text("account_name", "Navnet, når kode og navn står i hver sin kolonne"),
    _text("kostra_art", "KOSTRA-art, når filen har den i en egen kolonne"),
)
_CURRENCY = _text(
    "currency", "Beløpenes valuta etter ISO 4217: en kolonne i filen eller fast i mappingen"
)

LEDGER_LINE = Table(
    "ledger_line",
    "Én rad per posteringslinje slik den er eksportert; ekte like linjer beholdes",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        _text(
            "ledger_kind",
            "general_ledger (hovedbok), supplier_ledger (leverandørreskontro) eller payments "
            "(betalinger), etter mappingen",
        ),
        *_ENTITY,
        Column(
            "year",
            "integer",
            "Regnskapsår: filens eget, ellers året til perioden, ellers til den første av bilags-, "
            "faktura- og betalingsdatoen",
        ),
        _text("period", "Regnskapsperiode slik den er eksportert, for eksempel 202413"),
        _date("posting_date", "Posterings- eller bilagsdato"),
        _date("invoice_date", "Fakturadato"),
        _date("due_date", "Forfallsdato"),
        _date("payment_date", "Betalingsdato"),
        _text("voucher_number", "Bilags-, transaksjons- eller dokumentnummer"),
        _text("voucher_type", "Bilagsart slik den er eksportert"),
        _text("line_number", "Linjens nummer i bilaget eller fakturaen"),
        _text("invoice_number", "Leverandørens fakturanummer"),
        _text("order_number", "Bestillingsnummeret som posteringen oppgir"),
        _text("contract_reference", "Avtalen som posteringen oppgir"),
        *_SUPPLIER,
        *_ACCOUNT,
        *_DIMENSIONS,
        _text("item_class", "Vare- eller innkjøpskategori slik den er eksportert"),
        _text("vat_code", "Mva-kode slik den er eksportert"),
        Column(
            "text",
            "text",
            "Posteringens fritekst; tom når leverandøren er en privatperson",
            classification="personal",
        ),
        _money(
            "amount",
            "Beløp med fortegn i `currency`; kostnad er positiv, etter mappingens fortegnsregel",
            required=True,
        ),
        _text(
            "amount_basis",
            "net (uten mva), gross (med mva) eller unknown (ukjent): hva `amount` er",
        ),
        _money("gross_amount", "Beløp med mva, når filen har det"),
        _money("vat_amount", "Mva-beløp, når filen har det; samme fortegn som beløpet"),
        _money("currency_amount", "Beløpet i `transaction_currency`"),
        _text("transaction_currency", "Fakturaens egen valuta, når den er en annen"),
        _CURRENCY,
    ),
)

BUDGET_LINE = Table(
    "budget_line",
    "Én rad per budsjettlinje og beløpskolonne (år eller versjon) slik den er eksportert",
    ("source_sha256", "source_row", "value_position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("value_position", "integer", "Beløpskolonnens rekkefølge i mappingen, fra 1"),
        *_ENTITY,
        Column("year", "integer", "Budsjettår"),
        _text("period", "Periode slik den er eksportert, når budsjettet har perioder"),
        _text(
            "budget_kind",
            "budget (budsjett), revised_budget (revidert budsjett), plan (økonomiplan) eller "
            "actual (regnskap)",
        ),
        *_ACCOUNT,
        *_DIMENSIONS,
        _text("income_or_expense", "Inntekt eller utgift slik det er eksportert"),
        Column("text", "text", "Linjens fritekst", classification="personal"),
        _money(
            "amount",
            "Beløp med fortegn; kostnad er positiv, etter mappingens fortegnsregel",
            required=True,
        ),
        _CURRENCY,
    ),
)

ORDER_TABLE_LINE = Table(
    "order_table_line",
    "Én rad per bestillingslinje slik den er eksportert fra et e-handels- eller økonomisystem",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        *_ENTITY,
        _text("order_number", "Bestillingsnummer"),
        _text("line_number", "Linjens nummer i bestillingen"),
        _date("order_date", "Bestillingsdato"),
        _date("delivery_date", "Ønsket eller lovet leveringsdato"),
        *_SUPPLIER,
        _text("channel", "Hvordan det er bestilt, slik det er eksportert"),
        _text("contract_reference", "Avtalen som linjen oppgir"),
        _text("requisitioner", "Hvem som bestilte, slik det er eksportert", personal=True),
        *_ACCOUNT,
        *_DIMENSIONS,
        _text("item_id", "Leverandørens varenummer"),
        _text("item_name", "Varens navn"),
        _text("item_class", "Varekode slik den er eksportert"),
        Column("quantity", "quantity", "Bestilt antall"),
        _text("unit_code", "Antallets måleenhet slik den er eksportert"),
        Column("price", "price", "Pris per enhet i `currency`"),
        Column("text", "text", "Linjens fritekst", classification="personal"),
        _money("amount", "Linjens beløp med fortegn i `currency`", required=True),
        _text(
            "amount_basis",
            "net (uten mva), gross (med mva) eller unknown (ukjent): hva `amount` er",
        ),
        _CURRENCY,
    ),
)

RECEIPT_TABLE_LINE = Table(
    "receipt_table_line",
    "Én rad per linje i et varemottak slik den er eksportert",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        *_ENTITY,
        _text("receipt_number", "Varemottakets nummer"),
        _text("order_number", "Bestillingsnummer"),
        _text("line_number", "Bestillingslinjens nummer"),
        _date("receipt_date", "Dagen varene kom"),
        *_SUPPLIER,
        *_DIMENSIONS,
        _text("item_id", "Leverandørens varenummer"),
        _text("item_name", "Varens navn"),
        Column("quantity", "quantity", "Mottatt antall", required=True),
        _text("unit_code", "Antallets måleenhet slik den er eksportert"),
        Column("text", "text", "Linjens fritekst", classification="personal"),
        _money("amount", "Verdien av det som kom, i `currency`, når filen har den"),
        _CURRENCY,
    ),
)

PRICE_TABLE_ITEM = Table(
    "price_table_item",
    "Én rad per vare i en prisliste slik den er eksportert",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        *_SUPPLIER,
        _text("contract_reference", "Avtalen som prisen hører til"),
        _text("item_id", "Leverandørens varenummer"),
        _text("gtin", "Varenummer i en standard (GTIN)"),
        _text("item_name", "Varens navn"),
        _text("item_class", "Varekode slik den er eksportert"),
        _text("unit_code", "Enheten prisen gjelder, slik den er eksportert"),
        Column("base_quantity", "quantity", "Antallet enheter prisen gjelder"),
        Column("price", "price", "Avtalt pris uten mva i `currency`", required=True),
        Column("list_price", "price", "Veiledende pris uten mva i `currency`"),
        Column("discount_percent", "rate", "Rabatt i prosent slik den er eksportert"),
        _date("valid_from", "Prisens første dag"),
        _date("valid_to", "Prisens siste dag, som selv teller med"),
        _CURRENCY,
    ),
)

TARGETS: dict[str, Table] = {
    table.name: table
    for table in (
        LEDGER_LINE,
        BUDGET_LINE,
        ORDER_TABLE_LINE,
        RECEIPT_TABLE_LINE,
        PRICE_TABLE_ITEM,
    )
}
