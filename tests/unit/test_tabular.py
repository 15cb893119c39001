"""Tables as people export them: what is found, what is refused, and that no øre is lost."""

from __future__ import annotations

import io
import random
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pipelines.extracts import cell_values
from pipelines.extracts.mapped import TabularResult, read_mapped
from pipelines.extracts.mapping import load_mapping
from pipelines.extracts.tabular import TableProblem, raw_tables

KEY = b"test"
MAPPING = """
name: Prøve
table: ledger_line
constants: {currency: NOK}
columns:
  supplier_name: Leverandør
  posting_date: {source: Dato, optional: true}
  account: {source: Konto, optional: true}
  text: {source: Tekst, optional: true}
  amount: Beløp
"""
HEAD = "Leverandør;Dato;Konto;Tekst;Beløp\n"


def read(content: str | bytes, mapping: str = MAPPING) -> TabularResult:
    data = content.encode() if isinstance(content, str) else content
    result = read_mapped(data, "f" * 64, load_mapping(mapping), KEY)
    assert_balanced(result)
    return result


def assert_balanced(result: TabularResult) -> None:
    facts = result.facts
    assert facts.rows_in == facts.rows_accepted + facts.rows_quarantined + facts.rows_left_out
    table = next(iter(result.tables.values()), None)
    assert facts.rows_accepted == (0 if table is None else table.height)
    if facts.amount_in is not None:
        assert facts.amount_accepted is not None and facts.amount_quarantined is not None
        told = facts.amount_accepted + facts.amount_quarantined + result.left_out_amount
        assert facts.amount_in == told
        if table is not None:
            assert facts.amount_accepted == table["amount"].sum()


def amounts(result: TabularResult) -> list[Decimal]:
    table = result.tables.get("ledger_line")
    return [] if table is None else table["amount"].to_list()


def reasons(result: TabularResult) -> str:
    return "\n".join(f"{r.place}: {r.reason}" for r in result.rejections)


def column(texts: list[str], mark: str | None = None) -> cell_values.Converted:
    return cell_values.amounts(pl.Series(texts), pl.Decimal(18, 2), mark)


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1\u2009234\u2009567,5", "1234567.50"),
        ("1.234.567", "1234567.00"),
        ("1,234,567.89", "1234567.89"),
        ("1'234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("\u2212450", "-450.00"),
        ("- 450,00", "-450.00"),
        ("(250.00)", "-250.00"),
        ("(1,250.00)", "-1250.00"),
        ("1,571.76-", "-1571.76"),
        ("750,00-", "-750.00"),
        (" 765.00 ", "765.00"),
        ("kr 12,50", "12.50"),
        ("450 kr", "450.00"),
        ("12,-", "12.00"),
        ("£1,000.00", "1000.00"),
        ("-£5.25", "-5.25"),
        ("+7", "7.00"),
        (",5", "0.50"),
        ("12.500000", "12.50"),
        ("1234.5600000000001", "1234.56"),
        ("0.30000000000000004", "0.30"),
        ("99999999999999,99", "99999999999999.99"),
    ],
)
def test_an_amount_means_what_people_mean(written: str, meant: str) -> None:
    found = column([written])
    assert (found.values[0], found.reasons[0]) == (Decimal(meant), None)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("#####", "for smal"),
        ("1900-04-03", "gjort tallet om"),
        ("03.04.1900", "gjort tallet om"),
        ("mai.12", "gjort tallet om"),
        ("12. mai", "gjort tallet om"),
        ("REDACTED PERSONAL DATA", "forventet et tall"),
        ("12 34", "forventet et tall"),
        ("1,23,456.00", "forventet et tall"),
        ("(-5)", "forventet et tall"),
        ("--5", "forventet et tall"),
        ("1E5", "forventet et tall"),
        ("12.3456", "høyst 2 desimaler"),
        ("0.005", "høyst 2 desimaler"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(written: str, word: str) -> None:
    found = column([written])
    assert found.values[0] is None
    assert word in found.reasons[0]


@pytest.mark.parametrize("written", ["1.234", "12,345", "-1.234", "(1.234)"])
def test_a_number_with_two_readings_is_refused_naming_both(written: str) -> None:
    found = column([written])
    whole = written.strip("-()").replace(".", "").replace(",", "")
    decimal = written.strip("-()").replace(".", ",")
    assert found.values[0] is None
    assert f"{whole} (tusenskille) eller {decimal} (desimaltegn)" in found.reasons[0]


@pytest.mark.parametrize(("mark", "meant"), [(",", ["1234.00", "2.50"]), (".", ["1.23", "25.00"])])
def test_a_known_decimal_mark_leaves_one_reading(mark: str, meant: list[str]) -> None:
    texts = ["1.234", "2,5"] if mark == "," else ["1.230", "25"]
    assert column(texts, mark).values.to_list() == [Decimal(text) for text in meant]


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234"], None),
        (["1.234", "1,50"], ","),
        (["1,234", "2.5"], "."),
        (["1.234.567"], ","),
        (["1,50", "2.50"], None),
        (["100", "7"], None),
    ],
)
def test_only_clear_values_prove_the_decimal_mark(texts: list[str], mark: str | None) -> None:
    assert cell_values.proven_mark([pl.Series(texts)]) == mark


def test_the_columns_own_values_settle_a_doubtful_one() -> None:
    result = read(HEAD + "A AS;;;;1.234\nB AS;;;;2,50\n")
    assert amounts(result) == [Decimal("1234.00"), Decimal("2.50")]


def test_a_doubtful_amount_that_nothing_settles_is_quarantined() -> None:
    result = read(HEAD + "A AS;;;;1.234\nB AS;;;;200\n")
    assert amounts(result) == [Decimal("200.00")]
    assert "rad 2: kolonnen «Beløp»: «1.234» kan leses på to måter" in reasons(result)


def test_rounding_is_done_only_where_the_mapping_says_so() -> None:
    body = HEAD + "A AS;;;;1,005\nB AS;;;;-2,675\nC AS;;;;3,1\n"
    refused = read(body, MAPPING + "decimal: ','\n")
    rounded = read(body, MAPPING + "decimal: ','\nrounding: nearest\n")
    assert amounts(refused) == [Decimal("3.10")]
    assert amounts(rounded) == [Decimal("1.01"), Decimal("-2.68"), Decimal("3.10")]


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31.12.2024", date(2024, 12, 31)),
        ("2024-12-31", date(2024, 12, 31)),
        ("2024-12-31 00:00:00", date(2024, 12, 31)),
        ("20241231", date(2024, 12, 31)),
        ("31/12/24", date(2024, 12, 31)),
        ("30-May-12", date(2012, 5, 30)),
        ("9-Okt-2012", date(2012, 10, 9)),
        ("15 June 2023", date(2023, 6, 15)),
        ("1. mai 2024", date(2024, 5, 1)),
        ("8/14/2017 0:00", date(2017, 8, 14)),
    ],
)
def test_the_form_of_a_date_is_found_from_the_values(written: str, day: date) -> None:
    formats, share = cell_values.guess_formats(pl.Series([written]))
    assert share == 1.0
    assert cell_values.dates(pl.Series([written]), formats)[0] == day


def test_a_part_over_twelve_tells_day_from_month() -> None:
    british = cell_values.guess_formats(pl.Series(["01/02/2024", "13/02/2024"]))[0]
    american = cell_values.guess_formats(pl.Series(["01/02/2024", "02/13/2024"]))[0]
    assert (british, american) == (("%d/%m/%Y",), ("%m/%d/%Y",))


def test_a_spreadsheets_day_number_is_a_date_where_the_mapping_says_so() -> None:
    assert cell_values.dates(pl.Series(["45292"]), ("excel",))[0] == date(2024, 1, 1)


def test_a_row_with_a_date_that_is_none_is_quarantined_with_its_money() -> None:
    result = read(HEAD + "A AS;31.02.2024;;;10\nB AS;01.03.2024;;;20\n")
    assert amounts(result) == [Decimal("20.00")]
    assert result.facts.amount_quarantined == Decimal("10.00")
    assert "kolonnen «Dato»: forventet en dato, fant «31.02.2024»" in reasons(result)


# --- the shape of the file ----------------------------------------------------------------------

BODY = HEAD + "Østfold Bær AS;01.03.2024;4000;Blåbær;1 234,50\nÅs AS;02.03.2024;4000;;-10,00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_rows(encoding: str, ends: str) -> None:
    result = read(BODY.replace("\n", ends).encode(encoding))
    table = result.tables["ledger_line"]
    assert table.select("supplier_name", "text", "amount").rows() == [
        ("Østfold Bær AS", "Blåbær", Decimal("1234.50")),
        ("Ås AS", None, Decimal("-10.00")),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert sum(amounts(read(BODY.replace(";", delimiter)))) == Decimal("1224.50")


def test_commas_may_separate_and_excels_sep_line_is_obeyed() -> None:
    body = 'sep=,\nLeverandør,Beløp\nA AS,10.50\nB AS,"1,234.00"\n'
    assert amounts(read(body)) == [Decimal("10.50"), Decimal("1234.00")]
    assert read(body).tables["ledger_line"]["source_row"].to_list() == [3, 4]


def test_text_above_empty_rows_and_padded_names_do_no_harm() -> None:
    body = (
        "sql select a, b from t where c = 'x'\n\nRapport;kjørt 01.02.2024\n;;;;\n"
        " leverandør ;DATO;Konto;Tekst;  Beløp  \nA AS;01.03.2024;1;;5,00\n;;;;\n \nB AS;;;;6,00\n"
    )
    result = read(body)
    assert amounts(result) == [Decimal("5.00"), Decimal("6.00")]
    assert result.tables["ledger_line"]["source_row"].to_list() == [6, 9]
    assert result.facts.rows_in == 2


def test_several_header_rows_and_spacer_columns() -> None:
    mapping = MAPPING.replace("amount: Beløp", "amount: Beløp Netto\n  vat_amount: Beløp Mva")
    body = "Leverandør;;;Beløp;;\n;;Konto;Netto;;Mva\nA AS;;4000;100,00;;25,00\n"
    table = read(body, mapping).tables["ledger_line"]
    assert table.select("supplier_name", "account", "amount", "vat_amount").rows() == [
        ("A AS", "4000", Decimal("100.00"), Decimal("25.00"))
    ]


def test_a_cell_may_hold_line_breaks_and_quotes() -> None:
    body = HEAD + 'A AS;;;"to\nlinjer; og ""sitat""";5\nB AS;;;rør 3" galv;6\n'
    table = read(body).tables["ledger_line"]
    assert table["text"].to_list() == ['to\nlinjer; og "sitat"', 'rør 3" galv']
    assert table["source_row"].to_list() == [2, 3]


def test_a_quote_that_never_ends_refuses_the_file() -> None:
    result = read(HEAD + 'A AS;;;"aldri lukket;5\nB AS;;;;6\n')
    assert not result.tables
    assert "aldri lukkes" in reasons(result)


def test_moved_fields_are_quarantined_and_loose_cells_far_out_only_noted() -> None:
    moved = read(HEAD + "A AS;;;delt;tekst;7\nB AS;;;;8\nC AS;;;;9\n")
    assert amounts(moved) == [Decimal("8.00"), Decimal("9.00")]
    assert "rad 2" in reasons(moved) and "forskjøvet" in reasons(moved)
    loose = read(HEAD + "A AS;;;;7;;2121\nB AS;;;;8\n")
    assert amounts(loose) == [Decimal("7.00"), Decimal("8.00")]
    assert "1 rader har verdier i kolonner uten overskrift" in "".join(loose.notes)


def test_genuine_duplicates_are_kept_and_counted() -> None:
    result = read(HEAD + "A AS;;1;x;5\n" * 3 + "B AS;;1;x;5\n")
    assert len(amounts(result)) == 4
    assert any(note.startswith("2 rader er like") for note in result.notes)


def test_a_missing_amount_is_quarantined() -> None:
    result = read(HEAD + "A AS;;;;5\nB AS;;;;\n")
    assert "rad 3: kolonnen «Beløp»: mangler verdi" in reasons(result)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "LFS"),
        (b"", "tom"),
        (b"   \n \n", "tom"),
        (b"a;b\n1;\x002\n" + b"x;y\n" * 2000, "regneark"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"bare et ord\nog et til\n", "ingen kolonner"),
        (b"PK\x03\x04 nonsense", "arkiv"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(data: bytes, word: str) -> None:
    result = read(data)
    assert result.rejections[0].is_whole_file
    assert word in result.rejections[0].reason
    assert result.facts.rows_quarantined == 1


def test_a_nul_further_down_is_refused_too() -> None:
    assert "NUL" in reasons(read((HEAD + "A AS;;;;5\n" * 1000).encode() + b"\x00"))


def test_too_many_cells_are_refused_with_the_limit() -> None:
    with pytest.raises(TableProblem, match="grensen på 5"):
        raw_tables(HEAD.encode() + b"a;b;c;d;e\n", 5)


def test_a_missing_column_refuses_the_file_and_says_which() -> None:
    result = read("Leverandør;Sum i alt\nA AS;5\n")
    assert not result.tables
    assert "mangler kolonnen «Beløp»" in reasons(result)
    assert "«Sum i alt»" in reasons(result)


def test_a_heading_that_stands_twice_must_be_numbered() -> None:
    body = "Leverandør;Beløp;Beløp\nA AS;5;6\n"
    assert "«Beløp» står 2 ganger" in reasons(read(body))
    numbered = MAPPING.replace("amount: Beløp", "amount: Beløp#2")
    assert amounts(read(body, numbered)) == [Decimal("6.00")]


def test_every_sheet_of_a_workbook_with_the_columns_is_read() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        rows: list[list[Any]] = [["Leverandør", "Beløp"], ["A AS", 1234.56], ["B AS", "1 000,50"]]
        for name in ("januar", "forklaring", "februar"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([["Les meg"]] if name == "forklaring" else rows):
                sheet.write_row(number, 0, row)
    result = read(stream.getvalue())
    assert amounts(result) == [Decimal("1234.56"), Decimal("1000.50")] * 2
    assert result.tables["ledger_line"]["source_row"].n_unique() == 4


# --- control totals -----------------------------------------------------------------------------

LINES = HEAD + "A AS;01.03.2024;1;;100,00\nB AS;02.03.2024;1;;50,25\n"


@pytest.mark.parametrize("row", ["Grand Total;;;;150,25", "Sum;;;;150,25", ";;;;150,25"])
def test_a_right_control_total_is_left_out_and_counted_as_such(row: str) -> None:
    result = read(LINES + row + "\n")
    assert amounts(result) == [Decimal("100.00"), Decimal("50.25")]
    assert (result.left_out_rows, result.left_out_amount) == (1, Decimal("150.25"))
    assert result.control_totals[0].computed == Decimal("150.25")
    assert not result.rejections


def test_a_total_off_by_a_cent_is_left_out_with_the_difference_told() -> None:
    result = read(LINES + "Totalt;;;;150,26\n")
    assert result.left_out_rows == 1
    assert "avvik 0,01" in "".join(result.notes)


@pytest.mark.parametrize("row", ["Sum;;;;200,00", ";;;;200,00"])
def test_a_wrong_control_total_is_quarantined(row: str) -> None:
    result = read(LINES + row + "\n")
    assert result.left_out_rows == 0
    assert result.facts.amount_quarantined == Decimal("200.00")
    assert "200,00" in reasons(result)


def test_subtotals_per_group_and_the_total_of_all_are_found() -> None:
    body = (
        LINES
        + "Sum konto 1;;;;150,25\nC AS;03.03.2024;2;;10,00\nD AS;04.03.2024;2;;5,00\n"
        + "Sum konto 2;;;;15,00\nTotal;;;;165,25\n"
    )
    result = read(body)
    assert sum(amounts(result)) == Decimal("165.25")
    assert (result.left_out_rows, result.left_out_amount) == (3, Decimal("330.50"))


def test_a_supplier_called_total_is_a_supplier() -> None:
    result = read("Leverandør;Beløp;Tekst\nA AS;100;x\nTotal Gas & Power Ltd;30;\nB AS;5;y\n")
    assert amounts(result) == [Decimal("100.00"), Decimal("30.00"), Decimal("5.00")]


def test_rows_that_the_mapping_leaves_out_are_counted() -> None:
    mapping = MAPPING + "leave_out: [{column: Tekst, values: [IB], reason: inngående balanse}]\n"
    result = read(HEAD + "A AS;;1;IB;500\nB AS;;1;kjøp;5\n", mapping)
    assert amounts(result) == [Decimal("5.00")]
    assert (result.left_out_rows, result.left_out_amount) == (1, Decimal("500.00"))


# --- meaning ------------------------------------------------------------------------------------


def test_debit_and_credit_become_one_signed_amount() -> None:
    mapping = MAPPING.replace("amount: Beløp", "amount: {debit: Debet, credit: Kredit}")
    body = "Leverandør;Debet;Kredit\nA AS;100,00;\nB AS;;40,00\nC AS;7,00;x\n"
    result = read(body, mapping)
    assert amounts(result) == [Decimal("100.00"), Decimal("-40.00")]
    assert "fant «x»" in reasons(result)


def test_a_reversed_sign_makes_cost_positive() -> None:
    assert amounts(read(HEAD + "A AS;;;;-5\n", MAPPING + "sign: reversed\n")) == [Decimal("5.00")]


def test_private_persons_are_pseudonyms_and_their_text_goes() -> None:
    body = HEAD + "Kari Nordmann;;;Fosterhjem for Per;5\nAtea AS;;;PC;6\nKari Nordmann;;;x;7\n"
    table = read(body).tables["ledger_line"]
    names = table["supplier_name"].to_list()
    assert names[0] == names[2] and names[0].startswith("Privatperson")
    assert names[1] == "Atea AS"
    assert table["supplier_is_private_person"].to_list() == [True, False, True]
    assert table["text"].to_list() == [None, "PC", None]
    assert "Nordmann" not in str(table.rows())


def test_an_eleven_digit_number_is_a_private_person_whatever_the_name() -> None:
    mapping = MAPPING + "  \n"
    mapping = mapping.replace("  amount:", "  supplier_orgnr: Orgnr\n  amount:")
    body = "Leverandør;Orgnr;Beløp\nFIRMA;010190 12345;5\nKOMMUNEN;974 763 230;6\n"
    table = read(body, mapping).tables["ledger_line"]
    assert table["supplier_is_private_person"].to_list() == [True, False]
    assert table["supplier_orgnr"].to_list() == [None, "974763230"]
    assert "12345" not in str(table["supplier_legal_id"].to_list())


def test_a_number_that_fails_its_check_digit_is_kept_as_written_only() -> None:
    mapping = MAPPING.replace("  amount:", "  supplier_orgnr: Orgnr\n  amount:")
    table = read("Leverandør;Orgnr;Beløp\nFIRMA AS;974763231;5\n", mapping).tables["ledger_line"]
    assert table.select("supplier_orgnr", "supplier_legal_id").row(0) == (None, "974763231")


@pytest.mark.parametrize(
    ("period", "day", "year"), [("202413", "", 2024), ("", "05.01.2025", 2025), ("3", "", None)]
)
def test_the_accounting_year_is_that_of_the_period_else_of_the_date(
    period: str, day: str, year: int | None
) -> None:
    mapping = MAPPING.replace("  amount:", "  period: Periode\n  amount:")
    body = f"Leverandør;Periode;Dato;Beløp\nA AS;{period};{day};5\n"
    assert read(body, mapping).tables["ledger_line"]["year"].to_list() == [year]


def test_random_damage_never_crashes_and_never_loses_an_ore() -> None:
    chance = random.Random(4)
    base = (LINES + 'C AS;03.03.2024;2;"x;\ny";(1 000,00)\nSum;;;;-849,75\n').encode()
    for _ in range(400):
        data = bytearray(base)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            what = chance.choice(
                [b";", b'"', b"\n", b"\r", b"\xff", b"9", b"-", b"", b",", b"\x00"]
            )
            data[place : place + chance.randint(0, 3)] = what
        read(bytes(data))
