"""The dbt project builds on nothing, adds up on something, and describes everything.

The rules one by one are unit tests beside the models; here they run, and the models run together.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.extracts.tables import TABLES
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome

pytestmark = pytest.mark.slow

SELLER, STATE, FOREIGN = "974760673", "889640782", "SE556677889901"


def _nodes(home: DbtHome, resource_type: str) -> Iterator[dict[str, Any]]:
    manifest = json.loads((home.target / "manifest.json").read_text(encoding="utf-8"))
    kinds = {**manifest["nodes"], **manifest["sources"]}
    return (node for node in kinds.values() if node["resource_type"] == resource_type)


def _is_mart(node: dict[str, Any]) -> bool:
    return "marts" in node["fqn"]


def test_every_unit_test_of_the_models_passes(empty_home: DbtHome) -> None:
    said = json.loads((empty_home.target / "run_results.json").read_text("utf-8"))["results"]
    written = json.loads((empty_home.target / "manifest.json").read_text("utf-8"))["unit_tests"]
    assert written.keys() == {result["unique_id"] for result in said}
    failed = {r["unique_id"]: r["message"] for r in said if r["status"] != "pass"}
    assert failed == {}


def test_an_empty_lake_gives_empty_marts_with_unknown_rows(empty_home: DbtHome) -> None:
    expected = {"dim_unit": 1, "dim_category": 1, "dim_supplier": 1, "dim_spend_definition": 14}
    # The circular's standard, E1 and EMS E3, holds unless the municipality sets another.
    expected |= {"dim_sku": 2, "mart_licence_sku_plan": 2, "mart_licence_plan_price": 2 * 12}
    with duckdb.connect(str(empty_home.warehouse), read_only=True) as connection:
        for node in _nodes(empty_home, "model"):
            if _is_mart(node):
                row = connection.execute(f'select count(*) from "{node["name"]}"').fetchone()
                assert row == (expected.get(node["name"], 0),), node["name"]


def test_every_model_is_described_by_its_grain(empty_home: DbtHome) -> None:
    """What analysts read is in Norwegian, the rest in English."""
    undescribed = [
        node["name"]
        for node in _nodes(empty_home, "model")
        if not node["description"].startswith("Én rad per " if _is_mart(node) else "One row per ")
    ]
    assert undescribed == []


def test_every_column_of_a_mart_is_described_and_contracted(empty_home: DbtHome) -> None:
    for node in _nodes(empty_home, "model"):
        if _is_mart(node):
            assert node["config"]["contract"]["enforced"], node["name"]
            for column in node["columns"].values():
                assert column["description"], (node["name"], column["name"])
                assert column["data_type"], (node["name"], column["name"])


def test_every_mart_declares_its_key_among_its_columns(empty_home: DbtHome) -> None:
    for node in _nodes(empty_home, "model"):
        if _is_mart(node):
            key = node["config"]["meta"]["key"]
            assert key, node["name"]
            assert set(key) <= set(node["columns"]), node["name"]


def test_money_is_never_a_float(empty_home: DbtHome) -> None:
    with duckdb.connect(str(empty_home.warehouse), read_only=True) as connection:
        floats = connection.execute(
            "select table_name, column_name from information_schema.columns "
            "where data_type in ('DOUBLE', 'FLOAT') "
            "and (column_name like '%\\_nok' escape '\\' or column_name like '%amount%')"
        ).fetchall()
    assert floats == []


def test_every_lake_table_is_a_source_with_its_asset_key(empty_home: DbtHome) -> None:
    keys = {
        node["name"]: node["meta"]["dagster"]["asset_key"]
        for node in _nodes(empty_home, "source")
        if node["source_name"] == "lake"
    }
    assert keys == {name: ["lake", name] for name in TABLES}


def _document(number: str, **values: object) -> dict[str, object]:
    """An invoice of 2024-03-01 whose file and document are named after its number."""
    return {
        "source_sha256": f"sha-{number}",
        "source_row": 1,
        "document_id": number,
        "document_kind": "invoice",
        "profile": "peppol_bis3",
        "document_number": number,
        "issue_date": dt.date(2024, 3, 1),
        "currency": "NOK",
        "seller_orgnr": SELLER,
        "seller_name": "Kontor og Sånt AS",
        "buyer_reference": "skole-1",
        **values,
    }


def _line(number: str, row: int, amount: str, **values: object) -> dict[str, object]:
    return {
        "source_sha256": f"sha-{number}",
        "source_row": row,
        "document_id": number,
        "line_kind": "line",
        "amount": Decimal(amount),
        "quantity": Decimal(1),
        "price_amount": Decimal(amount),
        "item_name": f"Vare {row}",
        **values,
    }


def _file(number: str, amount: str | None, **values: object) -> dict[str, object]:
    return {
        "source_sha256": f"sha-{number}",
        "file_name": f"{number}.xml",
        "kind": "ehf_invoice",
        "rows_in": 1,
        "rows_accepted": 1,
        "rows_quarantined": 0,
        "currency": "NOK",
        "amount_in": None if amount is None else Decimal(amount),
        "amount_accepted": None if amount is None else Decimal(amount),
        "amount_quarantined": None if amount is None else Decimal(0),
        "is_withdrawn": False,
        **values,
    }


def _register(*rows: dict[str, object]) -> list[dict[str, object]]:
    return [{"source_sha256": "sha-reg", "source_row": n, **row} for n, row in enumerate(rows, 1)]


@pytest.fixture(scope="module")
def small_home(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> DbtHome:
    """One file of each fate: spend, outside, converted, unconverted, withdrawn, quarantined."""
    home = DbtHome(tmp_path_factory.mktemp("small"))
    eur = {"currency": "EUR", "seller_orgnr": None, "seller_vat_id": FOREIGN}
    home.write(
        {
            "ehf_document": [
                _document("N1", tax_exclusive_amount=Decimal("150.00")),
                _document(
                    "N2", tax_exclusive_amount=Decimal("-50.00"), document_kind="credit_note"
                ),
                _document("S1", tax_exclusive_amount=Decimal("80.00"), seller_orgnr=STATE),
                _document("E1", tax_exclusive_amount=Decimal("100.00"), **eur),
                _document("U1", tax_exclusive_amount=Decimal("7.00"), currency="USD"),
                _document("W1", tax_exclusive_amount=Decimal("999.00")),
            ],
            "ehf_line": [
                _line("N1", 1, "100.00"),
                _line("N1", 2, "40.00"),
                _line("N1", 3, "10.00", line_kind="difference", price_amount=None),
                _line("N2", 1, "-50.00"),
                _line("S1", 1, "80.00"),
                _line("E1", 1, "33.33"),
                _line("E1", 2, "33.33"),
                _line("E1", 3, "33.34"),
                _line("U1", 1, "7.00"),
                _line("W1", 1, "999.00"),
            ],
            "reg_unit": _register(
                {"unit_id": "SKOLE", "name": "Skolen", "sector": "Oppvekst"},
                {"unit_id": "HEIM", "name": "Heimen", "sector": "Helse"},
            ),
            "reg_unit_identifier": _register(
                {
                    "unit_id": "SKOLE",
                    "identifier_type": "buyer_reference",
                    "match_type": "prefix",
                    "value": "SKOLE-",
                    "priority": 10,
                },
                {
                    "unit_id": "BORTE",
                    "identifier_type": "contact",
                    "match_type": "exact",
                    "value": "Kari",
                    "priority": 10,
                },
            ),
            "reg_supplier": _register(
                {"orgnr": STATE, "name": "Staten", "is_public_body": True, "is_internal": False}
            ),
            "reg_exchange_rate": _register(
                {
                    "currency": "EUR",
                    "rate_date": dt.date(2024, 2, 28),
                    "rate": Decimal("11.1234"),
                    "units": 1,
                }
            ),
        },
        [
            _file("N1", "150.00"),
            _file("N2", "-50.00"),
            _file("S1", "80.00"),
            _file("E1", "100.00", currency="EUR"),
            _file("U1", "7.00", currency="USD"),
            _file("W1", "999.00", is_withdrawn=True, status="withdrawn"),
            _file(
                "Q1",
                None,
                rows_accepted=0,
                rows_quarantined=1,
                quarantine_reason="Ikke XML",
                status="rejected",
            ),
            _file("reg", None, kind="register", effective_date=dt.date(2024, 1, 1)),
        ],
    )
    home.build(compiled_project)
    return home


def _rows(home: DbtHome, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_krone_of_every_file_is_accounted_for(small_home: DbtHome) -> None:
    rows = _rows(
        small_home,
        "select source_sha256, amount_unconverted, amount_accepted_nok, spend_nok, "
        "outside_population_nok, is_withdrawn from mart_reconciliation order by source_sha256",
    )
    zero = Decimal("0.00")
    assert rows == [
        ("sha-E1", zero, Decimal("1112.34"), Decimal("1112.34"), zero, False),
        ("sha-N1", zero, Decimal("150.00"), Decimal("150.00"), zero, False),
        ("sha-N2", zero, Decimal("-50.00"), Decimal("-50.00"), zero, False),
        ("sha-Q1", zero, zero, zero, zero, False),
        ("sha-S1", zero, Decimal("80.00"), zero, Decimal("80.00"), False),
        ("sha-U1", Decimal("7.00"), zero, zero, zero, False),
        ("sha-W1", zero, zero, zero, zero, True),
        ("sha-reg", zero, zero, zero, zero, False),
    ]


def test_the_marts_have_the_same_sum(small_home: DbtHome) -> None:
    queries = (
        "select sum(amount_nok) from fct_spend_line",
        "select sum(spend_nok) from mart_reconciliation",
        "select sum(spend_nok) from mart_spend_cube",
        "select sum(spend_nok) from mart_supplier_year where definition_id = 'STD'",
        "select numerator_nok from mart_supplier_average where definition_id = 'STD'",
    )
    assert [_rows(small_home, query) for query in queries] == [[(Decimal("1212.34"),)]] * 5


def test_definitions_count_suppliers_differently(small_home: DbtHome) -> None:
    rows = _rows(
        small_home,
        "select definition_id, numerator_nok, denominator_suppliers, mean_nok, median_nok "
        "from mart_supplier_average "
        "where definition_id in ('STD', 'STD_FAKTURA', 'STD_MIN', 'ALLE', 'ALLE_NAVN') "
        "order by definition_id",
    )
    # NO974760673 100.00, VAT:SE… 1112.34, the state 80.00; one name is common to all documents.
    assert rows == [
        ("ALLE", Decimal("1292.34"), 3, Decimal("430.78"), Decimal("100.00")),
        ("ALLE_NAVN", Decimal("1292.34"), 1, Decimal("1292.34"), Decimal("1292.34")),
        ("STD", Decimal("1212.34"), 2, Decimal("606.17"), Decimal("606.17")),
        ("STD_FAKTURA", Decimal("1212.34"), 2, Decimal("606.17"), Decimal("606.17")),
        ("STD_MIN", Decimal("0.00"), 0, None, None),
    ]


def test_a_document_whose_lines_do_not_add_up_is_flagged_and_kept(small_home: DbtHome) -> None:
    rows = _rows(
        small_home,
        "select rule_flags like '%BR-CO-10%', has_difference_line, tax_exclusive_nok "
        "from fct_document where document_id = 'N1'",
    )
    assert rows == [(True, True, Decimal("150.00"))]


def test_the_unit_is_found_by_the_beginning_of_the_reference(small_home: DbtHome) -> None:
    rows = _rows(small_home, "select distinct unit_id, unit_evidence from fct_spend_line")
    assert rows == [("SKOLE", "buyer_reference")]


def test_a_register_row_that_points_nowhere_is_listed(small_home: DbtHome) -> None:
    rows = _rows(
        small_home, "select register, file_name, source_row, value from mart_register_issue"
    )
    assert rows == [("enhetskjennetegn", "reg.xml", 2, "BORTE")]
