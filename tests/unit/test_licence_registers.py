"""The registers of licences: keys for accounts and persons, coarse activity, limits, two-in-one."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.extracts.detect import shape_of
from pipelines.extracts.pseudonyms import account_key, activity_buckets, person_key
from pipelines.extracts.readers import Reader, ReadOptions
from pipelines.extracts.registers import RegisterResult, names_register, read_registers

KEY = b"k" * 32
EFFECTIVE = date(2024, 12, 31)
NAME = "kontoer_2024-12-31.csv"


def read(text: str, name: str = NAME, load_day: date | None = None) -> RegisterResult:
    data = text.encode()
    return read_registers(data, shape_of(data), "f" * 64, name, 100_000, KEY, load_day)


def rows(result: RegisterResult, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return result.tables[table].select(columns).rows()


def said(result: RegisterResult) -> str:
    return "\n".join([*(f"{r.place}: {r.reason}" for r in result.rejections), *result.notes])


def hashed(text: str) -> str:
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()[:20]


# --- keys ---------------------------------------------------------------------------------------


def test_accounts_and_persons_are_keys_and_never_the_same_key() -> None:
    result = read("konto;ansattnr\nkari@nordby.example;100417\n100417;\n")
    assert rows(result, "reg_account", "account_key", "person_key") == [
        (hashed("account:kari@nordby.example"), hashed("person:100417")),
        (hashed("account:100417"), None),
    ]


def test_case_and_spaces_around_a_name_are_the_same_account() -> None:
    written = ("kari@nordby.example", "  Kari@Nordby.EXAMPLE ", "KARI@NORDBY.EXAMPLE\u00a0")
    assert {account_key(text, KEY) for text in written} == {hashed("account:kari@nordby.example")}
    assert account_key("Ååse@x.example", KEY) == account_key("A\u030aa\u030ase@x.example", KEY)
    assert (account_key(" ", KEY), person_key(None, KEY)) == (None, None)


def test_two_rows_of_one_account_are_told_without_saying_whose() -> None:
    result = read("konto;ansattnr\nkari@nordby.example;1\nKARI@nordby.example ;2\n")
    assert len(rows(result, "reg_account", "account_key")) == 1
    assert said(result).startswith("tabellen, rad 3: samme nøkkel (konto) som rad 2")
    assert "kari" not in said(result).lower()


def test_a_birth_number_is_a_key_like_any_other() -> None:
    result = read("ansattnr;enhet_id\n01017012345;NORD\n")
    assert rows(result, "reg_employment", "person_key") == [(hashed("person:01017012345"),)]


def test_another_key_gives_others_and_no_key_one_of_its_own() -> None:
    data = b"konto;ansattnr\nkari@nordby.example;1\n"
    found = [
        read_registers(data, "csv", "f" * 64, "x", 1_000, key).tables["reg_account"]["account_key"]
        for key in (KEY, b"z" * 32, None, None)
    ]
    assert len({keys[0] for keys in found}) == 4


@pytest.mark.parametrize(
    "text",
    [
        "ansattnr;enhet_id;gyldig_fra\n1;NORD;Kari Berg\n",  # moved one column
        "ansattnr;enhet_id;stillingsprosent\n1;NORD;Kari Berg\n",
        "ansattnr;enhet_id;stillingstype\n1;NORD;Kari Berg\n",
        "ansattnr;enhet_id;stillingsprosent\n1;NORD;Kari,1.234\n",
        "ansattnr;enhet_id;gyldig_per\n1;NORD;Kari Berg\n",
        "konto;ansattnr;deaktivert\nx@y.example;1;Kari Berg\n",
        "produkt_id;konto;sist_brukt\nA;x@y.example;Kari Berg\n",
        "ansattnr;enhet_id\n1;NORD;Kari Berg\n",
        "ansattnr;enhet_id;stillingsprosent\n1;NORD;101;Kari Berg\n",
        "kari.berg@nordby.example;100417\nx;y\n",
        "ansettelser:\n  - {ansattnr: 1, enhet_id: NORD, gyldig_fra: Kari Berg}\n",
    ],
)
def test_no_reason_shows_what_a_cell_about_persons_holds(text: str) -> None:
    result = read(text)
    assert result.rejections
    assert "kari" not in said(result).lower()
    assert not any("kari" in str(f.to_dicts()).lower() for f in result.tables.values())


def test_a_register_without_persons_says_what_it_found() -> None:
    assert "fant «-1»" in said(read("produkt_id;antall;referanse\nA;-1;b\n"))


# --- activity -----------------------------------------------------------------------------------

USE = "produkt_id;konto;sist_brukt\nA;a@b.example;"


@pytest.mark.parametrize(
    ("written", "bucket"),
    [
        ("31.12.2024", "d30"),
        ("01.12.2024", "d30"),  # 30 days
        ("30.11.2024", "d90"),  # 31
        ("02.10.2024", "d90"),  # 90
        ("01.10.2024", "d180"),  # 91
        ("04.07.2024", "d180"),  # 180
        ("03.07.2024", "older"),  # 181
        ("2025-02-01", "d30"),  # after the day
        ("2024-11-30 13:45", "d90"),
        ("2024-11-30T13:45:12Z", "d90"),
        ("30.11.2024 kl", None),
        ("d90", "d90"),
        ("Aldri", "never"),
        ("never", "never"),
        ("ukjent", "unknown"),
        ("eldre", "older"),
        ("i går", None),
    ],
)
def test_the_day_is_a_bucket_counted_to_the_files_date(written: str, bucket: str | None) -> None:
    result = read(USE + written + "\n")
    expected = [] if bucket is None else [(bucket,)]
    assert rows(result, "reg_licence_usage", "activity") == expected
    assert written not in said(result)


def test_empty_is_never_where_others_have_a_day_and_unknown_where_none_has() -> None:
    some = read(USE + "\nA;c@d.example;31.12.2024\n")
    assert rows(some, "reg_licence_usage", "activity") == [("never",), ("d30",)]
    none = read(USE + "\nA;c@d.example;\n")
    assert rows(none, "reg_licence_usage", "activity") == [("unknown",), ("unknown",)]
    assert "ingen rad har noe i «sist_brukt», så bruken er ukjent, ikke aldri" in said(none)
    without = read("lisensbruk:\n  - {produkt_id: A, konto: a@b.example}\n")
    assert rows(without, "reg_licence_usage", "activity") == [("unknown",)]


def test_the_files_own_date_goes_before_its_name_and_this_before_the_load_day() -> None:
    stated = USE.replace("sist_brukt\n", "sist_brukt;gyldig_per\n") + "01.06.2024;01.07.2024\n"
    plain = USE + "01.06.2024\n"
    found = [
        read(stated, "bruk_2025-12-31.csv"),
        read(plain, "bruk_2024-08-15.csv"),
        read(plain, "bruk.csv", date(2024, 11, 1)),
        read(plain, "bruk.csv", date(2026, 1, 1)),
    ]
    buckets = [r.tables["reg_licence_usage"]["activity"][0] for r in found]
    assert buckets == ["d30", "d90", "d180", "older"]


def test_the_date_of_one_sheet_counts_for_all_of_the_file() -> None:
    text = (
        "lisensbruk:\n  - {produkt_id: A, konto: a@b.example, sist_brukt: 2024-06-01}\n"
        "enheter:\n  - {enhet_id: A, navn: B, gyldig_per: 2024-06-30}\n"
    )
    assert rows(read(text), "reg_licence_usage", "activity") == [("d30",)]


def test_the_bucket_of_a_day() -> None:
    days = [date(2024, 12, 31), date(2024, 12, 1), date(2024, 11, 30), date(2024, 7, 3), None]
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date})
    assert frame.select(activity_buckets(pl.col("day"), EFFECTIVE)).to_series().to_list() == [
        *("d30", "d30", "d90", "older", "never")
    ]


# --- keys that may be empty, and limits ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "table", "kept"),
    [
        ("produkt_id;antall;enhet_id;referanse\nA;1;;\nA;2;;\n", "reg_licence_entitlement", 1),
        ("produkt_id;antall;enhet_id;referanse\nA;1;;x\nA;2;;\n", "reg_licence_entitlement", 2),
        ("produkt_id;antall;enhet_id;referanse\nA;1;N;\nA;2;;\n", "reg_licence_entitlement", 2),
        ("enhet_id;produkt_id;månedspris\nN;;1\nN;;2\n", "reg_frame_exemption", 1),
        ("enhet_id;produkt_id;månedspris\nN;;1\nN;A;2\n", "reg_frame_exemption", 2),
        ("produkt_id;utgiver;månedspris\nA;;1\nA;;2\n", "reg_licence_term", 1),
        ("enhet_id;måned;aktive\nN;01.03.2024;1\nN;15.03.2024;2\n", "reg_workplace_user", 1),
        ("enhet_id;måned;aktive\nN;01.03.2024;1\nN;01.04.2024;2\n", "reg_workplace_user", 2),
        (
            "ansattnr;enhet_id;stillingstype\n1;N;hovedstilling\n1;N;bistilling\n1;N;\n",
            "reg_employment",
            2,
        ),
    ],
)
def test_empty_parts_of_a_key_are_equal(text: str, table: str, kept: int) -> None:
    result = read(text)
    assert result.tables[table].height == kept
    assert ("samme nøkkel" in said(result)) == (result.rows_quarantined > 0)


def test_a_month_is_stored_as_its_first_day() -> None:
    result = read("enhet_id;måned;aktive_brukere\nN;29.02.2024;3\n")
    assert rows(result, "reg_workplace_user", "month") == [(date(2024, 2, 1),)]


@pytest.mark.parametrize(
    ("register", "column", "good", "bad"),
    [
        ("lisensvilkår", "månedspris", "0", "-0,01"),
        ("lisensvilkår", "månedspris", "1000000", "1000000.01"),
        ("lisensbeholdning", "antall", "10000000", "10000001"),
        ("lisensvilkår", "reserve", "10000000", "1000000000000"),
        # lists of products are split by semicolons, and * and workplace stand beside products
        ("lisensvilkår", "produkt_id", "A, B 😀", "A;B"),
        ("lisensvilkår", "produkt_id", "*A", "*"),
        ("lisensbeholdning", "produkt_id", "workplace", "Alle"),
        ("standardlisenser", "produkt_id", "Workplace Pro", "Workplace"),
        ("lisensbeholdning", "referanse", "PO 12345", "kjøpt av kari@nordby.example"),
        ("enheter", "enhet_id", "FELLES-1", "Felles"),
        ("lisensvilkår", "listepris_per_måned", "0", "-1"),
        ("lisensvilkår", "forvaltning_per_måned", "0", "-1"),
        ("lisensvilkår", "minste_antall", "0", "-1"),
        ("lisensvilkår", "reserve", "0", "-1"),
        ("lisensbeholdning", "antall", "0", "-1"),
        ("rammefritak", "månedspris", "0", "-1"),
        ("workplacebrukere", "aktive_brukere", "0", "-1"),
        ("lisensrevisjoner", "timer", "0", "-0.5"),
        ("lisensrevisjoner", "timepris", "0", "-1"),
        ("ansettelser", "stillingsprosent", "0", "-1"),
        ("ansettelser", "stillingsprosent", "100", "100.5"),
    ],
)
def test_what_cannot_be_is_refused(register: str, column: str, good: str, bad: str) -> None:
    known = {
        "produkt_id": "A",
        "antall": "1",
        "enhet_id": "N",
        "ansattnr": "1",
        "måned": "2024-01-01",
        "aktive_brukere": "1",
        "dato": "2024-01-01",
        "formell": "ja",
        "navn": "N",
        "hjemmel": "H",
    }
    for value, refused in ((good, 0), (bad, 1)):
        fields = {n: v for n, v in known.items() if n != column} | {column: value.replace(",", ".")}
        wanted = {
            "lisensvilkår": ("produkt_id",),
            "lisensbeholdning": ("produkt_id", "antall"),
            "rammefritak": ("enhet_id",),
            "workplacebrukere": ("enhet_id", "måned", "aktive_brukere"),
            "lisensrevisjoner": ("dato", "formell"),
            "enheter": ("enhet_id", "navn"),
            "standardlisenser": ("produkt_id", "hjemmel"),
            "ansettelser": ("ansattnr", "enhet_id"),
        }[register]
        record = ", ".join(f'{n}: "{fields[n]}"' for n in dict.fromkeys((*wanted, column)))
        result = read(f"{register}:\n  - {{{record}}}\n")
        assert (result.rows_in, result.rows_quarantined) == (1, refused), said(result)


@pytest.mark.parametrize(
    "text",
    [
        "konto;ansattnr;enhet_id\na;1;01017012345\n",
        "konto;ansattnr;enhet_id\na;1;010170 12345\n",
        "konto;ansattnr;enhet_id\na;1;kari@nordby.example\n",
        "ansattnr;enhet_id\n1;kari@nordby.example\n",
        "produkt;konto;sist_brukt\nkari@nordby.example;a;2024-01-01\n",
    ],
)
def test_columns_that_are_shifted_put_nobody_in_the_lake(text: str) -> None:
    result = read(text, "register.csv")
    assert (result.rows_in, result.rows_quarantined) == (1, 1)
    lake = repr([frame.rows() for frame in result.tables.values()])
    for told in (said(result), lake):
        assert "kari" not in told
        assert "12345" not in told


def test_a_heading_that_is_somebodys_is_not_shown() -> None:
    result = read("konto;ansattnr;kari@nordby.example;01017012345\na;1;x;y\n")
    assert said(result).count("kolonnen «(skjult)» er ikke lest") == 2
    assert "kari" not in said(result)


# --- lists out of others' systems ---------------------------------------------------------------

ADOBE = (
    "Email,First Name,Last Name,Product,Date assigned,Last used\n"
    "Kari.Berg@nordby.example,Kari,Berg,ACROBAT-PRO,2024-02-01,2024-12-02\n"
    "ola@nordby.example,Ola,Dahl,ACROBAT-PRO,2024-03-01,\n"
)


def test_a_list_like_adobes_is_both_seats_and_use() -> None:
    result = read(ADOBE)
    keys = [hashed("account:kari.berg@nordby.example"), hashed("account:ola@nordby.example")]
    assert rows(result, "reg_licence_assignment", "sku_id", "account_key", "valid_from") == [
        ("ACROBAT-PRO", keys[0], date(2024, 2, 1)),
        ("ACROBAT-PRO", keys[1], date(2024, 3, 1)),
    ]
    assert rows(result, "reg_licence_usage", "account_key", "activity", "source_row") == [
        (keys[0], "d30", 2),
        (keys[1], "never", 3),
    ]
    assert "«date_assigned» er ikke lest" not in said(result)
    assert "«last_used» er ikke lest" not in said(result)
    assert "kolonnen «first_name» er ikke lest" in said(result)
    assert (result.rows_in, result.rows_quarantined) == (4, 0)


def test_a_list_out_of_a_domain_system_is_use() -> None:
    result = read(
        "bruker;system;rolle;sist innlogget\nkari;ELEVSYSTEM;Lærer;30.12.2024 08:15\n"
        "ola;ELEVSYSTEM;Rektor;\n"
    )
    assert rows(result, "reg_licence_usage", "sku_id", "account_key", "activity") == [
        ("ELEVSYSTEM", hashed("account:kari"), "d30"),
        ("ELEVSYSTEM", hashed("account:ola"), "never"),
    ]


def test_a_sheet_named_as_a_register_is_that_one_only() -> None:
    text = "lisensbruk:\n  - {email: a@b.example, product: A, last_used: 2024-12-01, tildelt: x}\n"
    assert list(read(text).tables) == ["reg_licence_usage"]


@pytest.mark.parametrize(
    ("text", "is_register"),
    [
        ("Enhet;Konto;Beløp\nNORD;11151;100\n", False),
        ("Enhet;Konto;Beløp\nNORD;11151 Kontorrekvisita;100\n", False),
        ("Konto;Produkt;Beløp\n11151;4711;100\n", False),
        ("Ansattnr;Enhet;Beløp\n100417;NORD;100\n", False),
        ("Produkt;Navn;Pris\n4711;Permer;49,50\n", False),
        ("Produkt;Antall;Pris\n4711;3;49,50\n", False),
        ("Enhet;Produkt;Antall;Pris;Dato;Referanse\nN;4711;3;49,50;2024-01-01;x\n", False),
        ("Enhet;Produkt;Antall;Leverandør\nN;4711;3;Bok AS\n", False),
        ("produkt_id;antall;merknad\nSPE_E3;3;fin\n", True),
        ("produkt_id;navn;månedspris\nSPE_E3;E3;300\n", True),
        ("konto;ansattnr\nkari@nordby.example;1\n", True),
        ("konto;ansattnr;navn\nkari@nordby.example;1;Kari\n", True),
        ("bruker;system\n100417;ELEVSYSTEM\n", True),
        ("ansattnr;enhet_id;gyldig_fra;navn\n1;NORD;2024-01-01;Kari\n", True),
    ],
)
def test_a_ledger_an_order_or_a_price_list_is_no_register_of_licences(
    text: str, is_register: bool
) -> None:
    assert names_register(text.encode(), "csv") is is_register


def test_products_without_a_legal_basis_are_not_the_standard() -> None:
    result = read("produkt_id;gyldig_fra;gyldig_til\nSPE_E3;2024-01-01;\n")
    assert result.tables == {}
    assert "mangler kolonnen" in said(result)


# --- the whole way ------------------------------------------------------------------------------


def test_the_reader_uses_its_key_and_its_day() -> None:
    text = "produkt_id;konto;sist_brukt\nA;Kari@Nordby.example;2024-06-01\n"
    with Reader(ReadOptions(KEY, 1_000, load_day=date(2024, 6, 30))) as reader:
        reader.add(text.encode(), "a" * 64, "bruk.csv")
        found = reader.finish()
    (frame,) = found.tables["reg_licence_usage"]
    assert frame.select("account_key", "activity").rows() == [
        (hashed("account:kari@nordby.example"), "d30")
    ]


@pytest.mark.parametrize(
    "text", ["kari@nordby.example;Kari\nx;y\n", "Kari Berg;100417;NORD\nOla Dahl;5;SOR\n"]
)
def test_a_list_of_persons_without_headings_shows_none_of_them(text: str) -> None:
    with Reader(ReadOptions(KEY, 1_000)) as reader:
        reader.add(text.encode(), "a" * 64, "liste.csv")
        found = reader.finish()
    (rejection,) = found.rejections
    assert "første rad er «(skjult)»" in rejection.reason
    assert "Kari" not in rejection.place + rejection.reason
