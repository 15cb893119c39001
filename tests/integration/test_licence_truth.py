"""The licence marts against what the demo's generator planted and added up by itself."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.extracts.pseudonyms import account_key
from tests.conftest import AS_OF

pytestmark = pytest.mark.slow
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def truth(demo_home: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((demo_home / "truth.json").read_text("utf-8"))
    licences: dict[str, Any] = content["licences"]
    return licences


@pytest.fixture(scope="module")
def keys(demo_home: Path, truth: dict[str, Any]) -> dict[str, str]:
    """Name of each planted case → the key that its account has in this home."""
    secret = (demo_home / "config" / "pseudonym.key").read_bytes().strip()
    found = {case["name"]: account_key(case["login"], secret) for case in truth["planted"]}
    return {name: key for name, key in found.items() if key is not None}


def _rows(demo: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Rows:
    return demo.execute(sql, list(values)).fetchall()


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.rule("A07")
def test_every_product_of_every_month_seat_by_seat(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select strftime(as_of_date, '%Y-%m-01'), sku_id, entitled, assigned, active, unused, "
        "unknown_activity from mart_licence_sku where entitled <> 0 or assigned <> 0",
    )
    names = ("entitled", "assigned", "active", "unused", "unknown")
    expected = {
        (row["month"], row["sku_id"]): tuple(row[name] for name in names)
        for row in truth["snapshots"]
    }
    assert {row[:2]: row[2:] for row in rows} == expected
    days = _rows(demo, "select distinct cast(as_of_date as varchar) from mart_licence_sku")
    assert {day for (day,) in days} == {"2024-10-31", "2024-11-30", AS_OF}


@pytest.mark.rule("A07")
def test_every_unit_has_its_seats_and_no_seat_is_lost(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select unit_id, sku_id, assigned from mart_licence_account "
        "where as_of_date = cast(? as date) and assigned > 0",
        AS_OF,
    )
    expected = {(row["unit_id"], row["sku_id"]): row["assigned"] for row in truth["units"]}
    assert {row[:2]: row[2] for row in rows} == expected
    ((central, own),) = _rows(
        demo,
        "select sum(case when unit_id = 'felles' then entitled end), "
        "sum(case when unit_id = 'VAV' then entitled end) from mart_licence_account "
        "where as_of_date = cast(? as date) and sku_id = '18181a46-0d4e-45cd-891e-60aabd171b4e'",
        AS_OF,
    )
    assert central > 0
    assert own == expected[("VAV", "18181a46-0d4e-45cd-891e-60aabd171b4e")] + 3


@pytest.mark.rule("A07")
def test_over_assigned_products_and_what_comes_at_true_up(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select sku_id, over_assigned, cast(true_up_date as varchar), true_up_nok "
        "from mart_licence_sku where is_latest and over_assigned > 0",
    )
    assert {row[0]: row[1] for row in rows} == truth["over_assigned"]
    power_bi = "f8a1db68-be16-40ed-86d5-cb42ce701560"
    # Two seats too many at 95 kroner a month.
    assert {row[0]: row[2:] for row in rows}[power_bi] == ("2025-03-01", Decimal(2 * 95 * 12))


@pytest.mark.rule("A08")
@pytest.mark.rule("B09")
def test_first_findings_and_what_they_cost(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select finding, count(*), sum(counted_cost_nok) from (select *, row_number() over "
        "(partition by user_key, sku_id order by finding_order) as place "
        "from mart_licence_finding) where place = 1 and not list_contains(?, sku_id) group by 1",
        truth["open_products"],
    )
    # What has no price has no cost, and is counted.
    found = {row[0]: (row[1], row[2] or Decimal(0)) for row in rows}
    assert found == {
        row["finding"]: (row["count"], Decimal(row["counted_cost_nok"]))
        for row in truth["findings"]
    }


def test_no_krone_of_the_findings_is_counted_twice(demo: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(
        demo,
        "select user_key, sku_id from mart_licence_finding where counted_cost_nok <> 0 "
        "group by 1, 2 having count(*) > 1",
    )
    assert rows == []
    ((findings,),) = _rows(demo, "select sum(counted_cost_nok) from mart_licence_finding")
    ((waste,),) = _rows(demo, "select sum(counted_cost_nok) from mart_licence_waste")
    assert findings == waste


@pytest.mark.rule("B08")
@pytest.mark.rule("B08e")
@pytest.mark.rule("B09")
def test_every_planted_account_has_its_finding(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any], keys: dict[str, str]
) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for user_key, sku_id, finding in _rows(
        demo, "select user_key, sku_id, finding from mart_licence_finding order by finding_order"
    ):
        found.setdefault((user_key, sku_id), []).append(finding)
    wrong = {
        case["name"]: (first, case["finding"])
        for case in truth["planted"]
        for first in [next(iter(found.get((keys[case["name"]], case["sku_id"]), [])), None)]
        if first != case["finding"]
    }
    assert wrong == {}


@pytest.mark.rule("B09")
def test_day_60_is_not_charged_and_day_61_is(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any], keys: dict[str, str]
) -> None:
    cases = {case["name"]: case for case in truth["planted"] if case["deactivated_days"]}
    assert {case["deactivated_days"] for case in cases.values()} == {60, 61, 91}
    for name, case in cases.items():
        rows = _rows(
            demo,
            "select days_deactivated, financing from fct_licence_charge "
            "where account_key = ? and sku_id = ? and month = date '2024-12-01'",
            keys[name],
            case["sku_id"],
        )
        is_charged = case["deactivated_days"] > 60
        expected = (case["deactivated_days"], "invoiced" if is_charged else "frame")
        assert rows == [expected], name


@pytest.mark.rule("B02")
@pytest.mark.rule("B06")
@pytest.mark.rule("B07")
@pytest.mark.rule("B07x")
@pytest.mark.rule("B08")
@pytest.mark.rule("B08e")
@pytest.mark.rule("B09")
def test_every_planted_account_is_on_its_row_of_the_charge_table(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any], keys: dict[str, str]
) -> None:
    rows = _rows(
        demo,
        "select account_key, sku_id, strftime(month, '%Y-%m-%d'), rule_row from fct_licence_charge",
    )
    found = {row[:3]: row[3] for row in rows}
    assert len(found) == len(rows)
    wrong = {
        (case["name"], month): (found.get((keys[case["name"]], case["sku_id"], month)), row)
        for case in truth["planted"]
        for month, row in case["rule_rows"].items()
        if found.get((keys[case["name"]], case["sku_id"], month)) != row
    }
    assert wrong == {}


@pytest.mark.rule("B02")
@pytest.mark.rule("B06")
@pytest.mark.rule("B07")
def test_every_row_of_the_charge_table_of_every_month_to_the_ore(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select strftime(month, '%Y-%m-%d'), rule_row, count(*), coalesce(sum(amount_nok), 0), "
        "count(*) - count(amount_nok) from fct_licence_charge group by 1, 2",
    )
    found = {row[:2]: row[2:] for row in rows}
    assert {key: row[0] for key, row in found.items()} == {
        (row["month"], row["rule_row"]): row["count"] for row in truth["charges"]
    }
    for row in truth["charges"]:
        if row["amount_nok"] is not None:
            _, amount, without = found[(row["month"], row["rule_row"])]
            assert (amount, without) == (_money(row["amount_nok"]), row["without_price"]), row


@pytest.mark.rule("B12")
@pytest.mark.rule("A09")
def test_workplace_by_active_users_and_the_formal_audit_by_hours(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select strftime(month, '%Y-%m-%d'), unit_id, sum(quantity), sum(amount_nok) "
        "from mart_charge where service = 'workplace' group by 1, 2",
    )
    assert {row[:2]: row[2:] for row in rows} == {
        (row["month"], row["unit_id"]): (Decimal(row["quantity"]), _money(row["amount_nok"]))
        for row in truth["workplace"]
    }
    audits = _rows(
        demo,
        "select sum(amount_nok) from mart_charge "
        "where service = 'licence_audit' and financing = 'invoiced'",
    )
    assert audits == [(_money(truth["audit_nok"]),)]


def test_what_is_wrong_with_products_is_listed(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    found = set(_rows(demo, "select sku_id, issue from mart_sku_issue"))
    expected = {(row["sku_id"], row["issue"]) for row in truth["issues"]}
    assert expected <= found, expected - found
    mismatched = {sku_id for sku_id, issue in found if issue == "guid_is_other_product"}
    assert mismatched == {"776df282-9fc0-4862-99e2-70e561b9909e"}


@pytest.mark.rule("A08")
@pytest.mark.rule("B09t")
def test_the_plan_ends_the_seats_that_can_be_worked_out_by_hand(
    demo: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    rows = _rows(
        demo,
        "select sku_id, sum(ended) - sum(bought), sum(saving_nok) from mart_licence_plan_seat "
        "group by 1",
    )
    found = {row[0]: row[1:] for row in rows}
    for row in truth["plan"]:
        expected = (row["seats_ended"], _money(row["horizon_saving_nok"]))
        assert found[row["sku_id"]] == expected, row["sku_id"]


def test_the_plan_is_proven_and_its_rows_sum_to_its_saving(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    ((saving, gap),) = _rows(demo, "select saving_nok, gap_share from mart_licence_plan_summary")
    ((actions,),) = _rows(demo, "select sum(horizon_saving_nok) from mart_licence_plan")
    ((causes,),) = _rows(demo, "select sum(horizon_saving_nok) from mart_licence_plan_cause")
    assert saving == actions == causes
    assert saving > 0
    assert gap <= 0.0001
