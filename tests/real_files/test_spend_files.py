"""Every published ledger and budget in ../shared/data, read by a mapping that is drafted for it.

The expected values are an independent count's and the publishers' own control totals, not ours.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.extracts.mapped import TabularResult, read_mapped, read_table
from pipelines.extracts.mapping import load_mapping, shipped_mappings
from pipelines.extracts.mapping_suggest import SuggestionProblem, suggest
from tests.conftest import SHARED_DATA

pytestmark = pytest.mark.slow

_EXPECTED = SHARED_DATA / "EXPECTED_spend.csv"
# Expected twice under one name: as published, and the first rows of it, which is what lies here.
_ANOTHER_SLICE = "23612"
_QUARANTINED = {
    "gateshead__clean__2018-09.csv": {"gjort tallet om": 761, "for smal": 17},
    "sheffield__clean__2014-04.csv": {"«REDACTED PERSONAL DATA»": 2528},
}


def _cases() -> list[dict[str, str]]:
    if not _EXPECTED.is_file():
        return []
    with _EXPECTED.open(encoding="utf-8") as handle:
        return [row for row in csv.DictReader(handle) if row["data_rows"] != _ANOTHER_SLICE]


def _read(path: Path) -> TabularResult:
    data = path.read_bytes()
    draft = suggest(data, path.name)
    return read_mapped(data, "f" * 64, load_mapping(draft.text, path.name), b"test")


def _ore(amount: Decimal | None) -> int:
    assert amount is not None
    assert amount * 100 == int(amount * 100)
    return int(amount * 100)


@pytest.mark.parametrize("expected", _cases(), ids=lambda row: row["file"].rsplit("/", 1)[-1])
def test_a_published_ledger_has_its_rows_and_exact_sum(
    shared_data: Path, expected: dict[str, str]
) -> None:
    result = _read(shared_data / expected["file"])
    table, facts = result.tables["ledger_line"], result.facts
    name = expected["file"].rsplit("/", 1)[-1]

    assert table.height == facts.rows_accepted == int(expected["amounts"])
    assert table["amount"].sum() == facts.amount_accepted == Decimal(expected["sum"])
    assert int((table["amount"] < 0).sum()) == int(expected["negatives"])
    words = _QUARANTINED.get(name, {})
    found = {w: sum(w in r.reason for r in result.rejections) for w in words}
    assert found == words
    assert facts.rows_quarantined == len(result.rejections) == sum(words.values())
    stated = [total.stated for total in result.control_totals]
    assert stated == ([Decimal(expected["control_total"])] if expected["control_total"] else [])

    repeated = int(expected["exact_duplicate_rows"])
    noted = [note for note in result.notes if "like en tidligere rad" in note]
    assert noted == (
        [f"{repeated} rader er like en tidligere rad; de er ekte linjer og beholdt"]
        if repeated
        else []
    )
    _assert_balanced(result)


@pytest.mark.parametrize("expected", _cases(), ids=lambda row: row["file"].rsplit("/", 1)[-1])
def test_a_published_ledger_is_read_by_a_shipped_mapping_too(
    shared_data: Path, expected: dict[str, str]
) -> None:
    data = (shared_data / expected["file"]).read_bytes()
    mapping, result = read_table(data, "f" * 64, list(shipped_mappings()), b"test")
    assert mapping is not None
    assert result.facts.rows_accepted == int(expected["amounts"])
    assert result.facts.amount_accepted == Decimal(expected["sum"])
    _assert_balanced(result)


def _assert_balanced(result: TabularResult) -> None:
    facts = result.facts
    rows = facts.rows_accepted + facts.rows_quarantined + facts.rows_left_out
    assert facts.rows_in == rows
    money = _ore(facts.amount_accepted) + _ore(facts.amount_quarantined)
    assert _ore(facts.amount_in) == money + _ore(facts.amount_left_out)
    assert _ore(result.left_out_amount) == sum(_ore(t.stated) for t in result.control_totals)


@pytest.mark.parametrize("kind", ["dataset.csv", "dataset.original.csv"])
@pytest.mark.parametrize(
    ("name", "rows", "sums", "negative"),
    [
        ("bergen__budsjett-2012__driftsbudsjett", 1944, {}, None),
        ("stavanger__budsjett__2016__drift", 11130, {2016: "0"}, 1901),
        ("sogndal__budsjett-2013__driftsbudsjett", 4898, {2012: "0", 2013: "0"}, None),
    ],
)
def test_a_published_budget_has_its_rows_and_balances(
    shared_data: Path, kind: str, name: str, rows: int, sums: dict[int, str], negative: int | None
) -> None:
    folder = shared_data / "no_budget" / "datahotellet__dataset-archive"
    path = folder / f"datasets__{name}__{kind}"
    result = _read(path)
    table = result.tables["budget_line"]
    by_shipped = read_table(path.read_bytes(), "f" * 64, list(shipped_mappings()), b"test")[1]
    assert by_shipped.facts == result.facts
    assert table["source_row"].n_unique() == rows
    assert not result.rejections
    by_year = dict(table.group_by("year").agg(pl.col("amount").sum()).iter_rows())
    assert {year: by_year[year] for year in sums} == {y: Decimal(s) for y, s in sums.items()}
    assert negative is None or int((table["amount"] < 0).sum()) == negative
    _assert_balanced(result)


def test_every_other_table_beside_the_budgets_is_refused_with_a_reason(shared_data: Path) -> None:
    folder = shared_data / "no_budget"
    others = [p for p in sorted(folder.rglob("*.csv")) if "dataset" not in p.name.split("__")[-1]]
    others += sorted(folder.rglob("*rapporteringsenheter*dataset*.csv"))
    assert others
    for path in others:
        with pytest.raises(SuggestionProblem, match="ingen kolonne med beløp"):
            suggest(path.read_bytes(), path.name)
