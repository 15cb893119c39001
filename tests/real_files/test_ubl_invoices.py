"""Every published invoice in ../shared/data: accepted with its declared totals, or refused rightly.

The expected values are the publisher's and an independent count's (EXPECTED_ubl.csv), not ours.
"""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.conftest import AS_OF, only_once

pytestmark = pytest.mark.slow

SETS = ("ubl_invoice", "ubl_invoice_ehf2")
REFUSED = {
    "PaymentRequest-example-1.xml": "betalingsanmodning",
    "Reminder-Example-with-REM.xml": "purring",
    "Reminder-Example.xml": "purring",
    "issue-157.xml": "rotelementet «test»",
    "T17_biixy_gyldig_purring_med_alle_elementer.xml": "rotelementet «Reminder»",
    "T17-hode-feil.xml": "rotelementet «Reminder»",
    "T10-hode-blank.xml": "mangler cbc:ID",
}


@pytest.fixture(scope="session")
def real_home(shared_folder: Path, shared_data: Path) -> Path:
    folder = shared_folder / "real"
    if not folder.exists():
        for name in SETS:
            shutil.copytree(shared_data / name, folder / "landing" / name)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    return only_once(folder, ["run", "--home", folder, "--as-of", AS_OF])


def test_every_document_has_exactly_its_declared_totals_or_a_right_reason(
    real_home: Path, shared_data: Path
) -> None:
    with (shared_data / "EXPECTED_ubl.csv").open(encoding="utf-8") as handle:
        expected = [row for row in csv.DictReader(handle) if row["file"].split("/")[0] in SETS]
    path = real_home / "published" / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(path), read_only=True) as published:
        found = {
            row[0]: row[1:]
            for row in published.execute(
                "select r.file_name, r.quarantine_reason, r.currency, r.amount_in, "
                "r.amount_accepted, d.tax_amount, d.tax_inclusive_amount, d.payable_amount, "
                "d.document_number from mart_reconciliation r "
                "left join fct_document d using (source_sha256)"
            ).fetchall()
        }
    assert len(found) == len(expected) == 44
    waiting: list[str] = []
    for row in expected:
        reason, currency, amount_in, accepted, tax, inclusive, payable, number = found[row["file"]]
        refused = next((word for end, word in REFUSED.items() if row["file"].endswith(end)), None)
        if refused is not None:
            assert refused in reason, row["file"]
            continue
        sign = -1 if row["root"] == "CreditNote" else 1
        if reason is not None:  # another file has the same number from the same seller
            assert [other["id"] for other in expected].count(row["id"]) > 1, row["file"]
            assert "er alt lest inn med annet innhold" in reason, row["file"]
            assert amount_in == sign * Decimal(row["tax_excl"]), row["file"]
            assert accepted == 0
            waiting.append(row["id"])
            continue
        assert (number, currency) == (row["id"], row["currency"])
        assert amount_in == accepted == sign * Decimal(row["tax_excl"]), row["file"]
        assert tax == sign * Decimal(row["tax_totals"].split("|")[0]), row["file"]
        assert inclusive == sign * Decimal(row["tax_incl"]), row["file"]
        assert payable == sign * Decimal(row["payable"]), row["file"]
    # Examples made from one another; of each number one file counts.
    assert sorted(waiting) == [
        *("0997462625", "0997462625", "12345", "12345", "32", "32"),
        *("Snippet1", "TOSL108", "TOSL108"),
    ]


def test_the_reconciliation_adds_up_to_the_ore(real_home: Path) -> None:
    path = real_home / "published" / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(path), read_only=True) as published:
        wrong = published.execute(
            "select file_name from mart_reconciliation where "
            "amount_in <> amount_accepted + amount_quarantined "
            "+ amount_duplicate + amount_left_out "
            "or rows_in <> rows_accepted + rows_quarantined + rows_duplicate + rows_left_out "
            "or amount_accepted_nok <> spend_nok + outside_population_nok + replaced_by_ledger_nok"
        ).fetchall()
        spend, lines = published.execute(
            "select (select sum(spend_nok) from mart_reconciliation), "
            "(select sum(amount_nok) from fct_spend_line)"
        ).fetchone() or (None, None)
    assert wrong == []
    assert spend == lines
