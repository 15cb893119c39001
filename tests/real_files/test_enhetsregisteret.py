"""Enhetsregisteret-shaped files that others published, against json's own reading of them.

Their numbers are invented: some have no valid check digit, and such units must be refused.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.extracts.enhetsregisteret import is_enhetsregisteret, read_enhetsregisteret

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)
UNITS_IN_FILES = {"crdbrd__python-brreg": 4, "navikt__arbeidsgiver-mock-enhetsregisteret": 8}


def files(shared_data: Path) -> list[Path]:
    return sorted(p for name in UNITS_IN_FILES for p in (shared_data / "brreg" / name).iterdir())


def units_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    lists = document.get("_embedded")
    return [document] if lists is None else [unit for units in lists.values() for unit in units]


def is_valid(number: str) -> bool:
    """Mod 11 with the check digit's own weight 1: the weighted sum is a multiple of 11."""
    return sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=True)) % 11 == 0


def street(address: dict[str, Any]) -> str | None:
    return ", ".join(line for line in address.get("adresse", []) if line) or None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def expected(unit: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that these files fill, each taken straight from the JSON."""
    office = unit.get("forretningsadresse", unit.get("beliggenhetsadresse", {}))
    post, industry = unit.get("postadresse", {}), unit.get("naeringskode1", {})
    return {
        "orgnr": unit["organisasjonsnummer"],
        "name": unit["navn"],
        "organisation_form_code": unit["organisasjonsform"]["kode"],
        "organisation_form": unit["organisasjonsform"]["beskrivelse"],
        "industry_code_1": industry.get("kode"),
        "industry_1": industry.get("beskrivelse"),
        "sector_code": unit.get("institusjonellSektorkode", {}).get("kode"),
        "business_street": street(office),
        "business_postal_code": office.get("postnummer"),
        "business_city": office.get("poststed"),
        "business_municipality_number": office.get("kommunenummer"),
        "business_country_code": office.get("landkode"),
        "business_country": office.get("land"),
        "postal_street": street(post),
        "postal_postal_code": post.get("postnummer"),
        "parent_orgnr": unit.get("overordnetEnhet"),
        "registration_date": day(unit.get("registreringsdatoEnhetsregisteret")),
        "founding_date": day(unit.get("stiftelsesdato") or unit.get("oppstartsdato")),
        "employee_count": unit.get("antallAnsatte"),
        "is_vat_registered": unit.get("registrertIMvaregisteret"),
        "is_bankrupt": unit.get("konkurs"),
        "is_winding_up": unit.get("underAvvikling"),
        "is_forced_winding_up": unit.get("underTvangsavviklingEllerTvangsopplosning"),
        "deletion_date": day(unit.get("slettedato")),
        "is_sub_entity": "beliggenhetsadresse" in unit,
        "is_private_person": False,
    }


def test_there_are_as_many_files_as_the_manifest_says(shared_data: Path) -> None:
    assert len(files(shared_data)) == sum(UNITS_IN_FILES.values())


def test_every_unit_is_read_as_it_stands_or_refused_for_its_number(shared_data: Path) -> None:
    accepted = refused = 0
    for path in files(shared_data):
        data = path.read_bytes()
        assert is_enhetsregisteret(data), path.name
        result = read_enhetsregisteret(data, "a" * 64, b"key")
        (unit,) = units_of(json.loads(data))
        numbers = [unit["organisasjonsnummer"], unit.get("overordnetEnhet")]
        wrong = [number for number in numbers if number and not is_valid(number)]
        if wrong:
            refused += 1
            (rejection,) = result.rejections
            assert all(f"«{number}»" in rejection.reason for number in wrong), path.name
            assert result.facts[1:4] == (1, 0, 1)
            continue
        accepted += 1
        assert result.rejections == [], path.name
        row = result.tables["brreg_entity"].row(0, named=True)
        assert {name: row[name] for name in expected(unit)} == expected(unit), path.name
    assert (accepted, refused) == (8, 4)


def test_units_whose_numbers_are_made_valid_are_read_as_they_stand(shared_data: Path) -> None:
    """The refused files once more, with numbers that hold: nothing else in them is wrong."""
    valid = {
        "123456789": "123456785",
        "112233445": "112233458",
        "334455660": "334455661",
        "443322119": "443322116",
    }
    read = 0
    for path in files(shared_data):
        text = path.read_text(encoding="utf-8")
        for number, replacement in valid.items():
            assert is_valid(replacement), replacement
            text = text.replace(f'"{number}"', f'"{replacement}"')
        result = read_enhetsregisteret(text.encode(), "a" * 64, b"key")
        assert result.rejections == [], path.name
        (unit,) = units_of(json.loads(text))
        row = result.tables["brreg_entity"].row(0, named=True)
        assert {name: row[name] for name in expected(unit)} == expected(unit), path.name
        read += 1
    assert read == 12


@pytest.mark.parametrize("part", ["codes", "saft", "no_budget", "spend_uk"])
def test_other_files_are_not_taken_for_the_register(shared_data: Path, part: str) -> None:
    others = [p for p in (shared_data / part).rglob("*") if p.is_file()]
    assert others
    for path in others:
        with path.open("rb") as handle:
            assert not is_enhetsregisteret(handle.read(200_000)), path.name


def test_the_description_of_the_api_is_no_file_of_units(shared_data: Path) -> None:
    data = (shared_data / "brreg/brreg__openAPI/specs__enhetsregisteret.json").read_bytes()
    assert not is_enhetsregisteret(data)
    assert read_enhetsregisteret(data, "a" * 64, b"key").rejections[0].is_whole_file
