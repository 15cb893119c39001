"""The suites about the licence plan: each check on tables that are right, and on one defect.

One account goes from A (10 kroner a month) to B (4 kroner), another keeps B; one seat of each is
held. Twelve months: 14 x 12 = 168 today, 8 x 12 = 96 with the plan, 72 saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tests.unit.test_suites_contracts import bad_rows, own_checks, suite_of

AS_OF = "2024-12-31"
DATES = ("as_of_date", "earliest_date", "change_date", "true_up_date", "month")
ACTION: dict[str, Any] = {"unit_id": "U", "pool_id": "felles", "quantity": 1, "cause": "above_need"}
ACCOUNT: dict[str, Any] = {"unit_id": "U", "need_set_id": "N", "uncovered_reason": None}
SEAT: dict[str, Any] = {"pool_id": "felles", "held": 1, "true_up_date": None}
TABLES: dict[str, list[dict[str, Any]]] = {
    "mart_licence_account": [
        {"as_of_date": AS_OF, "unit_id": "U", "sku_id": "A", "assigned": 1},
        {"as_of_date": AS_OF, "unit_id": "U", "sku_id": "B", "assigned": 1},
        {"as_of_date": AS_OF, "unit_id": "felles", "sku_id": "B", "assigned": 0},
        {"as_of_date": "2024-11-30", "unit_id": "U", "sku_id": "A", "assigned": 9},
    ],
    "mart_licence_plan": [
        ACTION
        | {
            "action_number": number,
            "action": action,
            "from_sku_id": taken,
            "to_sku_id": given,
            "horizon_saving_nok": saved,
            "yearly_saving_nok": saved,
        }
        for number, action, taken, given, saved in (
            (1, "downgrade", "A", "B", 0),
            (2, "terminate", "A", None, 120),
            (3, "buy", None, "B", -48),
        )
    ],
    "mart_licence_plan_summary": [
        {
            "as_of_date": AS_OF,
            "status": "optimal",
            "horizon_months": 2,
            "max_changes": 1,
            "account_count": 2,
            "changed_count": 1,
            "uncovered_count": 0,
            "baseline_nok": 168,
            "plan_nok": 96,
            "saving_nok": 72,
            "saving_share": 72 / 168,
            "lower_bound_nok": 96,
            "gap_share": 0.0,
            "greedy_nok": 100,
            "greedy_extra_nok": 4,
        }
    ],
    "mart_licence_plan_cause": [
        {"cause": "above_need", "changed_count": 1, "horizon_saving_nok": 72}
    ],
    "mart_licence_plan_constraint": [
        {
            "constraint_name": "standard",
            "pool_id": "alle",
            "sku_id": "alle",
            "is_binding": True,
            "status": "optimal",
            "without_nok": 91,
            "cost_nok": 5,
        }
    ],
    "mart_licence_plan_user": [
        ACCOUNT
        | {
            "account_key": "a",
            "from_sku_ids": "A",
            "to_sku_ids": "B",
            "is_changed": True,
            "action": "downgrade",
            "cause": "above_need",
            "change_date": "2025-01-01",
        },
        ACCOUNT
        | {
            "account_key": "b",
            "from_sku_ids": "B",
            "to_sku_ids": "B",
            "is_changed": False,
            "action": "keep",
            "cause": None,
            "change_date": None,
        },
    ],
    "mart_licence_plan_seat": [
        SEAT
        | {
            "sku_id": sku,
            "assigned": 1,
            "planned_assigned": seats,
            "ended": ended,
            "bought": bought,
            "planned_seats": seats,
            "baseline_nok": baseline,
            "plan_nok": plan,
            "saving_nok": baseline - plan,
        }
        for sku, seats, ended, bought, baseline, plan in (
            ("A", 0, 1, 0, 120, 0),
            ("B", 2, 0, 1, 48, 96),
        )
    ],
    "mart_licence_plan_need": [{"need_set_id": "N", "plan_id": "P", "need_kind": "used"}],
    "mart_licence_plan_price": [
        {"sku_id": "A", "month": month, "unit_price_nok": 10}
        for month in ("2025-01-01", "2025-02-01")
    ],
    "mart_licence_sku_plan": [{"sku_id": sku, "plan_id": "P"} for sku in ("A", "B")],
}
DEFECTS = [
    ("mart_licence_plan", "money_on_seats_only", "horizon_saving_nok = 1 where action_number = 1"),
    ("mart_licence_plan", "money_on_seats_only", "yearly_saving_nok = 1 where action_number = 1"),
    ("mart_licence_plan", "products_fit_action", "from_sku_id = null where action_number = 2"),
    ("mart_licence_plan", "products_fit_action", "to_sku_id = 'A' where action_number = 1"),
    ("mart_licence_plan", "products_fit_action", "to_sku_id = null where action_number = 3"),
    ("mart_licence_plan", "products_fit_action", "quantity = 0 where action_number = 1"),
    ("mart_licence_plan", "accounts_balance", "quantity = 2 where action_number = 1"),
    ("mart_licence_plan", "accounts_balance", "unit_id = 'V' where action_number = 1"),
    ("mart_licence_account", "accounts_balance", "assigned = 2 where sku_id = 'A'"),
    ("mart_licence_plan_user", "accounts_balance", "to_sku_ids = 'A;B' where account_key = 'b'"),
    ("mart_licence_plan", "sums_to_saving", "horizon_saving_nok = 119.99 where action_number = 2"),
    ("mart_licence_plan", "sums_to_causes", "cause = 'inactive' where action_number = 2"),
    ("mart_licence_plan_summary", "saving_is_difference", "saving_nok = 71.99"),
    ("mart_licence_plan_summary", "saving_is_difference", "greedy_extra_nok = 5"),
    ("mart_licence_plan_summary", "saving_is_difference", "saving_share = 0.43"),
    ("mart_licence_plan_summary", "saving_is_difference", "saving_share = null"),
    ("mart_licence_plan_summary", "bounds_fit", "lower_bound_nok = 96.01"),
    ("mart_licence_plan_summary", "bounds_fit", "gap_share = 0.0002"),
    ("mart_licence_plan_summary", "bounds_fit", "greedy_nok = 95"),
    ("mart_licence_plan_summary", "counts_fit", "account_count = 3"),
    ("mart_licence_plan_summary", "counts_fit", "changed_count = 0"),
    ("mart_licence_plan_summary", "counts_fit", "uncovered_count = 1"),
    ("mart_licence_plan_summary", "baseline_sums_to_seats", "baseline_nok = 167"),
    ("mart_licence_plan_summary", "plan_sums_to_seats", "plan_nok = 97"),
    ("mart_licence_plan_cause", "accounts_fit", "changed_count = 2"),
    ("mart_licence_plan_cause", "sums_to_saving", "horizon_saving_nok = 71"),
    ("mart_licence_plan_constraint", "cost_is_difference", "without_nok = 90"),
    ("mart_licence_plan_constraint", "cost_is_difference", "without_nok = null"),
    ("mart_licence_plan_constraint", "cost_is_difference", "status = 'not_proven'"),
    ("mart_licence_plan_constraint", "no_gain", "cost_nok = -0.01"),
    ("mart_licence_plan_constraint", "no_gain", "is_binding = false"),
    ("mart_licence_plan_user", "change_has_a_cause", "cause = null where account_key = 'a'"),
    ("mart_licence_plan_user", "change_has_a_cause", "change_date = null where account_key = 'a'"),
    ("mart_licence_plan_user", "change_has_a_cause", "action = 'keep'"),
    ("mart_licence_plan_user", "change_has_a_cause", "to_sku_ids = 'A' where account_key = 'b'"),
    ("mart_licence_plan_user", "needs_are_covered", "to_sku_ids = '' where account_key = 'a'"),
    ("mart_licence_sku_plan", "needs_are_covered", "plan_id = 'Q' where sku_id = 'B'"),
    ("mart_licence_plan_seat", "seats_balance", "planned_seats = 3 where sku_id = 'B'"),
    ("mart_licence_plan_seat", "seats_balance", "saving_nok = 0"),
    ("mart_licence_plan_seat", "seats_balance", "planned_assigned = 3 where sku_id = 'B'"),
    ("mart_licence_plan_seat", "actions_fit", "ended = 2 where sku_id = 'A'"),
    ("mart_licence_plan_seat", "actions_fit", "bought = 0"),
    ("mart_licence_plan", "actions_fit", "quantity = 2 where action_number = 3"),
    ("mart_licence_plan_seat", "accounts_fit", "assigned = 2 where sku_id = 'A'"),
    ("mart_licence_plan_seat", "accounts_fit", "planned_assigned = 1 where sku_id = 'B'"),
    ("mart_licence_plan_price", "every_month", "sku_id = 'B' where month = '2025-01-01'"),
]  # fmt: skip
OWNERS = {
    "accounts_balance": "mart_licence_plan",
    "needs_are_covered": "mart_licence_plan_user",
    "actions_fit": "mart_licence_plan_seat",
}
SUITES = [name for name in TABLES if name.startswith(("mart_licence_plan", "mart_licence_sku_"))]


def type_of(column: str) -> str:
    if column in DATES:
        return "date"
    if column.startswith("is_"):
        return "boolean"
    if column.endswith(("_nok", "_share")):
        return "decimal(18, 2)" if column.endswith("_nok") else "double"
    counts = ("assigned", "held", "ended", "bought", "quantity", "planned_seats", "action_number")
    names = ("planned_assigned", "horizon_months", "max_changes", *counts)
    return "bigint" if column in names or column.endswith("_count") else "varchar"


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table, rows in TABLES.items():
            columns = ", ".join(f"{name} {type_of(name)}" for name in rows[0])
            connection.execute(f"create table {table} ({columns})")
            marks = ", ".join("?" * len(rows[0]))
            for row in rows:
                connection.execute(
                    f"insert into {table} values ({marks})", [row[name] for name in rows[0]]
                )
        yield connection


@pytest.mark.rule("A07")
@pytest.mark.parametrize("table", SUITES)
def test_right_tables_pass_and_every_check_has_a_defect_here(
    tables: duckdb.DuckDBPyConnection, table: str
) -> None:
    checks = own_checks(suite_of(table))
    assert [name for name, check in checks.items() if bad_rows(tables, check)] == []
    tested = {name for suite, name, _ in DEFECTS if OWNERS.get(name, suite) == table}
    assert set(checks) - {"one_row"} == tested


@pytest.mark.rule("A07", "A08", "B09t")
@pytest.mark.parametrize(("table", "name", "defect"), DEFECTS)
def test_a_planted_defect_is_found(
    tables: duckdb.DuckDBPyConnection, table: str, name: str, defect: str
) -> None:
    tables.execute("begin")
    try:
        tables.execute(f"update {table} set {defect}")
        suite = suite_of(OWNERS.get(name, table))
        assert bad_rows(tables, own_checks(suite)[name]) != []
    finally:
        tables.execute("rollback")


def test_two_plans_in_one_snapshot_are_found(tables: duckdb.DuckDBPyConnection) -> None:
    check = own_checks(suite_of("mart_licence_plan_summary"))["one_row"]
    tables.execute("begin")
    try:
        tables.execute(
            "insert into mart_licence_plan_summary select * replace (date '2024-11-30' as "
            "as_of_date) from mart_licence_plan_summary"
        )
        assert bad_rows(tables, check) != []
    finally:
        tables.execute("rollback")
