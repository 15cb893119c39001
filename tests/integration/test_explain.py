"""From each figure of the demo back to its lines, and from these to the bytes of the files."""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.explain.answer import Question, explain
from pipelines.explain.lineage import LINEAGE
from pipelines.lake.access_log import LOG
from pipelines.settings import Settings
from tests.conftest import samkjop

pytestmark = pytest.mark.slow

ROWS = 12  # of each column, spread over the table
# Definitions with other amounts than the lines' own (VAT), other suppliers (by name) or only some
# categories and accounts: there the answer says how far the lines are from the figure.
BY_LINES = "('STD', 'STD_FAKTURA', 'STD_MIN', 'STD_OFFENTLIG', 'ALLE')"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo, with a log of its own: what is read is only linked to."""
    folder = tmp_path_factory.mktemp("innsyn")
    for name in ("archive", "published", "lake", "config"):
        (folder / name).symlink_to(demo_home / name)
    return Settings(home=folder)


def _amounts(demo: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    described = demo.execute(f"describe {table}").fetchall()
    columns = [row[0] for row in described if row[0].endswith("_nok")]
    exact, formulas = LINEAGE[table].columns, LINEAGE[table].formulas
    return [name for name in columns if name in exact] or [n for n in columns if n not in formulas]


# Its amounts are numerators of key figures, none of them the sum of one column.
NO_AMOUNT = {"mart_strategy_kpi", "mart_control_coverage"}


@pytest.mark.parametrize("table", sorted(LINEAGE.keys() - NO_AMOUNT))
def test_every_amount_is_the_sum_of_the_lines_it_is_said_to_rest_on(
    home: Settings, demo: duckdb.DuckDBPyConnection, table: str
) -> None:
    sealed = json.loads((home.published / "current" / "seal.json").read_text("utf-8"))
    key = sealed["tables"][table]["key"]
    named = ", ".join(f"cast({name} as varchar)" for name in key)
    looked_at = 0
    among = f"and definition_id in {BY_LINES} " if "definition_id" in key else ""
    for column in _amounts(demo, table):
        rows = demo.execute(
            f"select {named} from {table} where {column} <> 0 {among}"
            f"order by md5(concat_ws('|', {named})) limit {ROWS}"
        ).fetchall()
        for row in rows:
            given = {name: value for name, value in zip(key, row, strict=True) if value is not None}
            question = Question(table, column, given)
            answer = explain(home, question, None, limit=0)
            assert answer.adds_up, (question, answer.value, answer.lines_nok)
            looked_at += 1
    assert looked_at >= 1


def test_the_line_of_an_invoice_is_found_with_its_own_amount(
    home: Settings, demo: duckdb.DuckDBPyConnection
) -> None:
    """The amount in the file's own text is the published one: credit notes with the other sign."""
    lines = demo.execute(
        "select spend_line_id, amount_nok from fct_spend_line where line_kind = 'line' "
        "and currency = 'NOK' and divided_line_id is null "
        "order by md5(spend_line_id) limit 40"
    ).fetchall()
    for spend_line_id, amount in lines:
        question = Question("fct_spend_line", None, {"spend_line_id": spend_line_id})
        (line,) = explain(home, question, None, limit=1).lines
        assert line.place is not None, line.problem
        found = re.search(r"<cbc:LineExtensionAmount[^>]*>([-\d.]+)<", line.place.text)
        assert found is not None
        assert abs(Decimal(found[1])) == abs(amount)
    assert len(lines) == 40


def test_its_use_is_logged_for_its_owner_alone(home: Settings) -> None:
    path = home.home / LOG
    path.unlink(missing_ok=True)
    explain(home, Question("mart_coverage", None, _some(home, "mart_coverage")), None, limit=1)
    (entry,) = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    assert entry["table"] == "mart_coverage"
    assert entry["lines"] >= 1
    assert entry["user"]
    assert path.stat().st_mode & 0o077 == 0


def _some(home: Settings, table: str) -> dict[str, str]:
    database = home.published / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        year, category = connection.execute(
            f"select year, category_id from {table} where covered_nok > 0 order by all limit 1"
        ).fetchone() or (0, "")
    return {"year": str(year), "category_id": category}


def test_an_auditor_gets_a_workbook_with_the_text_of_each_line(
    home: Settings, tmp_path: Path
) -> None:
    told = [f"{name}={value}" for name, value in _some(home, "mart_coverage").items()]
    path = tmp_path / "innsyn.xlsx"
    result = samkjop(
        *("explain", "mart_coverage", "covered_nok", *told, "--limit", "3"),
        *("--out", path, "--home", home.home),
    )
    assert result.returncode == 0, result.stderr
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Tallet", "Linjene", "Originalene"]
    texts = [row[4].value for row in book["Originalene"].iter_rows(min_row=2)]
    assert texts and all("<" in text or "\t" in text for text in texts)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mart_nei"], "ingen publisert tabell"),
        (["mart_coverage", "nei_nok"], "fant ingen kolonne «nei_nok»"),
        (["mart_coverage", "covered_nok", "year=1066"], "fant ingen."),
        (["mart_coverage", "covered_nok"], "Gi også year=…, category_id=…"),
        (["mart_coverage", "a", "b"], "forventet én kolonne, fant a, b"),
        (["mart_coverage", "--snapshot", "../x"], "forventet et publisert øyeblikksbilde"),
    ],
)
def test_a_wrong_question_gets_one_sentence(
    home: Settings, arguments: list[str], said: str
) -> None:
    result = samkjop("explain", *arguments, "--home", home.home)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_missing_original_is_said_and_not_hidden(home: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "uten"
    shutil.copytree(home.home / "published" / "current", folder / "published" / "current")
    (folder / "lake").symlink_to((home.home / "lake").resolve())
    (folder / "archive").mkdir()
    question = Question("mart_coverage", "covered_nok", _some(home, "mart_coverage"))
    answer = explain(Settings(home=folder), question, None, limit=2)
    assert all("originalen er ikke i arkivet" in (line.problem or "") for line in answer.lines)
    assert not answer.is_complete


@pytest.mark.parametrize("kpi_id", ["EHANDEL_ALT", "DEKNING"])
def test_a_key_figure_leads_to_the_lines_of_its_numerator(home: Settings, kpi_id: str) -> None:
    row = {"year": "2024", "kpi_id": kpi_id}
    answer = explain(home, Question("mart_strategy_kpi", "numerator", row), None, limit=1)
    assert answer.value == answer.lines_nok > 0


def test_a_mean_is_never_compared_with_the_sum_of_lines(home: Settings) -> None:
    row = {"year": "2024", "definition_id": "STD"}
    answer = explain(home, Question("mart_supplier_average", "mean_nok", row), None, limit=1)
    assert answer.adds_up is None
    assert answer.formula == "numerator_nok / denominator_suppliers"


def test_the_row_of_a_register_is_shown_as_it_stands_in_its_file(
    home: Settings, demo: duckdb.DuckDBPyConnection
) -> None:
    key = ("register", "source_sha256", "source_row", "column_name")
    found = demo.execute(
        f"select {', '.join(key)} from mart_register_issue where register = 'kategorikoder'"
    ).fetchone()
    assert found is not None
    row = {name: str(value) for name, value in zip(key, found, strict=True)}
    (line,) = explain(home, Question("mart_register_issue", None, row), None, limit=1).lines
    assert line.place is not None
    assert "K999" in line.place.text
