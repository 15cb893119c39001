"""Code lists that others published, against EXPECTED_other.csv and the publishers' line counts."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from pipelines.extracts.code_lists import is_code_list, read_code_list

SAFT = "saft/Skatteetaten__saf-t/"
ARTS = SAFT + "SAF-T_Financial_1.3__Grouping_Category_Code__CSV__KOSTRA_Arts_2024_kommuner.csv"
ARTS_KF = SAFT + "SAF-T_Financial_1.3__Grouping_Category_Code__CSV__KOSTRA_Arts_2024_KF_FKF_IKS.csv"
ARTS_2020 = SAFT + "Grouping_Category_Code__CSV__KOSTRA_Arts_2020_kommuner.csv"
ARTS_OLD = SAFT + "Grouping_Category_Code__CSV__KA_K_Grouping_Category_Code.csv"
ACCOUNTS_2 = (
    SAFT + "General_Ledger_Standard_Accounts__CSV__General_Ledger_Standard_Accounts_2_character.csv"
)
ACCOUNTS_4 = (
    SAFT + "General_Ledger_Standard_Accounts__CSV__General_Ledger_Standard_Accounts_4_character.csv"
)
TAX_CODES = SAFT + "Standard_Tax_Codes__CSV__Standard_Tax_Codes.csv"
CPV = "codes/anskaffelser__eforms-sdk-nor/src__codelists__cpv.yaml"
NUTS = "codes/anskaffelser__eforms-sdk-nor/src__codelists__nuts-nor-lvl3.yaml"
UNSPSC = "codes/openacs__ref-unspsc/sql__common__unspsc_library.dat"
UNSPSC_TEXT = "codes/openacs__ref-unspsc/catalog__ref-unspsc.en_US.ISO-8859-1.xml"
HISTORY = "codes/gardenberg__kommunekoder/kommunenummer_fra2013_til2020_long.csv"
MERGERS = "codes/gardenberg__kommunekoder/bakgrunnsdata__kommuner_med_endringer_fra2019_til2020.csv"
KLASS = "codes/gardenberg__kommunekoder/bakgrunnsdata__ssb_kommunekoder_{}.csv"


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, str]:
    with (shared_data / "EXPECTED_other.csv").open(encoding="utf-8") as handle:
        return {row["file"]: row["value"] for row in csv.DictReader(handle)}


def entries(folder: Path, name: str) -> pl.DataFrame:
    data = (folder / name).read_bytes()
    assert is_code_list(data), name
    result = read_code_list(data, "a" * 64, name)
    assert result.rejections == [], name
    table = result.tables["code_list_entry"]
    assert table["code"].null_count() == 0
    assert result.facts.rows_in == table.height
    return table


@pytest.mark.parametrize("name", [ARTS, ARTS_KF, HISTORY])
def test_a_list_has_as_many_codes_as_expected(
    shared_data: Path, expected: dict[str, str], name: str
) -> None:
    assert str(entries(shared_data, name).height) == expected[name]


@pytest.mark.parametrize(
    ("name", "lines"),
    # Lines of the file (MANIFEST.csv) less the heading.
    [
        (ARTS_OLD, 159),
        (ARTS_2020, 157),
        (ACCOUNTS_2, 74),
        (ACCOUNTS_4, 745),
        (TAX_CODES, 30),
        (MERGERS, 313),
        (KLASS.format(2013), 429),
        (KLASS.format(2020), 357),
        (NUTS, 18),
    ],
)
def test_every_line_below_the_heading_is_an_entry(shared_data: Path, name: str, lines: int) -> None:
    assert entries(shared_data, name).height == lines


def test_cpv_has_all_codes_and_its_flags(shared_data: Path, expected: dict[str, str]) -> None:
    table = entries(shared_data, CPV)
    assert f"{table.height}; {table['is_unverified'].sum()}" == expected[CPV]
    tops = table.filter(pl.col("parent_code").is_null())["level"].unique().to_list()
    assert tops == ["division"]


def test_unspsc_has_all_levels_and_each_name_in_its_catalogue(
    shared_data: Path, expected: dict[str, str]
) -> None:
    table, texts = entries(shared_data, UNSPSC), entries(shared_data, UNSPSC_TEXT)
    counts = dict(table["level"].value_counts().iter_rows())
    levels = ("segment", "family", "class", "commodity")
    assert "; ".join(str(counts[level]) for level in levels) == expected[UNSPSC]
    assert set(table["name_key"]) <= set(texts["code"])


def test_fixed_wages_are_art_010_in_every_edition(shared_data: Path) -> None:
    for name in (ARTS_OLD, ARTS_2020, ARTS, ARTS_KF):
        names = entries(shared_data, name).filter(code="010")["name"].to_list()
        assert [text.lower() for text in names] == ["fastlønn"], name


def test_bank_deposits_are_a_balance_chapter_and_no_art(shared_data: Path) -> None:
    assert (
        entries(shared_data, ARTS).filter(code="10")["name"].item() == "Bankinnskudd og kontanter"
    )
    assert entries(shared_data, ARTS_2020).filter(code="10").is_empty()
    old = entries(shared_data, ARTS_2020).filter(code="2.10")
    assert old["name"].item() == "Bankinnskudd og kontanter"


def test_every_municipality_of_a_merger_was_there_before_and_after(shared_data: Path) -> None:
    mergers = entries(shared_data, MERGERS)
    after = set(entries(shared_data, KLASS.format(2020))["code"])
    assert set(mergers["successor_code"]) <= after
