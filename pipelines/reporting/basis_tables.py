"""Tables of what the figures rest on, as the page shows them: formatted text, one function each.

The rows come from `basis`; tables of the figures themselves are in `tables`.
"""

from __future__ import annotations

from decimal import Decimal

from pipelines.reporting import labels
from pipelines.reporting.basis import Basis
from pipelines.reporting.formats import MISSING, nok, number, percent
from pipelines.reporting.tables import Column, Table, numbers, ratio, words

_FILES = "mart_reconciliation"


def basis_tables(basis: Basis) -> dict[str, Table | None]:
    """Return every table of the basis by name, None for those without rows."""
    made = {
        "files": files(basis),
        "currencies": currencies(basis),
        "reconciliation": reconciliation(basis),
        "ledgers": ledgers(basis),
        "quarantine_reasons": quarantine_reasons(basis),
        "quarantined": quarantined(basis),
        "withdrawn": withdrawn(basis),
        "unit_evidence": evidence(basis, "unit"),
        "category_evidence": evidence(basis, "category"),
        "issues": issues(basis),
        "rule_flags": rule_flags(basis),
        "warnings": warnings(basis),
    }
    return {name: table if table.rows else None for name, table in made.items()}


def files(basis: Basis) -> Table:
    """Return the source files by kind: accepted, quarantined, withdrawn."""
    names = (
        "file_count",
        "accepted_count",
        "quarantined_count",
        "withdrawn_count",
        "rows_in",
        "rows_accepted",
        "rows_quarantined",
        "rows_duplicate",
        "rows_left_out",
    )
    rows = [
        (labels.file_kind(row["kind"]), *(number(row[name]) for name in names))
        for row in basis.files
    ]
    headings = ("Filer", "Godtatt", "I karantene", "Trukket", "Rader inn")
    more = ("Rader godtatt", "Rader i karantene", "Like rader", "Utelatte rader")
    columns = (*words("Slag"), *numbers(*headings, *more))
    totals = (number(sum(row[name] for row in basis.files)) for name in names)
    return Table("filer", "Filer som er levert inn", columns, rows, ("Sum", *totals), _FILES)


def currencies(basis: Basis) -> Table:
    """Return the amounts that came in, by currency, and what became of them."""
    names = (
        "amount_in",
        "amount_accepted",
        "amount_quarantined",
        "amount_unconverted",
        "amount_withdrawn",
        "amount_duplicate",
        "amount_left_out",
    )
    rows = [
        (row["currency"], number(row["file_count"]), *(number(row[name], 2) for name in names))
        for row in basis.currencies
    ]
    headings = ("Filer", "Beløp inn", "Godtatt", "I karantene", "Ikke omregnet", "Trukket")
    more = ("Like", "Utelatt")
    caption = "Beløp per valuta i fakturaenes og regnskapenes egen valuta"
    columns = (*words("Valuta"), *numbers(*headings, *more))
    return Table("valuta", caption, columns, rows, source=_FILES)


def reconciliation(basis: Basis) -> Table:
    """Return how the accepted amount in NOK is divided, to the øre."""
    totals = basis.totals
    names = (
        ("Forbruk i rapporten (STD)", "spend_nok"),
        (
            "Utenfor populasjonen (offentlige og interne selgere, annet enn kjøp i regnskapet)",
            "outside_population_nok",
        ),
        ("Fakturaer som regnskapet står i stedet for", "replaced_by_ledger_nok"),
        ("Poster i regnskapet som fakturaers linjer står i stedet for", "detailed_by_invoices_nok"),
    )
    rows = [(name, number(totals[column], 2)) for name, column in names]
    columns = (*words("Hva"), *numbers("Kroner uten mva."))
    total = ("Godtatt beløp, omregnet til kroner", number(totals["accepted_nok"], 2))
    caption = "Avstemming av godtatte beløp, alle år"
    return Table("avstemming", caption, columns, rows, total, _FILES)


def ledgers(basis: Basis) -> Table:
    """Return per legal entity and year what the ledger holds and what of it invoices detail."""
    rows = [
        (
            f"{row['year']}, {row['entity_name'] or _entity(row['entity_id'])}",
            labels.LEDGER_KINDS.get(row["ledger_kind"], MISSING),
            nok(row["posting_nok"]),
            percent(row["matched_share"]),
            nok(row["residual_nok"]),
            nok(row["unmatched_posting_nok"]),
            number(row["unmatched_invoice_count"]),
            nok(row["unmatched_invoice_nok"]),
        )
        for row in basis.ledgers
    ]
    headings = (
        "Kjøp i regnskapet",
        "Med faktura",
        "Rest utover fakturaene",
        "Uten faktura",
        "Fakturaer ikke funnet",
        "Beløp ikke funnet",
    )
    columns = (*words("År og enhet", "Regnskap"), *numbers(*headings))
    caption = "Regnskapet og fakturaene, kroner uten mva."
    return Table("regnskap", caption, columns, rows, source="mart_spend_source")


def _entity(entity_id: str) -> str:
    return "enhet ikke oppgitt" if entity_id == "*" else entity_id


def quarantine_reasons(basis: Basis) -> Table:
    """Return the reasons for quarantine and the number of files of each."""
    rows = [
        (row["reason"], number(row["file_count"]), number(row["rows_quarantined"]))
        for row in basis.quarantine_reasons
    ]
    columns = (*words("Grunn"), *numbers("Filer", "Rader"))
    caption = "Hvorfor filer ligger i karantene"
    return Table("karantenegrunner", caption, columns, rows, source=_FILES)


def quarantined(basis: Basis) -> Table:
    """Return the quarantined files with the largest amounts."""
    rows = [
        (
            row["file_name"],
            labels.file_kind(row["kind"]),
            row["reason"],
            _amount(row["amount_quarantined"], row["currency"]),
        )
        for row in basis.quarantined
    ]
    columns = (*words("Fil", "Slag", "Grunn"), *numbers("Beløp"))
    caption = "Filer i karantene, største beløp først"
    return Table("karantene", caption, columns, rows, source=_FILES)


def withdrawn(basis: Basis) -> Table:
    """Return the files that someone has withdrawn."""
    rows = [
        (
            row["file_name"],
            labels.file_kind(row["kind"]),
            _amount(row["amount_accepted"], row["currency"]),
        )
        for row in basis.withdrawn
    ]
    columns = (*words("Fil", "Slag"), *numbers("Beløp"))
    return Table("trukket", "Filer som er trukket fra tallene", columns, rows, source=_FILES)


def evidence(basis: Basis, subject: str) -> Table:
    """Return how the `unit` or the `category` of the lines was found, by amount."""
    rows = [row for row in basis.evidence if row["subject"] == subject]
    total = sum((row["spend_nok"] for row in rows), Decimal(0))
    cells = [
        (
            labels.evidence(subject, row["evidence"]),
            nok(row["spend_nok"]),
            percent(ratio(row["spend_nok"], total)),
            number(row["line_count"]),
        )
        for row in rows
    ]
    noun = {"unit": "enheten", "category": "kategorien"}[subject]
    columns = (*words("Kjennetegn"), *numbers("Forbruk", "Andel", "Linjer"))
    caption = f"Slik er {noun} funnet, alle år"
    return Table(f"belegg-{subject}", caption, columns, cells, source="fct_spend_line")


def issues(basis: Basis) -> Table:
    """Return register rows that refer to something no register has."""
    rows = [
        (
            row["reason"],
            row["register"],
            row["file_name"],
            number(row["source_row"]),
            row["column_name"],
            MISSING if row["value"] is None else str(row["value"]),
        )
        for row in basis.issues
    ]
    columns = (*words("Hva er galt", "Register", "Fil"), *numbers("Rad"))
    more = words("Kolonne", "Verdi")
    columns = (*columns, *more)
    caption = "Merknader til registerrader"
    return Table("registerfeil", caption, columns, rows, source="mart_register_issue")


def rule_flags(basis: Basis) -> Table:
    """Return the arithmetic rules that documents do not keep."""
    rows = [
        (
            row["flag"],
            labels.RULES.get(row["flag"], MISSING),
            number(row["document_count"]),
            percent(ratio(row["document_count"], basis.documents["document_count"])),
        )
        for row in basis.rule_flags
    ]
    columns = (*words("Regel", "Hva den finner"), *numbers("Dokumenter", "Andel"))
    caption = "Dokumenter som ikke holder en regneregel"
    return Table("regneregler", caption, columns, rows, source="fct_document")


def warnings(basis: Basis) -> Table:
    """Return what the gate warned about; warnings are shown and do not block."""
    broken = (*basis.verdict.failed, *basis.verdict.warnings)
    rows = [
        (
            result.description,
            result.suite,
            MISSING if result.unexpected is None else number(result.unexpected),
            result.observed or MISSING,
        )
        for result in broken
    ]
    columns = (*words("Merknad", "Kontroll"), Column("Antall avvik"), *words("Funnet"))
    return Table("merknader", "Merknader fra kvalitetskontrollen", columns, rows)


def _amount(amount: Decimal | None, currency: str | None) -> str:
    return MISSING if amount is None else f"{number(amount, 2)} {currency or ''}".rstrip()
