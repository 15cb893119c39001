"""Units of Enhetsregisteret: text of the register's fields in, rows of the contract out.

A row with a value that is none of its kind is told apart with the reason. How the text came out of
a file stands in `enhetsregisteret_csv` and `enhetsregisteret_json`.
"""

from __future__ import annotations

import hashlib
import hmac

import polars as pl

from pipelines.extracts import values
from pipelines.extracts.contracts.enhetsregisteret import BRREG_ENTITY
from pipelines.extracts.enhetsregisteret_files import (
    BIRTH_NUMBER,
    FIELDS,
    FORCED_DATES,
    IS_SUB,
    PROBLEM,
    REQUIRED,
    ROW,
    Field,
)

SUB_UNIT_FORMS = ["BEDR", "AAFY"]
PADDED = "padded"
_PRIVATE_FORM = "PERS"
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_EXPECTED = {
    "orgnr": "ni siffer med gyldig kontrollsiffer",
    "date": "en dato (åååå-mm-dd)",
    "boolean": "true eller false",
    "integer": "et helt tall fra 0",
}
# Some bulk files write the line ends of an address as «/n»; «v/nils» is none.
_LINE_END = r"(?:/n)+([^a-zæøåäöéü/]|[cv]/|$)"
_HIDDEN = ("business_street", "business_postal_code", "postal_street", "postal_postal_code")


def units_of(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that hold, and of the others row, problem and raw text.

    The first has the contract's columns but those of the file and of private persons, and `padded`:
    whether leading zeros were put back.
    """
    typed = _typed(frame)
    is_good = typed[PROBLEM].is_null()
    good = typed if is_good.all() else typed.filter(is_good)
    bad = _bad(frame, typed) if good.height < typed.height else _NONE_BAD
    return good.select(*_columns(), _is_padded().alias(PADDED)), bad


_NONE_BAD = pl.DataFrame(schema={ROW: pl.Int64, PROBLEM: pl.String, "raw": pl.String})


def _bad(frame: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """Return what is wrong with rows, each with the fields as they stood."""
    given = [pl.lit(f"{field.name}=") + pl.col(field.name) for field in FIELDS]
    raw = pl.concat_str(given, separator=" | ", ignore_nulls=True).alias("raw")
    bad = typed.filter(pl.col(PROBLEM).is_not_null()).select(ROW, PROBLEM)
    return bad.join(frame.select(ROW, raw), on=ROW, how="left", maintain_order="left")


# --- values -------------------------------------------------------------------------------------


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame trimmed, with each value of a type under «name:», and why a row is none."""
    trimmed = frame.with_columns(_trimmed(field) for field in FIELDS)
    parsed = trimmed.with_columns(
        _parsed(trimmed[field.name], field).alias(f"{field.name}:")
        for field in FIELDS
        if field.kind in _EXPECTED
    )
    wrong = [_wrong(field) for field in FIELDS if field.kind in _EXPECTED]
    is_deleted = pl.col("slettedato:").is_not_null()
    needed = [
        pl.when(pl.col(name).is_null() & (pl.lit(name == REQUIRED[0]) | ~is_deleted)).then(
            pl.lit(f"{name} mangler")
        )
        for name in REQUIRED
    ]
    found = pl.concat_str(*needed, *wrong, separator="; ", ignore_nulls=True)
    return parsed.with_columns(
        pl.coalesce(PROBLEM, pl.when(found != "").then(found)).alias(PROBLEM)
    )


def _trimmed(field: Field) -> pl.Expr:
    text = pl.col(field.name).str.strip_chars()
    if field.kind == "orgnr":
        text = text.str.replace_all("[ \u00a0\u202f]", "")
    if field.kind == "lines":
        text = text.str.replace_all(_LINE_END, "\n$1").str.strip_chars()
        text = text.str.replace_all(r"\s*[\r\n]\s*", ", ")
    return pl.when(text != "").then(text).alias(field.name)


def _parsed(text: pl.Series, field: Field) -> pl.Series:
    if field.kind == "date":
        return values.dates(text)
    if field.kind == "boolean":
        return values.booleans(text)
    column = pl.col(field.name)
    if field.kind == "integer":
        number = pl.when(column.str.contains("^[0-9]{1,8}$")).then(column)
        return text.to_frame().select(number.cast(pl.Int64, strict=False)).to_series()
    return text.to_frame().select(pl.when(_is_orgnr(column)).then(column)).to_series()


def _is_orgnr(text: pl.Expr) -> pl.Expr:
    """The rule of `identifiers.is_orgnr` (mod 11) on a whole column."""
    is_nine = text.str.contains("^[0-9]{9}$")
    number = pl.when(is_nine).then(text).cast(pl.Int64, strict=False)
    total = sum(
        (number // 10 ** (8 - place) % 10 * weight for place, weight in enumerate(_WEIGHTS)),
        start=pl.lit(0, pl.Int64),
    )
    rest = total % 11
    return is_nine & (rest != 1) & (number % 10 == (11 - rest) % 11)


def _wrong(field: Field) -> pl.Expr:
    """The reason where a field has a value that is none of its kind; never a birth number."""
    text = pl.col(field.name)
    shown = (
        pl.when(text.str.contains(BIRTH_NUMBER))
        .then(pl.lit("elleve sifre"))
        .otherwise(pl.lit("«") + text.str.slice(0, 40) + pl.lit("»"))
    )
    reason = pl.lit(f"{field.name}: forventet {_EXPECTED[field.kind]}, fant ") + shown
    return pl.when(text.is_not_null() & pl.col(f"{field.name}:").is_null()).then(reason)


# --- columns of the contract --------------------------------------------------------------------

_RENAMED = {
    "navn": "name",
    "organisasjonsform.kode": "organisation_form_code",
    "organisasjonsform.beskrivelse": "organisation_form",
    **{f"naeringskode{n}.kode": f"industry_code_{n}" for n in (1, 2, 3)},
    **{f"naeringskode{n}.beskrivelse": f"industry_{n}" for n in (1, 2, 3)},
    "institusjonellSektorkode.kode": "sector_code",
    "institusjonellSektorkode.beskrivelse": "sector",
    "organisasjonsnummer:": "orgnr",
    "overordnetEnhet:": "parent_orgnr",
    "registreringsdatoEnhetsregisteret:": "registration_date",
    "harRegistrertAntallAnsatte:": "has_registered_employees",
    "antallAnsatte:": "employee_count",
    "registrertIMvaregisteret:": "is_vat_registered",
    "konkurs:": "is_bankrupt",
    "konkursdato:": "bankruptcy_date",
    "underAvvikling:": "is_winding_up",
    "underAvviklingDato:": "winding_up_date",
    "underTvangsavviklingEllerTvangsopplosning:": "is_forced_winding_up",
    "underRekonstruksjonsforhandlingDato:": "reconstruction_date",
    "underUtenlandskInsolvensbehandlingDato:": "foreign_insolvency_date",
    "nedleggelsesdato:": "closure_date",
    "slettedato:": "deletion_date",
}
_PARTS = {
    "adresse": "street",
    "postnummer": "postal_code",
    "poststed": "city",
    "kommunenummer": "municipality_number",
    "landkode": "country_code",
    "land": "country",
}


def _columns() -> list[pl.Expr]:
    """Return the contract's columns, but the file's hash and what tells of private persons."""
    form = pl.col("organisasjonsform.kode")
    made = {
        "source_row": pl.col(ROW),
        "founding_date": pl.coalesce("stiftelsesdato:", "oppstartsdato:"),
        "is_sub_entity": pl.col(IS_SUB) | form.is_in(SUB_UNIT_FORMS).fill_null(value=False),
        **_forced_winding_up(),
        **_address("business"),
        **_address("postal"),
        **{column: pl.col(name) for name, column in _RENAMED.items()},
    }
    return [made[name].alias(name) for name in BRREG_ENTITY.schema() if name in made]


def _forced_winding_up() -> dict[str, pl.Expr]:
    dates = [pl.col(f"{name}:") for name in FORCED_DATES]
    grounds = [
        pl.when(day.is_not_null()).then(pl.lit(ground))
        for day, ground in zip(dates, FORCED_DATES.values(), strict=True)
    ]
    text = pl.concat_str(grounds, separator=", ", ignore_nulls=True)
    return {
        "forced_winding_up_date": pl.min_horizontal(dates),
        "forced_winding_up_ground": pl.when(text != "").then(text),
    }


def _part(prefix: str, part: str) -> pl.Expr:
    """A part of an address as the file has it; a sub-unit has its place of business instead."""
    if prefix == "postal":
        return pl.col(f"postadresse.{part}")
    has_office = pl.any_horizontal(pl.col(f"forretningsadresse.{p}").is_not_null() for p in _PARTS)
    office, place = pl.col(f"forretningsadresse.{part}"), pl.col(f"beliggenhetsadresse.{part}")
    return pl.when(has_office).then(office).otherwise(place)


def _lacks_zero(prefix: str, part: str) -> pl.Expr:
    """Whether a spreadsheet has taken the leading zeros of a Norwegian number of four digits."""
    code, country = _part(prefix, "landkode"), _part(prefix, "land")
    is_norwegian = code.eq_missing("NO") | (
        code.is_null() & (country.is_null() | (country == "Norge"))
    )
    return is_norwegian & _part(prefix, part).str.contains("^[0-9]{1,3}$")


_NUMBERS = ("postnummer", "kommunenummer")


def _address(prefix: str) -> dict[str, pl.Expr]:
    parts = {name: _part(prefix, name) for name in _PARTS}
    for name in _NUMBERS:
        padded = pl.when(_lacks_zero(prefix, name)).then(parts[name].str.zfill(4))
        parts[name] = padded.otherwise(parts[name])
    return {f"{prefix}_{_PARTS[name]}": part for name, part in parts.items()}


def _is_padded() -> pl.Expr:
    pairs = [_lacks_zero(prefix, name) for prefix in ("business", "postal") for name in _NUMBERS]
    return pl.any_horizontal(pairs).fill_null(value=False)


# --- private persons ----------------------------------------------------------------------------


def without_persons(table: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Give private persons (form PERS) a pseudonym for a name, and no address (spend.md).

    Sole traders (ENK) are suppliers as well as persons: they keep both, as personal data.
    """
    is_person = pl.col("organisation_form_code").eq_missing(_PRIVATE_FORM)
    persons = table.filter(is_person).select("orgnr")
    aliases = [_alias(number, key) for number in persons["orgnr"]]
    named = persons.with_columns(pl.Series("alias", aliases, dtype=pl.String))
    return (
        table.join(named, on="orgnr", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("alias", "name").alias("name"),
            *(pl.when(~is_person).then(pl.col(column)).alias(column) for column in _HIDDEN),
            is_person.alias("is_private_person"),
        )
        .drop("alias")
    )


def _alias(orgnr: str, key: bytes) -> str:
    return f"Privatperson {hmac.new(key, orgnr.encode(), hashlib.sha256).hexdigest()[:6]}"
