"""One small valid file of every kind that Samkjøp reads, with what must come out of it by hand.

The files are made here, without the demo's generator and without the extracts' own code. `MAPPINGS`
are a user's own, which a home has in config/mappings.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import xlsxwriter

from pipelines.extracts.mapping import Mapping, load_mapping
from tests.ubl import CAC, CBC, invoice, line

KEY = b"en hemmelig nokkel som er lang nok"
MAX_CELLS = 200_000
Form = Literal["xml", "csv", "xlsx", "yaml", "json"]

EHF2 = (
    "urn:www.cenbii.eu:transaction:biitrns010:ver2.0:extended:urn:www.peppol.eu:bis:peppol4a:"
    "ver2.0:extended:urn:www.difi.no:ehf:faktura:ver2.0"
)
MAPPINGS = {
    "bestillinger.yaml": """\
name: bestillinger
table: order_table_line
constants: {currency: NOK, amount_basis: net}
dates: ["%d.%m.%Y"]
columns:
  order_number: Bestillingsnr
  order_date: Bestilt
  supplier_name: Selger
  item_name: Vare
  quantity: Antall
  amount: Linjesum
""",
    "varemottak.yaml": """\
name: varemottak
table: receipt_table_line
constants: {currency: NOK}
dates: ["%d.%m.%Y"]
columns:
  receipt_number: Mottaksnr
  order_number: Bestillingsnr
  receipt_date: Mottatt
  item_name: Vare
  quantity: Mottatt antall
  amount: Verdi
""",
    "prisliste.yaml": """\
name: prisliste
table: price_table_item
constants: {currency: NOK}
dates: ["%d.%m.%Y"]
columns:
  item_id: Varenr
  item_name: Varenavn
  unit_code: Enhet
  price: Avtalepris
  valid_from: Fra dato
""",
}


@dataclass(frozen=True)
class Sample:
    """A file and what must come out of it.

    `tables` has the rows of each lake table that gets any; `rows` and `amount` are what is
    accepted, `left_out` and `left_out_amount` what is no data (control totals), all in the file's
    own currency. Money None: the kind states none.
    """

    name: str
    data: bytes
    kind: str
    form: Form
    tables: dict[str, int]
    rows: int
    amount: Decimal | None = None
    left_out: int = 0
    left_out_amount: Decimal = field(default=Decimal("0.00"))


def mappings() -> tuple[Mapping, ...]:
    """Return the mappings of this module, as a home has them; the reader knows the shipped ones."""
    return tuple(load_mapping(text, name) for name, text in MAPPINGS.items())


def write_mappings(folder: Path) -> None:
    """Put the mappings of this module into a home's config/mappings."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in MAPPINGS.items():
        (folder / name).write_text(text, "utf-8")


def write_key(config: Path) -> None:
    """Put the key of this module into a home's config/, for its owner alone."""
    path = config / "pseudonym.key"
    path.touch(0o600)
    path.write_bytes(KEY)


def table(text: str) -> list[list[str]]:
    """Return the cells of a small table written with semicolons."""
    return [row.split(";") for row in text.strip("\n").split("\n")]


def workbook(sheets: dict[str, list[list[str]]], numbers: bool = True) -> bytes:
    """Return a workbook, the same bytes each time; what looks like a number becomes one."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})  # noqa: DTZ001 - xlsxwriter's own
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    number = _number(cell) if numbers and y else None
                    if number is None:
                        sheet.write_string(y, x, cell)
                    else:
                        sheet.write_number(y, x, number)
    return stream.getvalue()


def _number(cell: str) -> float | None:
    plain = cell.replace(" ", "").replace(",", ".")
    is_number = plain.lstrip("-").replace(".", "", 1).isdigit() and "," in cell
    return float(plain) if is_number else None


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)
    return stream.getvalue()


# --- business documents in XML ------------------------------------------------------------------


def _charge(amount: str, indicator: str) -> str:
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReason>Avtalt</cbc:AllowanceChargeReason>"
        f'<cbc:Amount currencyID="NOK">{amount}</cbc:Amount></cac:AllowanceCharge>'
    )


def _tax(taxable: str, tax: str) -> str:
    return (
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">{tax}</cbc:TaxAmount><cac:TaxSubtotal>'
        f'<cbc:TaxableAmount currencyID="NOK">{taxable}</cbc:TaxableAmount>'
        f'<cbc:TaxAmount currencyID="NOK">{tax}</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>'
        "<cbc:Percent>25</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )


def _party(element: str, orgnr: str, name: str) -> str:
    return (
        f"<cac:{element}><cac:Party><cac:PartyIdentification>"
        f'<cbc:ID schemeID="0192">{orgnr}</cbc:ID></cac:PartyIdentification><cac:PartyLegalEntity>'
        f"<cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>"
        f"</cac:{element}>"
    )


def _document(root: str, transaction: str, *parts: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        f'xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
        f"<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:{transaction}:3</cbc:CustomizationID>"
        f"<cbc:ID>{root}-1</cbc:ID><cbc:IssueDate>2024-05-02</cbc:IssueDate>"
        f"{''.join(parts)}</{root}>"
    ).encode()


_BUYER = _party("BuyerCustomerParty", "811111139", "Kommunen")
_SELLER = _party("SellerSupplierParty", "974760673", "Selger AS")
_NOK = "<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>"
_ORDER_REFERENCE = "<cac:OrderReference><cbc:ID>Order-1</cbc:ID></cac:OrderReference>"


def _order_line(number: int, amount: str | None, code: str = "") -> str:
    total = (
        ""
        if amount is None
        else f'<cbc:LineExtensionAmount currencyID="NOK">{amount}</cbc:LineExtensionAmount>'
    )
    status = f"<cbc:LineStatusCode>{code}</cbc:LineStatusCode>" if code else ""
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID>{status}"
        f'<cbc:Quantity unitCode="EA">2</cbc:Quantity>{total}<cac:Item><cbc:Name>Vare {number}'
        "</cbc:Name><cac:CommodityClassification><cbc:ItemClassificationCode "
        f'listID="TST">5010170{number}</cbc:ItemClassificationCode></cac:CommodityClassification>'
        "</cac:Item></cac:LineItem></cac:OrderLine>"
    )


def _order_total(lines: str, charges: str, exclusive: str) -> str:
    return (
        "<cac:AnticipatedMonetaryTotal>"
        f'<cbc:LineExtensionAmount currencyID="NOK">{lines}</cbc:LineExtensionAmount>'
        f'<cbc:TaxExclusiveAmount currencyID="NOK">{exclusive}</cbc:TaxExclusiveAmount>'
        f'<cbc:ChargeTotalAmount currencyID="NOK">{charges}</cbc:ChargeTotalAmount>'
        "</cac:AnticipatedMonetaryTotal>"
    )


def _despatch_line(number: int, sent: str, rest: str) -> str:
    return (
        f"<cac:DespatchLine><cbc:ID>{number}</cbc:ID>"
        f'<cbc:DeliveredQuantity unitCode="KGM">{sent}</cbc:DeliveredQuantity>'
        f'<cbc:OutstandingQuantity unitCode="KGM">{rest}</cbc:OutstandingQuantity>'
        f"<cac:OrderLineReference><cbc:LineID>{number}</cbc:LineID>{_ORDER_REFERENCE}"
        f"</cac:OrderLineReference><cac:Item><cbc:Name>Epler</cbc:Name></cac:Item>"
        "</cac:DespatchLine>"
    )


def _catalogue_line(number: int, action: str, price: str) -> str:
    return (
        f"<cac:CatalogueLine><cbc:ID>{number}</cbc:ID><cbc:ActionCode>{action}</cbc:ActionCode>"
        "<cac:RequiredItemLocationQuantity><cac:Price>"
        f'<cbc:PriceAmount currencyID="NOK">{price}</cbc:PriceAmount></cac:Price>'
        f"</cac:RequiredItemLocationQuantity><cac:Item><cbc:Name>Vare {number}</cbc:Name>"
        f"<cac:SellersItemIdentification><cbc:ID>V{number}</cbc:ID></cac:SellersItemIdentification>"
        "</cac:Item></cac:CatalogueLine>"
    )


# --- SAF-T --------------------------------------------------------------------------------------


def saft(
    pairs: int = 2, created: str = "2025-01-15", total: str | None = None, first: int = 1
) -> bytes:
    """Return a SAF-T file with transactions of two lines, n·100.50 NOK in debit and credit."""
    each = [Decimal("100.50") * n for n in range(first, first + pairs)]
    transactions = "".join(
        f"<Transaction><TransactionID>{n}</TransactionID><Period>5</Period>"
        f"<PeriodYear>2024</PeriodYear><TransactionDate>2024-05-02</TransactionDate>"
        f"<Description>Bilag {n}</Description><GLPostingDate>2024-05-03</GLPostingDate>"
        f"<Line><RecordID>1</RecordID><AccountID>4000</AccountID><Analysis><AnalysisType>A"
        f"</AnalysisType><AnalysisID>2020</AnalysisID></Analysis><SupplierID>77</SupplierID>"
        f"<Description>Kjøp</Description><DebitAmount><Amount>{amount}</Amount></DebitAmount>"
        "</Line><Line><RecordID>2</RecordID><AccountID>2400</AccountID><Description>Gjeld"
        f"</Description><CreditAmount><Amount>{amount}</Amount></CreditAmount></Line>"
        "</Transaction>"
        for n, amount in enumerate(each, first)
    )
    stated = total or str(sum(each))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<AuditFile xmlns="urn:StandardAuditFile-Taxation-Financial:NO"><Header>'
        "<AuditFileVersion>1.30</AuditFileVersion><AuditFileCountry>NO</AuditFileCountry>"
        f"<AuditFileDateCreated>{created}</AuditFileDateCreated><Company><RegistrationNumber>"
        "811111139</RegistrationNumber><Name>Kommunen</Name></Company>"
        "<DefaultCurrencyCode>NOK</DefaultCurrencyCode></Header><MasterFiles>"
        "<GeneralLedgerAccounts><Account><AccountID>4000</AccountID><AccountDescription>Varer"
        "</AccountDescription><StandardAccountID>4000</StandardAccountID></Account>"
        "</GeneralLedgerAccounts><Suppliers><Supplier><RegistrationNumber>974760673"
        "</RegistrationNumber><Name>Selger AS</Name><SupplierID>77</SupplierID></Supplier>"
        "</Suppliers></MasterFiles><GeneralLedgerEntries>"
        f"<NumberOfEntries>{pairs}</NumberOfEntries><TotalDebit>{stated}</TotalDebit>"
        f"<TotalCredit>{stated}</TotalCredit><Journal><JournalID>J1</JournalID><Description>Inng"
        f"</Description><Type>AP</Type>{transactions}</Journal></GeneralLedgerEntries></AuditFile>"
    ).encode()


# --- tables -------------------------------------------------------------------------------------

UNIT4 = """
Periode;Bilagsdato;Bilagsnr;Resnr;Resnr(T);Konto;Tekst;Beløp
202405;02.05.2024;70001;77;Selger AS;4000;Blåbær;1 234,50
202405;03.05.2024;70002;77;Selger AS;4000;Retur;-234,50
202406;04.06.2024;70003;78;Ås Bygg AS;4010;Planker;800,25
202406;05.06.2024;70004;78;Ås Bygg AS;4010;Spiker;0,75
Sum;;;;;;;1 801,00
"""
VISMA = """
Bilagsnr;Dato;Kontonr;Kontonavn;Leverandørnavn;Tekst;Debet;Kredit
1;02.05.2024;4000;Varer;Selger AS;Epler;1 000,00;
2;03.05.2024;4000;Varer;Selger AS;Retur;;200,00
3;04.05.2024;4000;Varer;Ås Bygg AS;Pærer;50,50;
"""
VISMA_SUPPLIERS = """
Bilagsnr;Fakturadato;Fakturanr;Leverandørnr;Leverandørnavn;Nettobeløp;Mva-beløp
1;02.05.2024;F-1;77;Selger AS;100,00;25,00
2;03.05.2024;F-2;77;Selger AS;200,50;50,13
3;04.05.2024;F-3;78;Ås Bygg AS;-40,00;-10,00
"""
SWEDISH = """
kopare_id;verifikationsnummer;leverantor;leverantor_id;konto_nr;bokforingsdatum;nettobelopp
2120;1001;Leverantör AB;556677-8899;6110;2024-05-02;125.50
2120;1002;Leverantör AB;556677-8899;6110;2024-05-03;-25.50
2120;1003;Bageriet AB;556677-1122;6120;2024-05-04;300.25
"""
BUDGET = """
År;Art;Art(T);Ansvar;Tjeneste;Beløp
2024;11200;Kontor;100;1200;100 000,00
2024;11300;Porto;100;1200;25 000,50
2024;16200;Salg;100;1200;-5 000,00
"""
ORDERS = """
Bestillingsnr;Bestilt;Selger;Vare;Antall;Linjesum
B-1;02.05.2024;Selger AS;Epler;10;150,00
B-1;02.05.2024;Selger AS;Pærer;5;99,50
B-2;03.05.2024;Ås Bygg AS;Planker;1,5;600,00
"""
RECEIPTS = """
Mottaksnr;Bestillingsnr;Mottatt;Vare;Mottatt antall;Verdi
M-1;B-1;05.05.2024;Epler;10;150,00
M-2;B-2;06.05.2024;Planker;1,5;600,00
"""
PRICES = """
Varenr;Varenavn;Enhet;Avtalepris;Fra dato
V-1;Epler;KG;15,00;01.01.2024
V-2;Pærer;KG;19,90;01.01.2024
V-3;Planker;STK;400,125;01.01.2024
"""
UNITS = """
enhet_id;navn;orgnr;sektor;gyldig_fra;gyldig_per
A;Ås skole;811111112;Oppvekst;01.01.2024;31.12.2024
B;Bø barnehage;811111120;Oppvekst;01.01.2024;31.12.2024
"""
AUTHORITY = """
enhet_id;rolle;fullmaktstype;grense_nok;gyldig_per
A;Rektor;bestilling;100 000,00;31.12.2024
B;Styrer;avtale;50 000,50;31.12.2024
"""
COURSES = """
kursdato;tittel;målgruppe;deltakere;varighet_timer;gyldig_per
02.05.2024;Bestilling;Ledere;12;2,5;31.12.2024
03.05.2024;Avrop;Merkantile;7;3;31.12.2024
"""
MILESTONES = """\
gyldig_per: 2024-12-31
milepæler:
- milepæl_id: M1
  tittel: Strategi vedtatt
  frist: 2024-06-30
  nådd_dato: 2024-06-20
- milepæl_id: M2
  tittel: Avtale signert
  frist: 2024-12-01
valutakurser:
- valuta: SEK
  dato: 2024-05-02
  kurs: '101.53'
  antall: 100
"""
KOSTRA = """
GroupingCategory;CategoryDescriptionNOB;GroupingCode;CodeDescriptionNOB
KA_K;KOSTRA Arts_K;010;Fastlønn
KA_K;KOSTRA Arts_K;100;Kontormateriell
KA_K;KOSTRA Arts_K;230;Vedlikehold
"""
CPV = (
    "'03000000':\n  name: Agriculture\n  nob: Landbruk\n  history: []\n  nob_verify: false\n"
    "'03110000':\n  name: Crops\n  nob: Avlinger\n  history: []\n  nob_verify: true\n"
)
ENTITIES = """
organisasjonsnummer;navn;organisasjonsform.kode;naeringskode1.kode;antallAnsatte;konkurs;\
forretningsadresse.poststed;registreringsdatoenhetsregisteret
811111112;ÅSEN BYGG AS;AS;41.001;12;false;OSLO;2010-02-03
811111120;BØ FRUKT AS;AS;46.310;7;true;BØ;2011-03-04
"""


def _entities_json() -> bytes:
    def unit(orgnr: str, name: str) -> dict[str, object]:
        return {
            "organisasjonsnummer": orgnr,
            "navn": name,
            "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
            "registreringsdatoEnhetsregisteret": "2010-02-03",
            "registrertIMvaregisteret": True,
            "antallAnsatte": 12,
            "forretningsadresse": {
                "adresse": ["Storgata 1"],
                "postnummer": "0155",
                "poststed": "OSLO",
                "kommunenummer": "0301",
                "land": "Norge",
                "landkode": "NO",
            },
            "konkurs": False,
            "underAvvikling": False,
            "underTvangsavviklingEllerTvangsopplosning": False,
        }

    units = [unit("811111112", "ÅSEN BYGG AS"), unit("811111120", "BØ FRUKT AS")]
    return json.dumps(units, ensure_ascii=False, indent=1).encode()


def _documents() -> list[Sample]:
    # 100.00 + 250.50 - 50.00 = 300.50; two lines and an allowance are three rows.
    ehf = {"ehf_document": 1, "ehf_line": 3, "ehf_tax_subtotal": 1}
    lines = line(1, "100.00") + line(2, "250.50")
    parts = _charge("50.00", "false") + _tax("300.50", "75.13")
    order = {"peppol_order": 1, "peppol_order_line": 3, "peppol_order_line_classification": 2}
    two = order | {"peppol_order_line": 2}
    despatch = {"peppol_despatch": 1, "peppol_despatch_line": 2}
    catalogue = {
        "peppol_catalogue": 1,
        "peppol_catalogue_line": 2,
        "peppol_catalogue_price": 2,
    }
    # 100.00 + 60.00 + 20.00 in freight = 180.00
    ordered = _order_line(1, "100.00") + _order_line(2, "60.00")
    head = _NOK + _BUYER + _SELLER
    found = [
        ("ehf3_invoice", invoice("300.50", lines, extra=parts), "ehf_invoice", ehf, 3, "300.50"),
        (
            "ehf2_invoice",
            invoice("300.50", lines, extra=parts, customization=EHF2, number="F-2"),
            "ehf_invoice",
            ehf,
            3,
            "300.50",
        ),
        # The lines say 100.00, the document 99.90: the difference of -0.10 is a row of ours.
        (
            "invoice_with_difference",
            invoice("99.90", line(1, "100.00"), number="F-3"),
            "ehf_invoice",
            {"ehf_document": 1, "ehf_line": 2},
            1,
            "99.90",
        ),
        (
            "credit_note",
            invoice("80.00", line(1, "80.00"), root="CreditNote", number="K-1"),
            "ehf_invoice",
            {"ehf_document": 1, "ehf_line": 1},
            1,
            "-80.00",
        ),
        (
            "order",
            _document(
                "Order",
                "order",
                head,
                _charge("20.00", "true"),
                _order_total("160.00", "20.00", "180.00"),
                ordered,
            ),
            "peppol_order",
            order,
            3,
            "180.00",
        ),
        (
            "order_change",
            _document(
                "OrderChange",
                "order_change",
                "<cbc:SequenceNumberID>1</cbc:SequenceNumberID>",
                head,
                _ORDER_REFERENCE,
                _order_total("160.00", "0.00", "160.00"),
                ordered,
            ),
            "peppol_order",
            two,
            2,
            "160.00",
        ),
        (
            "order_response",
            _document(
                "OrderResponse",
                "order_response",
                "<cbc:OrderResponseCode>AP</cbc:OrderResponseCode>",
                _ORDER_REFERENCE,
                _SELLER,
                _BUYER,
                _order_line(1, None, "5") + _order_line(2, None, "5"),
            ),
            "peppol_order",
            two,
            2,
            None,
        ),
        (
            "despatch_advice",
            _document(
                "DespatchAdvice",
                "despatch_advice",
                _ORDER_REFERENCE,
                _party("DespatchSupplierParty", "974760673", "Selger AS"),
                _party("DeliveryCustomerParty", "811111139", "Kommunen"),
                _despatch_line(1, "4.25", "0") + _despatch_line(2, "3", "1.5"),
            ),
            "peppol_despatch",
            despatch,
            2,
            None,
        ),
        (
            "catalogue",
            _document(
                "Catalogue",
                "catalogue",
                "<cbc:ActionCode>Add</cbc:ActionCode>",
                _SELLER,
                _catalogue_line(1, "Add", "15.00") + _catalogue_line(2, "Add", "19.905"),
            ),
            "peppol_catalogue",
            catalogue,
            2,
            None,
        ),
    ]
    return [
        Sample(name, data, kind, "xml", tables, rows, None if amount is None else Decimal(amount))
        for name, data, kind, tables, rows, amount in found
    ]


_TABLES = {
    # 1 234.50 - 234.50 + 800.25 + 0.75 = 1 801.00, which the last row states
    "unit4_ledger": (UNIT4, "ledger_line", 4, "1801.00"),
    # debit 1 000.00 + 50.50 less credit 200.00
    "visma_ledger": (VISMA, "ledger_line", 3, "850.50"),
    "visma_suppliers": (VISMA_SUPPLIERS, "ledger_line", 3, "260.50"),
    "swedish_ledger": (SWEDISH, "ledger_line", 3, "400.25"),
    "budget": (BUDGET, "budget_line", 3, "120000.50"),
    "order_table": (ORDERS, "order_table_line", 3, "849.50"),
    "receipt_table": (RECEIPTS, "receipt_table_line", 2, "750.00"),
    "price_table": (PRICES, "price_table_item", 3, None),
}
_REGISTERS = {
    "units": (UNITS, "reg_unit", 2),
    "authority_limits": (AUTHORITY, "reg_authority_limit", 2),
    "courses": (COURSES, "reg_course", 2),
}


def _by_mapping() -> list[Sample]:
    found = []
    for name, (text, target, rows, written) in _TABLES.items():
        amount = None if written is None else Decimal(written)
        out = (1, Decimal("1801.00")) if name == "unit4_ledger" else (0, Decimal("0.00"))
        data = text.lstrip("\n").encode("cp1252" if name == "visma_ledger" else "utf-8")
        found.append(Sample(f"{name}_csv", data, target, "csv", {target: rows}, rows, amount, *out))
        if name in ("unit4_ledger", "budget", "order_table", "receipt_table", "price_table"):
            # one row more than in the CSV file: a note, so that the two are not the same table
            cells = workbook({"Ark1": table(_other(text))})
            found.append(
                Sample(f"{name}_xlsx", cells, target, "xlsx", {target: rows}, rows, amount, *out)
            )
    return found


def _other(text: str) -> str:
    """Return the same amounts under other texts, so that no two samples are duplicates."""
    changed = {"Blåbær": "Tyttebær", "Retur": "Kreditt", "Planker": "Lister", "Spiker": "Skruer"}
    changed |= {"Epler": "Moreller", "Pærer": "Plommer", "Kontor": "Rekvisita", "Porto": "Frakt"}
    changed |= {"Salg": "Avgift"}
    for one, other in changed.items():
        text = text.replace(f";{one};", f";{other};")
    return text


def _lists() -> list[Sample]:
    found = [
        Sample(
            f"{name}_csv",
            text.lstrip("\n").encode(),
            "register",
            "csv",
            {target: rows},
            rows,
        )
        for name, (text, target, rows) in _REGISTERS.items()
    ]
    return [
        *found,
        Sample(
            "registers_xlsx",
            workbook(
                {
                    "Delkontrakter": table(
                        "avtale_id;delkontrakt;navn;gyldig_per\nA-1;1;Nord;31.12.2024"
                    ),
                    "Kategorier": table(
                        "kategori_id;navn;gyldig_per\nK1;Mat;31.12.2024\nK2;Bygg;31.12.2024"
                    ),
                }
            ),
            "register",
            "xlsx",
            {"reg_agreement_lot": 1, "reg_category": 2},
            3,
        ),
        Sample(
            "registers_yaml",
            MILESTONES.encode(),
            "register",
            "yaml",
            {"reg_milestone": 2, "reg_exchange_rate": 1},
            3,
        ),
        Sample(
            "kostra_csv",
            KOSTRA.lstrip("\n").encode(),
            "code_list",
            "csv",
            {"code_list_entry": 3},
            3,
        ),
        Sample("cpv_yaml", CPV.encode(), "code_list", "yaml", {"code_list_entry": 2}, 2),
        Sample(
            "entities_csv",
            ENTITIES.lstrip("\n").encode(),
            "enhetsregisteret",
            "csv",
            {"brreg_entity": 2},
            2,
        ),
        Sample(
            "entities_json", _entities_json(), "enhetsregisteret", "json", {"brreg_entity": 2}, 2
        ),
    ]


E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
EXCHANGE = "efb87545-963c-4e0d-99df-69c6916d9eb0"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
SKUS = [
    {
        "skuId": E3,
        "skuPartNumber": "SPE_E3",
        "capabilityStatus": "Enabled",
        "appliesTo": "User",
        "consumedUnits": 3,
        "prepaidUnits": {"enabled": 5, "suspended": 0, "warning": 1, "lockedOut": 0},
        "servicePlans": [
            {"servicePlanId": EXCHANGE, "servicePlanName": "EXCHANGE_S_ENTERPRISE"},
            {"servicePlanId": TEAMS, "servicePlanName": "TEAMS1"},
        ],
    }
]
# The first account has the product directly and by a group, the second has never signed in.
M365_USERS = [
    {
        "id": "1",
        "displayName": "Kari Kanari",
        "userPrincipalName": "Kari.Kanari@kommune.no",
        "accountEnabled": True,
        "userType": "Member",
        "employeeId": "4711",
        "department": "Skole",
        "createdDateTime": "2024-05-20T08:00:00Z",
        "signInActivity": {
            "lastSignInDateTime": "2024-03-01T08:00:00Z",
            "lastNonInteractiveSignInDateTime": "2024-06-10T08:00:00Z",
        },
        "assignedLicenses": [{"skuId": E3, "disabledPlans": [TEAMS]}],
        "licenseAssignmentStates": [
            {"skuId": E3, "assignedByGroup": None, "state": "Active", "disabledPlans": [TEAMS]},
            {"skuId": E3, "assignedByGroup": "gruppe-1", "state": "Active", "disabledPlans": []},
        ],
    },
    {
        "id": "2",
        "displayName": "Ola Kanari",
        "userPrincipalName": "ola.kanari@kommune.no",
        "accountEnabled": False,
        "userType": "Guest",
        "employeeId": None,
        "department": None,
        "createdDateTime": "2020-01-01T08:00:00Z",
        "signInActivity": None,
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
    },
]
ACTIVE_USERS = """
Report Refresh Date;User Principal Name;Display Name;Is Deleted;Deleted Date;\
Has Exchange License;Has Teams License;Exchange Last Activity Date;Teams Last Activity Date;\
Exchange License Assign Date;Teams License Assign Date;Assigned Products
2024-06-10;kari.kanari@kommune.no;Kari Kanari;False;;True;True;2024-06-09;;2024-01-01;2024-01-01;\
PRODUCT A+EXTRA + MORE+PRODUCT B
2024-06-10;ola.kanari@kommune.no;Ola Kanari;False;;True;False;2023-01-01;;2023-01-01;;PRODUCT A
"""
PRODUCT_LIST = f"""
Product_Display_Name;String_Id;GUID;Service_Plan_Name;Service_Plan_Id;\
Service_Plans_Included_Friendly_Names
Microsoft 365 E3;SPE_E3;{E3};EXCHANGE_S_ENTERPRISE;{EXCHANGE};Exchange Online (Plan 2)
Microsoft 365 E3;SPE_E3;{E3};TEAMS1;{TEAMS};Microsoft\u00a0Teams
"""


def _microsoft() -> list[Sample]:
    page = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users"}
    users = json.dumps({**page, "value": M365_USERS}).encode()
    return [
        Sample(
            "m365_skus_json",
            json.dumps(SKUS).encode(),
            "m365_sku",
            "json",
            {"m365_sku": 1, "m365_sku_plan": 2},
            1,
        ),
        Sample(
            "m365_users_json",
            users,
            "m365_user",
            "json",
            {"m365_user": 2, "m365_user_licence": 2},
            2,
        ),
        Sample(
            "m365_usage_csv",
            b"\xef\xbb\xbf" + ACTIVE_USERS.lstrip().encode(),
            "m365_usage",
            "csv",
            {"m365_usage": 4},
            2,
        ),
        Sample(
            "m365_products_csv",
            PRODUCT_LIST.lstrip().encode("cp1252"),
            "m365_product_plan",
            "csv",
            {"m365_product_plan": 2},
            2,
        ),
    ]


def _saft_sample() -> Sample:
    # 100.50 + 201.00 in debit, four lines, two of them with an analysis
    tables = {
        "saft_header": 1,
        "saft_account": 1,
        "saft_supplier": 1,
        "saft_journal_line": 4,
        "saft_line_analysis": 2,
    }
    return Sample("saft", saft(), "saft_financial", "xml", tables, 4, Decimal("301.50"))


SAMPLES = {
    sample.name: sample
    for sample in [*_documents(), _saft_sample(), *_by_mapping(), *_lists(), *_microsoft()]
}
