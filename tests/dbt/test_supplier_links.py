"""Suppliers made one on the whole road: dbt finds them, Python links them, dbt counts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from pipelines.derived.contracts import SUPPLIER_LINK, write_derived
from pipelines.derived.supplier_linkage import link_suppliers
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome

pytestmark = pytest.mark.slow

ORGNR, OTHER = "974760673", "889640782"
Row = dict[str, object]


def _document(number: int, name: str, orgnr: str | None, **others: object) -> Row:
    document: Row = {
        "source_sha256": "faktura",
        "source_row": number,
        "document_id": f"D{number}",
        "document_kind": "invoice",
        "document_number": str(number),
        "issue_date": dt.date(2024, 3, number),
        "currency": "NOK",
        "seller_name": name,
        "seller_orgnr": orgnr,
        "seller_legal_id": orgnr,
        "seller_legal_id_scheme": "0192" if orgnr else None,
        "tax_exclusive_amount": Decimal(f"{number}00.00"),
        "line_count": 1,
        "seller_is_private_person": False,
    }
    return document | others


def _line(number: int) -> Row:
    return {
        "source_sha256": "faktura",
        "source_row": 100 + number,
        "document_id": f"D{number}",
        "line_kind": "line",
        "item_name": "Vare",
        "amount": Decimal(f"{number}00.00"),
    }


DOCUMENTS = [
    _document(1, "Skarvanes Elektro AS", ORGNR),
    _document(2, "SKARVANES ELEKTRO A/S", None),
    _document(3, "Skarvanes Transport", None),
    _document(4, "Havbris Rør AS", OTHER),
    _document(5, "Havbris Rør", None),
    _document(
        6,
        "Privatperson ab",
        None,
        seller_party_id="ab",
        seller_party_id_scheme="PERSON",
        seller_is_private_person=True,
    ),
]
DECISIONS: list[Row] = [
    {"supplier_a": "Havbris Rør", "supplier_b": OTHER, "decision": "different", "reason": "To"},
    {"supplier_a": "Finnes ikke", "supplier_b": ORGNR, "decision": "same", "reason": None},
]


def _file(sha: str, kind: str, rows: int) -> Row:
    return {
        "source_sha256": sha,
        "file_name": sha,
        "kind": kind,
        "effective_date": dt.date(2024, 12, 31) if kind == "register" else None,
        "rows_in": rows,
        "rows_accepted": rows,
        "rows_quarantined": 0,
        "currency": "NOK",
        "amount_in": Decimal(0),
        "amount_accepted": Decimal(0),
        "amount_quarantined": Decimal(0),
        "is_withdrawn": False,
    }


@pytest.fixture(scope="module")
def marts(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> Iterator[duckdb.DuckDBPyConnection]:
    home = DbtHome(tmp_path_factory.mktemp("suppliers"))
    told: list[Row] = [
        {"source_sha256": "register", "source_row": place, **row}
        for place, row in enumerate(DECISIONS, 1)
    ]
    tables = {
        "ehf_document": DOCUMENTS,
        "ehf_line": [_line(number) for number in range(1, 7)],
        "reg_supplier_merge": told,
    }
    home.write(tables, [_file("faktura", "ehf_invoice", 6), _file("register", "register", 2)])
    home.build(compiled_project, SUPPLIER_LINK.inputs)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        suppliers, decisions = (
            connection.execute(f"select * from {model}").pl() for model in SUPPLIER_LINK.inputs
        )
    links = link_suppliers(suppliers, decisions, threshold=0.85, margin=2.0)
    write_derived(home.root / "derived", SUPPLIER_LINK, links)
    home.build(compiled_project, {"mart_supplier_merge"})
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        yield connection


@pytest.mark.rule("E02")
def test_a_supplier_without_a_number_becomes_the_one_that_has_it(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    spend = marts.sql("select supplier_id, sum(amount_nok) as nok from fct_spend_line group by all")

    assert dict(spend.fetchall()) == {
        f"NO{ORGNR}": Decimal("300.00"),
        "NAVN:SKARVANES TRANSPORT": Decimal("300.00"),
        f"NO{OTHER}": Decimal("400.00"),
        "NAVN:HAVBRIS RØR": Decimal("500.00"),
        "PERSON:AB": Decimal("600.00"),
    }


@pytest.mark.rule("E02")
def test_every_merge_and_every_refusal_is_listed(marts: duckdb.DuckDBPyConnection) -> None:
    listed = marts.sql(
        "select supplier_id_from, supplier_id_to, outcome, decided_by, reason, spend_nok "
        "from mart_supplier_merge"
    ).fetchall()

    assert set(listed) == {
        ("NAVN:SKARVANES ELEKTRO A/S", f"NO{ORGNR}", "merged", "splink", None, Decimal("200.00")),
        ("NAVN:HAVBRIS RØR", f"NO{OTHER}", "refused", "register", "register", Decimal("0.00")),
        ("Finnes ikke", f"NO{ORGNR}", "refused", "register", "unknown_supplier", Decimal("0.00")),
    }


@pytest.mark.rule("E02")
def test_the_merged_supplier_keeps_its_own_name(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.sql(
        f"select name, merged_count from dim_supplier where supplier_id = 'NO{ORGNR}'"
    ).fetchall()

    assert rows == [("Skarvanes Elektro AS", 1)]
