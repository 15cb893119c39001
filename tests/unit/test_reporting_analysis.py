"""The report's sections on goals, spend, agreements, thresholds, gains, risk and categories.

Every figure expected here can be added up by hand from `tests.reporting_fixture_analysis`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.reporting import build_report, labels, licence_plan, licences
from pipelines.reporting.page import DOMAINS
from tests.reporting_fixture import make_build
from tests.unit.test_reporting import NBSP, Page, spaced


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(tmp_path_factory.mktemp("analysis") / "build")


@pytest.fixture(scope="module")
def html(build: Path) -> str:
    return build_report(build).read_text("utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Return the page of a build with spend, but no row in any mart of the analysis."""
    build = make_build(tmp_path_factory.mktemp("bare") / "build")
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        for listings in DOMAINS:
            for listing in listings.values():
                if listing.source != "fct_spend_line":
                    connection.execute(f"delete from {listing.source}")
    return Page(build_report(build).read_text("utf-8"))


@pytest.mark.rule("E16")
def test_a_goal_stands_with_value_target_status_and_trend_in_words(page: Page) -> None:
    assert page.row("maal", "E-handel, av alle kjøp") == [
        spaced("25,0 %"),
        spaced("minst 60,0 %").replace("minst" + NBSP, "minst "),
        "ikke nådd",
        spaced("20,0 %"),
        "bedre",
        spaced("500 000"),
        spaced("2 000 000"),
        "E08, STD",
    ]
    assert page.row("maal", "Kurs holdt")[:3] == ["3", "minst 3", "nådd"]
    assert page.row("maal-vedtak", "Kurs holdt") == ["Slik: Kurs holdt", "Strategien, punkt 2"]


@pytest.mark.rule("E16")
def test_a_status_without_words_stands_as_it_is(page: Page) -> None:
    assert page.row("maal", "Noe nytt")[:5] == ["–", "–", "en_ny_status", "–", "ikke kjent"]


@pytest.mark.rule("E18")
def test_a_milestone_that_is_overdue_says_for_how_long(page: Page) -> None:
    assert page.row("milepaeler", "E-handel i bruk")[1:] == ["30.09.2024", "–", "forfalt", "92"]


@pytest.mark.rule("E21")
def test_controls_have_numerator_and_denominator(page: Page) -> None:
    cells = page.row("kontroller", "Bedriftshelse")
    assert cells[:4] == ["sosial dumping", "3", "2", spaced("66,7 %")]


@pytest.mark.rule("E24")
def test_purchases_above_authority_are_counted(page: Page) -> None:
    assert page.row("fullmakt", "Helse")[1:3] == ["2", spaced("800 000 kr")]
    # 600 000 + 200 000 + 500 000, and 100 000 + 50 000 + 400 000 above
    assert page.row("fullmakt", "Sum av alle") == [
        "",
        "3",
        spaced("1 300 000 kr"),
        spaced("550 000 kr"),
    ]


@pytest.mark.rule("E04")
def test_sectors_are_ranked_by_volume_and_by_purchases(page: Page) -> None:
    assert page.row("sektorer", "Oppvekst")[:5] == [
        spaced("750 000 kr"),
        "2",
        spaced("37,5 %"),
        "3",
        "2",
    ]
    assert page.row("sektorer", "Sum av alle")[0] == spaced("2 000 000 kr")
    assert page.row("enheter", "Bydel Nord")[:2] == ["Helse", spaced("1 000 000 kr")]


@pytest.mark.rule("E01")
def test_the_parts_of_the_change_lead_from_last_year_to_this(page: Page) -> None:
    amounts = {row[0]: row[1].replace(NBSP, " ") for row in page.tables["endring"][1:]}
    assert list(amounts.items()) == [
        ("Forbruk i 2023", "1 000 000 kr"),
        ("Nye leverandører", "840 000 kr"),
        ("Bortfalte leverandører", "0 kr"),
        ("Pris", "40 000 kr"),
        ("Mengde", "100 000 kr"),
        ("Miks og resten", "20 000 kr"),
        ("Forbruk i 2024", "2 000 000 kr"),
    ]
    largest = page.tables["endring-kategorier"][1]
    assert largest[:2] == ["IKT-utstyr", spaced("400 000 kr")]


@pytest.mark.rule("E02")
def test_concentration_has_hhi_pareto_and_tail(page: Page) -> None:
    assert page.row("konsentrasjon-kategorier", "Alle kategorier") == [
        "6",
        spaced("2 206"),
        f"4 bak 80{NBSP}%",
        "1",
        spaced("150 000 kr"),
        spaced("5,0 %"),
        spaced("11,1 %"),
        "<script>alert('x')</script> Helse AS",
        spaced("33,0 %"),
    ]


@pytest.mark.rule("E03")
def test_an_average_has_its_median_and_its_trimmed_mean(page: Page) -> None:
    # without the largest and the smallest: (500 + 290 + 250 + 200) / 4 thousand
    assert page.row("gjennomsnitt", "STD")[-3:] == [
        spaced("333 333 kr"),
        spaced("270 000 kr"),
        spaced("310 000 kr"),
    ]
    assert page.row("definisjonsvalg", "offentlige organer")[1:4] == [
        spaced("3,8 %"),
        spaced("16,7 %"),
        spaced("−11,1 %"),
    ]


@pytest.mark.rule("E03")
def test_published_figures_that_disagree_are_said_to(page: Page) -> None:
    assert "Tallene er ikke innbyrdes forenlige" in page.text
    assert page.row("publiserte-tall", "7 leverandører")[1:] == [
        "nei, ikke innbyrdes forenlig",
        "5",
        "1 av 2",
        "ALLE",
        "7",
        spaced("0,0 %"),
    ]
    nearest = page.row("publiserte-tall", "400 000 per leverandør")
    assert nearest[3:] == ["0 av 2", "STD", spaced("333 333 kr"), spaced("−16,7 %")]


@pytest.mark.rule("A04")
def test_loyalty_by_sector_and_zone_has_its_interval(page: Page) -> None:
    assert page.row("lojalitet-sektorer", "Helse")[:2] == ["vurdert", spaced("63,8–68,8 %")]
    zones = [row[0] for row in page.tables["lojalitet-soner"][1:]]
    # A2 has one zone only, so it is no row here
    assert zones == ["Bedriftshelse, sone 1", "Bedriftshelse, sone 2"]


@pytest.mark.rule("A02")
def test_what_is_on_agreement_stands_with_its_evidence(page: Page) -> None:
    rows = {(row[0], row[1]): row[2] for row in page.tables["lojalitet-bevis"][1:]}
    key = ("Leverandør, kategori, sone og dato", "på avtale")
    assert rows[key] == spaced("250 000 kr")  # 200 000 on A1 and 50 000 on A2
    assert page.row("lojalitet-bevis", "Sum av alle")[1] == spaced("850 000 kr")


@pytest.mark.rule("A03")
def test_an_exemption_is_no_leak_and_call_offs_have_their_share(page: Page) -> None:
    assert page.row("unntak", "Bedriftshelsetjeneste")[2:5] == ["01.01.2024", "30.06.2024", "nei"]
    assert page.row("avrop", "Bedriftshelsetjeneste")[:4] == [
        "3",
        spaced("600 000 kr"),
        spaced("450 000 kr"),
        spaced("75,0 %"),
    ]
    assert "Ingen avtaler overlapper" in page.text


@pytest.mark.rule("E12")
def test_what_is_overdue_comes_first_and_names_nobody(page: Page) -> None:
    assert page.tables["kalender"][1] == [
        "<b>Bedriftshelse</b>",
        "Siste dag for å starte konkurranse",
        "01.10.2024",
        "91 siden",
        "forfalt",
        "ja",
    ]
    days = [row[3] for row in page.tables["kalender"][2:]]
    assert days == ["i dag", "om 365"]
    assert "Kari" not in page.text
    assert [row[0] for row in page.tables["opsjoner"][1:]] == ["Bedriftshelsetjeneste"]


@pytest.mark.rule("A15")
def test_ceilings_are_ordered_by_how_near_they_are(page: Page) -> None:
    rows = page.tables["tak"][1:]
    assert [row[0] for row in rows] == ["Strøm", "Bedriftshelsetjeneste"]
    assert rows[0][6] == "15.09.2024"
    assert rows[1][3:7] == [
        spaced("75,0 %"),
        spaced("2 100 000 kr"),
        spaced("105,0 %"),
        "01.11.2025 (framskrevet)",
    ]
    assert page.row("avtaler-uten", "Møbler")[:2] == ["nei", "ja"]


@pytest.mark.rule("E05")
def test_categories_without_agreement_lead_buyers_and_prices(page: Page) -> None:
    assert page.row("uten-avtale", "IKT-utstyr")[2] == spaced("500 000 kr")
    assert page.row("oppdragsgivere", "KS")[3] == spaced("850 000 kr")
    assert page.row("priser", "Helseundersøkelse") == [
        "Helse AS",
        "2. kvartal 2024",
        spaced("100,00 kr"),
        spaced("125,50 kr"),
        spaced("25,5 %"),
        spaced("2 550 kr"),
        spaced("5,0 %"),
        "–",
    ]


@pytest.mark.rule("E07")
def test_thresholds_at_the_amount_come_first_and_unknown_ones_last(page: Page) -> None:
    rows = page.tables["terskler"][1:]
    assert [row[0] for row in rows] == [
        "IKT-utstyr",
        'Nettverk "Nord" AS: IKT-utstyr',
        "Bedriftshelse",
    ]
    assert rows[0][1] == "01.01.2024–31.12.2024"
    assert [row[6] for row in rows] == [
        "bør undersøkes (innkjøpsseksjonen)",
        "under terskelverdien (sektoren)",
        "ikke vurdert: terskelverdien er ikke kjent",
    ]
    assert page.row("terskler-enheter", "IKT-utstyr")[0] == "Skoleetaten"


@pytest.mark.rule("E15")
def test_gains_are_planned_realised_and_leaked(page: Page) -> None:
    assert page.row("gevinster", "Bedriftshelsetjeneste")[:4] == [
        spaced("100 000 kr"),
        spaced("60 000 kr"),
        spaced("60,0 %"),
        spaced("15 000 kr"),
    ]
    assert page.row("gevinster", "Sum av alle")[:4] == [
        spaced("100 000 kr"),
        spaced("65 000 kr"),
        "",
        spaced("15 000 kr"),
    ]
    assert "Strøm" not in [row[0] for row in page.tables["gevinster"]]
    assert page.row("gevinstmetoder", "Mot utgangsprisen i gevinstplanen")[1] == spaced("60 000 kr")
    assert page.row("prisavvik", "Bedriftshelsetjeneste")[1] == spaced("700 kr")


@pytest.mark.rule("A13")
def test_a_risk_stands_with_the_number_behind_it(page: Page) -> None:
    assert page.row("registreringer", "Bygg & Bo AS")[0] == (
        "Konkurs 01.11.2024 og ikke i Merverdiavgiftsregisteret"
    )
    assert page.row("avhengighet", "Helse AS")[1:3] == [spaced("33,0 %"), spaced("33,0 %")]
    assert "Ukjent" not in [row[0] for row in page.tables["avhengighet"]]
    assert page.row("avvik", "Bygg & Bo AS")[:3] == ["2", "1", spaced("2 500 kr")]
    assert page.row("kategoririsiko", "IKT-utstyr")[:4] == ["1", "2", "ja", spaced("10 000")]


def test_categories_stand_with_their_evidence(page: Page) -> None:
    # 60 000 + 40 000 + 250 000 of 2 000 000 are unknown
    assert page.row("kategoribevis", "Ukjent kategori: ikke funnet")[:2] == [
        spaced("350 000 kr"),
        spaced("17,5 %"),
    ]
    assert page.row("kategorimodell", "Den lærte modellen")[3] == spaced("95,0 %")
    assert page.row("ukjente-kategorier", "Sum av alle")[1] == spaced("350 000 kr")


@pytest.mark.rule("E02")
def test_suppliers_made_one_are_counted_and_listed(page: Page) -> None:
    assert page.row("sammenslaainger-antall", "slått sammen")[2:] == ["1", spaced("60 000 kr")]
    assert page.row("sammenslaainger", "Helse A/S")[3:5] == ["samme navn", "9,5"]


def test_the_summary_says_what_the_sections_found(page: Page) -> None:
    said = page.text.replace(NBSP, " ")
    assert "1 av 2 mål i strategien er nådd. 1 milepæl er forfalt." in said
    assert "1 frist på 1 avtale er forfalt" in said
    assert "1 avtale har nådd taket, og 1 avtale til når det" in said
    assert "1 kategori og 0 leverandører har kjøp uten avtale" in said
    assert "Av planlagte gevinster på 100 000 kr er 60 000 kr målt" in said


def test_every_table_of_figures_names_the_table_it_comes_from(html: str) -> None:
    without = [
        part.split('"', 1)[0]
        for part in html.split('<table id="')[1:]
        if 'class="source"' not in part.split("</caption>", 1)[0]
    ]
    assert without == ["merknader"]  # the quality control's own remarks are in no mart


def test_an_empty_mart_says_so_in_one_sentence(bare: Page) -> None:
    for listings in DOMAINS:
        if listings in (licences.LISTINGS, licence_plan.LISTINGS):  # says it once for all of them
            continue
        for listing in listings.values():
            if listing.source != "fct_spend_line":
                assert listing.empty in bare.text
                assert listing.table_id not in bare.tables


def test_a_long_table_says_how_many_more_there_are(tmp_path: Path) -> None:
    build = make_build(tmp_path / "build")
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        connection.execute(
            "insert into mart_loyalty_leak by name select leak.* replace ("
            "leak_rank + n as leak_rank, 'U' || n as unit_id) "
            "from mart_loyalty_leak as leak cross join range(2, 20) as more(n)"
        )
    page = Page(build_report(build).read_text("utf-8"))
    # 2 x 18 more than the two there were, of which 20 are shown; the sum is that of all
    assert len(page.tables["lekkasjer"]) == 1 + 20 + 1
    assert spaced("de 20 første av 38") in spaced(page.text)
    assert page.row("lekkasjer", "Sum av alle")[4] == spaced("5 700 000 kr")


def test_words_accuse_nobody() -> None:
    listed = [words for words in vars(labels).values() if isinstance(words, dict)]
    texts = [text for words in listed for text in words.values() if isinstance(text, str)]
    assert len(texts) > 100
    assert not [text for text in texts if "brudd" in text.lower()]
