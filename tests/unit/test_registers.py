"""How registers are read, as people write them; and how a bad one is refused."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import RegisterResult, read_registers


def read(content: str | bytes, name: str = "fil") -> RegisterResult:
    data = content.encode() if isinstance(content, str) else content
    return read_registers(data, shape_of(data), "f" * 64, name, 1_000_000)


def rows(result: RegisterResult, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return result.tables[table].select(columns).rows()


def reasons(result: RegisterResult) -> str:
    return "\n".join(f"{r.place}: {r.reason}" for r in result.rejections)


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, content in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(content):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


UNITS = "enhet_id;navn;orgnr;sektor;gyldig_fra;gyldig_til\n"


def test_norwegian_and_iso_dates_mean_the_same_day() -> None:
    result = read(UNITS + "A;Bydel A;;Helse;01.02.2023;\nB;Bydel B;;Helse;2023-02-01;\n")
    assert rows(result, "reg_unit", "unit_id", "valid_from") == [
        ("A", date(2023, 2, 1)),
        ("B", date(2023, 2, 1)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_norwegian_letters_survive_every_usual_encoding(encoding: str) -> None:
    result = read((UNITS + "A;Bydel Østensjø;;Ærlig;;\n").encode(encoding))
    assert rows(result, "reg_unit", "name", "sector") == [("Bydel Østensjø", "Ærlig")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = (UNITS + "A;Bydel A;;Helse;;\n").replace(";", delimiter)
    assert rows(read(text), "reg_unit", "name") == [("Bydel A",)]


def test_the_header_may_stand_below_a_title_and_columns_in_any_order() -> None:
    result = read("Enheter i kommunen\n\nnavn;Enhet ID\nBydel A;A\n")
    assert rows(result, "reg_unit", "source_row", "unit_id") == [(4, "A")]


def test_a_cell_with_a_line_break_keeps_the_line_numbers_right() -> None:
    result = read(UNITS + 'A;"Bydel\nA";;;;\nB;B;;;tull;\n')
    assert "rad 4" in reasons(result)


def test_a_missing_required_column_is_named_and_nothing_is_guessed() -> None:
    result = read("enhet_id;orgnr;sektor\nA;;Helse\n")
    assert result.tables == {}
    assert "registeret «enheter» mangler kolonnen «navn»" in reasons(result)
    assert (result.rows_in, result.rows_quarantined) == (1, 1)


def test_a_slip_in_a_heading_is_not_read_as_an_empty_column() -> None:
    assert "mente du «gyldig_til»?" in reasons(read("enhet_id;navn;gyldig_tli\nA;B;2024-01-01\n"))


def test_a_column_that_nobody_knows_is_noted() -> None:
    result = read("enhet_id;navn;merknad\nA;B;fin\n")
    assert result.notes == ["tabellen: kolonnen «merknad» er ikke lest"]


def test_a_table_that_is_no_register_says_what_was_found() -> None:
    assert "fant overskriftene «dato», «beløp»" in reasons(read("dato;beløp\n1;2\n"))


def test_an_option_without_length_is_quarantined_and_the_others_are_kept() -> None:
    result = read("avtale_id;opsjon_nr;lengde_mnd;utløst\nA;1;;ja\nA;2;24;nei\n")
    assert rows(result, "reg_agreement_option", "option_number", "is_exercised") == [(2, False)]
    assert reasons(result) == "tabellen, rad 2, kolonnen «lengde_mnd»: mangler verdi"


def test_a_date_that_is_none_says_where_what_was_expected_and_what_was_found() -> None:
    text = reasons(read(UNITS + "A;B;;;31.02.2024;\n"))
    assert "rad 2, kolonnen «gyldig_fra»: forventet en dato" in text
    assert "fant «31.02.2024»" in text


def test_the_last_day_before_the_first_is_refused() -> None:
    text = reasons(read(UNITS + "A;B;;;2024-02-01;2024-01-01\n"))
    assert "siste dag er før første dag" in text


def test_an_organisation_number_with_a_wrong_check_digit_is_refused() -> None:
    assert "gyldig kontrollsiffer" in reasons(read(UNITS + "A;B;974760674;;;\n"))


def test_the_same_key_twice_is_refused_the_second_time() -> None:
    result = read(UNITS + "A;Først;;;;\nA;Sist;;;;\n")
    assert rows(result, "reg_unit", "name") == [("Først",)]
    assert "samme nøkkel (unit_id, valid_from) som rad 2" in reasons(result)


def test_a_row_with_more_fields_than_the_header_is_refused() -> None:
    assert "flere felt enn overskriften" in reasons(read("enhet_id;navn\nA;B;C\n"))


RATES = "valuta;dato;kurs\n"


def test_a_decimal_comma_is_known_from_the_rest_of_the_column() -> None:
    result = read(RATES + "EUR;2024-01-02;11,2345\nSEK;2024-01-02;1,012\n")
    assert rows(result, "reg_exchange_rate", "rate") == [
        (Decimal("11.23450000"),),
        (Decimal("1.01200000"),),
    ]


def test_a_number_that_can_be_read_in_two_ways_is_quarantined() -> None:
    result = read(RATES + "EUR;2024-01-02;11.234\n")
    assert "kan leses på to måter" in reasons(result)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 234 567,50", "1234567.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1.234.567,50", "1234567.50"),
        ("1,234,567.50", "1234567.50"),
        ("\u2212100,00", "-100.00"),
        ("(100,00)", "-100.00"),
        ("100,00-", "-100.00"),
        ("kr 100,00", "100.00"),
        ("100000", "100000.00"),
    ],
)
def test_amounts_as_people_write_them(text: str, expected: str) -> None:
    header = "avtale_id;tittel;bindende;gyldig_fra;gyldig_til;tak_nok\n"
    result = read(header + f"A;T;ja;2024-01-01;2024-12-31;{text}\n")
    assert rows(result, "reg_agreement", "ceiling_nok") == [(Decimal(expected),)]


def test_a_workbook_holds_one_register_a_sheet() -> None:
    result = read(
        workbook(
            {
                "enheter": [["enhet_id", "navn"], ["A", "Bydel A"]],
                "enhetskjennetegn": [["enhet_id", "type", "verdi"], ["A", "deres_ref", 4711]],
            }
        )
    )
    assert rows(result, "reg_unit", "unit_id") == [("A",)]
    assert rows(result, "reg_unit_identifier", "identifier_type", "match_type", "value") == [
        ("buyer_reference", "exact", "4711")
    ]


def test_a_workbook_with_a_cell_in_the_far_corner_is_refused_quickly() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("enheter").write(1_048_575, 16_383, "x")
    assert "rad 1048576 og kolonne 16384" in reasons(read(stream.getvalue()))


def test_a_broken_workbook_is_refused() -> None:
    data = workbook({"enheter": [["enhet_id", "navn"], ["A", "B"]]})
    broken = data[:-200] + b"\x00" * 200
    assert read_registers(broken, "xlsx", "f" * 64, "x", 10).rejections


def test_yaml_registers_stand_under_their_names() -> None:
    result = read(
        "gyldig_per: 2024-12-31\n"
        "avtaler:\n"
        "  - {avtale_id: A, tittel: T, bindende: ja, gyldig_fra: 2024-01-01, "
        "gyldig_til: 31.12.2025, avtalereferanser: [R1, R2]}\n"
        "opsjoner:\n"
        "  - {avtale_id: A, opsjon_nr: 1, lengde_mnd: 24, utløst: false}\n"
    )
    assert result.rejections == []
    assert result.effective_date == date(2024, 12, 31)
    assert rows(result, "reg_agreement", "end_date", "contract_references") == [
        (date(2025, 12, 31), "R1;R2")
    ]
    assert rows(result, "reg_agreement_option", "length_months") == [(24,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("avtaler:\n  - a: [\n", "ikke gyldig YAML"),
        ("avtalr:\n  - a: 1\n", "mente du «avtaler»?"),
        ("avtaler:\n  a: 1\n", "forventet en liste av poster"),
        ("avtaler: &x\n  - a: 1\nopsjoner: *x\n", "YAML-referanser"),
    ],
)
def test_bad_yaml_is_refused_with_a_reason(text: str, expected: str) -> None:
    assert expected in reasons(read(text))


def test_the_date_of_a_register_is_found_in_its_name() -> None:
    assert read(UNITS + "A;B;;;;\n", "enheter_2024-12-31.csv").effective_date == date(2024, 12, 31)
    assert read(UNITS + "A;B;;;;\n", "enheter 31.12.2024.csv").effective_date == date(2024, 12, 31)
    assert read(UNITS + "A;B;;;;\n", "enheter_2024-13-31.csv").effective_date is None


def test_in_is_accepted_plus_quarantined() -> None:
    result = read(UNITS + "A;B;;;;\n;mangler;;;;\nC;D;;;;\n")
    assert result.rows_in == 3
    assert result.tables["reg_unit"].height + result.rows_quarantined == 3


def test_a_decimal_comma_typed_in_a_workbook_is_no_thousands_separator() -> None:
    sheet: list[list[object]] = [
        ["valuta", "dato", "kurs"],
        ["EUR", "2024-01-02", "11,85"],
        ["SEK", "2024-01-02", 1.012],
    ]
    assert rows(read(workbook({"valutakurser": sheet})), "reg_exchange_rate", "rate") == [
        (Decimal("11.85000000"),),
        (Decimal("1.01200000"),),
    ]


def test_a_register_of_headings_alone_is_empty() -> None:
    result = read("orgnr;navn;organisasjonsform\n")
    assert (result.rows_in, result.rejections) == (0, [])


def test_a_vat_number_is_taken_as_the_organisation_number_in_it() -> None:
    result = read(UNITS + "A;Bydel A;NO974760673MVA;;;\n")
    assert rows(result, "reg_unit", "orgnr") == [("974760673",)]


def test_a_gyldig_per_that_is_no_date_is_not_ignored() -> None:
    text = reasons(read("enhet_id;navn;gyldig_per\nA;Bydel A;snart\n"))
    assert "kolonnen «gyldig_per»: forventet en dato" in text


def test_one_unknown_name_in_yaml_leaves_the_others() -> None:
    result = read("tull:\n  - {a: 1}\nenheter:\n  - {enhet_id: A, navn: Bydel A}\n")
    assert rows(result, "reg_unit", "unit_id") == [("A",)]
    assert "ukjent register" in reasons(result)


def test_yaml_in_utf_16_is_yaml() -> None:
    data = "enheter:\n  - {enhet_id: A, navn: Bydel Ø}\n".encode("utf-16")
    assert rows(read(data), "reg_unit", "name") == [("Bydel Ø",)]
