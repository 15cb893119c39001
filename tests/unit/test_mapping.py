"""Mappings: errors that point to the line, the shipped ones, and drafts for unknown tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.extracts import mapping as mapping_module
from pipelines.extracts.mapped import fits, read_mapped
from pipelines.extracts.mapping import (
    MappingError,
    load_mapping,
    load_mapping_file,
    load_mappings,
    shipped_mappings,
)
from pipelines.extracts.mapping_evidence import fold
from pipelines.extracts.mapping_suggest import SuggestionProblem, suggest

GOOD = "name: X\ntable: ledger_line\ncolumns:\n  amount: Beløp\n"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("name: X\ntable: ledger_line\n", 1, "mangler «columns:»"),
        ("table: ledger_line\ncolumns: {amount: B}\n", 1, "mangler «name:»"),
        ("name: X\ntable: ledger_lin\ncolumns: {amount: B}\n", 2, "mente du «ledger_line»?"),
        (GOOD + "  suplier_name: L\n", 5, "mente du «supplier_name»?"),
        (GOOD + "desimal: ','\n", 5, "mente du «decimal»?"),
        (GOOD + "decimal: ';'\n", 5, "forventet en av auto, ,, ."),
        (GOOD + "sign: [1]\n", 5, "«sign»"),
        (GOOD + "  text: {source: T, extract: '(['}\n", 5, "regulært uttrykk"),
        (GOOD + "  text: {source: T, extract: 'abc'}\n", 5, "mangler en gruppe"),
        (GOOD + "  text: {source: T, join: [A]}\n", 5, "nøyaktig én av"),
        (GOOD + "  text: {debit: A, credit: B}\n", 5, "ikke et tall"),
        (GOOD + "  vat_amount: {debit: A}\n", 5, "nøyaktig én av"),
        (GOOD + "  amount: Igjen\n", 5, "«amount» står to ganger"),
        (GOOD + "constants:\n  amount: 5\n", 6, "står også under columns"),
        (GOOD + "constants:\n  year: i år\n", 6, "forventet et helt tall"),
        (GOOD + "amounts:\n  - {source: B}\n", 6, "bare an for budget_line"),
        ("name: X\ntable: ledger_line\ncolumns:\n  text: T\n", 3, "mangler «amount»"),
        ("name: X\n  table: y\n", 2, "ikke gyldig YAML"),
    ],
)
def test_an_error_points_to_the_line(text: str, line: int, word: str) -> None:
    with pytest.raises(MappingError) as error:
        load_mapping(text, "min.yaml")
    assert str(error.value).startswith(f"min.yaml, linje {line}:")
    assert word in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "bare tekst", "a: &x 1\nb: *x\n"])
def test_what_is_no_mapping_is_refused_in_words(text: str) -> None:
    with pytest.raises(MappingError, match=r"min\.yaml"):
        load_mapping(text, "min.yaml")


def test_a_file_that_is_not_utf8_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes("name: Bærum".encode("cp1252"))
    with pytest.raises(MappingError, match="UTF-8"):
        load_mapping_file(path)


def test_own_mappings_come_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "min.yaml").write_text(GOOD.replace("X", "Min"), "utf-8")
    names = [mapping.name for mapping in load_mappings(tmp_path)]
    assert names == ["Min", *(mapping.name for mapping in shipped_mappings())]


# --- rules --------------------------------------------------------------------------------------


def test_rules_take_join_extract_and_translate() -> None:
    mapping = load_mapping(
        GOOD
        + "  text: {join: [A, B], with: ' / '}\n"
        + "  account: {source: K, extract: '^(\\d+)'}\n"
        + "  invoice_number: {first: [F, R]}\n"
        + "  voucher_type: {source: [Nytt navn, Type], values: {I: inngående}, empty: ['-']}\n"
    )
    body = "A;B;K;F;R;Type;Beløp\nx;y;4000 Mat;;r1;I;5\n;y;4100;f2;r2;-;6\n"
    table = read_mapped(body.encode(), "f" * 64, mapping, b"k").tables["ledger_line"]
    names = ("text", "account", "invoice_number", "voucher_type")
    assert table.select(names).rows() == [
        ("x / y", "4000", "r1", "inngående"),
        ("y", "4100", "f2", None),
    ]


def test_columns_may_come_in_any_order_and_more_of_them() -> None:
    mapping = load_mapping(GOOD + "  account: Konto\n")
    one = read_mapped(b"Konto;Bel\xf8p\n1;5\n", "f" * 64, mapping, b"k")
    two = read_mapped(b"Nytt;Bel\xf8p;Konto\nx;5;1\n", "f" * 64, mapping, b"k")
    assert one.tables["ledger_line"].equals(two.tables["ledger_line"])
    assert "ikke lest: «Nytt»" in "".join(two.notes)


# --- shipped mappings ---------------------------------------------------------------------------

AGRESSO = (
    "Klient;Bilagsnr;BA;Bilagsdato;Periode;Konto;Konto(T);Ansvar;Ansvar(T);Funksjon;Prosjekt;"
    "Resnr;Resnr(T);Ekst.ref;AK;Tekst;Beløp\n"
    "OK;70001;IF;15.01.2024;202401;12000;Inventar;3100;Skole A;20200;;50123;Kinnarps AS;F-1;1;"
    "Pulter;12 500,00\n"
    "OK;70002;IF;16.01.2024;202401;12000;Inventar;3100;Skole A;20200;;50123;Kinnarps AS;F-2;1;"
    "Retur;-2 500,00\n"
)
VISMA = (
    "Bilagsnr;Bilagsdato;Kontonr;Kontonavn;Leverandørnr;Leverandørnavn;Fakturanr;Tekst;Debet;"
    "Kredit\n101;05.02.2024;6540;Inventar;20001;Kinnarps AS;F-9;Stol;1 000,00;\n"
    "102;06.02.2024;6540;Inventar;20001;Kinnarps AS;F-10;Kreditnota;;250,50\n"
)
VISMA_SUPPLIER = (
    "Leverandørnr;Leverandørnavn;Org.nr;Fakturanr;Fakturadato;Forfallsdato;Nettobeløp;Mva-beløp;"
    "Bruttobeløp\n20001;Kinnarps AS;974763230;F-9;05.02.2024;05.03.2024;1 000,00;250,00;1 250,00\n"
)
SWEDISH = (
    "kopare;kopare_id;verifikationsnummer;leverantor;leverantor_id;konto_nr;konto_text;"
    "bokforingsdatum;forvaltning;fakturanummer;nettobelopp;avtal;grund;kommun_id;verksamhet_kod\n"
    "Provkommun;2120000001;V1;Atea Sverige AB;5564480282;6540;IT-tjänster;2024-01-31;IT;8812;"
    "1000.50;A1;ramavtal;0180;91\n"
)
BUDGET = (
    "Art;Art(T);Ansvar;Ansvar(T);Tjeneste;Tjeneste(T);Budsjett\n"
    "10100;Fastlønn;3100;Skole A;20200;Grunnskole;1 000 000\n"
    "17000;Refusjon;3100;Skole A;20200;Grunnskole;-1 000 000\n"
)


@pytest.mark.parametrize(
    ("body", "name", "total", "rows"),
    [
        (AGRESSO, "Unit4", "10000.00", 2),
        (VISMA, "debet og kredit", "749.50", 2),
        (VISMA_SUPPLIER, "leverandørreskontro", "1000.00", 1),
        (SWEDISH, "svenska", "1000.50", 1),
        (BUDGET, "driftsbudsjett", "0.00", 2),
    ],
)
def test_a_shipped_mapping_fits_its_export(body: str, name: str, total: str, rows: int) -> None:
    mapping = fits(body.encode(), load_mappings())
    assert mapping is not None and name in mapping.name
    result = read_mapped(body.encode(), "f" * 64, mapping, b"k")
    assert not result.rejections
    assert (result.facts.rows_accepted, result.facts.amount_accepted) == (rows, Decimal(total))


def test_the_swedish_specification_is_read_column_by_column() -> None:
    mapping = fits(SWEDISH.encode(), load_mappings())
    assert mapping is not None
    row = read_mapped(SWEDISH.encode(), "f" * 64, mapping, b"k").tables["ledger_line"].to_dicts()[0]
    expected = {
        "entity_name": "Provkommun",
        "entity_id": "2120000001",
        "voucher_number": "V1",
        "supplier_name": "Atea Sverige AB",
        "supplier_legal_id": "5564480282",
        "supplier_orgnr": None,
        "account": "6540",
        "account_name": "IT-tjänster",
        "posting_date": date(2024, 1, 31),
        "department": "IT",
        "invoice_number": "8812",
        "amount": Decimal("1000.50"),
        "contract_reference": "A1",
        "dimension_1": "ramavtal",
        "dimension_2": "0180",
        "kostra_function": "91",
        "currency": "SEK",
        "year": 2024,
    }
    assert {name: row[name] for name in expected} == expected


def test_every_shipped_mapping_keeps_the_schema() -> None:
    folder = Path(mapping_module.__file__).parent / "mappings"
    files = sorted(folder.iterdir())
    checked = [load_mapping(path.read_text("utf-8"), path.name) for path in files]
    assert checked == list(shipped_mappings())
    assert len({mapping.name for mapping in checked}) == len(checked)


def test_no_shipped_mapping_claims_an_unknown_table() -> None:
    assert fits(b"Navn;Alder\nA;5\n", load_mappings()) is None
    assert fits(b"", load_mappings()) is None


# --- drafts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NetAmount", "net amount"),
        ("Beløp", "beloep"),
        ("Leverantör", "leverantor"),
        ("Resnr(T)", "resnr tekst"),
        ("År", "aar"),
    ],
)
def test_headings_are_compared_without_case_and_accents(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        (
            "Leverandørnavn;Orgnr;Fakturanr;Fakturadato;Konto;Beløp eks. mva;Mva;Beløp inkl. mva",
            "Atea AS;974763230;1;05.02.2024;6540;1 000,00;250,00;1 250,00",
            {
                "supplier_name": "Leverandørnavn",
                "supplier_orgnr": "Orgnr",
                "invoice_number": "Fakturanr",
                "invoice_date": "Fakturadato",
                "account": "Konto",
                "amount": "Beløp eks. mva",
                "vat_amount": "Mva",
                "gross_amount": "Beløp inkl. mva",
            },
        ),
        (
            "Leverantör;Organisationsnummer;Fakturanummer;Fakturadatum;Förvaltning;"
            "Belopp exkl moms",
            "Atea AB;556448-0282;1;2024-02-05;Skola;1000,00",
            {
                "supplier_name": "Leverantör",
                "supplier_legal_id": "Organisationsnummer",
                "invoice_number": "Fakturanummer",
                "invoice_date": "Fakturadatum",
                "department": "Förvaltning",
                "amount": "Belopp exkl moms",
            },
        ),
        (
            "Supplier Name;Invoice Number;Payment Date;Directorate;Description;Gross;VAT;"
            "Net Amount",
            "Atea Ltd;1;05/02/2024;Schools;Laptops;1250.00;250.00;1000.00",
            {
                "supplier_name": "Supplier Name",
                "invoice_number": "Invoice Number",
                "payment_date": "Payment Date",
                "department": "Directorate",
                "text": "Description",
                "gross_amount": "Gross",
                "vat_amount": "VAT",
                "amount": "Net Amount",
            },
        ),
    ],
)
def test_headings_are_known_in_three_languages(
    heading: str, values: str, expected: dict[str, str]
) -> None:
    data = f"{heading}\n{values}\n".encode()
    draft = suggest(data, "x.csv")
    assert draft.table == "ledger_line"
    assert {g.target: g.heading for g in draft.guesses} == expected
    result = read_mapped(data, "f" * 64, load_mapping(draft.text), b"k")
    assert result.facts.amount_accepted == Decimal("1000.00")


def test_a_draft_is_the_same_every_time_and_says_how_sure_it_is() -> None:
    first, second = suggest(AGRESSO.encode(), "a.csv"), suggest(AGRESSO.encode(), "a.csv")
    assert first.text == second.text
    assert "# sikker: overskriften er kjent, 100 % av verdiene er tall" in first.text


def test_years_side_by_side_become_rows() -> None:
    body = "konto;ansvar;tjeneste;regnskap_2011;budsjett_2012\n1;2;3;5,50;6\n4;5;6;;8\n"
    draft = suggest(body.encode(), "b.csv")
    result = read_mapped(body.encode(), "f" * 64, load_mapping(draft.text), b"k")
    table = result.tables["budget_line"]
    assert table.select("source_row", "year", "budget_kind", "amount").rows() == [
        (2, 2011, "actual", Decimal("5.50")),
        (2, 2012, "budget", Decimal("6.00")),
        (3, 2012, "budget", Decimal("8.00")),
    ]
    assert (result.facts.rows_in, result.facts.rows_left_out) == (4, 1)
    assert "tabellen: 1 rader uten beløp i «regnskap_2011»" in result.notes


@pytest.mark.parametrize(
    ("heading", "values", "table"),
    [
        ("Ordrenr;Ordredato;Leverandør;Varenavn;Antall;Pris;Beløp", "1;01.02.2024;A AS;Stol;2;5;10",
         "order_table_line"),
        ("Mottaksnr;Ordrenr;Mottaksdato;Varenavn;Antall", "1;2;01.02.2024;Stol;2",
         "receipt_table_line"),
        ("Varenr;Varenavn;Enhetspris;Gyldig fra", "1;Stol;5,50;01.02.2024", "price_table_item"),
    ],
)  # fmt: skip
def test_orders_receipts_and_price_lists_are_told_apart(
    heading: str, values: str, table: str
) -> None:
    data = f"{heading}\n{values}\n".encode()
    draft = suggest(data)
    result = read_mapped(data, "f" * 64, load_mapping(draft.text), b"k")
    assert draft.table == table
    assert list(result.tables) == [table] and not result.rejections


@pytest.mark.parametrize("data", [b"", b"Navn;Adresse\nA;B\n", b"<a/>", b"x\ny\n"])
def test_a_table_without_amounts_gets_no_draft_but_a_reason(data: bytes) -> None:
    with pytest.raises(SuggestionProblem):
        suggest(data)
