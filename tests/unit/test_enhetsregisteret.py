"""Files from Enhetsregisteret: what is read from CSV and JSON, and what is refused with a reason.

All units are invented; their numbers have check digits worked out by hand.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import zipfile
import zlib
from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.extracts import (
    enhetsregisteret,
    enhetsregisteret_csv,
    enhetsregisteret_files,
    enhetsregisteret_json,
)
from pipelines.extracts.contracts.enhetsregisteret import BRREG_ENTITY
from pipelines.extracts.enhetsregisteret import (
    EnhetsregisteretReader,
    EnhetsregisteretResult,
    is_enhetsregisteret,
    read_enhetsregisteret,
)
from pipelines.extracts.identifiers import is_orgnr

SHA = "ab" * 32
KEY = b"hemmelig"
# 3·8 + 2 + 7 + 6 + 5 + 4 + 3 + 2 = 53 = 4·11 + 9, 11 - 9 = 2; one more in the eighth: 55, 0.
A, B, PARENT = "811111112", "811111120", "811111139"


def _names(text: str) -> list[str]:
    return text.split(",")


# As the bulk files write them, without some of those that are not read.
UNITS_HEADING = _names(
    "organisasjonsnummer,navn,organisasjonsform.kode,organisasjonsform.beskrivelse,"
    "naeringskode1.kode,naeringskode1.beskrivelse,naeringskode2.kode,naeringskode2.beskrivelse,"
    "naeringskode3.kode,naeringskode3.beskrivelse,harRegistrertAntallAnsatte,antallAnsatte,"
    "hjemmeside,telefon,postadresse.adresse,postadresse.poststed,postadresse.postnummer,"
    "postadresse.kommune,postadresse.kommunenummer,postadresse.land,postadresse.landkode,"
    "forretningsadresse.adresse,forretningsadresse.poststed,forretningsadresse.postnummer,"
    "forretningsadresse.kommune,forretningsadresse.kommunenummer,forretningsadresse.land,"
    "forretningsadresse.landkode,institusjonellSektorkode.kode,"
    "institusjonellSektorkode.beskrivelse,registreringsdatoenhetsregisteret,stiftelsesdato,"
    "registrertIMvaRegisteret,konkurs,konkursdato,underAvvikling,underAvviklingDato,"
    "underTvangsavviklingEllerTvangsopplosning,tvangsopplostPgaManglendeDagligLederDato,"
    "tvangsopplostPgaManglendeRevisorDato,tvangsopplostPgaManglendeRegnskapDato,"
    "tvangsopplostPgaMangelfulltStyreDato,tvangsavvikletPgaManglendeSlettingDato,overordnetEnhet,"
    "vedtektsfestetFormaal,underUtenlandskInsolvensbehandlingDato,"
    "underRekonstruksjonsforhandlingDato,erIKonsern"
)
SUB_UNITS_HEADING = _names(
    "organisasjonsnummer,navn,overordnetEnhet,organisasjonsform.kode,"
    "organisasjonsform.beskrivelse,naeringskode1.kode,naeringskode1.beskrivelse,"
    "naeringskode2.kode,naeringskode2.beskrivelse,naeringskode3.kode,naeringskode3.beskrivelse,"
    "harRegistrertAntallAnsatte,antallAnsatte,postadresse.adresse,postadresse.poststed,"
    "postadresse.postnummer,postadresse.kommunenummer,postadresse.land,postadresse.landkode,"
    "beliggenhetsadresse.adresse,beliggenhetsadresse.poststed,beliggenhetsadresse.postnummer,"
    "beliggenhetsadresse.kommunenummer,beliggenhetsadresse.land,beliggenhetsadresse.landkode,"
    "registreringsdatoIEnhetsregisteret,registrertIMvaregisteret,oppstartsdato,datoEierskifte,"
    "nedleggelsesdato"
)
ORDINARY = {
    "organisasjonsnummer": A,
    "navn": "ÅSEN BYGG AS",
    "organisasjonsform.kode": "AS",
    "organisasjonsform.beskrivelse": "Aksjeselskap",
}


def csv_file(*rows: dict[str, str], heading: list[str] = UNITS_HEADING, **options: Any) -> bytes:
    """Return a file with these rows, each ORDINARY where it does not say otherwise."""
    text = io.StringIO()
    form: dict[str, Any] = {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"} | options
    writer = csv.DictWriter(text, heading, extrasaction="ignore", **form)
    writer.writeheader()
    writer.writerows(ORDINARY | row for row in rows)
    return text.getvalue().encode()


def unit(**fields: Any) -> dict[str, Any]:
    """Return a unit as the API gives it."""
    return {
        "organisasjonsnummer": A,
        "navn": "ÅSEN BYGG AS",
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
        "registreringsdatoEnhetsregisteret": "2010-02-03",
        "registrertIMvaregisteret": True,
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
    } | fields


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def read(data: bytes) -> EnhetsregisteretResult:
    """Read a file; whatever it holds, every row of it is accounted for."""
    result = read_enhetsregisteret(data, SHA, KEY)
    table, facts = result.tables["brreg_entity"], result.facts
    assert dict(table.schema) == BRREG_ENTITY.schema()
    assert facts.rows_accepted == table.height
    of_rows = [r for r in result.rejections if not r.is_whole_file]
    if result.is_rejected:
        assert len(result.rejections) == len(of_rows) + 1
        assert facts.rows_quarantined == facts.rows_in > 0
    else:
        assert facts.rows_quarantined == len(of_rows)
    assert facts.rows_in == (
        facts.rows_accepted + facts.rows_quarantined + facts.rows_duplicate + facts.rows_left_out
    )
    assert table["orgnr"].is_unique().all()
    return result


def only(data: bytes) -> dict[str, Any]:
    """Return the one unit of a file without anything rejected."""
    result = read(data)
    assert result.rejections == []
    return result.tables["brreg_entity"].row(0, named=True)


def reasons(data: bytes) -> list[tuple[str, str]]:
    return [(r.place, r.reason) for r in read(data).rejections]


# --- what is read -------------------------------------------------------------------------------


def test_the_numbers_used_here_are_valid() -> None:
    assert all(map(is_orgnr, (A, B, PARENT)))


def test_a_row_of_the_bulk_file_has_all_its_columns() -> None:
    data = csv_file(
        {
            "naeringskode1.kode": "41.200",
            "naeringskode1.beskrivelse": "Oppføring av bygninger",
            "naeringskode2.kode": "68.209",
            "naeringskode3.kode": "70.100",
            "harRegistrertAntallAnsatte": "true",
            "antallAnsatte": "17",
            "postadresse.adresse": "Postboks 32",
            "postadresse.poststed": "ÅS",
            "postadresse.postnummer": "1431",
            "postadresse.landkode": "NO",
            "forretningsadresse.adresse": "c/o Regnskap AS/nStorgata 7",
            "forretningsadresse.poststed": "OSLO",
            "forretningsadresse.postnummer": "0155",
            "forretningsadresse.kommunenummer": "0301",
            "forretningsadresse.land": "Norge",
            "forretningsadresse.landkode": "NO",
            "institusjonellSektorkode.kode": "2100",
            "institusjonellSektorkode.beskrivelse": "Private aksjeselskaper mv.",
            "registreringsdatoenhetsregisteret": "1995-02-19",
            "stiftelsesdato": "1899-06-15",
            "registrertIMvaRegisteret": "true",
            "konkurs": "true",
            "konkursdato": "2024-03-01",
            "underAvvikling": "false",
            "underTvangsavviklingEllerTvangsopplosning": "true",
            "tvangsopplostPgaManglendeRevisorDato": "2024-02-05",
            "tvangsopplostPgaMangelfulltStyreDato": "2024-02-01",
            "overordnetEnhet": PARENT,
            "underRekonstruksjonsforhandlingDato": "2023-12-31",
        }
    )
    assert is_enhetsregisteret(data)
    expected = dict.fromkeys(BRREG_ENTITY.schema()) | {
        "source_sha256": SHA,
        "source_row": 2,
        "orgnr": A,
        "name": "ÅSEN BYGG AS",
        "organisation_form_code": "AS",
        "organisation_form": "Aksjeselskap",
        "industry_code_1": "41.200",
        "industry_1": "Oppføring av bygninger",
        "industry_code_2": "68.209",
        "industry_code_3": "70.100",
        "sector_code": "2100",
        "sector": "Private aksjeselskaper mv.",
        "business_street": "c/o Regnskap AS, Storgata 7",
        "business_postal_code": "0155",
        "business_city": "OSLO",
        "business_municipality_number": "0301",
        "business_country_code": "NO",
        "business_country": "Norge",
        "postal_street": "Postboks 32",
        "postal_postal_code": "1431",
        "postal_city": "ÅS",
        "postal_country_code": "NO",
        "parent_orgnr": PARENT,
        "registration_date": date(1995, 2, 19),
        "founding_date": date(1899, 6, 15),
        "has_registered_employees": True,
        "employee_count": 17,
        "is_vat_registered": True,
        "is_bankrupt": True,
        "bankruptcy_date": date(2024, 3, 1),
        "is_winding_up": False,
        "is_forced_winding_up": True,
        "forced_winding_up_date": date(2024, 2, 1),
        "forced_winding_up_ground": "mangler revisor, mangelfullt styre",
        "reconstruction_date": date(2023, 12, 31),
        "is_sub_entity": False,
        "is_private_person": False,
    }
    assert only(data) == expected
    assert read(data).notes == []


def test_a_row_of_the_file_of_sub_units_has_its_place_of_business() -> None:
    row = {
        "organisasjonsform.kode": "BEDR",
        "overordnetEnhet": PARENT,
        "beliggenhetsadresse.adresse": "v/Kari Nordmann/nMyra 2",
        "beliggenhetsadresse.postnummer": "5118",
        "registreringsdatoIEnhetsregisteret": "2013-02-11",
        "registrertIMvaregisteret": "false",
        "oppstartsdato": "2013-02-01",
        "nedleggelsesdato": "2024-09-30",
    }
    data = csv_file(row, heading=SUB_UNITS_HEADING, quoting=csv.QUOTE_MINIMAL)
    assert is_enhetsregisteret(data)
    found = only(data)
    assert found["is_sub_entity"]
    assert found["parent_orgnr"] == PARENT
    assert found["business_street"] == "v/Kari Nordmann, Myra 2"
    assert found["business_postal_code"] == "5118"
    assert found["registration_date"] == date(2013, 2, 11)
    assert found["founding_date"] == date(2013, 2, 1)
    assert found["closure_date"] == date(2024, 9, 30)
    assert found["is_vat_registered"] is False
    assert found["is_bankrupt"] is None
    assert read(data).notes == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vei 1\nVei 2", "Vei 1, Vei 2"),
        ("Vei 1\r\n\r\nVei 2\n", "Vei 1, Vei 2"),
        ("v/nils holgersson", "v/nils holgersson"),
        ("Gård/n/nc/o Ola/n", "Gård, c/o Ola"),
        ("  ", None),
    ],
)
def test_the_lines_of_an_address_are_joined(text: str, expected: str | None) -> None:
    assert only(csv_file({"forretningsadresse.adresse": text}))["business_street"] == expected


def test_the_order_of_columns_and_unknown_ones_do_not_matter() -> None:
    row = {"forretningsadresse.poststed": "OSLO", "konkurs": "false"}
    turned = ["nyKolonne", *reversed(UNITS_HEADING)]
    assert only(csv_file(row, heading=turned)) == only(csv_file(row))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_that_was_saved_anew_reads_the_same(
    delimiter: str, encoding: str, line_end: str
) -> None:
    data = csv_file({"navn": "Ærlig & Øst, «Å»; AS"}, delimiter=delimiter, lineterminator=line_end)
    data = data.decode().encode(encoding)
    assert is_enhetsregisteret(data)
    assert only(data)["name"] == "Ærlig & Øst, «Å»; AS"


def test_what_a_norwegian_spreadsheet_does_to_the_file_is_undone_and_told() -> None:
    row = {
        "stiftelsesdato": "15.06.1977",
        "konkurs": "USANN",
        "registrertIMvaRegisteret": "SANN",
        "forretningsadresse.postnummer": "10",
        "forretningsadresse.kommunenummer": "301",
        "forretningsadresse.landkode": "NO",
        "postadresse.postnummer": "301",
        "postadresse.landkode": "SE",
    }
    data = csv_file(row, delimiter=";")
    found = only(data)
    assert found["founding_date"] == date(1977, 6, 15)
    assert (found["is_bankrupt"], found["is_vat_registered"]) == (False, True)
    assert found["business_postal_code"] == "0010"
    assert found["business_municipality_number"] == "0301"
    assert found["postal_postal_code"] == "301"
    assert "1 enheter hadde postnummer eller kommunenummer uten ledende null" in read(data).notes[0]


def test_a_unit_from_the_api() -> None:
    address = {"adresse": ["Tyvholmen 1", None, "", "2. etasje"], "postnummer": "0101"}
    data = as_json(
        unit(
            forretningsadresse=address | {"poststed": "OSLO", "landkode": "NO"},
            antallAnsatte=50,
            konkursdato="",
            overordnetEnhet=PARENT,
            naeringskode3={"kode": "52.292", "beskrivelse": "Skipsmegling"},
            kapital={"belop": 1e400},
        )
    )
    assert is_enhetsregisteret(data)
    found = only(data)
    assert found["source_row"] == 1
    assert found["business_street"] == "Tyvholmen 1, 2. etasje"
    assert found["business_city"] == "OSLO"
    assert found["employee_count"] == 50
    assert found["bankruptcy_date"] is None
    assert found["parent_orgnr"] == PARENT
    assert found["industry_3"] == "Skipsmegling"
    assert found["is_vat_registered"] is True
    assert read(data).notes == []


def test_a_bulk_array_and_lines_of_json_give_the_same_units() -> None:
    units = [unit(), unit(organisasjonsnummer=B, navn="B AS")]
    lines = b"\n".join(map(as_json, units))
    assert is_enhetsregisteret(as_json(units))
    table = read(as_json(units)).tables["brreg_entity"]
    assert table["orgnr"].to_list() == [A, B]
    assert table.equals(read(lines).tables["brreg_entity"])


def test_a_search_has_units_and_sub_units_and_tells_of_its_other_pages() -> None:
    found = {
        "_embedded": {"enheter": [unit()], "underenheter": [unit(organisasjonsnummer=B)]},
        "page": {"size": 2, "totalElements": 1234, "totalPages": 617, "number": 0},
    }
    result = read(as_json(found))
    assert result.tables["brreg_entity"]["is_sub_entity"].to_list() == [False, True]
    assert result.notes == [
        "objekt 1 er én av 617 sider i et søk som ga 1234 enheter; de andre sidene er ikke med"
    ]


def test_a_search_without_hits_is_empty_and_no_fault() -> None:
    href = "https://data.brreg.no/enhetsregisteret/api/enheter?navn=x"
    data = as_json({"_links": {"self": {"href": href}}, "page": {"totalElements": 0}})
    assert is_enhetsregisteret(data)
    assert read(data).rejections == []
    assert read(data).notes == ["filen har ingen enheter"]


@pytest.mark.parametrize(
    "sign",
    [
        {"respons_klasse": "Underenhet"},
        {"_links": {"self": {"href": "https://x/enhetsregisteret/api/underenheter/1"}}},
        {"beliggenhetsadresse": {"poststed": "BODØ"}},
        {"organisasjonsform": {"kode": "AAFY"}},
    ],
)
def test_a_sub_unit_is_known_by_any_of_its_signs(sign: dict[str, Any]) -> None:
    assert only(as_json(unit(**sign)))["is_sub_entity"]
    assert not only(as_json(unit()))["is_sub_entity"]


def test_a_deleted_unit_needs_no_name_or_form() -> None:
    """HTTP 410 of a unit that was taken out of the open data gives its number and day only."""
    found = only(as_json({"organisasjonsnummer": A, "slettedato": "2026-09-21"}))
    assert (found["orgnr"], found["deletion_date"]) == (A, date(2026, 9, 21))
    deleted = {"respons_klasse": "SlettetEnhet", "slettedato": "2017-10-20"}
    found = only(as_json(unit(**deleted)))
    assert (found["name"], found["deletion_date"]) == ("ÅSEN BYGG AS", date(2017, 10, 20))


# --- private persons ----------------------------------------------------------------------------


def test_a_private_person_becomes_a_pseudonym_without_address() -> None:
    row = {
        "navn": "NORDMANN KARI",
        "organisasjonsform.kode": "PERS",
        "forretningsadresse.adresse": "Hjemmeveien 1",
        "forretningsadresse.postnummer": "0155",
        "forretningsadresse.kommunenummer": "0301",
        "postadresse.adresse": "Hjemmeveien 1",
    }
    data = csv_file(row)
    found = only(data)
    assert found["is_private_person"]
    assert found["name"].startswith("Privatperson ")
    assert not {"business_street", "business_postal_code", "postal_street"} & {
        name for name, value in found.items() if value is not None
    }
    assert found["business_municipality_number"] == "0301"
    assert "NORDMANN" not in repr(found)
    other = read_enhetsregisteret(data, SHA, b"annen").tables["brreg_entity"]
    assert other["name"][0] != found["name"]


def test_a_sole_trader_is_a_supplier_and_keeps_name_and_address_as_personal_data() -> None:
    row = {
        "navn": "KARI NORDMANN RØR",
        "organisasjonsform.kode": "ENK",
        "forretningsadresse.adresse": "Hjemmeveien 1",
    }
    found = only(csv_file(row))
    assert (found["name"], found["business_street"]) == ("KARI NORDMANN RØR", "Hjemmeveien 1")
    assert not found["is_private_person"]
    personal = {c.name for c in BRREG_ENTITY.columns if c.classification == "personal"}
    assert personal == {"name", "business_street", "postal_street"}


def test_no_reason_shows_a_birth_number() -> None:
    data = csv_file({"organisasjonsnummer": "010190 12345"}, {"overordnetEnhet": "01019012345"})
    found = reasons(data)
    assert len(found) == 2
    for _, reason in found:
        assert "elleve sifre" in reason
        assert "12345" not in reason
    ((_, reason),) = reasons(as_json(unit(organisasjonsnummer=31019012345)))
    assert reason.endswith("fant elleve sifre")


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (
            "organisasjonsnummer",
            "811111113",
            "ni siffer med gyldig kontrollsiffer, fant «811111113»",
        ),
        ("organisasjonsnummer", "81111112", "ni siffer med gyldig kontrollsiffer, fant «81111112»"),
        ("organisasjonsnummer", "٨١١١١١١١٢", "ni siffer med gyldig kontrollsiffer"),
        ("overordnetEnhet", "123456789", "ni siffer med gyldig kontrollsiffer, fant «123456789»"),
        ("stiftelsesdato", "1977-02-30", "en dato (åååå-mm-dd), fant «1977-02-30»"),
        ("konkursdato", "i går", "en dato (åååå-mm-dd), fant «i går»"),
        ("konkurs", "kanskje", "true eller false, fant «kanskje»"),
        ("antallAnsatte", "-3", "et helt tall fra 0, fant «-3»"),
        ("antallAnsatte", "NaN", "et helt tall fra 0, fant «NaN»"),
        ("antallAnsatte", "9" * 5000, "et helt tall fra 0, fant «" + "9" * 40 + "»"),
    ],
)
def test_a_wrong_value_rejects_its_row_alone(field: str, value: str, reason: str) -> None:
    result = read(csv_file({"organisasjonsnummer": B}, {field: value}))
    (rejection,) = result.rejections
    assert rejection.place == "rad 3"
    assert f"{field}: forventet {reason}" in rejection.reason
    assert f"{field}={value}"[:500] in rejection.raw
    assert not rejection.is_whole_file
    assert result.tables["brreg_entity"]["orgnr"].to_list() == [B]


def test_the_check_digit_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the rule for single numbers, also where mod 11 leaves 1 and no digit is right."""
    monkeypatch.setattr(enhetsregisteret, "MAX_BAD_ROWS", 3_000)
    numbers = [f"{n:09d}" for n in random.Random(7).sample(range(800_000_000, 10**9), 3_000)]
    table = read(csv_file(*({"organisasjonsnummer": n} for n in numbers))).tables["brreg_entity"]
    assert table["orgnr"].to_list() == [n for n in numbers if is_orgnr(n)]
    assert 200 < table.height < 400


def test_several_faults_of_a_row_are_told_together() -> None:
    data = csv_file({"navn": " ", "konkurs": "?", "stiftelsesdato": "x"})
    (reason,) = [reason for _, reason in reasons(data)]
    assert reason == (
        "navn mangler; stiftelsesdato: forventet en dato (åååå-mm-dd), fant «x»; "
        "konkurs: forventet true eller false, fant «?»"
    )


@pytest.mark.parametrize("name", ["organisasjonsnummer", "navn", "organisasjonsform.kode"])
def test_a_file_without_a_column_that_it_must_have_is_refused_whole(name: str) -> None:
    data = csv_file({}, heading=[h for h in UNITS_HEADING if h != name])
    assert is_enhetsregisteret(data)
    (rejection,) = read(data).rejections
    assert rejection.is_whole_file
    assert rejection.place == "overskriften"
    assert f"filen mangler {name};" in rejection.reason


def test_a_column_that_is_missing_otherwise_is_told() -> None:
    gone = {"konkurs", "postadresse.land"}
    renamed = ["stiftelsesdag" if h == "stiftelsesdato" else h for h in UNITS_HEADING]
    result = read(csv_file({}, heading=[h for h in renamed if h not in gone]))
    assert result.notes == [
        "filen mangler disse kolonnene, som da står tomme: postadresse.land, stiftelsesdato, "
        "konkurs"
    ]


def test_a_column_that_stands_twice_is_refused() -> None:
    line = ",".join([*UNITS_HEADING, "Konkurs"])
    data = f"{line}\n{A},X,AS{',' * (len(UNITS_HEADING) - 2)}\n".encode()
    (rejection,) = read(data).rejections
    assert rejection.is_whole_file
    assert "konkurs" in rejection.reason


def test_json_whose_units_lack_what_each_should_have_is_told() -> None:
    bare = {key: value for key, value in unit().items() if not key.startswith("under")}
    assert read(as_json([bare])).notes == [
        "ingen enhet i filen har disse feltene, som da står tomme: underAvvikling, "
        "underTvangsavviklingEllerTvangsopplosning"
    ]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_row_with_too_few_or_too_many_cells_is_rejected_alone(delimiter: str) -> None:
    lines = csv_file({}, {"organisasjonsnummer": B}, delimiter=delimiter).decode().splitlines()
    for row in (lines[1] + delimiter + '"x"', lines[1].rsplit(delimiter, 3)[0], f'"{A}"'):
        data = "\n".join([lines[0], row, "", lines[2]]).encode()
        ((place, reason),) = reasons(data)
        assert place == "rad 2"
        assert reason.startswith(f"raden har ikke {len(UNITS_HEADING)} felt som overskriften")
        table = read(data).tables["brreg_entity"]
        assert table.select("orgnr", "source_row").rows() == [(B, 4)]


def test_cells_with_lines_quotes_and_delimiters_stay_whole() -> None:
    name = 'LINJE "EN",\nLINJE TO'
    data = csv_file(
        {"navn": name, "vedtektsfestetFormaal": 'a,"b"\n\nc'}, {"organisasjonsnummer": B}
    )
    table = read(data).tables["brreg_entity"]
    assert table.select("name", "source_row").rows() == [(name, 2), ("ÅSEN BYGG AS", 3)]


def test_a_stray_quote_takes_no_other_row_with_it() -> None:
    data = csv_file({"navn": "XX"}, {"organisasjonsnummer": B}, quoting=csv.QUOTE_MINIMAL)
    data = data.replace(b"XX", b'6" R\xc3\x98R AS').replace("ÅSEN".encode(), b'7" A')
    table = read(data).tables["brreg_entity"]
    assert table["name"].to_list() == ['6" RØR AS', '7" A BYGG AS']


@pytest.mark.parametrize("cell", ['"D" "E"', '"D""\n"E"', '"D"E"'])
def test_a_quote_that_leaves_the_end_of_rows_unknown_refuses_the_file(cell: str) -> None:
    data = csv_file({"navn": "XX"}, *({"organisasjonsnummer": n} for n in (B, PARENT)))
    (rejection,) = read(data.replace(b'"XX"', cell.encode())).rejections
    assert rejection.is_whole_file
    assert "anførselstegn" in rejection.reason


def test_a_file_that_was_cut_off_is_told() -> None:
    data = csv_file({}, {"organisasjonsnummer": B})
    ((place, reason),) = reasons(data[: data.rindex(b'",') + 1])
    assert place == "rad 3"
    assert "felt som overskriften" in reason
    (rejection,) = read(data[: data.rindex(b"BYGG")]).rejections
    assert rejection.is_whole_file
    assert "anførselstegn" in rejection.reason
    (rejection,) = read(as_json([unit(), unit()])[:-9]).rejections
    assert rejection.is_whole_file
    assert "avbrutt" in rejection.reason


def test_rows_are_found_the_same_whatever_the_size_of_the_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = [n for n in map(str, range(811111100, 811111500)) if is_orgnr(n)]
    rows = [
        {"organisasjonsnummer": n, "navn": f'A "{n}"\n,B', "konkurs": "?" if n[-1] == "7" else ""}
        for n in numbers
    ]
    data = csv_file(*rows)
    units = as_json([unit(organisasjonsnummer=n, navn=f"Å {n}") for n in numbers])
    whole, whole_json = read(data), read(units)
    assert whole.facts.rows_quarantined > 0
    for size in (700, 4_096):
        monkeypatch.setattr(enhetsregisteret_csv, "_CHUNK", size)
        monkeypatch.setattr(enhetsregisteret_json, "_JSON_WINDOW", size)
        monkeypatch.setattr(enhetsregisteret_json, "_DECODED", 7)
        assert read(data).rejections == whole.rejections
        assert read(data).tables["brreg_entity"].equals(whole.tables["brreg_entity"])
        assert read(units).tables["brreg_entity"].equals(whole_json.tables["brreg_entity"])


# --- the same unit again ------------------------------------------------------------------------


def test_a_unit_that_only_repeats_is_kept_once_and_counted() -> None:
    result = read(csv_file({}, {"organisasjonsnummer": B}, {}, {"telefon": "22 22 22 22"}))
    assert result.rejections == []
    assert result.facts.rows_duplicate == 2
    rows = result.tables["brreg_entity"].select("orgnr", "source_row").rows()
    assert rows == [(A, 2), (B, 3)]
    assert result.dropped_rows == [4, 5]


def test_a_unit_that_repeats_with_other_content_is_rejected_in_all_its_rows() -> None:
    result = read(csv_file({}, {"organisasjonsnummer": B}, {}, {"navn": "ANNET AS"}))
    assert [r.place for r in result.rejections] == ["rad 2", "rad 4", "rad 5"]
    assert all(f"{A} står flere ganger" in r.reason for r in result.rejections)
    assert result.rejections[2].raw == f"organisasjonsnummer={A} | står i rad 2, 4, 5"
    assert result.dropped_rows == [2, 4, 5]
    assert result.tables["brreg_entity"]["orgnr"].to_list() == [B]


# --- the file as a stream -----------------------------------------------------------------------


class Trickle(io.RawIOBase):
    """A source that gives a few bytes at a time and can't go back, as an archive does."""

    def __init__(self, data: bytes, fails: Exception | None = None) -> None:
        self._left = io.BytesIO(data)
        self._fails = fails

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._left.read(min(size, 333) if size > 0 else 333)
        if not piece and self._fails is not None:
            raise self._fails
        return piece


def reader_of(source: Any) -> EnhetsregisteretReader:
    return EnhetsregisteretReader(source, SHA, KEY)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_source_that_gives_little_at_a_time_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, line_end: str, encoding: str
) -> None:
    numbers = [n for n in map(str, range(811111100, 811111500)) if is_orgnr(n)]
    rows = [{"organisasjonsnummer": n, "navn": "Ø\n" * (n[-1] == "3") + "ÅS"} for n in numbers]
    data = csv_file(*rows, lineterminator=line_end).decode().encode(encoding)
    whole = read(data).tables["brreg_entity"]
    monkeypatch.setattr(enhetsregisteret_csv, "_CHUNK", 501)
    monkeypatch.setattr(enhetsregisteret_files, "HEAD", 3_001)
    reader = reader_of(Trickle(data))
    chunks = list(reader.chunks())
    assert len(chunks) > 5
    assert {name for name, _ in chunks} == {"brreg_entity"}
    assert pl.concat([frame for _, frame in chunks]).equals(whole)
    assert reader.result.facts == (
        SHA,
        len(numbers),
        len(numbers),
        0,
        *[None] * 4,
        0,
        0,
        None,
        None,
    )
    assert reader.result.dropped_rows == []


def test_the_same_unit_in_chunks_far_apart_is_dropped_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(enhetsregisteret_csv, "_CHUNK", 500)
    monkeypatch.setattr(enhetsregisteret_files, "HEAD", 3_000)
    others = [n for n in map(str, range(820000000, 820000600)) if is_orgnr(n)]
    filling = [{"organisasjonsnummer": n} for n in others]
    twice = {"organisasjonsnummer": B, "konkurs": "false"}
    rows = [{}, twice, *filling, {}, twice | {"konkurs": "true"}]
    reader = reader_of(io.BytesIO(csv_file(*rows)))
    chunks = [frame for _, frame in reader.chunks()]
    table, result = pl.concat(chunks), reader.result
    last = len(rows) + 1
    assert len(chunks) > 10
    assert table.height == len(rows)
    assert result.dropped_rows == [3, last - 1, last]
    assert [r.place for r in result.rejections] == ["rad 3", f"rad {last}"]
    facts = result.facts
    assert (facts.rows_in, facts.rows_accepted) == (len(rows), len(rows) - 3)
    assert (facts.rows_quarantined, facts.rows_duplicate) == (2, 1)


def test_units_that_swap_values_between_columns_are_not_the_same() -> None:
    industry = {"naeringskode1.kode": "41.200", "naeringskode2.kode": "68.209"}
    swapped = {"naeringskode1.kode": "68.209", "naeringskode2.kode": "41.200"}
    result = read(csv_file(industry, swapped))
    assert [r.place for r in result.rejections] == ["rad 2", "rad 3"]


def test_there_is_no_verdict_before_the_end() -> None:
    with pytest.raises(RuntimeError):
        _ = reader_of(io.BytesIO(b"")).result


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_with_too_many_faults_is_refused_whole(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def read_with(faults: int) -> EnhetsregisteretResult:
        rows = [{"organisasjonsnummer": str(n)} for n in range(faults)]
        bulk = as_json([unit(), *(unit(**row) for row in rows)])
        return read(csv_file({}, *rows) if kind == "csv" else bulk)

    monkeypatch.setattr(enhetsregisteret, "MAX_BAD_ROWS", 3)
    assert not read_with(3).is_rejected
    result = read_with(4)
    assert result.is_rejected
    assert result.facts.rows_accepted == 0
    reason = result.rejections[0].reason
    assert reason.startswith("mer enn 3 rader er feil. Den første: ")
    assert "organisasjonsnummer: forventet ni siffer" in reason
    assert len(result.rejections) == 4


def test_units_in_conflict_count_among_the_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enhetsregisteret, "MAX_BAD_ROWS", 1)
    result = read(csv_file({}, {"navn": "ANNET AS"}, {"organisasjonsnummer": B}))
    assert result.is_rejected
    assert result.facts[1:4] == (3, 0, 3)


@pytest.mark.parametrize("fault", [EOFError("x"), zlib.error("x"), zipfile.BadZipFile("x")])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_archive_that_breaks_off_refuses_the_file(fault: Exception, kind: str) -> None:
    data = csv_file({}) if kind == "csv" else as_json([unit()])[:-1]
    reader = reader_of(Trickle(data, fault))
    list(reader.chunks())
    assert reader.result.is_rejected
    assert "arkivet er avbrutt" in reader.result.rejections[0].reason


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_member_of_an_archive_is_read_as_it_is_unpacked(kind: str) -> None:
    numbers = [n for n in map(str, range(811111100, 811113000)) if is_orgnr(n)]
    rows = [{"organisasjonsnummer": n} for n in numbers]
    data = csv_file(*rows) if kind == "csv" else as_json([unit(**row) for row in rows])
    packed = gzip.compress(data)
    with gzip.open(io.BytesIO(packed)) as member:
        whole = reader_of(member)
        assert sum(frame.height for _, frame in whole.chunks()) == len(numbers)
    assert not whole.result.is_rejected
    with gzip.open(io.BytesIO(packed[: len(packed) // 2])) as member:
        cut = reader_of(member)
        list(cut.chunks())
    assert "arkivet er avbrutt" in cut.result.rejections[0].reason


def test_units_are_the_same_read_together_and_one_by_one() -> None:
    address = {"adresse": ["Vei 1", None, "Vei 2"], "poststed": "BØ", "landkode": "NO"}
    ordinary = [
        unit(),
        unit(organisasjonsnummer=B, antallAnsatte=5, forretningsadresse=address),
        unit(postadresse={"adresse": []}, naeringskode1={"kode": "41.200"}, konkurs=None),
        unit(beliggenhetsadresse=address, overordnetEnhet=PARENT, stiftelsesdato=""),
        {"organisasjonsnummer": A, "slettedato": "2020-01-01", "_links": {"self": {"href": "x"}}},
    ]
    units = list(enhetsregisteret_json._documents(json_text(ordinary), []))
    assert set(enhetsregisteret_json._columns([unit for unit, _ in units])) == {
        field.name for field in enhetsregisteret_files.FIELDS
    }
    together = enhetsregisteret_json._frame(units, 7)
    assert together.equals(enhetsregisteret_json._slow_frame(units, 7))
    assert together["forretningsadresse.adresse"].to_list() == [None, "Vei 1\nVei 2", *[None] * 3]
    assert together["is_sub"].to_list() == [False, False, False, True, False]


def json_text(units: list[dict[str, Any]]) -> enhetsregisteret_json.JsonText:
    lines = b"\n".join(map(as_json, units))
    return enhetsregisteret_json.JsonText(enhetsregisteret_files.Text(io.BytesIO(lines)))


def test_a_field_may_stand_under_its_other_name() -> None:
    units = [unit(organisasjonsnummer=n) for n in (A, B)]
    for fields in units:
        fields["registreringsdatoIEnhetsregisteret"] = fields.pop(
            "registreringsdatoEnhetsregisteret"
        )
    days = read(as_json(units)).tables["brreg_entity"]["registration_date"].to_list()
    assert days == [date(2010, 2, 3)] * 2
    units[1]["registreringsdatoEnhetsregisteret"] = "2011-01-01"
    assert reasons(as_json(units)) == [
        ("enhet 2", "registreringsdatoEnhetsregisteret står to ganger")
    ]


def test_bytes_of_another_encoding_further_down_refuse_the_file() -> None:
    data = csv_file({"navn": "ÅS"}, {"organisasjonsnummer": B, "navn": "XX"})
    (rejection,) = read(data.replace(b"XX", b"\xc5s")).rejections
    assert rejection.is_whole_file
    assert "ikke er tekst i filens tegnsett" in rejection.reason


def test_a_row_without_end_is_refused_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(enhetsregisteret_csv, "_CHUNK", 1_000)
    monkeypatch.setattr(enhetsregisteret_csv, "_MAX_ROW", 50_000)
    heading = csv_file()
    for endless in (b'"' + b"x\n" * 500_000, b"x" * 1_000_000):
        source = io.BytesIO(heading + endless)
        reader = reader_of(source)
        list(reader.chunks())
        assert "raden er lengre enn 50000 tegn" in reader.result.rejections[0].reason
        assert source.tell() < 150_000


# --- rows of a damaged CSV, against the standard library ----------------------------------------


def test_a_cell_that_swallowed_other_rows_is_rejected_and_told() -> None:
    """Row 2 opens a quote that only a cell of row 4 closes; `csv` sees one row of right width."""
    rows = [{}, {"organisasjonsnummer": B}, {"organisasjonsnummer": PARENT}]
    heading = ["organisasjonsnummer", "navn", *UNITS_HEADING[2:]]
    lines = csv_file(*rows, heading=heading, quoting=csv.QUOTE_MINIMAL).decode().splitlines()
    lines[1] = lines[1].replace("ÅSEN", '"ÅSEN')
    lines[3] = lines[3].replace("BYGG AS", 'BYGG AS"')
    found = reasons("\n".join([*lines, lines[1].replace('"', "")]).encode())
    assert [place for place, _ in found] == ["rad 2"]
    assert "en celle har en hel rad til i seg" in found[0][1]


def test_where_the_quick_way_fails_the_standard_library_reads_the_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = csv_file({}, {"organisasjonsnummer": B, "navn": "L1\nL2"}, {"konkurs": "?"})
    expected = read(data)
    assert expected.facts[1:4] == (3, 2, 1)

    def fail(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("x")

    monkeypatch.setattr(pl, "read_csv", fail)
    found = read(data)
    assert found.tables["brreg_entity"].equals(expected.tables["brreg_entity"])
    assert found.rejections == expected.rejections


def rows_of_csv(data: bytes, delimiter: str) -> list[tuple[int, str, str]] | None:
    """Return number and name of rows that are whole, as `csv` reads them; None: it can't."""
    body = data.decode().replace("\r\n", "\n").replace("\r", "\n").partition("\n")[2]
    try:
        rows = list(csv.reader(io.StringIO(body), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    swallowed = re.compile(f'\n"?[0-9]{{9}}"?[{delimiter}]')
    return [
        (number, row[0], row[1])
        for number, row in enumerate(rows, 2)
        if len(row) == len(UNITS_HEADING) and not any(map(swallowed.search, row))
    ]


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_of_a_damaged_file_are_those_that_the_standard_library_sees(
    monkeypatch: pytest.MonkeyPatch, quoting: Any, line_end: str
) -> None:
    chance = random.Random(f"{quoting}{line_end}")
    monkeypatch.setattr(enhetsregisteret_files, "HEAD", 3_000)
    numbers = [n for n in map(str, range(811111100, 811111300)) if is_orgnr(n)]
    names = ["A", 'B "X"', "L1\nL2", '7" RØR', "a,b;c", ' "x" ', ""]
    outcomes: Counter[str] = Counter()
    for _ in range(60):
        monkeypatch.setattr(enhetsregisteret_csv, "_CHUNK", chance.choice([300, 900, 1 << 20]))
        rows = [{"organisasjonsnummer": n, "navn": chance.choice(names)} for n in numbers[:30]]
        form = {"delimiter": chance.choice(",;"), "lineterminator": line_end, "quoting": quoting}
        data = bytearray(csv_file(*rows, **form))
        below = data.index(line_end.encode()) + 2
        signs = [b'"', b'""', b'",', b'\n"', b"\n", b" "]
        for _ in range(chance.choice((0, 1, 2))):
            start = chance.randrange(below, len(data))
            if chance.random() < 0.5:
                start = max(data.rfind(b'"', below, start), below)
            data[start : start + chance.choice((0, 1))] = chance.choice(signs)
        expected = rows_of_csv(bytes(data), form["delimiter"])
        reader = reader_of(io.BytesIO(data))
        frames: list[pl.DataFrame] = []
        try:
            frames.extend(reader._frames())
        except enhetsregisteret_files.Unreadable:
            assert expected is None
            outcomes["refused"] += 1
            continue
        cells = pl.col("organisasjonsnummer", "navn").fill_null("")
        found = pl.concat(frames).filter(pl.col("problem").is_null()).select("row", cells)
        assert found.rows() == expected
        outcomes["read"] += 1
    assert min(outcomes["refused"], outcomes["read"]) > 5


# --- hostile input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"organisasjonsnummer": 811111112}, "organisasjonsnummer: forventet et organisasjons"),
        ({"navn": True}, "navn: forventet en tekst, fant true"),
        ({"navn": {"navn": "X"}}, "navn: forventet en tekst, fant et objekt"),
        ({"navn": "A\x00B"}, "navn har tegn som ikke kan lagres"),
        ({"organisasjonsform": "AS"}, "organisasjonsform: forventet et objekt, fant «AS»"),
        ({"organisasjonsform": {"kode": ["AS"]}}, "organisasjonsform.kode: forventet en tekst"),
        ({"konkurs": "false"}, "konkurs: forventet true eller false, fant «false»"),
        ({"konkurs": 0}, "konkurs: forventet true eller false, fant 0"),
        ({"antallAnsatte": "50"}, "antallAnsatte: forventet et helt tall, fant «50»"),
        ({"antallAnsatte": 2.5}, "antallAnsatte: forventet et helt tall fra 0, fant «2.5»"),
        ({"antallAnsatte": float("nan")}, "forventet et helt tall fra 0, fant «NaN»"),
        ({"antallAnsatte": float("inf")}, "forventet et helt tall fra 0, fant «Infinity»"),
        ({"antallAnsatte": 10**4000}, "forventet et helt tall fra 0, fant «1000"),
        ({"stiftelsesdato": 19770615}, "stiftelsesdato: forventet en dato"),
        ({"forretningsadresse": {"adresse": [["x"]]}}, "adresse: forventet en liste av adresse"),
        ({"forretningsadresse": [1]}, "forretningsadresse: forventet et objekt, fant en liste"),
    ],
)
def test_a_value_of_another_type_rejects_its_unit_alone(
    fields: dict[str, Any], reason: str
) -> None:
    result = read(as_json([unit(organisasjonsnummer=B), unit(**fields)]))
    (rejection,) = result.rejections
    assert rejection.place == "enhet 2"
    assert reason in rejection.reason
    assert result.tables["brreg_entity"]["orgnr"].to_list() == [B]


@pytest.mark.parametrize("item", ["null", "1", '"x"', "[]", "{}", "true", "NaN", "1e999"])
def test_what_is_no_unit_in_a_list_is_rejected_alone(item: str) -> None:
    data = b"[" + as_json(unit()) + b"," + item.encode() + b"]"
    result = read(data)
    assert [r.place for r in result.rejections] == ["enhet 2"]
    assert result.facts.rows_accepted == 1


def test_a_key_that_stands_twice_rejects_its_unit() -> None:
    text = as_json(unit()).decode()
    for twice in ('{"navn":"B",', '{"forretningsadresse":{},"forretningsadresse":{},'):
        (reason,) = reasons((twice + text[1:]).encode())
        assert "står to ganger" in reason[1]
    inner = text.replace('"kode": "AS"', '"kode": "AS", "kode": "ENK"')
    assert reasons(inner.encode()) == [("enhet 1", "organisasjonsform.kode står to ganger")]
    elsewhere = text.replace("{", '{"x":1,"x":2,', 1)
    assert reasons(elsewhere.encode()) == []


def test_half_a_surrogate_pair_is_no_text() -> None:
    text = as_json(unit()).decode().replace("ÅSEN", "\\ud800")
    assert reasons(text.encode()) == [("enhet 1", "navn har tegn som ikke kan lagres")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"{",
        b"[",
        b"[}",
        b"[1 2]",
        b"[{}] x",
        b'{"organisasjonsnummer": ',
        b'{"_embedded": {"enheter": {}}}',
        b'{"_embedded": []}',
        b'{"page": 1}',
        b"[" * 100_000,
        b'[{"navn":' * 100_000,
        b"\xff\xfe",
        b"\x00" * 50,
        b"[\x00]",
        b"ingen tabell",
        b'{"a":1}' * 3,
        b"[" + b'"' + b"x" * 2_000_000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_can_not_be_read_is_refused_whole(data: bytes) -> None:
    assert is_enhetsregisteret(data) in (True, False)
    result = read(data)
    assert [r.is_whole_file for r in result.rejections] == [True]
    assert result.tables["brreg_entity"].is_empty()


@pytest.mark.parametrize(
    "data",
    [
        b"orgnr;navn;organisasjonsform\n811111112;X;AS\n",
        b"organisasjonsnummer;navn;gyldig_fra\n811111112;X;2024-01-01\n",
        b'{"openapi": "3.0.0", "organisasjonsnummer": {"type": "string"}}',
        b'[{"navn": "X"}]',
        b"<?xml version='1.0'?><Invoice/>",
        b"PK\x03\x04" + b"\x00" * 100,
        b"",
    ],
)
def test_files_of_other_kinds_are_left_to_their_readers(data: bytes) -> None:
    assert not is_enhetsregisteret(data)


@pytest.mark.parametrize("kind", ["csv", "json", "search"])
def test_no_mutation_of_a_file_crashes_or_loses_a_row(kind: str) -> None:
    """`read` asserts for each that rows in are accepted, rejected or duplicates."""
    units = [unit(organisasjonsnummer=n, antallAnsatte=i) for i, n in enumerate((A, B, PARENT))]
    whole = {
        "csv": csv_file({}, {"organisasjonsnummer": B, "navn": "A\nB"}, {"konkurs": "x"}),
        "json": as_json(units),
        "search": as_json({"_embedded": {"enheter": units}, "page": {"totalPages": 2}}),
    }[kind]
    chance = random.Random(kind)
    pieces = [b'"', b",", b"\n", b"\r", b"{", b"}", b"[", b"null", b"\xff", b"\x00", b"\\", b"1e9"]
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(data) + 1)
            data[start : start + chance.choice((0, 1, 1, 40))] = chance.choice([*pieces, b""])
        is_enhetsregisteret(bytes(data))
        result = read(bytes(data))
        assert all(r.reason and r.place for r in result.rejections)


def test_the_table_has_no_text_that_is_empty_or_padded() -> None:
    row = {"navn": "  X AS ", "forretningsadresse.poststed": " ", "naeringskode1.kode": "\t"}
    table = read(csv_file(row)).tables["brreg_entity"]
    texts = table.select(pl.col(pl.String)).row(0)
    assert "X AS" in texts
    assert all(text is None or text.strip() == text != "" for text in texts)
