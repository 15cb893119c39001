"""Skatteetaten's published SAF-T examples, against their own control totals and an outside count.

Expected values are those of EXPECTED_other.csv, not ours.
"""

from __future__ import annotations

import csv
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.extracts.saft import SaftResult, is_saft, read_saft

FOLDER = "saft/Skatteetaten__saf-t/"
FILLED = FOLDER + "Example_Files__ExampleFile_SAF-T_Financial_888888888_20180228235959.xml"
SKELETON = FOLDER + "SAF-T_Financial_1.3__Example_Files__Eksempelfil_fra_xmlSpy.xml"


def read(path: Path) -> SaftResult:
    data = path.read_bytes()
    assert is_saft(data[:4096])
    result = read_saft(data, hashlib.sha256(data).hexdigest(), b"test key")
    assert result.rejections == []
    return result


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, str]:
    with (shared_data / "EXPECTED_other.csv").open(encoding="utf-8") as handle:
        return {row["file"]: row["value"] for row in csv.DictReader(handle)}


def test_the_filled_example_has_its_declared_totals(
    shared_data: Path, expected: dict[str, str]
) -> None:
    result = read(shared_data / FILLED)
    lines = result.tables["saft_journal_line"]
    unbalanced = lines.filter(~lines["is_transaction_balanced"])["transaction_row"].n_unique()
    found = (
        lines["transaction_row"].n_unique(),
        lines.height,
        lines["debit_amount"].sum(),
        lines["credit_amount"].sum(),
        unbalanced,
        result.tables["saft_supplier"].height,
        result.tables["saft_account"].height,
    )
    assert "; ".join(map(str, found)) == expected[FILLED]
    assert lines["amount"].sum() == Decimal("0.00")


def test_every_account_and_party_of_the_ledger_is_in_the_master_files(shared_data: Path) -> None:
    tables = read(shared_data / FILLED).tables
    lines = tables["saft_journal_line"]
    for column, table in (
        ("account_id", "saft_account"),
        ("supplier_id", "saft_supplier"),
        ("customer_id", "saft_customer"),
    ):
        used = set(lines[column].drop_nulls())
        assert used
        assert used <= set(tables[table][column]), column


def test_the_skeleton_has_no_ledger_entries(shared_data: Path, expected: dict[str, str]) -> None:
    assert expected[SKELETON] == "none (a skeleton)"
    result = read(shared_data / SKELETON)
    assert result.tables["saft_journal_line"].is_empty()
    assert result.tables["saft_supplier"].height == 1
    assert (result.facts.rows_accepted, result.facts.rows_quarantined) == (1, 0)
    assert any("ingen hovedboksposteringer" in note for note in result.notes)
