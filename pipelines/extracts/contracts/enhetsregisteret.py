"""Contract of what is read from Enhetsregisteret (Brønnøysundregistrene): one table of entities.

Field names in the descriptions are the register's own. What the municipality itself says of a
supplier is a register of its own (`reg_supplier`).
"""

from __future__ import annotations

from pipelines.extracts.contracts.columns import (
    SOURCE_ROW,
    SOURCE_SHA256,
    Column,
    Table,
)
from pipelines.extracts.contracts.columns import date_column as _date
from pipelines.extracts.contracts.columns import text_column as _text


def _address(prefix: str, whose: str) -> tuple[Column, ...]:
    """Return the columns of an address; the street of a sole trader is often a home."""
    return (
        _text(
            f"{prefix}_street",
            f"{whose}: adresselinjene, skilt med komma",
            classification="personal",
        ),
        _text(f"{prefix}_postal_code", f"{whose}: postnummer"),
        _text(f"{prefix}_city", f"{whose}: poststed"),
        _text(f"{prefix}_municipality_number", f"{whose}: kommunenummer, fire sifre"),
        _text(f"{prefix}_country_code", f"{whose}: landkode etter ISO 3166-1, for eksempel NO"),
        _text(f"{prefix}_country", f"{whose}: land"),
    )


def _industry(place: int) -> tuple[Column, ...]:
    return (
        _text(f"industry_code_{place}", f"naeringskode{place}.kode: næringskode (SN, NACE)"),
        _text(f"industry_{place}", f"naeringskode{place}.beskrivelse"),
    )


BRREG_ENTITY = Table(
    "brreg_entity",
    "Én rad per enhet eller underenhet i en fil fra Enhetsregisteret",
    ("source_sha256", "orgnr"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        _text("orgnr", "organisasjonsnummer: ni siffer med gyldig kontrollsiffer", required=True),
        _text(
            "name",
            "navn; enkeltpersonforetak har innehaverens navn i sitt. Pseudonym når enheten er en "
            "privatperson. Tomt bare for enheter som er slettet",
            classification="personal",
        ),
        _text(
            "organisation_form_code",
            "organisasjonsform.kode: AS, ENK, KOMM … Tom bare for enheter som er slettet",
        ),
        _text("organisation_form", "organisasjonsform.beskrivelse"),
        *_industry(1),
        *_industry(2),
        *_industry(3),
        _text("sector_code", "institusjonellSektorkode.kode"),
        _text("sector", "institusjonellSektorkode.beskrivelse"),
        *_address("business", "Forretningsadressen, for underenheter beliggenhetsadressen"),
        *_address("postal", "Postadressen"),
        _text("parent_orgnr", "overordnetEnhet: organisasjonsnummeret til enheten over"),
        _date("registration_date", "Dagen enheten ble registrert i Enhetsregisteret"),
        _date("founding_date", "stiftelsesdato, for underenheter oppstartsdato"),
        Column(
            "has_registered_employees",
            "boolean",
            "harRegistrertAntallAnsatte: ja også når antallet er så lite at det ikke oppgis",
        ),
        Column(
            "employee_count",
            "integer",
            "antallAnsatte; tomt når det ikke er oppgitt, som ikke er det samme som null ansatte",
        ),
        Column("is_vat_registered", "boolean", "registrertIMvaregisteret"),
        Column("is_bankrupt", "boolean", "konkurs: ja når det er åpnet konkurs"),
        _date("bankruptcy_date", "konkursdato"),
        Column("is_winding_up", "boolean", "underAvvikling: ja når enheten avvikles frivillig"),
        _date("winding_up_date", "underAvviklingDato"),
        Column(
            "is_forced_winding_up",
            "boolean",
            "underTvangsavviklingEllerTvangsopplosning: ja når retten avvikler enheten",
        ),
        _date(
            "forced_winding_up_date",
            "Den første av datoene for tvangsavvikling eller tvangsoppløsning",
        ),
        _text(
            "forced_winding_up_ground",
            "Hva datoene for tvangsavvikling eller tvangsoppløsning gjelder, skilt med komma",
        ),
        _date("reconstruction_date", "underRekonstruksjonsforhandlingDato"),
        _date("foreign_insolvency_date", "underUtenlandskInsolvensbehandlingDato"),
        _date("closure_date", "nedleggelsesdato: dagen underenheten ble lagt ned"),
        _date("deletion_date", "slettedato: dagen enheten ble slettet fra registeret"),
        Column(
            "is_sub_entity",
            "boolean",
            "Ja for underenheter (BEDR og AAFY), som leverer på vegne av enheten over",
            required=True,
        ),
        Column(
            "is_private_person",
            "boolean",
            "Ja for organisasjonsform PERS, som er en privatperson: navnet er et pseudonym og "
            "adressen er utelatt",
            required=True,
        ),
    ),
)
BRREG_TABLES = (BRREG_ENTITY,)
