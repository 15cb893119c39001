"""The verdict: when it is passed, failed or errored, and what its page shows."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from data_quality import gate
from data_quality.checks import Check, Suite, SumsTo, median_ore, rows
from data_quality.page import render_page
from data_quality.suites import SUITES, reconciliation
from data_quality.version import suite_version
from pipelines.publication.seal import seal
from pipelines.publication.verdict import PAGE_NAME, QUALITY, Result, Severity, Verdict, decide
from tests.integration.sealed_fixture import write_run_context


def result(
    success: bool | None = True, severity: Severity = "error", description: str = "Beskrivelse"
) -> Result:
    return Result(
        "dim_thing",
        "dim_thing.check",
        "D03",
        severity,
        description,
        success,
        "1",
        1,
        ("thing_id", "amount_nok"),
        (("<script>alert(1)</script>", None),),
        None if success is not None else "list index out of range",
    )


def verdict(*results: Result, errors: tuple[str, ...] = ()) -> Verdict:
    return Verdict(decide(results, errors), "a" * 64, "b" * 64, {}, "c" * 64, results, errors)


@pytest.mark.parametrize(
    ("results", "errors", "expected"),
    [
        ((result(),), (), "passed"),
        ((result(), result(False, "warn")), (), "passed"),
        ((result(), result(False)), (), "failed"),
        ((result(False), result(None)), (), "errored"),
        ((result(None, "warn"),), (), "errored"),
        ((result(),), ("Tabellen mangler",), "errored"),
        ((), (), "errored"),
    ],
)
def test_errored_goes_before_failed_and_nothing_evaluated_is_no_pass(
    results: tuple[Result, ...], errors: tuple[str, ...], expected: str
) -> None:
    assert decide(results, errors) == expected


def test_a_verdict_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written = verdict(result(), result(False))
    written.write(tmp_path)
    assert Verdict.load(tmp_path) == written


def _sealed(build_dir: Path, *tables: str) -> Path:
    with duckdb.connect(str(build_dir / "warehouse.duckdb")) as connection:
        for table in tables:
            connection.execute(f"create table {table} as select 1 as id")
    seal(build_dir / "warehouse.duckdb", build_dir, dict.fromkeys(tables, ("id",)))
    write_run_context(build_dir)
    return build_dir


ONE_CHECK = (rows("t.check", "Noe er galt", "select 1 where false"),)


@pytest.mark.parametrize(
    ("suites", "message"),
    [
        ({"t": Suite("t", ONE_CHECK), "absent": Suite("absent", ONE_CHECK)}, "absent skal"),
        ({}, "t er i bygget, men har ingen"),
        ({"t": Suite("t", ())}, "uten innhold"),
    ],
)
def test_a_table_missing_unchecked_or_with_an_empty_suite_has_errored(
    suites: dict[str, Suite], message: str, tmp_path: Path
) -> None:
    found = gate.run_gate(_sealed(tmp_path, "t"), suites)
    assert found.status == "errored"
    assert message in found.errors[0]
    assert Verdict.load(tmp_path) == found
    assert (tmp_path / QUALITY / PAGE_NAME).exists()


def test_a_build_without_a_seal_has_errored(tmp_path: Path) -> None:
    found = gate.run_gate(tmp_path)
    assert (found.status, found.seal_hash) == ("errored", None)
    assert "ikke forseglet" in found.errors[0]


def test_an_engine_that_raises_has_errored_and_takes_the_old_verdict_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict(result()).write(tmp_path)

    def explode(build_dir: Path, suites: object) -> tuple[Result, ...]:
        raise RuntimeError("motoren stoppet")

    monkeypatch.setattr(gate, "_evaluate", explode)
    found = gate.run_gate(_sealed(tmp_path, "t"), {"t": Suite("t", ONE_CHECK)})
    assert found.status == "errored"
    assert "motoren stoppet" in found.errors[0]
    assert Verdict.load(tmp_path).status == "errored"


@pytest.mark.parametrize(
    ("found", "status"),
    [(verdict(result()), 0), (verdict(result(False)), 4), (verdict(result(None)), 1)],
)
def test_the_exit_status_tells_passed_failed_and_errored_apart(
    found: Verdict, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gate, "run_gate", lambda build_dir: found)
    assert gate.main([str(tmp_path)]) == status


def test_the_gate_is_imported_without_great_expectations() -> None:
    code = "import sys, data_quality.gate; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- the suites as declared ---


def test_every_suite_sums_to_something_or_says_why_not() -> None:
    for table, suite in SUITES.items():
        assert suite.table == table
        assert bool(suite.sums_to) != bool(suite.no_sum), table


def test_identifiers_are_unique_and_named_by_table() -> None:
    checks = [(table, check) for table, suite in SUITES.items() for check in suite.checks]
    across = reconciliation.suite(SUITES.values()).checks
    identifiers = [check.id for _, check in checks] + [check.id for check in across]
    assert len(identifiers) == len(set(identifiers))
    assert all(check.id.startswith(f"{table}.") for table, check in checks)


def test_every_check_says_in_words_what_is_wrong() -> None:
    for suite in [*SUITES.values(), reconciliation.suite(SUITES.values())]:
        for check in suite.checks:
            assert check.description.endswith("."), check.id
            assert "brudd" not in check.description.lower().replace("er brutt", ""), check.id


def test_sums_are_compared_per_group_to_the_ore_and_null_is_a_group() -> None:
    sums = SumsTo(
        "x",
        "Summen er feil.",
        ("unit",),
        "select * from (values ('A', 1.00), (null, 2.00), ('B', 5.00)) as t(unit, nok)",
        "select * from (values ('A', 0.99), (null, 2.00), ('C', 7.00)) as t(unit, nok)",
    )
    with duckdb.connect() as connection:
        found = connection.execute(f"{sums.check().bad_rows} order by unit").fetchall()
    assert [(unit, str(difference)) for unit, _, _, difference in found] == [
        ("A", "0.01"),
        ("B", "5.00"),
        ("C", "-7.00"),
    ]


@pytest.mark.parametrize(
    ("amounts", "ore"),
    [("0.01, 0.02", 2), ("-0.01, -0.02", -2), ("1, 2, 9.99", 200), ("5", 500), ("0, -3, 3, 1", 50)],
)
def test_a_median_is_exact_and_half_an_ore_goes_away_from_zero(amounts: str, ore: int) -> None:
    source = f"(select 'A' as unit, cast(unnest([{amounts}]) as decimal(18, 2)) as nok) as t"
    found = duckdb.sql(median_ore(source, ("unit",), "nok")).fetchall()
    assert found == [("A", amounts.count(",") + 1, ore)]


def test_the_version_follows_the_source() -> None:
    assert suite_version() == suite_version()
    assert len(suite_version()) == 64


# --- the page ---


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    page = _Page()
    page.feed(html)
    return page.tags


def test_the_page_is_norwegian_opens_offline_and_captions_its_tables() -> None:
    html = render_page(verdict(result(), result(False), result(False, "warn")), "run-1")
    tags = _tags(html)
    assert ("html", {"lang": "nb"}) in tags
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags}
    assert "http" not in html and "@import" not in html and "url(" not in html
    names = [tag for tag, _ in tags]
    assert names.count("table") == names.count("caption") == 3
    assert names.count("h1") == 1


def test_the_page_escapes_what_came_from_outside() -> None:
    html = render_page(verdict(result(False, description="<b>fet</b>")), "<i>run</i>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html and "<b>fet" not in html and "<i>run" not in html
    assert "(tom)" in html


def test_the_page_names_verdict_expectation_rule_and_error() -> None:
    html = render_page(verdict(result(None), errors=("Tabellen x mangler",)), "run-1")
    assert "kunne ikke gjennomføres" in html
    assert "dim_thing.check" in html
    assert "D03" in html
    assert "list index out of range" in html
    assert "Tabellen x mangler" in html


def test_a_check_is_written_on_one_line() -> None:
    check: Check = rows("t.x", "Feil.", "select 1\n   where  false")
    assert check.bad_rows == "select 1 where false"
