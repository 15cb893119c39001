"""The report's section on licences, from `tests.reporting_fixture_licences`, added up by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.publication.public import write_public
from pipelines.reporting import build_report, labels, licences
from pipelines.reporting.listings import HIDDEN
from tests.reporting_fixture import make_build
from tests.unit.test_reporting import Page, spaced


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(tmp_path_factory.mktemp("licences") / "build")


@pytest.fixture(scope="module")
def page(build: Path) -> Page:
    return Page(build_report(build).read_text("utf-8"))


def changed(tmp_path: Path, *statements: str) -> Page:
    """Return the page of the build after some changes to its tables."""
    build = make_build(tmp_path / "build")
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    return Page(build_report(build).read_text("utf-8"))


@pytest.mark.rule("A07")
def test_a_product_has_seats_licences_use_and_cost(page: Page) -> None:
    # 30 + 20 + 35 of 100 seats, 6 never used; 100 × 300
    assert page.row("lisenser", "Microsoft 365 E3") == [
        *("100", "85", "79", "6", "0", "15"),
        spaced("30 000 kr"),
    ]
    # 50 on 48 seats; 50 × 80
    assert page.row("lisenser", "Office 365 E1") == [
        *("48", "50", "50", "0", "0", "0"),
        spaced("4 000 kr"),
    ]
    assert page.row("lisenser", "Gratis tillegg")[-1] == "pris ikke kjent"


@pytest.mark.rule("A07")
def test_units_have_totals_and_few_are_hidden(page: Page, tmp_path: Path) -> None:
    assert page.row("lisenser-enheter", "Bydel Nord") == ["180", "168", "12", "0"]
    fewer = make_build(tmp_path / "build")
    with duckdb.connect(str(fewer / "internal" / "samkjop.duckdb")) as connection:
        connection.execute(
            "update mart_licence_account set assigned = 4, active = 4 where unit_id = 'U3'"
        )
    # public/ was made of other tables: write it again
    write_public(fewer, fewer / "public")
    again = Page(build_report(fewer).read_text("utf-8"))
    assert again.row("lisenser-enheter", "Biblioteket")[:2] == [HIDDEN] * 2


@pytest.mark.rule("A08")
def test_waste_is_by_cause_and_counted_once(page: Page) -> None:
    assert page.row("lisensfunn", "Aldri brukt") == [
        *("A08", "6"),
        *(spaced("1 800 kr"), spaced("1 800 kr")),
    ]
    # 40 cost 8 000, of which 1 200 stand on the six that are inactive
    assert page.row("lisensfunn", "Utenfor standarden")[1:] == [
        *("40", spaced("8 000 kr")),
        spaced("6 800 kr"),
    ]


@pytest.mark.rule("B08e")
def test_fewer_than_five_are_hidden_with_their_cost(page: Page) -> None:
    assert page.row("lisensfunn", "Ekstern bruker") == ["B08e", *[HIDDEN] * 3]
    assert "«Skjult» er færre enn 5" in page.text


@pytest.mark.rule("B02", "B07")
def test_who_pays_stands_per_unit(page: Page) -> None:
    assert page.row("fakturagrunnlag", "Biblioteket") == ["0", "35", "0", spaced("10 850 kr")]
    # exempt from the frame: the circular has no price
    assert page.row("fakturagrunnlag", "Skoleetaten")[-1] == "som før, pris ikke kjent"
    # some of its products are hidden, so their sum in kroner would tell
    assert page.row("fakturagrunnlag", "Bydel Nord") == ["110", "70", "0", HIDDEN]


@pytest.mark.rule("B07")
def test_what_the_circular_leaves_open_is_said(page: Page, tmp_path: Path) -> None:
    assert "Ikke avklart" in page.text
    assert "Her er hele prisen regnet" in page.text
    other = changed(tmp_path, "update mart_charge set deducted_nok = 80, is_preliminary = true")
    assert "Her er bare differansen regnet" in other.text
    assert "Fakturagrunnlaget for desember 2024 er foreløpig" in other.text
    none = changed(tmp_path / "none", "update mart_charge set is_unresolved = false")
    assert "Ikke avklart" not in none.text


@pytest.mark.rule("A07")
def test_a_month_without_export_is_named(page: Page) -> None:
    assert "Uten eksport, og derfor uten tall: november 2024." in page.text


@pytest.mark.rule("A07")
def test_seats_to_settle_have_day_and_cost(page: Page) -> None:
    # two more than held, 12 × 80 each
    assert page.row("lisensoppgjor", "Office 365 E1") == [
        *("2", "30.06.2025"),
        spaced("1 920 kr"),
    ]
    assert len(page.tables["lisensoppgjor"]) == 2 + 1  # the free one has no seats


@pytest.mark.rule("A07")
def test_the_plan_stands_beside_doing_nothing_and_a_simple_plan(page: Page) -> None:
    assert page.row("lisensplan", "31.12.2024") == [
        "12",
        *(spaced("600 000 kr"), spaced("480 000 kr"), spaced("120 000 kr"), spaced("20,0 %")),
        *(spaced("500 000 kr"), "bevist billigst", spaced("0,000 %")),
    ]
    assert "120 000 kr (20,0 %) mindre" in page.text.replace("\u00a0", " ")
    assert "ingen lovlig plan er billigere" in page.text


@pytest.mark.rule("A08")
def test_causes_add_up_and_constraints_have_a_price(page: Page) -> None:
    # 21 600 + 44 400 + 54 000
    assert page.row("lisensplan-aarsaker", "Sum av alle")[2] == spaced("120 000 kr")
    # three accounts are few: their 44 400 would be 3 × the price, so the next cause is with them
    assert page.row("lisensplan-aarsaker", labels.LICENCE_CAUSES["merged"]) == [
        *("A08", HIDDEN, spaced("66 000 kr"), spaced("66 000 kr")),
    ]
    assert len(page.tables["lisensplan-aarsaker"]) == 1 + 2 + 1  # the seats, the merged, the sum
    assert page.row("lisensplan-betingelser", "oppsigelsesdag") == [
        *("alle", spaced("450 000 kr"), spaced("30 000 kr")),
        "bevist billigst",
    ]


@pytest.mark.rule("A08")
def test_actions_are_summed_over_units_and_few_are_hidden(page: Page) -> None:
    rows = page.tables["lisenstiltak"][1:]
    assert rows[0] == [
        *("si opp plasser", "Microsoft 365 E3", "–", "15", "30.06.2025", "Plasser ingen hadde"),
        *("A08", "oppsigelsesdag", spaced("54 000 kr")),
    ]
    downgrade = next(row for row in rows if row[0] == "bytt til et billigere produkt")
    assert downgrade[2:4] == ["Office 365 E1", HIDDEN]  # 2 + 1
    # the six and their 21 600 would be what to take from the 66 000
    others = [row for row in rows if row[5] != "Plasser ingen hadde"]
    assert [(row[3], row[8]) for row in others] == [(HIDDEN, HIDDEN)] * 3


@pytest.mark.rule("A08")
def test_a_cause_of_many_accounts_hides_a_small_change_in_it(tmp_path: Path) -> None:
    # 7 accounts, of which 2 hidden: 7 less the 5 that are shown
    page = changed(
        tmp_path,
        "update mart_licence_plan_cause set changed_count = 7 where cause = 'above_need'",
        "update mart_licence_plan set quantity = 5 where action_number = 2",
        "update mart_licence_plan set quantity = 2, to_sku_id = 'V' where action_number = 3",
    )
    rows = page.tables["lisenstiltak"][1:]
    assert {row[3] for row in rows if row[5] != "Plasser ingen hadde"} == {HIDDEN}
    assert labels.LICENCE_CAUSES["above_need"] not in {
        row[0] for row in page.tables["lisensplan-aarsaker"]
    }
    many = changed(
        tmp_path / "many",
        "update mart_licence_plan_cause set changed_count = 12 where cause = 'above_need'",
        "update mart_licence_plan set quantity = 6 where action_number in (2, 3)",
    )
    assert many.row("lisensplan-aarsaker", labels.LICENCE_CAUSES["above_need"])[1] == "12"
    assert HIDDEN not in {row[3] for row in many.tables["lisenstiltak"][1:]}


@pytest.mark.rule("A08")
def test_a_product_hidden_in_public_is_hidden_by_its_seats_too(tmp_path: Path) -> None:
    build = make_build(tmp_path / "build")
    file = build / "public" / "lisensregnskap.parquet"
    is_secret = pl.col("sku_id").is_in(["V", "E1"]) & (pl.col("unit_id") == "*")
    table = pl.read_parquet(file)
    table.with_columns(pl.when(~is_secret).then("assigned").alias("assigned")).write_parquet(file)
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        connection.execute(
            "insert into mart_licence_plan by name "
            "select 6 as action_number, 'terminate' as action, 'felles' as unit_id, "
            "'V' as from_sku_id, 'shelf_ware' as cause, 'A08' as rule_id, 7 as quantity, "
            "date '2025-06-30' as earliest_date, 16800 as horizon_saving_nok, "
            "16800 as yearly_saving_nok"
        )
        connection.execute(
            "update mart_licence_plan_cause set horizon_saving_nok = 70800, "
            "yearly_saving_nok = 70800 where cause = 'shelf_ware'"
        )
    page = Page(build_report(build).read_text("utf-8"))
    visio = [row for row in page.tables["lisenstiltak"] if row[1] == "Visio <i>Plan 2</i>"]
    # 50 held less 7 that nobody has would be 43
    assert [(row[3], row[8]) for row in visio] == [(HIDDEN, HIDDEN)]
    # 70 800 less the 54 000 that are shown would be 7 × 2 400
    assert labels.LICENCE_CAUSES["shelf_ware"] not in {
        row[0] for row in page.tables["lisensplan-aarsaker"]
    }
    assert page.row("lisensplan-betingelser", "kan ikke overføres")[1:3] == [HIDDEN, HIDDEN]
    # more than held: whether a hidden product stands here would tell on which side it is
    assert "Office 365 E1" not in {row[0] for row in page.tables["lisensoppgjor"]}


@pytest.mark.rule("A08")
def test_few_that_were_found_before_cannot_be_told_from_what_is_counted_once(
    tmp_path: Path,
) -> None:
    # 8 000 less 7 400 would be three accounts at 200
    page = changed(
        tmp_path,
        "update mart_licence_finding set counted_cost_nok = monthly_cost_nok "
        "where user_key in ('beyond_standard3', 'beyond_standard4', 'beyond_standard5')",
        "update mart_licence_waste set counted_cost_nok = 7400 where finding = 'beyond_standard'",
    )
    assert page.row("lisensfunn", "Utenfor standarden")[1:] == [
        *("40", spaced("8 000 kr")),
        HIDDEN,
    ]


@pytest.mark.rule("A08", "B09t")
def test_which_rule_of_transfer_was_used_is_said(page: Page) -> None:
    assert page.row("lisensoverforing", "A08: ubrukte lisenser omfordeles")[0] == "3"
    assert page.row("lisensoverforing", "B09t: kan ikke flyttes, bare sies opp") == [
        *("1", "Visio <i>Plan 2</i>"),
    ]


@pytest.mark.rule("A05")
def test_products_with_sources_that_differ_are_listed(page: Page) -> None:
    assert page.row("lisensavvik", "Visio <i>Plan 2</i>") == [
        "Koden er en annen i Microsofts liste",
        "V",
    ]


def test_without_licences_the_section_is_one_sentence(tmp_path: Path) -> None:
    page = changed(
        tmp_path,
        "delete from mart_licence_sku",
        "delete from mart_charge",
        "delete from mart_licence_plan_summary",
    )
    assert licences.PRODUCTS.empty in page.text
    assert not any(name.startswith("lisens") for name in page.tables)
    assert "ingen lovlig plan er billigere" not in page.text


def test_no_key_reaches_the_page(build: Path, page: Page) -> None:
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb"), read_only=True) as connection:
        keys = connection.execute("select account_key from fct_licence_charge").fetchall()
    assert keys
    assert not [key for (key,) in keys if key in page.text]
