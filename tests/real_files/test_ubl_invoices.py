"""Every published invoice in ../shared/data: accepted with its declared totals, or refused rightly.

The expected values are the publisher's and an independent count's (EXPECTED_ubl.csv), not ours.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines import cli
from pipelines.builds import write_inputs
from pipelines.derived.contracts import DERIVED, write_empty
from pipelines.lake.batches import extract
from pipelines.lake.home import lock, make_home
from pipelines.settings import Settings
from tests.compiled import CompiledProject
from tests.conftest import AS_OF, samkjop

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


# Examples that were made from one another: of each number from one seller one file counts at first.
CONFLICTS = 9


@pytest.fixture(scope="module")
def published(
    tmp_path_factory: pytest.TempPathFactory, shared_data: Path, compiled_project: CompiledProject
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of every file, in which every file in conflict has been accepted."""
    settings = Settings(home=tmp_path_factory.mktemp("real"), settle_seconds=0)
    make_home(settings)
    for name in SETS:
        shutil.copytree(shared_data / name, settings.landing / name)
    for path in settings.landing.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with lock(settings, "test"):
        extract(settings)
    _accept_conflicts(settings.home)
    folder = settings.builds / "prøve"
    write_inputs(settings, folder, date.fromisoformat(AS_OF))
    write_empty(folder / DERIVED)
    (folder / "lake").symlink_to(settings.lake)
    with compiled_project.build(folder) as connection:
        assert compiled_project.breaks(connection) == []
        yield connection


def _accept_conflicts(folder: Path) -> None:
    listed = samkjop("quarantine", "list", "--home", folder).stdout.splitlines()
    waiting = [line for line in listed if "  konflikt  " in line]
    assert len(waiting) == CONFLICTS, listed
    assert all("er alt lest inn med annet innhold" in line for line in waiting)
    for line in waiting:
        accept = ["quarantine", "accept", line[:12], "--reason", "et eksempel for seg"]
        with pytest.raises(SystemExit) as ended:
            cli.main([*accept, "--home", str(folder)])
        assert ended.value.code == 0


def test_every_document_has_exactly_its_declared_totals_or_a_right_reason(
    published: duckdb.DuckDBPyConnection, shared_data: Path
) -> None:
    with (shared_data / "EXPECTED_ubl.csv").open(encoding="utf-8") as handle:
        expected = [row for row in csv.DictReader(handle) if row["file"].split("/")[0] in SETS]
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
    for row in expected:
        reason, currency, amount_in, accepted, tax, inclusive, payable, number = found[row["file"]]
        refused = next((word for end, word in REFUSED.items() if row["file"].endswith(end)), None)
        if refused is not None:
            assert refused in reason, row["file"]
            continue
        sign = -1 if row["root"] == "CreditNote" else 1
        assert reason is None, row["file"]
        assert (number, currency) == (row["id"], row["currency"])
        assert amount_in == accepted == sign * Decimal(row["tax_excl"]), row["file"]
        assert tax == sign * Decimal(row["tax_totals"].split("|")[0]), row["file"]
        assert inclusive == sign * Decimal(row["tax_incl"]), row["file"]
        assert payable == sign * Decimal(row["payable"]), row["file"]


def test_the_reconciliation_adds_up_to_the_ore(
    published: duckdb.DuckDBPyConnection,
) -> None:
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
