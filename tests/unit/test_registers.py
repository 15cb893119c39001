"""How registers are read, as people write them; and how a bad one is refused."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import RegisterResult, names_register, read_registers


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
    assert "tabellen: kolonnen «merknad» er ikke lest" in result.notes


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
    assert "samme nøkkel (enhet_id, gyldig_fra) som rad 2" in reasons(result)


def test_a_key_is_named_by_our_own_headings_where_the_file_has_none() -> None:
    text = "enhet;rolle;beløpsgrense\nA;Rektor;1\nA;Rektor;2\n"
    expected = "samme nøkkel (enhet, rolle, fullmaktstype, gyldig_fra) som rad 2; slett den ene"
    assert expected in reasons(read(text))


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


# --- follow-up, and what an account means -------------------------------------------------------


def test_a_deviation_is_read_with_its_claim_and_daily_penalty() -> None:
    result = read(
        "avvik_id;dato;avtale;orgnr;enhet;type;alvorlighet;status;krav_nok;dagbot;lukket_dato\n"
        "17;12.03.2024;SA-1;974 760 673;A;Feil vare;HØY;under behandling;12 000,00;4.500,50;\n"
        "18;2024-03-13;;;;;;;;;\n"
    )
    columns = ("deviation_type", "severity", "status", "orgnr", "claim_nok", "dagbot_nok")
    assert result.rejections == []
    assert rows(result, "reg_deviation", "deviation_id", "reported_date", *columns) == [
        (
            "17",
            date(2024, 3, 12),
            "wrong_item",
            "high",
            "in_progress",
            "974760673",
            Decimal("12000.00"),
            Decimal("4500.50"),
        ),
        ("18", date(2024, 3, 13), "other", None, None, None, None, None),
    ]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("avvik_id;dato;krav\n1;2024-01-01;-0,01\n", "krav", "forventet minst 0, fant «-0.01»"),
        ("avvik_id;dato;dagbot\n1;2024-01-01;-5\n", "dagbot", "forventet minst 0, fant «-5.00»"),
        (
            "kursdato;tittel;deltakere\n2024-01-01;K;-1\n",
            "deltakere",
            "forventet minst 0, fant «-1»",
        ),
        (
            "enhet;rolle;beløpsgrense\nA;Rektor;-1\n",
            "beløpsgrense",
            "forventet minst 0, fant «-1.00»",
        ),
        (
            "avtale_id;opsjon_nr;lengde_mnd;utløst\nA;1;0;nei\n",
            "lengde_mnd",
            "forventet minst 1, fant «0»",
        ),
        (
            "orgnr;år;omsetning\n974760673;2023;-0,01\n",
            "omsetning",
            "forventet minst 0, fant «-0.01»",
        ),
        (
            "orgnr;år;omsetning\n974760673;1989;1\n",
            "år",
            "forventet et årstall fra 1990 til 2100, fant «1989»",
        ),
        ("orgnr;år;omsetning\n974760673;2101;1\n", "år", "forventet et årstall fra 1990"),
        (
            "avtale_id;år;ventet_rabatt;planlagt_nok\nA;2024;0;1\n",
            "ventet_rabatt",
            "forventet mer enn 0 og mindre enn 100, fant «0»",
        ),
        ("avtale_id;år;ventet_rabatt;planlagt_nok\nA;2024;100;1\n", "ventet_rabatt", "forventet m"),
        ("avvik_id;dato;avvikstype\n1;2024-01-01;tull\n", "avvikstype", "forventet en av fors"),
    ],
)
def test_a_value_that_can_not_be_is_refused_with_its_row(
    text: str, place: str, reason: str
) -> None:
    result = read(text)
    assert (result.rows_in, result.rows_quarantined) == (1, 1)
    assert reasons(result).startswith(f"tabellen, rad 2, kolonnen «{place}»: {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("måltall_id;fra_år;til_år;målverdi\nK;2024;2023;0,5\n", "«til_år» er før «fra_år»"),
        (
            "leverandør_a;leverandør_b;avgjørelse\nSelger AS;selger  as ;samme\n",
            "«leverandør_a» og «leverandør_b» er den samme leverandøren",
        ),
    ],
)
def test_two_values_that_can_not_stand_together_are_refused_with_their_row(
    text: str, reason: str
) -> None:
    result = read(text)
    assert (result.rows_in, result.rows_quarantined) == (1, 1)
    assert reasons(result).startswith(f"tabellen, rad 2: {reason}")


def test_the_limits_themselves_are_taken() -> None:
    assert read("orgnr;år;omsetning\n974760673;1990;0\n974760673;2100;1\n").rejections == []
    head = "avtale_id;år;ventet_rabatt;planlagt_nok\n"
    assert read(head + "A;2024;0,01;1\nB;2024;99,99;1\nC;2024;;1\n").rejections == []
    head = "måltall_id;fra_år;til_år;målverdi\n"
    assert read(head + "K;2024;2024;0,5\nL;2024;;0,5\n").rejections == []
    head = "leverandør_a;leverandør_b;avgjørelse\n"
    assert read(head + "Selger AS;Selger;samme\n").rejections == []


def test_zero_is_a_claim_and_a_limit() -> None:
    assert read("avvik_id;dato;krav\n1;2024-01-01;0\n").rejections == []
    assert read("enhet;rolle;beløpsgrense\nA;Rektor;0\n").rejections == []


def test_a_control_of_a_supplier_is_about_social_dumping_where_nothing_else_is_said() -> None:
    text = "orgnr;kontrolldato;tema;resultat\n974760673;2024-01-02;;ingen avvik\n"
    assert rows(read(text), "reg_supplier_control", "subject", "result", "method") == [
        ("social_dumping", "no_findings", None)
    ]


def test_a_supplier_may_be_controlled_in_two_categories_on_one_day_but_not_twice_in_one() -> None:
    head = "orgnr;kontrolldato;kategori_id\n"
    row = "974760673;2024-01-02;{}\n"
    assert read(head + row.format("A") + row.format("B")).rejections == []
    assert "samme nøkkel" in reasons(read(head + row.format("A") + row.format("A")))


def test_an_authority_is_dated_and_belongs_to_a_role() -> None:
    text = "enhet_id;rolle;grense_nok;gyldig_fra;gyldig_til\n*;Rektor;100 000;01.01.2024;\n"
    columns = ("unit_id", "role", "authority_type", "limit_nok", "valid_from", "valid_to")
    assert rows(read(text), "reg_authority_limit", *columns) == [
        ("*", "Rektor", "order", Decimal("100000.00"), date(2024, 1, 1), None)
    ]


def test_courses_and_milestones_are_read() -> None:
    course = read("kursdato;tittel;målgruppe;deltakere;varighet_timer\n06.02.2024;K;B;34;2,5\n")
    assert rows(course, "reg_course", "course_date", "participant_count", "duration_hours") == [
        (date(2024, 2, 6), 34, Decimal("2.500000"))
    ]
    milestone = read("milepæl_id;tittel;frist;nådd_dato\nM1;KGV;31.01.2017;\n")
    assert rows(milestone, "reg_milestone", "milestone_id", "due_date", "done_date") == [
        ("M1", date(2017, 1, 31), None)
    ]


def test_accounts_arts_and_item_numbers_mean_categories() -> None:
    result = read(
        "kodetype;treff;kode;orgnr;kategori_id\n"
        "konto;prefiks;012;;K1\nKOSTRA-art;;010;;K1\nvarenummer;;012;974760673;K2\n"
    )
    columns = ("code_type", "match_type", "code", "orgnr", "category_id")
    assert rows(result, "reg_account_category", *columns) == [
        ("account", "prefix", "012", None, "K1"),
        ("kostra_art", "exact", "010", None, "K1"),
        ("item", "exact", "012", "974760673", "K2"),
    ]


def test_a_classification_has_no_place_among_accounts() -> None:
    assert "forventet en av konto, kostra_art, varenummer, fant «UNSPSC»" in reasons(
        read("kodetype;kode;kategori_id\nUNSPSC;5610;K1\n")
    )


def test_a_sheet_is_known_by_its_name_also_without_norwegian_letters() -> None:
    result = read(
        workbook({"Milepaeler": [["ID", "Tittel", "Frist"], ["M1", "KGV", "31.01.2017"]]})
    )
    assert "registeret «milepæler» mangler kolonnen «milepæl_id»" in reasons(result)


# --- is it a register? --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "Dato;Leverandør;Beskrivelse;Beløp",
        "orgnr;dato;avtale;beløp",
        "dato;tittel;avsender;saksnr",
        "konto;kategori_id;beløp",
        "enhet;rolle;beløp",
        "enhet_id;orgnr;sektor",
    ],
)
def test_an_export_with_some_of_a_registers_headings_is_left_to_the_mappings(head: str) -> None:
    assert not names_register(f"{head}\n1;2;3;4\n".encode(), "csv")


def test_a_table_with_all_that_a_register_must_have_is_a_register() -> None:
    assert names_register(f"Enheter\n\n{UNITS}A;B;;;;\n".encode(), "csv")
    assert not names_register(UNITS.encode(), "xlsx")


# --- example rows -------------------------------------------------------------------------------


def test_an_example_row_is_left_out_with_a_note_and_its_date_does_not_count() -> None:
    text = "enhet_id;navn;gyldig_per\n[Eksempel] X;[eksempel] Y;31.12.1999\nA;Bydel A;\n"
    result = read(text)
    assert (result.rows_in, result.rejections, result.effective_date) == (1, [], None)
    assert "tabellen, rad 2: eksempelraden er ikke lest" in result.notes


def test_the_mark_inside_a_text_is_just_text() -> None:
    text = "enhet_id;navn\nA;Bydel [eksempel]\n"
    assert rows(read(text), "reg_unit", "name") == [("Bydel [eksempel]",)]
