"""From exports and registers to the licence plan, on one municipality worked out by hand.

Twelve months from January 2025, prices per month: E3 250, E1 80, CAD 1000 (not transferable, can be
reduced from July). Held: E3 5, E1 3, CAD 2. The standard is E1.

    worker     E3, uses mail and the Office apps        keeps E3
    reader     E3, uses mail                            E1 does
    gone61     E3, deactivated 61 days ago              nothing
    gone60     E3, deactivated 60 days ago              keeps E3
    newcomer   nothing, employed                        E1
    planner    E1, uses mail; CAD, never used           E1

Today: 5 x 250 x 12 + 3 x 80 x 12 + 2 x 1000 x 12 = 15 000 + 2 880 + 24 000 = 41 880.
The plan: E3 2 x 250 x 12, E1 3 x 80 x 12, CAD 2 x 1000 x 6 = 6 000 + 2 880 + 12 000 = 20 880.
Seats nobody had: E3 1 (3 000), E1 2 (1 920), CAD 1 (6 000). Then gone61 3 000, CAD never used
6 000, reader 3 000 - 960, newcomer -960: 21 000 in all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from data_quality.checks import RUN_CONTEXT as CONTEXT_TABLE
from pipelines.derived.contracts import LICENCE_PLAN_TABLES, PLAN_INPUTS, write_derived
from pipelines.licences import commands
from pipelines.licences.published import published_input
from pipelines.licences.tables import input_of, planned
from pipelines.settings import Settings
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.unit.test_suites_contracts import suite_of

pytestmark = pytest.mark.slow

AS_OF = dt.date(2024, 12, 31)
E1, E3 = "00000000-0000-0000-0000-0000000000e1", "00000000-0000-0000-0000-0000000000e3"
PLANS = {
    "EXCHANGE_S_STANDARD": "00000000-0000-0000-0000-000000000001",
    "EXCHANGE_S_ENTERPRISE": "00000000-0000-0000-0000-000000000002",
    "OFFICESUBSCRIPTION": "00000000-0000-0000-0000-000000000003",
}
GIVES = {E1: ("EXCHANGE_S_STANDARD",), E3: ("EXCHANGE_S_ENTERPRISE", "OFFICESUBSCRIPTION")}
HAS = {
    "worker": E3,
    "reader": E3,
    "gone61": E3,
    "gone60": E3,
    "planner": E1,
}
EMPLOYED = ("worker", "reader", "newcomer", "planner")
DEACTIVATED = {"gone61": dt.date(2024, 10, 31), "gone60": dt.date(2024, 11, 1)}
FIRST, LAST = dt.date(1900, 1, 1), dt.date(9999, 12, 31)
MARTS = (
    *("mart_licence_plan", "mart_licence_plan_summary", "mart_licence_plan_cause"),
    *("mart_licence_plan_constraint", "mart_licence_plan_user", "mart_licence_plan_seat"),
    *("mart_licence_plan_need", "mart_licence_plan_price", "mart_licence_sku_plan"),
)


def _rows(file: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"source_sha256": file, "source_row": place} | row
        for place, row in enumerate(rows, start=1)
    ]


def _term(sku: str, price: int, **values: Any) -> dict[str, Any]:
    known = {"publisher": "Microsoft", "is_transferable": True, "commitment_floor": 0, "reserve": 0}
    return known | {"sku_id": sku, "unit_price_nok": Decimal(price), **values}


def _usage(account: str, service: str, activity: str) -> dict[str, Any]:
    return {
        "account_key": account,
        "is_concealed": False,
        "report": "active_users",
        "service": service,
        "report_date": AS_OF,
        "activity": activity,
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "reg_unit": _rows("units", [{"unit_id": "NRI", "name": "Næring", "valid_from": FIRST}]),
    "m365_user": _rows(
        "users",
        [
            {
                "account_key": account,
                "is_enabled": account not in DEACTIVATED,
                "user_type": "member",
                "sign_in_activity": "unknown",
                "is_new": False,
            }
            for account in (*HAS, "newcomer")
        ],
    ),
    "m365_user_licence": _rows(
        "users",
        [
            {"account_key": account, "sku_id": sku, "assigned_by": "direct"}
            for account, sku in HAS.items()
        ],
    ),
    "m365_sku_plan": _rows(
        "skus",
        [
            {"sku_id": sku, "service_plan_id": PLANS[name], "service_plan_name": name}
            for sku, names in GIVES.items()
            for name in names
        ],
    ),
    "m365_usage": _rows(
        "usage",
        [
            *(_usage(account, "exchange", "d30") for account in ("worker", "reader", "planner")),
            _usage("worker", "office_apps", "d90"),
            _usage("reader", "office_apps", "never"),
        ],
    ),
    "reg_account": _rows(
        "accounts",
        [
            {
                "account_key": account,
                "person_key": f"p-{account}",
                "unit_id": "NRI",
                "deactivated_date": DEACTIVATED.get(account),
                "is_external": False,
                "is_on_platform": True,
                "account_type": "user",
            }
            for account in (*HAS, "newcomer")
        ],
    ),
    "reg_employment": _rows(
        "employments",
        [
            {"person_key": f"p-{account}", "unit_id": "NRI", "employment_type": "main"}
            for account in EMPLOYED
        ],
    ),
    "reg_standard_licence": _rows("standard", [{"sku_id": E1}]),
    "reg_licence_term": _rows(
        "terms",
        [
            _term(E1, 80),
            _term(E3, 250),
            _term(
                "CAD",
                1000,
                publisher="Tegner AS",
                is_transferable=False,
                earliest_reduction_date=dt.date(2025, 7, 1),
            ),
        ],
    ),
    "reg_licence_entitlement": _rows(
        "held",
        [
            {"sku_id": sku, "quantity": quantity, "reference": sku}
            for sku, quantity in ((E1, 3), (E3, 5), ("CAD", 2))
        ],
    ),
    "reg_licence_assignment": _rows("given", [{"sku_id": "CAD", "account_key": "planner"}]),
    "reg_licence_usage": _rows(
        "used", [{"sku_id": "CAD", "account_key": "planner", "activity": "never"}]
    ),
}
FILES = [
    {"source_sha256": name, "file_name": name, "effective_date": AS_OF}
    for name in sorted({row["source_sha256"] for rows in TABLES.values() for row in rows})
]


@pytest.fixture(scope="module")
def built(
    compiled_project: CompiledProject, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables of the plan, made as a run makes them: dbt, Python, dbt."""
    home = DbtHome(tmp_path_factory.mktemp("plan"))
    home.write(TABLES, FILES)
    with compiled_project.build(home.root, set(PLAN_INPUTS)) as connection:
        models = {name: connection.execute(f"from {name}").pl() for name in PLAN_INPUTS}
    tables = planned(input_of(models, horizon=12, max_changes=0))
    for table in LICENCE_PLAN_TABLES:
        write_derived(home.root / "derived", table, tables[table.name])
    wanted = {*MARTS, "mart_licence_account", "mart_licence_finding", "dim_sku", "dim_unit"}
    with compiled_project.build(home.root, wanted) as connection:
        assert compiled_project.breaks(connection, wanted) == []
        context = pl.read_parquet(home.root / "inputs" / "run_context.parquet")
        connection.register("run_context", context)
        yield connection


def _all(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


@pytest.mark.rule("A07", "B06", "B09")
def test_everyone_ends_with_the_cheapest_that_covers_the_need(
    built: duckdb.DuckDBPyConnection,
) -> None:
    found = _all(
        built,
        "select account_key, from_sku_ids, to_sku_ids, action, cause from mart_licence_plan_user "
        "order by account_key",
    )
    assert found == [
        ("gone60", E3, E3, "keep", None),
        ("gone61", E3, "", "remove", "disabled_over_60"),
        ("newcomer", "", E1, "assign", "missing_standard"),
        ("planner", f"{E1};CAD", E1, "remove", "never_used"),
        ("reader", E3, E1, "downgrade", "above_need"),
        ("worker", E3, E3, "keep", None),
    ]


@pytest.mark.rule("A07")
def test_the_plan_costs_what_it_costs_by_hand(built: duckdb.DuckDBPyConnection) -> None:
    summary = _all(
        built,
        "select status, baseline_nok, plan_nok, saving_nok, yearly_saving_nok, lower_bound_nok, "
        "account_count, changed_count, unpriced_sku_count from mart_licence_plan_summary",
    )
    money = [Decimal(amount) for amount in (41_880, 20_880, 21_000, 21_000, 20_880)]
    assert summary == [("optimal", *money, 6, 4, 0)]
    causes = _all(
        built,
        "select cause, horizon_saving_nok from mart_licence_plan_cause "
        "where horizon_saving_nok <> 0 order by cause_order",
    )
    assert causes == [
        ("shelf_ware", Decimal(10_920)),
        ("disabled_over_60", Decimal(3_000)),
        ("never_used", Decimal(6_000)),
        ("above_need", Decimal(2_040)),
        ("missing_standard", Decimal(-960)),
    ]


@pytest.mark.rule("A07", "A08", "B09t")
def test_the_seats_are_ended_on_the_day_they_can_be(built: duckdb.DuckDBPyConnection) -> None:
    seats = _all(
        built,
        "select sku_id, held, assigned, planned_assigned, ended, bought, planned_seats "
        "from mart_licence_plan_seat where held + planned_seats > 0 order by sku_id",
    )
    ended = _all(
        built,
        "select from_sku_id, sum(quantity)::int, min(earliest_date), max(earliest_date) "
        "from mart_licence_plan where action = 'terminate' group by 1 order by 1",
    )
    assert [row for row in seats if row[0] != E1] == [
        (E3, 5, 4, 2, 3, 0, 2),
        ("CAD", 2, 1, 0, 2, 0, 0),
    ]
    assert [(row[0], row[1], row[2], row[3], row[6]) for row in seats if row[0] == E1] == [
        (E1, 3, 1, 3, 3)
    ]
    first, july = dt.date(2025, 1, 1), dt.date(2025, 7, 1)
    assert [row for row in ended if row[0] != E1] == [(E3, 3, first, first), ("CAD", 2, july, july)]


@pytest.mark.rule("A07")
@pytest.mark.parametrize("table", MARTS)
def test_the_gates_own_checks_hold(built: duckdb.DuckDBPyConnection, table: str) -> None:
    suite = suite_of(table)
    checks = [*suite.checks, *(sums.check() for sums in suite.sums_to)]
    broken = {
        check.id: found
        for check in checks
        if (found := _all(built, check.bad_rows.replace(CONTEXT_TABLE, "run_context")))
    }
    assert broken == {}


@pytest.mark.rule("A07")
def test_a_scenario_that_changes_nothing_is_the_published_plan(
    built: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    folder = settings.published / "current" / "internal"
    folder.mkdir(parents=True)
    built.execute(f"attach '{folder / 'samkjop.duckdb'}' as published")
    for table in (*MARTS, "mart_licence_finding", "dim_sku", "dim_unit"):
        built.execute(f"create table published.{table} as from {table}")
    built.execute("detach published")
    again = planned(published_input(settings))
    stated = built.execute("from stg_derived__licence_plan_actions order by action_number").pl()
    assert again["licence_plan_action"].rows() == stated.rows()
    path = tmp_path / "likt.toml"
    path.write_text(f'standard = ["{E1}"]\n[sku.cad]\nheld = 2\n', "utf-8")
    lines, _ = commands.plan(settings, path, tmp_path / "liste.xlsx")
    both = [line.replace("\u00a0", " ") for line in lines if line.startswith("Med planen")]
    assert both[0].split("  ")[-1].strip() == "20 880 kr"
    assert both[0].count("20 880 kr") == 2


def test_the_same_lake_gives_the_same_bytes(
    built: duckdb.DuckDBPyConnection, compiled_project: CompiledProject, tmp_path: Path
) -> None:
    again = DbtHome(tmp_path)
    again.write({name: rows[::-1] for name, rows in TABLES.items()}, FILES[::-1])
    with compiled_project.build(again.root, set(PLAN_INPUTS)) as connection:
        models = {name: connection.execute(f"from {name}").pl() for name in PLAN_INPUTS}
    tables = planned(input_of(models, horizon=12, max_changes=0))
    users = tables["licence_plan_account"].select("account_key", "to_sku_ids", "need_set_id")
    stated = built.execute(
        "select account_key, to_sku_ids, need_set_id from mart_licence_plan_user "
        "order by account_key"
    ).pl()
    assert users.rows() == stated.rows()


@pytest.mark.rule("A07")
def test_the_most_seats_at_the_highest_price_for_ten_years_are_still_a_number(
    compiled_project: CompiledProject, tmp_path: Path
) -> None:
    home = DbtHome(tmp_path)
    extreme = dict(TABLES)
    extreme["reg_licence_term"] = _rows("terms", [_term(E1, 80), _term(E3, 10**6)])
    extreme["reg_licence_entitlement"] = _rows(
        "held", [{"sku_id": E3, "quantity": 10**7, "reference": "a"}]
    )
    home.write(extreme, FILES, {"licence_horizon_months": 120})
    with compiled_project.build(home.root, set(PLAN_INPUTS)) as connection:
        models = {name: connection.execute(f"from {name}").pl() for name in PLAN_INPUTS}
    tables = planned(input_of(models, horizon=120, max_changes=0))
    for table in LICENCE_PLAN_TABLES:
        write_derived(home.root / "derived", table, tables[table.name])
    with compiled_project.build(home.root, set(MARTS)) as connection:
        assert compiled_project.breaks(connection, set(MARTS)) == []
        yearly = _all(
            connection,
            "select yearly_saving_nok from mart_licence_plan_cause where cause = 'shelf_ware'",
        )
    # all but the four that somebody has
    assert yearly == [(12 * (Decimal(10**7) - 4) * 10**6,)]
