"""The registers about agreements that may be left out: parties, service options, and open ends."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.test_registers import read, reasons, rows


@pytest.mark.rule("C01", "C04")
def test_parties_are_read_with_or_without_an_organisation_number() -> None:
    result = read(
        "avtale_id;navn;orgnr;organisasjonsform;gyldig_til\nKS;Vik;974760673;KOMM;\nKS;X;;;1.2.2024\n"
    )
    assert rows(
        result, "reg_agreement_party", "name", "orgnr", "organisation_form", "valid_to"
    ) == [
        ("Vik", "974760673", "KOMM", None),
        ("X", None, None, date(2024, 2, 1)),
    ]


@pytest.mark.rule("A10")
def test_service_options_are_read() -> None:
    result = read("avtale_id;opsjon_id;tittel;kategori_id;utløst\nA;CSP;Sky;;ja\n")
    assert rows(result, "reg_service_option", "option_id", "is_exercised", "exercised_date") == [
        ("CSP", True, None)
    ]


@pytest.mark.rule("A01")
def test_an_agreement_without_a_last_day_runs_until_further_notice() -> None:
    header = "avtale_id;tittel;bindende;gyldig_fra;gyldig_til;varslingstid_dager\n"
    result = read(header + "A;T;ja;01.01.2024;;45\n")
    assert rows(result, "reg_agreement", "end_date", "notice_days") == [(None, 45)]


def test_a_last_day_that_is_none_is_still_refused() -> None:
    header = "avtale_id;tittel;bindende;gyldig_fra;gyldig_til\n"
    assert "gyldig_til" in reasons(read(header + "A;T;ja;01.01.2024;31.02.2024\n"))
