"""The report's promises: Norwegian formats, definitions beside figures, safe words, no surprises.

Amounts expected here are added up by hand from the table in `tests.reporting_fixture`.
"""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publication.verdict import NoVerdictError
from pipelines.reporting import build_report, charts, formats, labels
from pipelines.reporting.figures import Context, report_year
from pipelines.reporting.loyalty import assessed
from tests.reporting_fixture import FORMULA_NAME, SCRIPT_NAME, make_build

NBSP = "\u00a0"


class Page(HTMLParser):
    """What a reader of the page meets: headings, tables, text, and the elements themselves."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text = ""
        self._open: list[str] = []
        self._table = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br"):
            self._open.append(tag)
        if tag == "table":
            self._table = dict(attrs)["id"] or ""
            self.tables[self._table] = []
        elif tag == "tr":
            self.tables[self._table].append([])
        elif tag in ("td", "th"):
            self.tables[self._table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if {"script", "style"} & set(self._open):
            return
        self.text += data
        if self._open and self._open[-1] in ("td", "th"):
            self.tables[self._table][-1][-1] += data

    def count(self, tag: str) -> int:
        """Return how many elements there are of a kind."""
        return sum(name == tag for name, _ in self.elements)

    def row(self, table: str, heading: str) -> list[str]:
        """Return the cells of the row with this heading."""
        return next(row[1:] for row in self.tables[table] if row[0] == heading)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    build = make_build(tmp_path_factory.mktemp("report") / "build")
    return build_report(build).read_text("utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def empty_page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    build = make_build(tmp_path_factory.mktemp("empty") / "build", empty=True)
    return Page(build_report(build).read_text("utf-8"))


def spaced(text: str) -> str:
    """Return the text with ordinary spaces made no-break, as the page has them in numbers."""
    return text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (formats.number(1234567), "1 234 567"),
        (formats.number(Decimal("1234.5"), 2), "1 234,50"),
        (formats.number(-1500), "−1 500"),
        (formats.number(Decimal("-0.4")), "0"),
        (formats.number(Decimal("2.5")), "3"),
        (formats.nok(Decimal("244289.00")), "244 289 kr"),
        (formats.mnok(Decimal("812345678.90")), "812,3 mill. kr"),
        (formats.mnok(Decimal("999999.99")), "1 000 000 kr"),
        (formats.percent(2 / 3), "66,7 %"),
        (formats.percent(0.6875), "68,8 %"),
        (formats.interval(600 / 940, 660 / 960), "63,8–68,8 %"),
        (formats.interval(0.66661, 0.66669), "66,7 %"),
        (formats.interval(None, None), "–"),
        (formats.day(date(2024, 12, 31)), "31.12.2024"),
        (formats.counted(1, "fil", "filer"), "1 fil"),
        (formats.counted(2000, "fil", "filer"), "2 000 filer"),
    ],
)
def test_numbers_and_dates_are_written_the_norwegian_way(shown: str, expected: str) -> None:
    assert shown == spaced(expected)


def test_words_are_listed_and_shortened() -> None:
    assert formats.listed(["a", "b", "c"]) == "a, b og c"
    assert formats.shortened("Arbeidsmiljøhuset AS", 8) == "Arbeids…"


@pytest.mark.parametrize(
    ("years", "as_of", "expected"),
    [
        ([2023, 2024], date(2024, 12, 31), 2024),
        ([2023, 2024], date(2024, 12, 30), 2023),
        ([2024], date(2024, 6, 1), 2024),
        ([2030], date(2024, 6, 1), 2030),
        ([], date(2024, 6, 1), None),
    ],
)
def test_the_report_is_about_the_latest_whole_year(
    years: list[int], as_of: date, expected: int | None
) -> None:
    assert report_year(years, as_of) == expected


CONTEXT = Context(
    as_of_date=date(2024, 12, 31),
    municipality_name="Prøvevik",
    build_key="k",
    outside_period_months=12,
    exchange_rate_max_age_days=7,
    weak_classified_share=0.8,
    weak_min_lines=10,
    weak_min_nok=Decimal(100_000),
    public_min_cell=5,
    licence_activity_days=90,
)


def sums(on: int, wrong: int, off: int, positive: int, negative: int, **other: int) -> Any:
    """Return thousands of kroner as a row of sums, on a basis that is good enough."""
    amounts = {
        "on_nok": on,
        "wrong_nok": wrong,
        "off_nok": off,
        "positive_nok": positive,
        "negative_nok": negative,
        "spend_unit_nok": other.get("spend", 1000),
        "classified_nok": other.get("classified", 900),
    }
    row = {name: Decimal(amount) * 1000 for name, amount in amounts.items()}
    return row | {"line_count": other.get("lines", 20)}


@pytest.mark.parametrize(
    ("amounts", "low", "high"),
    [
        ((600, 100, 200, 0, 0), 0.667, 0.667),
        ((600, 100, 200, 100, 0), 0.667, 0.700),
        ((600, 100, 200, 0, 100), 0.600, 0.667),
        ((600, 100, 200, 60, 40), 0.638, 0.6875),
    ],
)
def test_a_total_has_the_interval_of_the_worked_cases(
    amounts: tuple[int, int, int, int, int], low: float, high: float
) -> None:
    total = assessed(sums(*amounts), CONTEXT)
    assert total["loyalty_low"] == pytest.approx(low, abs=5e-4)
    assert total["loyalty_high"] == pytest.approx(high, abs=5e-4)
    assert total["status"] == "assessed"


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (sums(600, 0, 0, 0, 0, classified=799), "weak"),
        (sums(600, 0, 0, 0, 0, classified=800), "assessed"),
        (sums(600, 0, 0, 0, 0, lines=9), "weak"),
        (sums(99, 0, 0, 0, 0), "weak"),
        (sums(100, 0, 0, 0, 0, lines=10), "assessed"),
        (sums(-1, 0, 200, 0, 0), "net_credit"),
        (sums(0, 0, 0, 0, 0, lines=0), "not_assessed"),
    ],
)
def test_a_total_has_the_status_of_its_basis(row: Any, status: str) -> None:
    assert assessed(row, CONTEXT)["status"] == status


def test_own_production_is_no_accusation_and_zero_turnover_says_so() -> None:
    assert labels.status("not_assessed", True) == (
        "ikke vurdert – egenregi tillatt, ingen bebreidelse"
    )
    assert labels.status("not_assessed", False) == "ikke vurdert – null omsetning"


def test_the_key_figures_are_those_of_the_year(page: Page) -> None:
    cells = page.row("aar", "2024")
    assert cells == [
        spaced("2 000 000 kr"),
        "6",
        spaced("333 333 kr"),
        spaced("270 000 kr"),
        spaced("65,7–70,3 %"),  # 650/990 and 710/1010
        spaced("57,5 %"),  # (950 000 + 200 000) / 2 000 000
        spaced("82,5 %"),
        spaced("87,5 %"),
    ]


def test_a_weak_total_says_so_in_the_row_of_its_year(page: Page) -> None:
    assert page.row("aar", "2023")[4] == f"100,0{NBSP}% (svakt grunnlag)"


def test_every_key_figure_carries_its_definition(page: Page) -> None:
    cards = [attributes for _, attributes in page.elements if attributes.get("class") == "card"]
    tags = [attributes for _, attributes in page.elements if attributes.get("class") == "tag"]
    assert len(cards) == len(tags) == 9
    assert "Nevner" in page.text


def test_few_suppliers_make_up_most_of_the_spend(page: Page) -> None:
    # 660 + 500 + 290 = 1 450 thousand is 72.5 %; with 250 more it is 85 %.
    assert page.row("konsentrasjon", spaced("80 %")) == ["4", spaced("66,7 %")]


def test_a_unit_has_its_name_of_today_and_its_interval(page: Page) -> None:
    assert page.row("lojalitet-enheter", "Bydel Nord")[:2] == ["vurdert", spaced("63,8–68,8 %")]
    assert page.row("lojalitet-enheter", "Skoleetaten")[0] == "svakt grunnlag"
    assert page.row("lojalitet-enheter", "Biblioteket")[0] == "ikke vurdert – null omsetning"


def test_units_without_purchases_are_named_under_the_agreement(page: Page) -> None:
    assert (
        "Ikke vurdert – egenregi tillatt, ingen bebreidelse: Biblioteket og Skoleetaten."
        in page.text
    )
    assert "Ikke vurdert – null omsetning: Bydel Nord." in page.text


def test_purchases_outside_are_listed_with_supplier_unit_and_agreement(page: Page) -> None:
    assert page.row("lekkasjer", "Bygg & Bo AS") == [
        "Bydel Nord",
        "Bedriftshelse",
        "Kjøp utenfor avtale, ikke forklart. Leverandøren står ikke på avtalen.",
        "Helse AS",
        spaced("200 000 kr"),
        spaced("66,7 %"),
        "1",
    ]
    assert page.row("lekkasjer", "Sum av alle")[-3:] == [spaced("300 000 kr"), "", "2"]


def test_nobody_is_accused(html: str) -> None:
    body = html.split("<main", 1)[1].split("</main>", 1)[0]
    assert "brudd" not in body.lower()


def test_the_input_adds_up_to_the_figures(page: Page) -> None:
    assert page.row("avstemming", "Forbruk i rapporten (STD)") == [spaced("3 000 000,00")]
    assert page.row("avstemming", "Godtatt beløp, omregnet til kroner") == [spaced("3 075 000,00")]
    assert page.row("valuta", "USD")[4] == spaced("10 000,00")
    assert page.row("valuta", "NOK")[5] == spaced("5 000,00")
    assert page.row("karantenegrunner", "Filen er ikke gyldig XML") == ["1", "1"]
    assert page.row("regneregler", "BR-CO-10")[1] == "2"
    assert page.row("merknader", "Ingen fil er eldre enn ti år")[0] == "mart_reconciliation"


def test_without_a_ledger_the_page_says_that_invoices_are_the_basis(page: Page) -> None:
    assert "Ingen regnskap er lastet inn: tallene bygger på fakturaene." in page.text
    assert "regnskap" not in page.tables


def test_amounts_of_orders_are_no_part_of_the_amounts(page: Page) -> None:
    # 3 000 000 of the lines, 75 000 from a public body and 5 000 withdrawn; no order of 400.
    assert page.row("valuta", "NOK")[1] == spaced("3 080 000,00")


def test_the_ledger_is_shown_with_what_invoices_detail_and_what_is_not_found(
    tmp_path: Path,
) -> None:
    build = make_build(tmp_path / "build")
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        connection.execute(
            "update mart_spend_source set spend_source = 'ledger', ledger_kind = 'saft', "
            "entity_name = '<b>Prøvevik</b>', posting_nok = 2000000, matched_nok = 1500000, "
            "residual_nok = 250, unmatched_posting_nok = 500000, unmatched_invoice_count = 3, "
            "unmatched_invoice_nok = 12500, matched_share = 0.75, residual_share = 0.000125 "
            "where year = 2024"
        )
    page = Page(build_report(build).read_text("utf-8"))
    assert page.row("regnskap", "2024, <b>Prøvevik</b>") == [
        "SAF-T",
        spaced("2 000 000 kr"),
        spaced("75,0 %"),
        "250" + NBSP + "kr",
        spaced("500 000 kr"),
        "3",
        spaced("12 500 kr"),
    ]
    assert spaced("3 fakturaer på til sammen 12 500 kr").replace(NBSP, " ") in page.text.replace(
        NBSP, " "
    )
    assert "De er ikke lagt til." in page.text
    assert "Ingen regnskap er lastet inn" not in page.text


def test_names_from_data_are_shown_and_never_run(html: str, page: Page) -> None:
    assert page.row("leverandorer", f"1. {SCRIPT_NAME}")[0] == "974760673"
    assert page.row("leverandorer", f"6. {FORMULA_NAME}")[0] == "923609016"
    assert page.count("img") == 0
    assert "<b>" not in html.split("<main", 1)[1].split("</main>", 1)[0]
    scripts = [a.get("type") for name, a in page.elements if name == "script"]
    assert scripts.count(None) == 2  # plotly.js and our own


def test_names_in_charts_are_escaped_for_plotly(html: str) -> None:
    spec = html.split('id="spec-leverandorer">', 1)[1].split("</script>", 1)[0]
    names = json.loads(spec)["layout"]["yaxis"]["ticktext"]
    assert names[0] == "1. &lt;script&gt;alert('x')&lt;/script&gt; Helse AS"
    assert "<" not in spec


def test_the_page_is_in_norwegian_and_asks_for_nothing(page: Page) -> None:
    assert ("html", {"lang": "nb"}) in page.elements
    policy = next(a for _, a in page.elements if a.get("http-equiv"))["content"] or ""
    assert policy.startswith("default-src 'none'")
    addresses = [a.get("src") or a.get("href") or "" for _, a in page.elements]
    assert not [text for text in addresses if text.startswith(("http", "//"))]


def test_headings_are_in_order_and_every_table_has_its_words(page: Page) -> None:
    levels = [int(name[1]) for name, _ in page.elements if name in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert page.count("caption") == page.count("table")
    assert all(a.get("scope") for name, a in page.elements if name == "th")


def test_every_chart_has_a_label_and_a_table(page: Page) -> None:
    drawn = [a for _, a in page.elements if a.get("class") == "chart"]
    assert len(drawn) == 14
    for chart in drawn:
        assert chart["role"] == "img"
        assert "Tallene står i tabellen" in (chart["aria-label"] or "")
        assert (chart["id"] or "").removeprefix("diagram-") in page.tables


def test_charts_are_what_plotly_accepts(html: str) -> None:
    from plotly.graph_objects import Figure

    for part in html.split('<script type="application/json"')[1:]:
        spec = json.loads(part.split(">", 1)[1].split("</script>", 1)[0])
        Figure(data=spec["data"], layout=spec["layout"])


def test_small_amounts_are_drawn_in_kroner_and_large_in_millions() -> None:
    assert charts.scale_for([Decimal(999_999), None]).name == "kr"
    assert charts.scale_for([Decimal(-1_000_000)]).d3_format == ",.2f"
    assert charts.scale_for([Decimal(10_000_000)]).d3_format == ",.1f"


def test_an_empty_snapshot_says_that_it_is_empty(empty_page: Page) -> None:
    assert "Ingen forbruk å vise" in empty_page.text
    assert "Ingen filer er levert inn." in empty_page.text
    assert not empty_page.tables.keys() - {"merknader"}


def test_the_same_build_gives_the_same_page(tmp_path: Path, html: str) -> None:
    again = build_report(make_build(tmp_path / "build"), tmp_path / "elsewhere" / "report.html")
    assert again.read_text("utf-8") == html


def test_a_build_that_was_not_judged_has_no_report(tmp_path: Path) -> None:
    build = make_build(tmp_path / "build")
    (build / "quality" / "verdict.json").unlink()
    with pytest.raises(NoVerdictError):
        build_report(build)


def test_a_year_of_more_credit_than_purchases_has_no_shares(tmp_path: Path) -> None:
    build = make_build(tmp_path / "build")
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        for table, column in (
            ("fct_spend_line", "amount_nok"),
            ("mart_supplier_year", "spend_nok"),
            ("mart_supplier_average", "numerator_nok"),
            ("mart_coverage", "uncovered_nok"),
        ):
            connection.execute(f"update {table} set {column} = -{column}")
    page = Page(build_report(build).read_text("utf-8"))
    assert "netto " + spaced("−2,0 mill. kr") in page.text
    assert "andeler av forbruket har ingen mening" in page.text
    assert "konsentrasjon" not in page.tables
    assert page.row("leverandorer", "5. Kraft AS")[2:4] == ["–", "–"]


def test_agreements_with_one_title_are_told_apart(tmp_path: Path) -> None:
    build = make_build(tmp_path / "build")
    with duckdb.connect(str(build / "internal" / "samkjop.duckdb")) as connection:
        connection.execute("update dim_agreement set title = 'Møbler' where agreement_id = 'A1'")
    page = Page(build_report(build).read_text("utf-8"))
    titles = [row[0] for row in page.tables["lojalitet-avtaler"][1:]]
    assert titles == ["Møbler (A1)", "Møbler (A2)"]
