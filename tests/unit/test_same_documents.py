"""The same document or table again: counted once, or waiting for a decision."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import UsageError
from pipelines.lake import manifests, quarantine
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.lake.source_files import write_source_files
from pipelines.settings import Settings
from tests.ubl import invoice, line
from tests.unit.test_saft import PAIR, audit_file

OTHER = '<cbc:CompanyID schemeID="0192">971274190</cbc:CompanyID>'
LEDGER = """\
name: hovedbok
table: ledger_line
columns: {voucher_number: Bilag, posting_date: Dato, supplier_name: Navn, amount: Beløp}
constants: {ledger_kind: supplier_ledger, currency: NOK}
decimal: ","
dates: ["%d.%m.%Y"]
totals: {find: false}
"""
PRICES = """\
name: priser
table: price_table_item
columns: {item_id: Varenr, price: Pris}
constants: {currency: NOK}
decimal: ","
"""


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    mappings = settings.config / "mappings"
    mappings.mkdir(exist_ok=True)
    (mappings / "hovedbok.yaml").write_text(LEDGER, "utf-8")
    (mappings / "priser.yaml").write_text(PRICES, "utf-8")
    return settings


def ledger(first: int, last: int, extra: str = "") -> bytes:
    rows = "".join(f"{n};{n % 28 + 1:02}.03.2024;Selger AS;{n},50\n" for n in range(first, last))
    return f"Bilag;Dato;Navn;Beløp\n{rows}{extra}".encode()


def run(home: Settings, *files: bytes, prefix: str = "f") -> dict[str, dict[str, Any]]:
    """Drop files, extract, and return the source files by name."""
    for number, data in enumerate(files):
        (home.landing / f"{prefix}{number}").write_bytes(data)
    extract(home)
    return source_files(home)


def source_files(home: Settings) -> dict[str, dict[str, Any]]:
    target = home.home / "kilder.parquet"
    write_source_files(home, target)
    return {row["file_name"]: row for row in pl.read_parquet(target).to_dicts()}


def statuses(found: dict[str, dict[str, Any]]) -> list[str]:
    return [found[name]["status"] for name in sorted(found)]


def test_the_same_content_in_other_bytes_is_a_duplicate_and_counted(home: Settings) -> None:
    run(home, invoice())
    found = run(home, invoice().replace(b"><cbc:ID>", b">\n <cbc:ID>"), prefix="g")
    copy = found["g0"]
    assert (found["f0"]["status"], copy["status"]) == ("accepted", "duplicate")
    assert (copy["rows_in"], copy["rows_accepted"], copy["rows_duplicate"]) == (1, 0, 1)
    assert (copy["amount_in"], copy["amount_accepted"]) == (Decimal("100.00"), Decimal("0.00"))
    assert copy["amount_duplicate"] == Decimal("100.00")
    assert "samme innhold som «f0»" in copy["quarantine_reason"]


def test_other_content_under_the_same_number_waits_and_the_first_stands(home: Settings) -> None:
    run(home, invoice())
    found = run(home, invoice("200.00", line(amount="200.00")), prefix="g")
    late = found["g0"]
    assert (found["f0"]["status"], late["status"]) == ("accepted", "conflict")
    assert (late["rows_quarantined"], late["amount_quarantined"]) == (1, Decimal("200.00"))
    assert late["amount_accepted"] == Decimal("0.00")
    (item,) = quarantine.items(home)
    assert (item.what, item.other_name) == ("conflict", "f0")
    changes = {column: (left, right) for column, left, right in quarantine.differences(home, item)}
    assert changes["ehf_document.tax_exclusive_amount"] == ("100.00", "200.00")
    assert changes["ehf_line.sum(amount)"] == ("100.00", "200.00")


@pytest.mark.parametrize(
    "other",
    [
        invoice(number="F-2"),
        invoice(seller=OTHER),
        invoice(root="CreditNote"),
    ],
    ids=["another number", "another seller", "a credit note"],
)
def test_another_document_is_no_conflict(home: Settings, other: bytes) -> None:
    assert statuses(run(home, invoice(), other)) == ["accepted", "accepted"]


def test_a_change_of_one_line_alone_is_a_conflict(home: Settings) -> None:
    changed = invoice(lines=line().replace("Vare 1", "Vare 2"))
    assert sorted(statuses(run(home, invoice(), changed))) == ["accepted", "conflict"]


def test_within_one_run_the_order_and_names_of_files_do_not_matter(tmp_path: Path) -> None:
    contents = [invoice(), invoice("1.00", line(amount="1.00")), invoice() + b"\n"]
    seen = set()
    for number, order in enumerate(permutations(contents)):
        settings = Settings(home=tmp_path / str(number), settle_seconds=0, batch_files=1)
        make_home(settings)
        found = run(settings, *order)
        seen.add(tuple(sorted((row["source_sha256"], row["status"]) for row in found.values())))
    assert len(seen) == 1


def test_accepting_lets_both_count_and_rejecting_neither_again(home: Settings) -> None:
    run(home, invoice())
    found = run(home, invoice("200.00", line(amount="200.00")), prefix="g")
    sha = found["g0"]["source_sha256"]
    quarantine.settle(home, sha[:10], accept=True, reason="leverandøren gjenbruker numre")
    assert statuses(source_files(home)) == ["accepted", "accepted"]
    quarantine.settle(home, sha, accept=False, reason="feilsendt likevel")
    late = source_files(home)["g0"]
    assert (late["status"], late["rows_quarantined"]) == ("rejected", 1)
    assert late["quarantine_reason"] == "avvist etter vurdering: feilsendt likevel"
    (item,) = quarantine.items(home)
    assert [made["decision"] for made in item.made] == ["accept", "reject"]


def test_when_the_first_is_withdrawn_the_other_stands(home: Settings) -> None:
    first = run(home, invoice())["f0"]["source_sha256"]
    run(home, invoice("200.00", line(amount="200.00")), prefix="g")
    manifests.withdraw(home, first, "feil beløp")
    assert statuses(source_files(home)) == ["withdrawn", "accepted"]


def test_only_a_conflict_can_be_accepted(home: Settings) -> None:
    run(home, b"<a/>")
    (item,) = quarantine.items(home)
    with pytest.raises(UsageError, match="Rett filen og legg den i landing"):
        quarantine.settle(home, item.sha256, accept=True, reason="x")
    quarantine.settle(home, item.sha256, accept=False, reason="gjelder ikke innkjøp")
    (item,) = quarantine.items(home)
    assert item.made[-1]["decision"] == "set_aside"
    with pytest.raises(UsageError, match="fant ingen"):
        quarantine.settle(home, "ffff", accept=False, reason="x")
    with pytest.raises(UsageError, match="begrunnelse"):
        quarantine.settle(home, item.sha256, accept=False, reason=" ")


# --- tables -------------------------------------------------------------------------------------


def test_a_part_of_a_ledger_that_is_loaded_whole_is_a_duplicate(home: Settings) -> None:
    found = run(home, ledger(1, 50), ledger(1, 100))
    assert statuses(found) == ["duplicate", "accepted"]
    # 1,50 + … + 49,50 = 49·50/2 + 49·0,50
    assert (found["f0"]["rows_duplicate"], found["f0"]["amount_duplicate"]) == (
        49,
        Decimal("1249.50"),
    )


def test_the_same_export_written_otherwise_is_a_duplicate(home: Settings) -> None:
    found = run(home, ledger(1, 20), ledger(1, 20).replace(b";", b"\t"))
    assert sorted(statuses(found)) == ["accepted", "duplicate"]


def test_ledgers_that_share_half_their_rows_are_a_conflict(home: Settings) -> None:
    run(home, ledger(1, 21))
    found = run(home, ledger(11, 31), prefix="g")
    assert statuses(found) == ["accepted", "conflict"]
    assert "10 av 20 rader står også i «f0»" in found["g0"]["quarantine_reason"]


def test_ledgers_that_share_fewer_rows_both_count(home: Settings) -> None:
    assert statuses(run(home, ledger(1, 21), ledger(12, 32))) == ["accepted", "accepted"]


def test_equal_lines_within_one_ledger_are_kept(home: Settings) -> None:
    twice = "7;01.03.2024;Selger AS;9,00\n" * 2
    found = run(home, ledger(1, 3, twice))
    assert found["f0"]["rows_accepted"] == 4


def test_a_new_price_list_with_mostly_old_prices_counts(home: Settings) -> None:
    old = "Varenr;Pris\n" + "".join(f"V{n};{n},00\n" for n in range(1, 30))
    found = run(home, old.encode(), (old + "V99;3,00\n").encode())
    assert statuses(found) == ["accepted", "accepted"]


# --- SAF-T --------------------------------------------------------------------------------------


def audit(first: str, last: str, created: str) -> bytes:
    period = (
        f"<SelectionCriteria><SelectionStartDate>{first}</SelectionStartDate>"
        f"<SelectionEndDate>{last}</SelectionEndDate></SelectionCriteria>"
    )
    text = audit_file(PAIR).decode()
    text = text.replace(
        "<Company>", f"<AuditFileDateCreated>{created}</AuditFileDateCreated><Company>"
    )
    return text.replace("</Header>", f"{period}</Header>").encode()


HALF, YEAR = ("2024-01-01", "2024-06-30"), ("2024-01-01", "2024-12-31")
SECOND_HALF, MIDDLE = ("2024-07-01", "2024-12-31"), ("2024-04-01", "2024-09-30")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((*HALF, "2024-07-02"), (*YEAR, "2025-01-10"), ["duplicate", "accepted"]),
        ((*YEAR, "2025-01-10"), (*HALF, "2024-07-02"), ["accepted", "duplicate"]),
        ((*HALF, "2024-07-02"), (*SECOND_HALF, "2025-01-10"), ["accepted", "accepted"]),
        ((*HALF, "2024-07-02"), (*MIDDLE, "2024-10-01"), ["accepted", "conflict"]),
        ((*YEAR, "2025-01-10"), (*HALF, "2025-02-01"), ["accepted", "conflict"]),
    ],
    ids=["part first", "whole first", "two halves", "overlap", "part made later"],
)
def test_a_later_audit_file_replaces_what_it_covers(
    home: Settings, one: tuple[str, ...], other: tuple[str, ...], expected: list[str]
) -> None:
    run(home, audit(*one))
    assert statuses(run(home, audit(*other), prefix="g")) == expected
