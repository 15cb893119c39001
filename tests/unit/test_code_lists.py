"""What is read out of published code lists, and what is refused; worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.extracts.code_lists import CodeListResult, is_code_list, read_code_list
from pipelines.extracts.contracts.codes import CODE_LIST_ENTRY

KOSTRA = "GroupingCategory;CategoryDescriptionNOB;GroupingCode;CodeDescriptionNOB\n"
TAX = "Code;DescriptionNOB;DescriptionENG;TaxRate;Compensation\n"
CPV = (
    "'03000000':\n  name: Agriculture\n  nob: Landbruk\n  history: []\n  nob_verify: false\n"
    "'03110000':\n  name: Crops\n  nob: Avlinger\n  history:\n  - name: Crop\n    history: []\n"
    "  nob_verify: true\n"
    "'03111100':\n  name: Soya beans\n  history: []\n"
)


def read(data: bytes | str, name: str = "liste.csv") -> CodeListResult:
    result = read_code_list(data if isinstance(data, bytes) else data.encode(), "a" * 64, name)
    table = result.tables["code_list_entry"]
    assert dict(table.schema) == CODE_LIST_ENTRY.schema()
    facts = result.facts
    assert facts.rows_in == facts.rows_accepted + facts.rows_quarantined
    assert facts.rows_accepted == table.height
    return result


def entries(data: bytes | str, name: str = "liste.csv") -> list[dict[str, Any]]:
    result = read(data, name)
    assert result.rejections == []
    return result.tables["code_list_entry"].rows(named=True)


def codes(data: bytes | str) -> list[tuple[str, str]]:
    return [(row["code"], row["code_as_written"]) for row in entries(data)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_do_not_matter(encoding: str, line_end: str) -> None:
    text = (KOSTRA + "KA_K;KOSTRA Arts_K;010;Fastlønn \n").replace("\n", line_end)
    assert is_code_list(text.encode(encoding))
    row = entries(text.encode(encoding), "mappe/KOSTRA_Arts_2020_kommuner.csv")[0]
    assert (row["list_name"], row["code"], row["name"]) == ("kostra_art", "010", "Fastlønn")
    assert (row["group_code"], row["edition"]) == ("KA_K", "2020")
    assert row["valid_from"] == date(2020, 1, 1)


def test_the_edition_without_leading_zeros_gets_them() -> None:
    data = KOSTRA + "KA_K;K;10;FASTLØNN\nKA_K;K;100;KONTOR\nKA_K;K;2.10;KASSE\n"
    assert codes(data) == [("010", "10"), ("100", "100"), ("2.10", "2.10")]


def test_where_arts_have_their_zero_a_short_code_is_a_balance_chapter() -> None:
    data = KOSTRA + "KA_K;K;010;Fastlønn\nKA_K;K;10;Bankinnskudd\nKA_K;K;5990;Kapitalkonto\n"
    assert codes(data) == [("010", "010"), ("10", "10"), ("5990", "5990")]


def test_unprefixed_chapters_alone_are_not_taken_for_arts() -> None:
    data = KOSTRA + "KA_K;K;10;Bankinnskudd\nKA_K;K;5990;Kapitalkonto\n"
    assert codes(data) == [("10", "10"), ("5990", "5990")]


def test_grouping_codes_of_companies_are_another_list_and_stay_as_they_are() -> None:
    row = entries(KOSTRA + "RS;Resultatregnskap;10;Salg\n")[0]
    assert (row["list_name"], row["code"]) == ("saft_grouping_code", "10")


def test_standard_accounts_know_the_two_digits_above_them() -> None:
    data = 'AccountID;DescriptionNOR;DescriptionENG\n10;"a; b";x\n1000;Utvikling, ervervet;y\n'
    assert [(r["code"], r["name"], r["parent_code"]) for r in entries(data)] == [
        ("10", "a; b", None),
        ("1000", "Utvikling, ervervet", "10"),
    ]


def test_standard_tax_codes_keep_rate_and_compensation() -> None:
    rows = entries(TAX + "1;Inngående;Input;Regular rate;TRUE\n12;Råfisk;Fish;Reduced;\n")
    assert [(r["code"], r["tax_rate"], r["is_compensation"]) for r in rows] == [
        ("1", "Regular rate", True),
        ("12", "Reduced", False),
    ]


def test_cpv_knows_its_level_and_the_nearest_code_above_that_exists() -> None:
    rows = entries(CPV)
    assert [(r["source_row"], r["code"], r["level"], r["parent_code"]) for r in rows] == [
        (1, "03000000", "division", None),
        (6, "03110000", "class", "03000000"),
        (13, "03111100", "subcategory", "03110000"),
    ]
    assert [r["is_unverified"] for r in rows] == [False, True, False]
    assert [r["name"] for r in rows] == ["Landbruk", "Avlinger", "Soya beans"]


def test_cpv_without_quotes_keeps_its_zeros_and_a_repeated_code_is_named() -> None:
    data = "03000000:\n  nob: Landbruk\n03000000:\n  nob: Igjen\n"
    assert [row["code"] for row in entries(data)] == ["03000000", "03000000"]
    assert "1 koder står mer enn én gang: 03000000" in read(data).notes


def test_cpv_with_a_check_digit_is_the_same_code() -> None:
    assert codes("'03000000-1':\n  nob: Landbruk\n") == [("03000000", "03000000-1")]


def test_unspsc_codes_know_their_level_and_where_their_name_is() -> None:
    data = (
        "1,10000000,segment,#ref-unspsc.100001#,,7.0901\n"
        "2,10101500,class,#ref-unspsc.100003#,,7.0901\n"
        "3,10101501,commodity,Cats,,7.0901\n"
    )
    found = [(r["code"], r["parent_code"], r["name_key"], r["name"]) for r in entries(data)]
    assert found == [
        ("10000000", None, "100001", None),
        ("10101500", "10100000", "100003", None),
        ("10101501", "10101500", None, "Cats"),
    ]
    catalogue = (
        '<message_catalog package_key="ref-unspsc"><msg key="100003">Pets</msg></message_catalog>'
    )
    row = entries(catalogue)[0]
    assert (row["list_name"], row["code"], row["name"]) == ("unspsc_text", "100003", "Pets")


def test_a_merger_ends_the_old_number_the_day_before_the_new_year() -> None:
    heading = "kommuner_2019;kommuner_2020;splittes\n"
    data = heading + "1850\u00a0-\u00a0Tysfjord - Divtasvuodna;1806 - Narvik;1\n"
    row = entries(data)[0]
    assert (row["code"], row["name"]) == ("1850", "Tysfjord - Divtasvuodna")
    assert (row["successor_code"], row["successor_name"]) == ("1806", "Narvik")
    assert (row["is_split"], row["valid_to"]) == (True, date(2019, 12, 31))


def test_a_historical_number_leads_to_the_present_one() -> None:
    data = '"kommunenummer_2020";"kommunenavn_2020";"historisk_nummer"\n"3002";"Moss";"0136"\n'
    row = entries(data)[0]
    assert (row["code"], row["name"], row["successor_code"]) == ("0136", None, "3002")


def test_municipalities_of_klass_get_back_the_zero_a_spreadsheet_took() -> None:
    data = "code;parentCode;level;name;shortName;notes;validFrom;validTo\n301;;1;Oslo;;\n"
    row = entries(data, "kommunekoder_2020.csv")[0]
    assert (row["code"], row["code_as_written"], row["name"]) == ("0301", "301", "Oslo")
    assert (row["edition"], row["valid_from"]) == ("2020", None)


@pytest.mark.parametrize(
    ("data", "line", "expected"),
    [
        (KOSTRA + "KA_K;K;010;Lønn\n\nKA_K;K;;Uten kode\n", 4, "koden mangler"),
        (KOSTRA + "KA_K;K;010;Lønn\nKA_K;K;020;Lønn; vikar\n", 3, "flere felt enn overskriften"),
        (KOSTRA + "KA_K;K;010;Lønn\nKA_K;K\n", 3, "raden mangler «groupingcode»"),
        (TAX + "1;a;b;c;TRUE\n2;a;b;c;kanskje\n", 3, "Compensation: forventet TRUE eller FALSE"),
        (
            "kommuner_2019;kommuner_2020;splittes\n0101 - A;3001 - A;0\nB;3002 - B;0\n",
            3,
            "forventet «nummer - navn»",
        ),
        (
            "kommuner_2019;kommuner_2020;splittes\n0101 - A;3001 - A;0\n0102 - B\n",
            3,
            "forventet to kolonner",
        ),
        (
            "code;parentCode;level;name;validFrom\n0301;;1;Oslo;\n0302;;1;Y;1.1.2020\n",
            3,
            "validFrom: forventet en dato",
        ),
        (CPV + "'x':\n  nob: Y\n", 16, "verken CPV (åtte sifre) eller NUTS"),
        (CPV + "'04000000': []\n", 16, "forventet «name» eller «nob»"),
        (
            "1,10000000,segment,A,,7\n2,1010,family,B,,7\n",
            2,
            "forventet id, åttesifret kode",
        ),
    ],
)
def test_a_row_that_is_no_entry_is_rejected_alone_with_its_line(
    data: str, line: int, expected: str
) -> None:
    result = read(data)
    assert len(result.rejections) == 1
    rejection = result.rejections[0]
    assert (rejection.place, rejection.is_whole_file) == (f"linje {line}", False)
    assert expected in rejection.reason
    assert rejection.raw
    assert result.facts.rows_accepted >= 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "ingen kodeliste som Samkj\u00f8p kjenner"),
        (b"a;b;c\n1;2;3\n", "ingen kodeliste"),
        (CPV.encode() + b"\x00", "NUL-tegn"),
        (CPV.encode() + b"'04000000': [", "ikke gyldig YAML"),
        (CPV.encode() + b"'04000000': &a {nob: x}\n'05000000': *a\n", "YAML-referanser"),
        (CPV.encode() + b"'04000000': " + b"[" * 50 + b"]" * 50, "mer enn 20 niv\u00e5er"),
        (b"1,10000000,segment,A,,7\n2,10100000,family," + b"B" * 200_000, "kan ikke leses som CSV"),
        (KOSTRA.encode() + b"KA_K;K;010;" + b"L" * 200_000, "kan ikke leses som CSV"),
        (b'<message_catalog package_key="ref-unspsc"><msg>', "ikke velformet XML"),
    ],
)
def test_a_file_that_is_no_list_is_rejected_whole(data: bytes, expected: str) -> None:
    result = read(data)
    assert [rejection.is_whole_file for rejection in result.rejections] == [True]
    assert expected in result.rejections[0].reason
    assert result.tables["code_list_entry"].is_empty()


@pytest.mark.parametrize(
    "data", [b"", b"orgnr;navn\n974760673;A\n", b"avtaler:\n- a: b\n", b"<a/>"]
)
def test_other_files_are_not_taken_for_code_lists(data: bytes) -> None:
    assert not is_code_list(data)
