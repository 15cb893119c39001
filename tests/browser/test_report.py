"""The report in a real browser: no request, no error, charts drawn, and everything accessible.

Each promise is kept by the hand-made build with hostile names and by the demo's published report.
axe-core comes from the package `axe-playwright-python`; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from pipelines.reporting import build_report
from tests.reporting_fixture import make_build

pytestmark = pytest.mark.browser

DESKTOP = (1280, 900)
NARROW = (360, 740)


@dataclass
class Visit:
    """An open page and all that the browser said while it opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium mangler: kjør .ci/run, som installerer det"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=["hand-made", "demo"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "hand-made":
        return build_report(make_build(tmp_path_factory.mktemp("report") / "build"))
    home: Path = request.getfixturevalue("demo_home")
    return home / "published" / "current" / "report" / "index.html"


@pytest.fixture(scope="module")
def visit(browser: Browser, report: Path) -> Iterator[Visit]:
    yield from visited(browser, report, DESKTOP)


@pytest.fixture(scope="module")
def narrow_visit(browser: Browser, report: Path) -> Iterator[Visit]:
    yield from visited(browser, report, NARROW)


def visited(browser: Browser, report: Path, size: tuple[int, int]) -> Iterator[Visit]:
    """Open the page with every request but the page's own refused and noted."""
    address = report.resolve().as_uri()
    # The page's own policy would stop axe-core; that it holds is tested apart.
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, bypass_csp=True, offline=True
    )
    visit = Visit(context.new_page())

    def guard(route: Route) -> None:
        if route.request.url == address:
            route.continue_()
            return
        visit.requests.append(route.request.url)
        route.abort()

    visit.page.route("**/*", guard)
    visit.page.on("console", lambda message: visit.messages.append(message.text))
    visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
    visit.page.goto(address)
    visit.page.wait_for_function(ALL_DRAWN)
    yield visit
    context.close()


ALL_DRAWN = """() => [...document.querySelectorAll('.chart[data-spec]')]
    .every(chart => chart.dataset.drawn === 'yes')"""


def test_the_page_opens_with_the_network_off_and_asks_for_nothing(visit: Visit) -> None:
    assert visit.requests == []


def test_the_browser_has_nothing_to_complain_of(visit: Visit) -> None:
    assert visit.messages == []


def test_the_pages_own_policy_lets_its_charts_be_drawn(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(report.resolve().as_uri())
    page.wait_for_function(ALL_DRAWN)
    assert page.locator(".chart .main-svg").count() > 0
    assert messages == []
    page.close()


def test_the_policy_stops_scripts_and_requests_that_are_not_ours(
    browser: Browser, report: Path
) -> None:
    page = browser.new_page()
    page.goto(report.resolve().as_uri())
    stopped = page.evaluate("""async () => {
        const script = document.createElement('script');
        script.textContent = 'window.wasRun = true';
        document.body.append(script);
        const answer = await fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'stopped');
        return [window.wasRun === undefined, answer];
    }""")
    assert stopped == [True, "stopped"]
    page.close()


def test_every_chart_is_drawn_and_has_a_label_and_a_table(visit: Visit) -> None:
    charts = visit.page.locator(".chart[data-spec]")
    assert charts.count() >= 6
    for index in range(charts.count()):
        chart = charts.nth(index)
        assert chart.locator(".main-svg").count() > 0
        assert chart.get_attribute("role") == "img"
        assert chart.get_attribute("aria-label")
        table = (chart.get_attribute("id") or "").removeprefix("diagram-")
        assert visit.page.locator(f"table#{table} tbody tr").count() > 0


def test_charts_write_numbers_the_norwegian_way(visit: Visit) -> None:
    texts = visit.page.locator(".chart .bartext").all_text_contents()
    assert texts
    assert not [text for text in texts if "." in text or "k" in text]


def test_no_markup_from_data_becomes_part_of_the_page(visit: Visit) -> None:
    assert visit.page.locator("main img, main b, main script:not([type])").count() == 0


def test_the_page_is_one_column_on_a_telephone(narrow_visit: Visit) -> None:
    width = narrow_visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW[0]
    assert narrow_visit.page.locator(".chart .main-svg").count() > 0


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(visit: Visit) -> None:
    page = visit.page
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"


def test_the_essentials_of_accessibility_hold(visit: Visit) -> None:
    assert visit.page.evaluate(ESSENTIALS) == []


ESSENTIALS = """() => {
    const faults = [];
    if (document.documentElement.lang !== 'nb') faults.push('lang');
    if (document.querySelectorAll('h1').length !== 1) faults.push('h1');
    let level = 0;
    for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
        const here = Number(heading.tagName[1]);
        if (here > level + 1) faults.push('level: ' + heading.textContent);
        level = here;
    }
    for (const table of document.querySelectorAll('table')) {
        if (!table.caption?.textContent.trim()) faults.push('caption: ' + table.id);
        if (table.querySelector('th:not([scope])')) faults.push('scope: ' + table.id);
        const columns = table.tHead.rows[0].cells.length;
        for (const row of table.rows)
            if (row.cells.length !== columns) faults.push('cells: ' + table.id);
    }
    for (const region of document.querySelectorAll('[aria-labelledby]'))
        if (!document.getElementById(region.getAttribute('aria-labelledby')))
            faults.push('labelledby: ' + region.outerHTML.slice(0, 80));
    const ids = [...document.querySelectorAll('main [id]:not(.chart *)')].map(e => e.id);
    if (new Set(ids).size !== ids.length) faults.push('ids');
    for (const link of document.querySelectorAll('a[href^="#"]'))
        if (!document.querySelector(link.getAttribute('href'))) faults.push(link.outerHTML);
    return faults;
}"""


def test_text_stands_out_from_what_is_behind_it(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert visit.page.evaluate(LOW_CONTRAST) == []


LOW_CONTRAST = """() => {
    const channels = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b]
        .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const low = [];
    for (const element of document.querySelectorAll('body *:not(.chart *):not(script)')) {
        const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!own) continue;
        const pair = [channels(getComputedStyle(element).color), behind(element)].map(light);
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        if (ratio < 4.5) low.push([element.tagName, element.textContent.slice(0, 40), ratio]);
    }
    return low;
}"""


def test_axe_finds_no_violation_of_wcag_2_1_aa(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    visit.page.evaluate(axe_core())
    found: dict[str, Any] = visit.page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
    )
    violations = [(item["id"], item["nodes"][0]["html"][:200]) for item in found["violations"]]
    assert violations == []
    assert len(found["passes"]) > 20


def axe_core() -> str:
    """Return axe-core's source from the installed package."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("pakken axe-playwright-python er ikke installert")
    return Path(found.origin).with_name("axe.min.js").read_text("utf-8")


def test_tables_are_opened_for_printing_and_closed_again(visit: Visit, tmp_path: Path) -> None:
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false })")
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert visit.page.locator("details:not([open]):not(.appendix)").count() == 0
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator("details[open]").count() == 0
    visit.page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").stat().st_size > 50_000
