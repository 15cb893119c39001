"""The suites of the licence account: each check on tables that are right, and on ones that aren't.

As of 2024-06-30: E1 costs 80 (list 100) and has three common seats of which two are assigned in
unit A; X has no price, no seats, and is on one account of A.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, Check, Suite

AS_OF = "2024-06-30"
Row = Mapping[str, Any]


def _account(unit: str, sku: str, price: int | None, cost: int | None, **counts: int) -> Row:
    zeros = dict.fromkeys(
        (
            *("entitled", "assigned", "active", "unused", "unknown_activity", "suspended"),
            *("disabled_assigned", "shelf_ware"),
        ),
        0,
    )
    return {
        "as_of_date": AS_OF,
        "unit_id": unit,
        "sku_id": sku,
        **(zeros | counts),
        "unit_price_nok": price,
        "monthly_cost_nok": cost,
    }


def _finding(user: str, sku: str, finding: str, order: int, **values: Any) -> Row:
    return {
        "as_of_date": AS_OF,
        "user_key": user,
        "unit_id": "A",
        "sku_id": sku,
        "finding": finding,
        "finding_order": order,
        "days": None,
        "other_sku_id": None,
        "is_transferable": True,
        "is_reallocation_candidate": False,
        "monthly_cost_nok": 80,
        "counted_cost_nok": 0,
        **values,
    }


def _waste(finding: str, cost: int, counted: int, without_price: int = 0) -> Row:
    return {
        "unit_id": "A",
        "finding": finding,
        "user_count": 1,
        "assignment_count": 1,
        "without_price_count": without_price,
        "monthly_cost_nok": cost,
        "counted_cost_nok": counted,
    }


def _sku(sku: str, **values: Any) -> Row:
    return {
        "sku_id": sku,
        "publisher": "Microsoft",
        "is_free_software": False,
        "is_in_scope": True,
        "unit_price_nok": None,
        "price_evidence": "none",
        "list_price_nok": None,
        "discount_nok": None,
        "discount_share": None,
        **values,
    }


TABLES: dict[str, list[Row]] = {
    "dim_unit": [{"unit_id": "A"}],
    "dim_sku": [
        _sku(
            "E1",
            unit_price_nok=80,
            price_evidence="register",
            list_price_nok=100,
            discount_nok=20,
            discount_share=0.2,
        ),
        _sku("X"),
        _sku(
            "F",
            publisher="TDF",
            is_in_scope=False,
            is_free_software=True,
            unit_price_nok=0,
            price_evidence="register",
            list_price_nok=100,
        ),
    ],
    "mart_licence_account": [
        _account(
            "A", "E1", 80, 160, assigned=2, active=1, unused=1, disabled_assigned=1
        ),
        _account("felles", "E1", 80, 80, entitled=3, suspended=1, shelf_ware=1),
        _account("A", "X", None, None, assigned=1, unknown_activity=1),
    ],
    "mart_licence_sku": [
        {
            **_account(
                "", "E1", 80, 240,
                entitled=3, assigned=2, active=1, unused=1, suspended=1, disabled_assigned=1,
                shelf_ware=1,
            ),
            "is_latest": True,
            "over_assigned": 0,
            "paid_nok": 240,
            "shelf_ware_nok": 80,
            "unused_nok": 80,
            "true_up_nok": 0,
        },
        {
            **_account("", "X", None, None, assigned=1, unknown_activity=1),
            "is_latest": False,
            "over_assigned": 1,
            "paid_nok": None,
            "shelf_ware_nok": None,
            "unused_nok": None,
            "true_up_nok": None,
        },
    ],
    "mart_sku_issue": [
        {"sku_id": "X", "issue": "no_price", "detail": "Ingen pris"},
        {"sku_id": "X", "issue": "without_entitlement", "detail": "Ingen plasser"},
    ],
    "mart_licence_account_issue": [
        {"account_key": "u", "issue": "two_main_units", "detail": "To"},
        {"account_key": "u", "issue": "unit_differs", "detail": "Ulik"},
        {"account_key": "v", "issue": "further_unit", "detail": "Bi"},
    ],
    "mart_licence_finding": [
        _finding("u", "E1", "disabled_over_60", 1, days=61, counted_cost_nok=80),
        _finding("u", "E1", "never_used", 3, is_reallocation_candidate=True),
        _finding("v", "E1", "direct_and_group", 5, monthly_cost_nok=0),
        _finding("w", "X", "no_employment", 9, monthly_cost_nok=None, counted_cost_nok=None),
    ],
    "mart_licence_waste": [
        _waste("disabled_over_60", 80, 80),
        _waste("never_used", 80, 0),
        _waste("direct_and_group", 0, 0),
        _waste("no_employment", 0, 0, without_price=1),
    ],
}  # fmt: skip
# The table that is changed, the suite and check that must say so, and the change.
DEFECTS = [
    ("dim_sku", "scope_is_the_publisher", "update dim_sku set is_in_scope = true"),
    (
        "dim_sku",
        "free_software_has_no_saving",
        "update dim_sku set discount_nok = 100, discount_share = 1 where sku_id = 'F'",
    ),
    ("dim_sku", "discount_is_quotient", "update dim_sku set discount_share = 0.21"),
    ("dim_sku", "discount_is_quotient", "update dim_sku set unit_price_nok = 79"),
    (
        "dim_sku",
        "discount_is_quotient",
        "update dim_sku set discount_nok = null, discount_share = null",
    ),
    ("dim_sku", "price_has_evidence", "update dim_sku set unit_price_nok = null"),
    ("dim_sku", "price_has_evidence", "update dim_sku set unit_price_nok = -1"),
    ("mart_licence_account", "unit_known", "update mart_licence_account set unit_id = 'Q'"),
    ("mart_licence_account", "use_adds_up", "update mart_licence_account set unused = unused + 1"),
    (
        "mart_licence_account",
        "use_adds_up",
        "update mart_licence_account set disabled_assigned = 3",
    ),
    (
        "mart_licence_account",
        "common_seats_are_on_nobody",
        "update mart_licence_account set assigned = 1",
    ),
    (
        "mart_licence_account",
        "common_seats_are_on_nobody",
        "update mart_licence_account set suspended = 1",
    ),
    ("mart_licence_account", "shelf_ware_fits", "update mart_licence_account set shelf_ware = 4"),
    ("mart_licence_account", "shelf_ware_fits", "update mart_licence_account set shelf_ware = -1"),
    (
        "mart_licence_account",
        "cost_is_seats_times_price",
        "update mart_licence_account set monthly_cost_nok = 159",
    ),
    (
        "mart_licence_account",
        "cost_is_seats_times_price",
        "update mart_licence_account set monthly_cost_nok = null",
    ),
    ("mart_licence_sku", "counts_sum_to_units", "delete from mart_licence_sku where sku_id = 'X'"),
    ("mart_licence_sku", "counts_sum_to_units", "update mart_licence_sku set active = active + 1"),
    ("mart_licence_sku", "holding_and_use_meet", "update mart_licence_sku set over_assigned = 2"),
    ("mart_licence_sku", "holding_and_use_meet", "update mart_licence_sku set shelf_ware = 0"),
    (
        "mart_licence_sku",
        "amounts_are_seats_times_price",
        "update mart_licence_sku set paid_nok = 239",
    ),
    (
        "mart_licence_sku",
        "amounts_are_seats_times_price",
        "update mart_licence_sku set true_up_nok = 80",
    ),
    (
        "mart_licence_sku",
        "latest_is_the_last_day",
        "update mart_licence_sku set as_of_date = date '2024-07-31' where not is_latest",
    ),
    ("mart_licence_sku", "over_assigned", "update mart_licence_sku set is_latest = true"),
    ("mart_licence_sku", "without_price", "update mart_licence_sku set is_latest = true"),
    (
        "mart_licence_sku",
        "cost_sums_to_units",
        "update mart_licence_sku set monthly_cost_nok = 241",
    ),
    (
        "mart_sku_issue",
        "no_price_is_listed",
        "update mart_licence_sku set is_latest = true; delete from mart_sku_issue",
    ),
    (
        "mart_sku_issue",
        "no_entitlement_is_listed",
        "update mart_licence_sku set is_latest = true; delete from mart_sku_issue",
    ),
    (
        "mart_licence_account_issue",
        "one_state_of_units",
        "update mart_licence_account_issue set account_key = 'v'",
    ),
    (
        "mart_licence_finding",
        "cost_counts_once",
        "update mart_licence_finding set counted_cost_nok = 80",
    ),
    (
        "mart_licence_finding",
        "cost_counts_once",
        "update mart_licence_finding set counted_cost_nok = 0",
    ),
    ("mart_licence_finding", "days_fit_the_rule", "update mart_licence_finding set days = null"),
    ("mart_licence_finding", "days_fit_the_rule", "update mart_licence_finding set days = 61"),
    (
        "mart_licence_finding",
        "deactivated_one_way",
        "update mart_licence_finding set finding = 'disabled' where finding = 'never_used'",
    ),
    (
        "mart_licence_finding",
        "only_unused_and_transferable_move",
        "update mart_licence_finding set is_transferable = false",
    ),
    (
        "mart_licence_finding",
        "only_unused_and_transferable_move",
        "update mart_licence_finding set is_reallocation_candidate = true",
    ),
    (
        "mart_licence_finding",
        "licences_are_in_the_account",
        "update mart_licence_account set assigned = 1",
    ),
    (
        "mart_licence_waste",
        "counts_are_the_findings",
        "delete from mart_licence_waste where finding = 'never_used'",
    ),
    (
        "mart_licence_waste",
        "counts_are_the_findings",
        "update mart_licence_waste set user_count = 2",
    ),
    (
        "mart_licence_waste",
        "cost_sums_to_findings",
        "update mart_licence_waste set monthly_cost_nok = 81",
    ),
    (
        "mart_licence_waste",
        "counted_sums_to_findings",
        "update mart_licence_waste set counted_cost_nok = 80",
    ),
]
SUITES = sorted({table for table, _, _ in DEFECTS})


def _type(column: str) -> str:
    if column.endswith("_nok"):
        return "decimal(18, 2)"
    if column.endswith("_date"):
        return "date"
    if column.startswith("is_"):
        return "boolean"
    if column.endswith("_share"):
        return "double"
    texts = ("_id", "_key", "finding", "publisher", "evidence", "issue", "detail")
    return "varchar" if column.endswith(texts) else "bigint"


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table, rows in TABLES.items():
            names = list(rows[0])
            columns = ", ".join(f"{name} {_type(name)}" for name in names)
            connection.execute(f"create table {table} ({columns})")
            marks = ", ".join("?" * len(names))
            for row in rows:
                connection.execute(
                    f"insert into {table} values ({marks})", [row[name] for name in names]
                )
        yield connection


def _suite(table: str) -> Suite:
    suite: Suite = importlib.import_module(f"data_quality.suites.{table}").SUITE
    return suite


def _own(table: str) -> dict[str, Check]:
    """The checks with SQL of their own; those that every suite has are tested with the builders."""
    suite = _suite(table)
    found = [check for check in suite.checks if check.expectation == BAD_ROWS]
    found += [sums.check() for sums in suite.sums_to]
    names = {check.id.removeprefix(f"{table}."): check for check in found}
    return {n: c for n, c in names.items() if n != "columns" and not n.endswith("_exists")}


@pytest.mark.parametrize("table", SUITES)
def test_right_tables_pass_and_every_check_has_a_defect_here(
    tables: duckdb.DuckDBPyConnection, table: str
) -> None:
    checks = _own(table)
    assert [n for n, check in checks.items() if tables.execute(check.bad_rows).fetchall()] == []
    assert set(checks) == {name for suite, name, _ in DEFECTS if suite == table}


@pytest.mark.rule("A05", "A07", "A08", "B09", "B09t", "C05", "C06")
@pytest.mark.parametrize(("table", "name", "defect"), DEFECTS)
def test_a_planted_defect_is_found(
    tables: duckdb.DuckDBPyConnection, table: str, name: str, defect: str
) -> None:
    tables.execute("begin")
    try:
        tables.execute(defect)
        assert tables.execute(_own(table)[name].bad_rows).fetchall() != []
    finally:
        tables.execute("rollback")
