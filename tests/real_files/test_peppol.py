"""Every published post-award document in ../shared/data: read with its lines, or refused rightly.

The expected values are the publisher's and an independent count's (EXPECTED_ubl.csv), not ours.
"""

from __future__ import annotations

import csv
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from pipelines.extracts.peppol_catalogue import CatalogueReader
from pipelines.extracts.peppol_despatch import DespatchReader
from pipelines.extracts.peppol_order import OrderReader
from pipelines.extracts.result import FileFacts
from pipelines.extracts.ubl_reader import UblReader
from pipelines.extracts.ubl_walk import document_in
from pipelines.extracts.xml import parse_xml

REFUSED = {
    "CatalogueResponse_Example.xml": "katalogsvar (ApplicationResponse): det sier bare at "
    "dokumentet «Cat-1» er godtatt",
    "T58_Example_file_EHF_Catalogue_Response.xml": "katalogsvar (ApplicationResponse): det sier "
    "bare at dokumentet «1» er avvist",
    "TransportationStatus_Example_UseCase_04.xml": "transportstatus",
}


class Read(NamedTuple):
    """What all the files became: head rows by SHA-256, all tables, facts and reasons."""

    heads: dict[str, dict[str, object]]
    tables: dict[str, pl.DataFrame]
    facts: dict[str, FileFacts]
    reasons: dict[str, str]


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "EXPECTED_ubl.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return [row for row in rows if row["file"].startswith("peppol_postaward/")]


@pytest.fixture(scope="module")
def found(shared_data: Path, expected: list[dict[str, str]]) -> Read:
    readers: list[UblReader] = [OrderReader(b"k"), DespatchReader(b"k"), CatalogueReader(b"k")]
    for row in expected:
        data = (shared_data / row["file"]).read_bytes()
        root = document_in(parse_xml(data))
        reader = next((each for each in readers if root.tag in each.roots), readers[0])
        reader.add_root(root, hashlib.sha256(data).hexdigest())
    read = Read({}, {}, {}, {})
    for reader in readers:
        result = reader.finish()
        read.tables.update(result.tables)
        head = result.tables[reader.tables[0].name]
        read.heads.update({row["source_sha256"]: row for row in head.iter_rows(named=True)})
        read.facts.update({facts.source_sha256: facts for facts in result.facts})
        read.reasons.update({each.source_sha256: each.reason for each in result.rejections})
    return read


def test_every_document_has_its_lines_and_totals_or_a_right_reason(
    shared_data: Path, expected: list[dict[str, str]], found: Read
) -> None:
    assert len(expected) == len(found.facts) == 22
    for row in expected:
        sha256 = sha256_of(shared_data / row["file"])
        refused = next((text for end, text in REFUSED.items() if row["file"].endswith(end)), None)
        if refused is not None:
            assert refused in found.reasons[sha256], row["file"]
            assert sha256 not in found.heads
            continue
        head = found.heads[sha256]
        assert sha256 not in found.reasons, row["file"]
        assert str(head["document_number"]) == row["id"]
        assert str(head["issue_date"]) == row["issue_date"]
        assert head["line_count"] == int(row["lines"]), row["file"]
        assert (head.get("currency") or "") == row["currency"]
        if row["line_ext"]:
            assert head["line_extension_amount"] == Decimal(row["line_ext"])
            assert head["payable_amount"] == Decimal(row["payable"])


def test_the_lines_of_an_order_add_up_to_the_independent_sum(
    shared_data: Path, expected: list[dict[str, str]], found: Read
) -> None:
    lines = found.tables["peppol_order_line"].filter(pl.col("line_kind") == "line")
    summed = 0
    for row in expected:
        if row["sum_lines"]:
            own = lines.filter(pl.col("source_sha256") == sha256_of(shared_data / row["file"]))
            assert own["amount"].sum() == Decimal(row["sum_lines"])
            summed += 1
    orders = found.tables["peppol_order"].filter(pl.col("total_amount").is_not_null())
    assert orders["lines_difference_amount"].to_list() == [Decimal(0)] * orders.height
    assert summed >= 1


def test_the_published_catalogue_is_added_updated_and_replaced(
    shared_data: Path, expected: list[dict[str, str]], found: Read
) -> None:
    lines, prices = found.tables["peppol_catalogue_line"], found.tables["peppol_catalogue_price"]
    actions = {}
    for row in expected:
        name = row["file"].split("__")[-1]
        if name.startswith("usecase"):
            sha256 = sha256_of(shared_data / row["file"])
            own = lines.filter(pl.col("source_sha256") == sha256)
            actions[name] = (found.heads[sha256]["action"], own["action"].to_list())
            assert prices.filter(pl.col("source_sha256") == sha256)[
                "currency"
            ].unique().to_list() == ["NOK"]
    assert actions == {
        "usecase1.xml": ("add", ["add"] * 7),
        "usecase2.xml": ("update", ["update", "add", "delete"]),
        "usecase3.xml": ("replace", ["add"] * 12),
    }


def test_punch_out_baskets_are_not_taken_for_price_lists(
    shared_data: Path, expected: list[dict[str, str]], found: Read
) -> None:
    for row in expected:
        if "punch-out" in row["file"]:
            sha256 = sha256_of(shared_data / row["file"])
            assert found.heads[sha256]["document_kind"] == "punch_out"


def test_the_receipt_says_what_came_and_what_was_wrong(found: Read) -> None:
    lines = found.tables["peppol_despatch_line"].filter(pl.col("received_quantity").is_not_null())
    columns = ("received_quantity", "short_quantity", "rejected_quantity", "oversupply_quantity")
    assert lines.select(columns).rows() == [
        (Decimal(90), Decimal(10), Decimal(1), Decimal(5)),
    ]


def test_each_file_is_accounted_for(found: Read) -> None:
    for facts in found.facts.values():
        assert facts.rows_in == facts.rows_accepted + facts.rows_quarantined
        if facts.amount_in is not None:
            assert facts.amount_accepted is not None
            assert facts.amount_quarantined is not None
            assert facts.amount_in == facts.amount_accepted + facts.amount_quarantined
