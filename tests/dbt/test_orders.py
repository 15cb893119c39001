"""From order and price list to spend line, on one lake made for the test and worked out by hand.

What each step must give stands in the unit tests beside the models; here the steps are together.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome

pytestmark = pytest.mark.slow

BUYER, SELLER, OTHER = "810000001", "974760673", "923609016"
ORDERED, INVOICED = dt.date(2024, 12, 30), dt.date(2025, 1, 20)


def _row(file: str, row: int = 1, **values: Any) -> dict[str, Any]:
    return {"source_sha256": file, "source_row": row, **values}


def _order(file: str, number: str, seller: str, day: dt.date, **values: Any) -> dict[str, Any]:
    head: dict[str, Any] = {
        "document_id": file,
        "document_kind": "order",
        "document_number": number,
    }
    return _row(file, **head, issue_date=day, seller_orgnr=seller, buyer_orgnr=BUYER, **values)


def _bill(file: str, order: str | None, seller: str = SELLER) -> dict[str, Any]:
    return _row(
        file,
        document_id=file,
        document_kind="invoice",
        document_number=file,
        issue_date=INVOICED,
        currency="NOK",
        seller_orgnr=seller,
        seller_name=seller,
        buyer_orgnr=BUYER,
        order_reference=order,
        tax_exclusive_amount=Decimal(100),
    )


def _line(file: str, item: str | None = None) -> dict[str, Any]:
    return _row(file, document_id=file, line_kind="line", amount=Decimal(100), sellers_item_id=item)


BILLS = [
    _bill("matched", "PO-00777"),
    _bill("other_seller", "PO-777", OTHER),
    _bill("late", "888"),
    _bill("unheard", "999"),
    _bill("phoned", "555"),
    _bill("bare", None),
]
TABLES: dict[str, list[dict[str, Any]]] = {
    "ehf_document": BILLS,
    "ehf_line": [_line(bill["document_id"], "V-1") for bill in BILLS],
    "peppol_order": [
        _order("O1", "PO-00777", SELLER, ORDERED, buyer_reference="SKOLE"),
        _order(
            "C1",
            "E-1",
            SELLER,
            dt.date(2025, 2, 1),
            order_reference="PO-00777",
            contract_reference="2021/1",
            buyer_reference="SKOLE",
        )
        | {"document_kind": "order_change"},
        _order("O2", "888", SELLER, dt.date(2025, 1, 21)),
    ],
    "order_table_line": [
        _row(
            "export",
            order_number="555",
            order_date=ORDERED,
            supplier_orgnr=SELLER,
            supplier_name=SELLER,
            channel="Telefon",
        )
    ],
    "price_table_item": [
        _row(
            "prices",
            supplier_orgnr=SELLER,
            supplier_name=SELLER,
            contract_reference="2021/1",
            item_id="v1",
            price=Decimal("12.5"),
            valid_from=dt.date(2024, 1, 1),
            valid_to=dt.date(2024, 12, 30),
        )
    ],
    "reg_unit": [_row("reg", unit_id="S", name="Skolen")],
    "reg_unit_identifier": [
        _row(
            "reg",
            unit_id="S",
            identifier_type="buyer_reference",
            match_type="exact",
            value="SKOLE",
            priority=100,
        )
    ],
    "reg_category": [_row("reg", category_id="MAT", name="Mat")],
    "reg_agreement": [
        _row(
            "reg",
            agreement_id="A",
            title="Mat",
            is_binding=True,
            valid_from=dt.date(2021, 1, 1),
            end_date=dt.date(2024, 12, 30),
            contract_references="2021/1",
        )
    ],
    "reg_agreement_lot": [_row("reg", agreement_id="A", lot="1")],
    "reg_lot_supplier": [_row("reg", agreement_id="A", lot="1", orgnr=SELLER)],
    "reg_lot_unit": [_row("reg", agreement_id="A", lot="1", unit_id="*")],
    "reg_lot_category": [_row("reg", agreement_id="A", lot="1", category_id="MAT")],
}


@pytest.fixture(scope="module")
def lines(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> dict[str, dict[str, Any]]:
    home = DbtHome(tmp_path_factory.mktemp("orders"))
    names = {row["source_sha256"] for rows in TABLES.values() for row in rows}
    files: list[dict[str, object]] = [
        {"source_sha256": name, "file_name": name, "kind": "x"} for name in sorted(names)
    ]
    home.write(TABLES, files)
    home.build(compiled_project, {"fct_spend_line"})
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        found = connection.execute("select * from fct_spend_line")
        columns = [column[0] for column in found.description or []]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return {row["document_id"]: row for row in rows}


@pytest.mark.rule("D01", "A02")
def test_a_call_off_on_the_last_day_is_inside_whenever_it_is_invoiced(
    lines: dict[str, dict[str, Any]],
) -> None:
    line = lines["matched"]
    assert (line["order_id"], line["order_date"], line["decisive_date"]) == (
        "O1",
        ORDERED,
        ORDERED,
    )
    assert line["decisive_date_evidence"] == "matched_order_date"
    assert (line["unit_id"], line["unit_evidence"]) == ("S", "order")
    assert (line["price_list_agreement_id"], line["order_contract_reference"]) == ("A", "2021/1")
    assert (line["category_id"], line["category_evidence"]) == ("MAT", "price_list")
    assert line["loyalty_class"] == "on_agreement"


@pytest.mark.rule("E08")
def test_e_handel_is_what_an_order_there_says(lines: dict[str, dict[str, Any]]) -> None:
    assert {name: line["channel"] for name, line in lines.items()} == {
        "matched": "ehandel",
        "other_seller": "ordered",
        "late": "ordered",
        "unheard": "ordered",
        "phoned": "ordered",
        "bare": "unknown",
    }


@pytest.mark.rule("A11", "E23")
def test_another_sellers_number_and_an_order_after_the_invoice_are_no_match(
    lines: dict[str, dict[str, Any]],
) -> None:
    for name in ("other_seller", "late", "unheard", "bare"):
        line = lines[name]
        assert line["order_id"] is None and line["decisive_date"] == INVOICED
        assert line["price_list_agreement_id"] is None
    assert lines["phoned"]["decisive_date"] == ORDERED
