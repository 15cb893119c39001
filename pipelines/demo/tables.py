"""The demo's tables beside the registers: a budget, Enhetsregisteret's CSV, a list of KOSTRA arts.

Invented figures and parties in the published shapes; the headings are those that the municipality's
systems, Brønnøysundregistrene and Skatteetaten write.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random

from pipelines.demo.enterprise import ACCOUNTS
from pipelines.demo.purchases import YEARS
from pipelines.demo.saft import GROUPING
from pipelines.demo.suppliers import Pool, Supplier
from pipelines.demo.units import ACTIVE_UNITS, ENTERPRISE, accounting_prefix

_ARTS = (
    ("100", "Kontor"),
    ("115", "Mat"),
    ("120", "Forbruk"),
    ("180", "Strøm"),
    ("230", "Vedlikehold"),
    ("270", "Tjenester"),
)
_FUNCTION = ("120", "Administrasjon")
_BUDGET_PARTS = (4, 9, 13, 18, 26, 30)  # of a hundred, one for each art
_BRREG = (
    "organisasjonsnummer",
    "navn",
    "organisasjonsform.kode",
    "organisasjonsform.beskrivelse",
    "naeringskode1.kode",
    "naeringskode1.beskrivelse",
    "institusjonellSektorkode.kode",
    "institusjonellSektorkode.beskrivelse",
    "forretningsadresse.adresse",
    "forretningsadresse.postnummer",
    "forretningsadresse.poststed",
    "forretningsadresse.kommunenummer",
    "forretningsadresse.landkode",
    "registreringsdatoEnhetsregisteret",
    "harRegistrertAntallAnsatte",
    "antallAnsatte",
    "registrertIMvaregisteret",
    "konkurs",
    "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
)
# Columns of the bulk file that are empty for all of the demo's units.
_BRREG_EMPTY = (
    "naeringskode2.kode",
    "naeringskode2.beskrivelse",
    "naeringskode3.kode",
    "naeringskode3.beskrivelse",
    "forretningsadresse.land",
    "postadresse.adresse",
    "postadresse.postnummer",
    "postadresse.poststed",
    "postadresse.kommunenummer",
    "postadresse.landkode",
    "postadresse.land",
    "overordnetEnhet",
    "stiftelsesdato",
    "konkursdato",
    "underAvviklingDato",
    "tvangsopplostPgaManglendeDagligLederDato",
    "tvangsopplostPgaManglendeRevisorDato",
    "tvangsopplostPgaManglendeRegnskapDato",
    "tvangsopplostPgaMangelfulltStyreDato",
    "tvangsavvikletPgaManglendeSlettingDato",
    "underRekonstruksjonsforhandlingDato",
    "underUtenlandskInsolvensbehandlingDato",
)
_FORMS = {
    "AS": "Aksjeselskap",
    "ASA": "Allmennaksjeselskap",
    "ANS": "Ansvarlig selskap",
    "ENK": "Enkeltpersonforetak",
    "FYLK": "Fylkeskommune",
    "KF": "Kommunalt foretak",
    "KOMM": "Kommune",
    "ORGL": "Organisasjonsledd",
    "SA": "Samvirkeforetak",
    "STI": "Stiftelse",
}

Rows = list[list[str]]


def write_tables(landing: Path, pool: Pool, seed: int) -> dict[str, dict[str, int]]:
    """Write the tables; return by kind how many files and rows they are."""
    tables = {
        "budget_line": ("budsjett/budsjett_2024.csv", _budget(seed), ";"),
        "enhetsregisteret": ("brreg/enheter_2024-12-30.csv", _units(pool.suppliers), ","),
        "code_list": ("kodelister/KOSTRA_arter_2024.csv", _arts(), ";"),
    }
    for name, rows, delimiter in tables.values():
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        (landing / name).write_bytes(buffer.getvalue().encode("utf-8"))
    return {kind: {"files": 1, "rows": len(rows) - 1} for kind, (_, rows, _) in tables.items()}


def _budget(seed: int) -> Rows:
    """Return a budget of the last year: every unit's weight in kroner, divided over the arts."""
    random = Random(f"budget:{seed}")
    rows: Rows = [
        ["År", "Ansvar", "Ansvar_tekst", "Art", "Art_tekst", "Tjeneste", "Tjeneste_tekst", "Beløp"]
    ]
    for unit in ACTIVE_UNITS:
        whole = int(unit.weight * 10_000) + random.randrange(500)
        for (art, name), part in zip(_ARTS, _BUDGET_PARTS, strict=True):
            amount = f"{whole * part},00"
            place = [str(YEARS[-1]), accounting_prefix(unit), unit.name]
            rows.append([*place, art, name, *_FUNCTION, amount])
    return rows


def _units(suppliers: list[Supplier]) -> Rows:
    """Return the Norwegian suppliers as Enhetsregisteret's bulk file has its units."""
    found = [s for s in suppliers if s.orgnr is not None]
    empty = [""] * len(_BRREG_EMPTY)
    return [[*_BRREG, *_BRREG_EMPTY], *([*_unit(supplier), *empty] for supplier in found)]


def _unit(supplier: Supplier) -> list[str]:
    is_public = supplier.is_public or supplier.is_internal
    sector = ("6500", "Kommuneforvaltningen") if is_public else ("2100", "Private aksjeselskaper")
    employees = supplier.index * 7 % 90
    return [
        supplier.orgnr or "",
        supplier.name,
        supplier.form,
        _FORMS[supplier.form],
        f"{46 + supplier.index % 30}.{supplier.index % 9 + 1}00",
        "Oppdiktet næring",
        *sector,
        f"Eksempelveien {supplier.index + 1}",
        f"00{supplier.index % 90 + 10}",
        supplier.town.upper(),
        "9999",
        "NO",
        f"{1995 + supplier.index % 25}-0{supplier.index % 9 + 1}-15",
        "true" if employees else "false",
        str(employees) if employees else "",
        "false" if is_public else "true",
        "false",
        "false",
        "false",
    ]


def _arts() -> Rows:
    """Return the arts and chapters that the ledger and the budget use, in Skatteetaten's shape."""
    names = {account.code: account.name for account in ACCOUNTS} | dict(_ARTS)
    return [
        ["GroupingCategory", "CategoryDescriptionNOB", "GroupingCode", "CodeDescriptionNOB"],
        *([GROUPING, f"Arter, {ENTERPRISE.name}", code, names[code]] for code in sorted(names)),
    ]
