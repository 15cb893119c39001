"""Drafts a mapping for a table that none fits, from its headings and its values.

Headings are known in Norwegian, Swedish and English; values decide where a heading could mean two
things. The draft says of each column how sure it is and why. Deterministic; no files are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from pipelines.extracts import cell_values
from pipelines.extracts.contracts.ledger import TARGETS
from pipelines.extracts.tabular import (
    ROW,
    Header,
    Heading,
    RawTable,
    TableProblem,
    find_header,
    raw_tables,
)

Confidence = Literal["sikker", "trolig", "usikker"]
_SAMPLE = 2_000

# Our column: headings it goes by, the best first. Compared folded: no case, accents, ø = o.
_WORDS: dict[str, str] = {
    "entity_orgnr": "bestiller orgnr|kjøper orgnr|køpare id|kunde orgnr|firma orgnr|"
    "organisasjonsnummer kjøper",
    "entity_id": "klient|firma|firmanr|client|company code|body|organisation code|kopare id|"
    "selskapskode|selskap",
    "entity_name": "body name|organisation name|authority name|organisation label|kopare|"
    "firmanavn|kommune|kommun|selskapsnavn|council|klientnavn|kopare text",
    "supplier_name": "leverandørnavn|leverandør navn|leverandør|leverandør(t)|leverantör|"
    "leverantörsnamn|leverantörens namn|supplier name|supplier|vendor name|vendor|"
    "beneficiary name|beneficiary|payee|payee name|merchant name|merchant|creditor name|"
    "kreditor|kreditornavn|mottaker|betalingsmottaker|apar name|resk navn|resnr(t)|"
    "reskontronavn|supplier id(t)|lev.navn|levnavn|lev navn|navn|namn|name|leverandør tekst|"
    "företag|företagsnamn|apar_id(t)|motpart|motpartsnavn",
    "supplier_id": "leverandørnr|leverandørnummer|leverandør nr|leverandør id|leverandørid|levnr|"
    "lev.nr|resnr|res.nr|reskontronr|reskontronummer|reskontro|kreditornr|supplier id|"
    "supplier no|supplier number|vendor id|vendor no|vendor number|address book no|apar id|"
    "leverantörsnr|leverantörsnummer|leverantör nr|payee id|creditor id",
    "supplier_orgnr": "orgnr|org.nr|org nr|organisasjonsnummer|organisasjonsnr|foretaksnummer|"
    "foretaksnr|leverandør orgnr|leverandørens orgnr|leverandør organisasjonsnummer|"
    "organisationsnummer|organisationsnr|leverantör orgnr|leverantör id|leverantor_id|"
    "leverantörens organisationsnummer",
    "supplier_legal_id": "company registration|company number|company registration number|"
    "company no|vat registration number|vat number|vat reg no|registration number|"
    "supplier vat number|mva-nummer|momsregistreringsnummer|charity registration",
    "invoice_number": "fakturanr|fakturanummer|faktura nr|faktura nummer|fakturano|faktura|"
    "invoice number|invoice no|invoice no.|invoice ref|invoice|ext inv ref|ekstern ref|"
    "eksternref|ekst.ref|faktura id|leverandørfaktura|supplier invoice|inv no|faktura_nr",
    "voucher_number": "bilagsnr|bilagsnummer|bilag nr|bilag|bilagnr|transaksjonsnr|transnr|"
    "transaksjonsnummer|voucher no|voucher number|voucher|transaction number|transaction no|"
    "transaction no.|transno|trans no|transaction id|document no|document no.|"
    "document number|sap document number|verifikationsnummer|verifikationsnr|verifikat|vernr|"
    "ver.nr|verifikation|internal ref|hbc ref no|hbc ref no.|our ref|payment reference|"
    "journal no|reference|reference number|ref no|ref",
    "voucher_type": "bilagsart|bilagstype|ba|voucher type|document type|tt|transaksjonstype|"
    "doc type|verifikationstyp|transaction type",
    "line_number": "linjenr|linje|linjenummer|line|line no|line number|sequence no|seq no|"
    "radnummer|radnr|sekvensnr|lnr|seqno|sekvensnummer|rad",
    "order_number": "ordrenr|ordrenummer|innkjøpsordre|bestillingsnr|bestillingsnummer|rekvisisjon|"
    "order|order number|order no|purchase order|purchase order number|po number|po no|"
    "ordernummer|ordernr|inköpsorder|ordre|bestilling",
    "contract_reference": "avtale|avtalenr|avtale id|avtalereferanse|kontrakt|kontraktsnr|"
    "contract|contract number|contract no|contract ref|avtal|avtalsnummer|avtalsnr|"
    "rammeavtale|avtals id",
    "posting_date": "bokføringsdato|posteringsdato|posteringsdato|bilagsdato|transaksjonsdato|"
    "hovedboksdato|regnskapsdato|gl date|invoice gl date|posting date|voucher date|"
    "transaction date|date|dato|datum|bokföringsdatum|bokforingsdatum|verifikationsdatum|"
    "transdato|updated|bilagsdato|effective date|accounting date|konteringsdatum",
    "invoice_date": "fakturadato|faktura dato|fakt.dato|invoice date|fakturadatum|date of invoice",
    "due_date": "forfallsdato|forfall|due date|förfallodatum|forfalldato",
    "payment_date": "betalingsdato|betalt dato|utbetalingsdato|betaldato|payment date|date paid|"
    "paid date|date of payment|clearing date|invoice payment date|betaldatum|"
    "utbetalningsdatum|betalningsdatum|paymentdate|payment_date|paid on",
    "year": "år|regnskapsår|årstall|budsjettår|year|fiscal year|financial year|accounting year|"
    "räkenskapsår|bokføringsår",
    "period": "periode|regnskapsperiode|period|accounting period|fiscal period|per|måned|month|"
    "bokføringsperiode|år måned|reskontroperiode|månad",
    "account": "konto|kontonr|kontonummer|konto nr|hovedbokskonto|artskonto|account|account code|"
    "account no|account number|gl account|cost element|expense code|expenditure code|"
    "detailed expenditure code|detailed expense code|detailed expenses code|subjective code|"
    "konto_nr|nominal code|general ledger code|nominal",
    "account_name": "kontonavn|konto tekst|art tekst|artstekst|kontotekst|"
    "konto(t)|konto navn|account name|"
    "account description|account detail|accdesc|g/l description|g/l description.|expense type|"
    "expenses type|detailed expenses type|detailed expenditure type|expense code description|"
    "expenditure account code description|expense description|kontotext|konto_text|"
    "kontobenämning|expenditure type|cost element name|subjective|kontobeskrivelse|"
    "expenditure category|sercop detailed expenditure type|cipfsubs(t)|detailed type",
    "kostra_art": "art|kostra art|artskode|kostra-art|art nr|artsnr",
    "kostra_function": "funksjon|kostra funksjon|tjeneste|tjenestenr|tjeneste nr|tjenestekode|"
    "function|verksamhet|verksamhet kod",
    "kostra_function_name": "funksjon(t)|tjeneste tekst|tjeneste(t)|funksjonsnavn|tjenestenavn|"
    "verksamhet text",
    "department": "avdeling|sektor|etat|virksomhet|enhet|directorate|department|department area|"
    "organisational unit|forvaltning|förvaltning|nämnd|service label|strgrpcc(t)|kommunalområde|"
    "business unit|service area|service|virksomhetsområde|tjenesteområde|division|directotate|"
    "avd|sektion|bydel|byrådsavdeling",
    "department_name": "avdeling tekst|avdelingsnavn|avdeling(t)|business unit description|"
    "enhetsnavn|virksomhetsnavn|department name|fund description|sektornavn|"
    "service division label|service area name",
    "responsibility": "ansvar|ansvarsnr|ansvarssted|kostnadssted|koststed|kostnadsställe|"
    "ansvar kod|cost centre|cost center|center|service code|cost centre code|"
    "service cost centre|k.sted|"
    "koststednr",
    "responsibility_name": "ansvar tekst|ansvar(t)|ansvarsnavn|cost centre name|centername|"
    "center name|kostnadssted navn|koststed tekst|ansvar text|cost centre description|"
    "kostnadssted(t)|koststedsnavn",
    "project": "prosjekt|prosjektnr|prosjektnummer|project|project code|projekt|projekt kod|proj",
    "project_name": "prosjekt tekst|prosjekt(t)|prosjektnavn|project name|projekt text",
    "dimension_1": "objekt|dim1|dim 1|fri dim|dimensjon 1|anlegg|anleggsnr|fund|aktivitet|"
    "objekt kod|endrgr|dim5|dim 5",
    "dimension_2": "dim2|dim 2|dimensjon 2|dim6|dim 6|aktivitet kod|capital or revenue|"
    "capital/revenue|capital/ revenue|cap/rev",
    "dimension_3": "dim3|dim 3|dimensjon 3|dim7|dim 7|motpart kod|kommun_id",
    "item_class": "proclass|procurement classification|category family|unspsc|cpv|varegruppe|"
    "proclass details level 1|classification|merchant category|vare gruppe|kategori|"
    "category|purpose|category internal name|cpv-kod",
    "vat_code": "mva kode|mvakode|avgiftskode|momskode|tax code|vat code|momskod|ak|mva-kode",
    "text": "tekst|bilagstekst|beskrivelse|posteringstekst|linjetekst|varetekst|merknad|"
    "transaksjonstekst|description|item description|extended description|narrative|"
    "transaction description|purpose of spend|details|comment|text|beskrivning|fakturatext|"
    "kommentar|anmerkning|purpose of expenditure",
    "amount": "nettobeløp|netto beløp|netto|beløp eks mva|beløp eks. mva|beløp uten mva|"
    "beløp ekskl mva|beløp eksl. mva|beløp i nok|beløp nok|beløp|beloep|net amount|"
    "net amount (£)|netamount|net|net value|amount net|amount excl vat|amount ex vat|"
    "amount excluding vat|invoice line value (net of vat)|amount|amount paid|invoiced value|"
    "payment amount|paymentamount|paid amount|value|spend|invoice amount|invoice value|"
    "line amount|transaction amount|nettobelopp|belopp exkl moms|belopp exklusive moms|"
    "konterat belopp exklusive moms|konterat belopp|belopp|regnskapsbeløp|hovedboksbeløp|"
    "regnskap|total|sum|saldo|totalt|kroner|kr|amount gbp|amount (£)",
    "gross_amount": "bruttobeløp|brutto|beløp inkl mva|beløp inkl. mva|beløp med mva|gross|"
    "gross amount|amount incl vat|amount including vat|total incl vat|bruttobelopp|"
    "belopp inkl moms|konterat belopp inklusive moms",
    "vat_amount": "mva|mvabeløp|mva beløp|mva-beløp|merverdiavgift|avgift|vat|vat amount|"
    "irrecoverable vat|irrecoverable vat amount|moms|momsbelopp|tax|tax amount",
    "currency_amount": "valutabeløp|beløp i valuta|beløp valuta|currency amount|valutabelopp|"
    "cur amount|v.beløp",
    "currency": "valuta|valutakode|currency|currency code|cur|valutakod|val",
    "income_or_expense": "inntekt utgift|inntekt/utgift|inntekt-utgift|intäkt kostnad|"
    "income expense",
    "receipt_number": "varemottaksnr|mottaksnr|følgeseddel|følgeseddelnr|pakkseddel|"
    "goods receipt no|goods receipt|grn|receipt no|inleveransnummer",
    "receipt_date": "mottaksdato|mottatt dato|varemottaksdato|receipt date|received date|"
    "leveransdatum|mottatt",
    "order_date": "ordredato|bestillingsdato|order date|orderdatum|bestilt dato",
    "delivery_date": "leveringsdato|delivery date|ønsket levering",
    "item_id": "varenr|varenummer|artikkelnr|artikkelnummer|produktnr|produktnummer|item no|"
    "item number|item id|sku|article number|artikelnummer|artikelnr|leverandørs varenr",
    "item_name": "varenavn|varebeskrivelse|produktnavn|produkt|vare|artikkel|item|item name|"
    "product|product name|artikelnamn|benämning|artikel|varebetegnelse",
    "gtin": "gtin|ean|ean kode|strekkode|epd nr|barcode",
    "quantity": "antall|mengde|kvantum|bestilt antall|mottatt antall|quantity|qty|antal|"
    "kvantitet|levert antall|received quantity|ordered quantity",
    "unit_code": "enhetskode|måleenhet|enh|unit|unit of measure|uom|salgsenhet|pr enhet",
    "price": "pris|enhetspris|avtalepris|nettopris|pris eks mva|pris eks. mva|unit price|price|"
    "net price|à-pris|a-pris|styckpris|stykkpris|pris per enhet",
    "list_price": "listepris|veiledende pris|bruttopris|list price|gross price|listpris",
    "discount_percent": "rabatt|rabatt %|rabattprosent|discount|discount %",
    "base_quantity": "prisenhet antall|price unit quantity|pris per antall",
    "valid_from": "gyldig fra|pris gjelder fra|valid from|giltig från|fra dato|gjelder fra",
    "valid_to": "gyldig til|valid to|giltig till|til dato|gjelder til",
    "channel": "kanal|bestillingskanal|channel",
    "requisitioner": "bestiller|rekvirent|requisitioner|innkjøper|ordered by|beställare",
}
_PREFERENCE = {"amount": 3.0, "supplier_name": 2.0, "payment_date": 1.0, "posting_date": 1.0}
_MUST_BE_NUMBER = {
    "amount", "gross_amount", "vat_amount", "currency_amount", "quantity", "price", "list_price",
    "discount_percent", "base_quantity",
}  # fmt: skip
_MEASURES = {"amount", "quantity", "price"}
_MUST_BE_DATE = {
    "posting_date", "invoice_date", "due_date", "payment_date", "order_date", "delivery_date",
    "receipt_date", "valid_from", "valid_to",
}  # fmt: skip
_IDENTIFIERS = {"supplier_id", "supplier_legal_id", "supplier_orgnr"}
_MUST_BE_WORDS = {"supplier_name", "account_name", "responsibility_name", "department_name",
                  "project_name", "kostra_function_name", "entity_name"}  # fmt: skip
_YEAR_HEADING = re.compile(
    r"^(?P<kind>budsjett|budget|rev(?:idert)?\.? ?budsjett|rekneskap|regnskap|okonomiplan|plan|"
    r"prognose|actual|utfall)?[ _]*(?P<year>(?:19|20)\d{2})$"
)
_BUDGET_KINDS = {
    "rekneskap": "actual", "regnskap": "actual", "actual": "actual", "utfall": "actual",
    "okonomiplan": "plan", "plan": "plan", "prognose": "plan",
}  # fmt: skip
_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


class SuggestionProblem(Exception):
    """No mapping can be drafted; the text says in Norwegian what was looked for and found."""


@dataclass(frozen=True)
class Guess:
    """One column of the draft: our name, the heading, how sure, and why."""

    target: str
    heading: str
    confidence: Confidence
    reason: str


@dataclass
class Suggestion:
    """A drafted mapping: its YAML text, and what lies behind it."""

    table: str
    text: str
    guesses: list[Guess]
    notes: list[str] = field(default_factory=list)


def suggest(data: bytes, file_name: str = "", max_cells: int = 20_000_000) -> Suggestion:
    """Draft a mapping for a table.

    `file_name` is used only for the mapping's name and a year that nothing else tells. Raises
    SuggestionProblem where the file is no table or no column looks like what a table must have.
    """
    try:
        tables = raw_tables(data, max_cells)
    except TableProblem as problem:
        raise SuggestionProblem(f"{problem.place}: {problem.reason}") from problem
    drafts: list[_Draft] = []
    for raw in tables:
        header = find_header(raw, _familiarity)
        if header is not None:
            drafts.append(_Draft(raw, header, file_name))
    best = max(drafts, key=lambda draft: draft.strength, default=None)
    if best is None or not best.has_measure:
        raise SuggestionProblem(_no_measure(tables, best))
    return best.suggestion()


def _no_measure(tables: list[RawTable], best: _Draft | None) -> str:
    headings = [h.display for h in best.header.headings] if best else []
    found = ", ".join(f"«{name}»" for name in headings[:12]) or "ingen kjente overskrifter"
    return (
        f"{tables[0].place}: fant ingen kolonne med beløp, antall eller pris (fant {found}). "
        "Skriv mappingen for hånd, eller eksporter med beløp."
    )


# --- headings -----------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Return a heading as it is looked up: case, accents, camel case and punctuation away."""
    text = re.sub(r"(?<=[a-zæøåäö])(?=[A-ZÆØÅÄÖ])", " ", text)
    text = re.sub(r"\(t\)", " tekst", text, flags=re.IGNORECASE)
    text = text.casefold().replace("ø", "o").replace("æ", "ae").replace("£", " ")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.replace("oe", "o").replace("aa", "a").replace("ae", "a")
    return re.sub(r"[\W_]+", " ", text).strip()


def _vocabulary() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for target, words in _WORDS.items():
        for position, word in enumerate(words.split("|")):
            score = 1.0 - min(position, 60) * 0.004
            found.setdefault(fold(word), {}).setdefault(target, score)
    return found


_VOCABULARY = _vocabulary()
_COMPACT = {word.replace(" ", ""): targets for word, targets in _VOCABULARY.items()}


def _known(heading: str) -> dict[str, float]:
    """Return the targets that a heading may mean, with a score in 0..1."""
    plain = fold(heading)
    found = dict(_VOCABULARY.get(plain, {})) or dict(_COMPACT.get(plain.replace(" ", ""), {}))
    if found:
        return found
    for word, targets in _VOCABULARY.items():
        if len(word) >= 4 and f" {word} " in f" {plain} ":
            share = len(word) / max(len(plain), 1)
            for target, score in targets.items():
                found[target] = max(found.get(target, 0.0), score * (0.3 + 0.4 * share))
    return found


def _familiarity(cell: str) -> float:
    plain = fold(cell)
    if _YEAR_HEADING.match(plain):
        return 0.5
    return max(_known(cell).values(), default=0.0)


# --- values -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Values:
    """What a column's values look like: shares of the filled cells, in 0..1."""

    filled: float
    numbers: float
    dates: float
    orgnrs: float
    words: float
    formats: tuple[str, ...]


def _looked_at(cells: pl.Series) -> _Values:
    text = cells.str.strip_chars()
    text = text.filter((text != "").fill_null(False))
    if text.is_empty():
        return _Values(0.0, 0.0, 0.0, 0.0, 0.0, ())
    filled = len(text) / max(len(cells), 1)
    sample = text.head(_SAMPLE)
    mark = cell_values.proven_mark([sample])
    found = cell_values.amounts(sample, pl.Decimal(38, 6), mark, 6)
    two_ways = found.reasons.str.contains("to måter").fill_null(False)
    numbers = _share(found.values.is_not_null() | two_ways)
    formats, dates = cell_values.guess_formats(text)
    orgnr = text.str.replace_all(r"[\s\u00a0-]", "").str.contains(r"^(NO)?\d{9}(MVA)?$|^\d{10}$")
    words = text.str.contains(r"[A-Za-zÆØÅæøåÄÖäö]{2}")
    return _Values(filled, numbers, dates, _share(orgnr), _share(words), formats)


def _share(mask: pl.Series) -> float:
    return int(mask.sum()) / len(mask) if len(mask) else 0.0


# --- the draft ----------------------------------------------------------------------------------


class _Draft:
    """One table with its header, and the assignment of our columns to its headings."""

    def __init__(self, raw: RawTable, header: Header, file_name: str) -> None:
        self.raw, self.header, self.file_name = raw, header, file_name
        rows = raw.cells.slice(header.end).drop(ROW)
        rows = rows.filter(~pl.all_horizontal(pl.all().is_null()))
        self.values = {h.column: _looked_at(rows[h.column]) for h in header.headings}
        self.years = self._year_columns()
        self.assigned = self._assign()
        self.table = self._which_table()

    @property
    def has_measure(self) -> bool:
        """Whether the table has what its rows are about: an amount, a quantity or a price."""
        return bool(self.years or {"amount", "quantity", "price"} & set(self.assigned))

    @property
    def strength(self) -> float:
        """How much of the table is understood."""
        return sum(score for _, score in self.assigned.values()) + 3 * self.has_measure

    def _year_columns(self) -> list[tuple[Heading, int, str]]:
        found = []
        for heading in self.header.headings:
            match = _YEAR_HEADING.match(fold(heading.display))
            if match and self.values[heading.column].numbers > 0.8:
                kind = (match["kind"] or "").replace(" ", "")
                budget = "revised_budget" if kind.startswith("rev") else "budget"
                found.append((heading, int(match["year"]), _BUDGET_KINDS.get(kind, budget)))
        has_kind = any(re.search(r"[a-z]", fold(heading.display)) for heading, _, _ in found)
        return found if len(found) > 1 or has_kind else []

    def _score(self, target: str, heading: Heading) -> float:
        base = max(_known(name).get(target, 0.0) for name in heading.names)
        if base == 0.0:
            return 0.0
        values = self.values[heading.column]
        if values.filled == 0.0:
            return 0.0
        if target in _MUST_BE_NUMBER:
            least = 0.3 if target in _MEASURES else 0.99
            return base * values.numbers if values.numbers >= least else 0.0
        if target in _MUST_BE_DATE:
            return base if values.dates >= 0.9 else 0.0
        if target == "period":
            return base
        if target == "year":
            return base if values.numbers > 0.9 else 0.0
        if target in _MUST_BE_WORDS:
            return base if values.words >= 0.5 else 0.0
        if target == "supplier_orgnr":
            return base if values.orgnrs >= 0.3 else base * 0.3
        if target in ("supplier_id", "account") and values.words > 0.9 and values.numbers < 0.1:
            return base * 0.6
        return base

    def _assign(self) -> dict[str, tuple[Heading, float]]:
        taken = {heading.column for heading, _, _ in self.years}
        pairs = sorted(
            (
                (-self._score(target, heading) - _PREFERENCE.get(target, 0.0), position, target)
                for target in _WORDS
                for position, heading in enumerate(self.header.headings)
                if heading.column not in taken and self._score(target, heading) > 0.25
            ),
        )
        assigned: dict[str, tuple[Heading, float]] = {}
        used: set[str] = set()
        for _, position, target in pairs:
            heading = self.header.headings[position]
            if target in assigned or heading.column in used or (target == "amount" and self.years):
                continue
            assigned[target] = heading, self._score(target, heading)
            used.add(heading.column)
        return self._month_dates(self._fallbacks(assigned, used), used)

    def _fallbacks(
        self, assigned: dict[str, tuple[Heading, float]], used: set[str]
    ) -> dict[str, tuple[Heading, float]]:
        """Take gross where there is no other amount; a lone numeric column as a last way."""
        if "amount" not in assigned and "gross_amount" in assigned:
            assigned["amount"] = assigned.pop("gross_amount")
        if {"amount", "quantity", "price"} & set(assigned) or self.years:
            return assigned
        decimals = [
            h
            for h in self.header.headings
            if h.column not in used
            and self.values[h.column].numbers > 0.95
            and self._has_decimals(h)
        ]
        if len(decimals) == 1:
            assigned["amount"] = decimals[0], 0.3
        return assigned

    def _has_decimals(self, heading: Heading) -> bool:
        cells = self.raw.cells.slice(self.header.end)[heading.column].drop_nulls()
        return _share(cells.str.contains(r"[.,]\d{2}\D*$")) > 0.3

    def _month_dates(
        self, assigned: dict[str, tuple[Heading, float]], used: set[str]
    ) -> dict[str, tuple[Heading, float]]:
        """A date column of months only ('2016-01') is the period."""
        if "period" in assigned:
            return assigned
        for heading in self.header.headings:
            if heading.column in used or not any(
                _MUST_BE_DATE & set(_known(n)) for n in heading.names
            ):
                continue
            cells = self.raw.cells.slice(self.header.end)[heading.column].drop_nulls()
            if cells.str.strip_chars().str.contains(r"^(19|20)\d{2}[-/. ]?\d{2}$").all() and len(
                cells
            ):
                assigned["period"] = heading, 0.8
                used.add(heading.column)
                break
        return assigned

    def _which_table(self) -> str:
        names = set(self.assigned)
        headings = " ".join(fold(h.display) for h in self.header.headings)
        if self.years or "budsjett" in headings or "budget" in headings:
            return "budget_line"
        if "amount" not in names and "price" in names and {"item_id", "item_name"} & names:
            return "price_table_item"
        if "quantity" in names and {"receipt_number", "receipt_date"} & names:
            return "receipt_table_line"
        if "quantity" in names and "order_number" in names and "amount" in names:
            return "order_table_line"
        identity = {"supplier_name", "supplier_id", "voucher_number", "invoice_number"}
        is_dated = bool(_MUST_BE_DATE & names)
        is_posting = identity & names or is_dated
        has_account = {"kostra_art", "account"} & names
        if not is_posting and has_account and {"responsibility", "kostra_function"} & names:
            return "budget_line"
        return "ledger_line"

    # --- as YAML --------------------------------------------------------------------------------

    def suggestion(self) -> Suggestion:
        """Return the draft as a mapping's text."""
        guesses, notes = self._guesses(), []
        text = [
            f"name: {_quoted(self._name())}",
            f"table: {self.table}",
        ]
        constants, constant_notes = self._constants()
        notes += constant_notes
        text += ["constants:", *(f"  {key}: {value}" for key, value in constants)]
        text.append("columns:")
        for guess in guesses:
            text.append(
                f"  {guess.target}: {self._rule(guess)}  # {guess.confidence}: {guess.reason}"
            )
        if self.years and self.table == "budget_line":
            text.append("amounts:")
            for heading, year, kind in self.years:
                name = _quoted(self._unique_name(heading))
                text.append(f"  - {{source: {name}, year: {year}, budget_kind: {kind}}}")
        return Suggestion(self.table, "\n".join(text) + "\n", guesses, notes)

    def _name(self) -> str:
        stem = self.file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return f"Utkast for {stem}" if stem else "Utkast"

    def _guesses(self) -> list[Guess]:
        columns = [c.name for c in TARGETS[self.table].columns]
        found = []
        for target in columns:
            if target not in self.assigned:
                continue
            heading, score = self.assigned[target]
            found.append(
                Guess(
                    target,
                    self._unique_name(heading),
                    _confidence(score),
                    self._why(target, heading, score),
                )
            )
        return found

    def _why(self, target: str, heading: Heading, score: float) -> str:
        values = self.values[heading.column]
        words = "overskriften er kjent" if score > 0.7 else "overskriften ligner"
        if target in _MUST_BE_NUMBER:
            return f"{words}, {_percent(values.numbers)} av verdiene er tall"
        if target in _MUST_BE_DATE:
            order = ""
            if any(f.startswith(("%d/%m", "%m/%d")) for f in values.formats):
                order = f", lest som {'/'.join(_order(values.formats))}"
            return f"{words}, {_percent(values.dates)} av verdiene er datoer{order}"
        return words

    def _rule(self, guess: Guess) -> str:
        heading, _ = self.assigned[guess.target]
        name = _quoted(guess.heading)
        formats = self.values[heading.column].formats
        if guess.target in _MUST_BE_DATE and formats:
            listed = ", ".join(_quoted(f) for f in formats)
            return f"{{source: {name}, dates: [{listed}]}}"
        empty = self._fillers(heading) if guess.target in _IDENTIFIERS else []
        if empty:
            return f"{{source: {name}, empty: [{', '.join(map(_quoted, empty))}]}}"
        return name

    def _fillers(self, heading: Heading) -> list[str]:
        """Return texts without a digit that fill a column of identifiers, like 'Redacted'."""
        cells = self.raw.cells.slice(self.header.end)[heading.column].str.strip_chars()
        words = cells.filter((~cells.str.contains(r"\d") & (cells != "")).fill_null(False))
        often = words.value_counts(sort=True).filter(pl.col("count") * 20 > len(cells))
        return sorted(often[heading.column].to_list())[:5]

    def _unique_name(self, heading: Heading) -> str:
        name = heading.display
        same = self.header.find(name)
        if len(same) > 1:
            return f"{name}#{[h.column for h in same].index(heading.column) + 1}"
        return name

    def _constants(self) -> tuple[list[tuple[str, str]], list[str]]:
        notes: list[str] = []
        found: list[tuple[str, str]] = []
        if "currency" not in self.assigned:
            currency, reason = self._currency()
            found.append(("currency", f"{currency}  # {reason}"))
        if self.table == "ledger_line":
            basis, why = self._basis()
            found.append(("amount_basis", f"{basis}  # {why}"))
            kind = "general_ledger" if not self._has_supplier() else "supplier_ledger"
            found.append(("ledger_kind", f"{kind}  # trolig: av hvilke kolonner som finnes"))
        if self.table == "budget_line" and not self.years:
            found.append(("budget_kind", "budget"))
            year = _FILE_YEAR.findall(self.file_name)
            if "year" not in self.assigned and year:
                found.append(("year", f"{year[-1]}  # usikker: av filnavnet"))
            elif "year" not in self.assigned:
                notes.append(
                    "Tabellen sier ikke hvilket år den gjelder; sett year under constants."
                )
        return found, notes

    def _has_supplier(self) -> bool:
        return bool({"supplier_name", "supplier_id", "supplier_orgnr"} & set(self.assigned))

    def _basis(self) -> tuple[str, str]:
        heading, _ = self.assigned["amount"]
        plain = fold(heading.display)
        if re.search(r"\bnet|eks|uten mva|excl|\bex\b|exkl", plain):
            return "net", "sikker: overskriften sier netto"
        if re.search(r"brutto|gross|inkl|med mva|incl", plain):
            return "gross", "sikker: overskriften sier brutto"
        return "unknown", "usikker: overskriften sier ikke om beløpet er uten mva"

    def _currency(self) -> tuple[str, str]:
        headings = " ".join(h.display for h in self.header.headings)
        if "£" in headings or "gbp" in headings.lower():
            return "GBP", "sikker: overskriften har £"
        swedish = {"leverantor", "verifikationsnummer", "belopp", "nettobelopp", "forvaltning"}
        words = {fold(h.display) for h in self.header.headings}
        if "bokforingsdatum" in words or len(swedish & words) >= 2:
            return "SEK", "trolig: svenske overskrifter"
        return "NOK", "usikker: tabellen sier ikke hvilken valuta; rett om den er en annen"


def _confidence(score: float) -> Confidence:
    if score >= 0.85:
        return "sikker"
    return "trolig" if score >= 0.6 else "usikker"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _order(formats: Iterable[str]) -> list[str]:
    first = next(f for f in formats if f.startswith(("%d/%m", "%m/%d")))
    return ["dag", "måned", "år"] if first.startswith("%d") else ["måned", "dag", "år"]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\t", "\\t") + '"'
