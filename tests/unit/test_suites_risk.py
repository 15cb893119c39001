"""The suites of thresholds, savings, risk and deviations find what they are there to find.

Tiny tables that are right, then one defect at a time: the check named must notice it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, RUN_CONTEXT, Check
from data_quality.suites import SUITES

MARTS = (
    "mart_threshold_watch",
    "mart_threshold_unit",
    "mart_saving",
    "mart_saving_item",
    "mart_supplier_risk",
    "mart_category_risk",
    "mart_deviation",
    "mart_deviation_status",
)

_LINES = """
create table fct_spend_line as select * from (values
    (2024, 'c', 'NO1', 'u1', null, 'no_agreement', date '2024-01-10', 1000000.00),
    (2024, 'c', 'NO2', 'u2', 'A', 'off_agreement', date '2024-02-10', 300000.00),
    (2024, 'd', 'NO1', 'u1', 'A', 'on_agreement', date '2024-02-10', 90.00)
) as line(year, category_id, supplier_id, unit_id, agreement_id, loyalty_class, decisive_date, nok);
alter table fct_spend_line rename nok to amount_nok;
alter table fct_spend_line alter amount_nok type decimal(18, 2);
create table dim_category as select unnest(['c', 'd']) as category_id;
create table dim_supplier as select unnest(['NO1', 'NO2']) as supplier_id;
create table dim_unit as select unnest(['u1', 'u2']) as unit_id;
create table dim_agreement as select 'A' as agreement_id;
create table dim_spend_definition as select 'STD' as definition_id;
create table run_context as select date '2024-12-31' as as_of_date;
"""
_WATCH = {
    "scope": "municipality",
    "supplier_id": None,
    "kind": "works",
    "category_id": "c",
    "window_start": "2024-01-10",
    "window_end": "2025-01-10",
    "is_complete": False,
    "is_peak": True,
    "definition_id": "STD",
    "line_count": 2,
    "unit_count": 2,
    "supplier_count": 2,
    "threshold_type": "national",
    "threshold_nok": "1300000.00",
    "threshold_now_nok": "1300000.00",
    "threshold_status": "kildebelagt",
    "is_threshold_verified": True,
    "eea_threshold_nok": None,
    "eea_threshold_now_nok": None,
    "eea_threshold_status": "ingen",
    "is_at_or_above_eea": None,
}


def _watch(watch_id: str, nok: str, above: bool, off: str, **values: object) -> dict[str, object]:
    return (
        _WATCH
        | {
            "watch_id": watch_id,
            "spend_without_agreement_nok": nok,
            "no_agreement_nok": str(Decimal(nok) - Decimal(off)),
            "outside_period_nok": "0",
            "off_agreement_nok": off,
            "is_at_or_above": above,
            "responsible": "central_purchasing" if above else "sector",
            "assessment": "bør undersøkes" if above else "under terskelverdien",
        }
        | values
    )


def _part(watch_id: str, unit: str, nok: str, window: str) -> dict[str, object]:
    return {
        "part_id": f"{watch_id}|{unit}",
        "watch_id": watch_id,
        "unit_id": unit,
        "loyalty_class": "no_agreement",
        "spend_nok": nok,
        "window_nok": window,
        "window_share": float(nok) / float(window),
    }


def _item(**values: object) -> dict[str, object]:
    return {
        "year": 2024,
        "agreement_id": "A",
        "item_key": "X",
        "unit_code": "EA",
        "realised_saving_nok": 0,
        "leaked_saving_nok": 0,
        **values,
    }


_GOOD: dict[str, list[dict[str, object]]] = {
    "mart_threshold_watch": [
        _watch("all", "1300000.00", True, "300000.00"),
        _watch(
            "one", "1000000.00", False, "0.00", scope="supplier", supplier_id="NO1", unit_count=1
        ),
        _watch(
            "two",
            "300000.00",
            False,
            "300000.00",
            scope="supplier",
            supplier_id="NO2",
            window_start="2024-02-10",
            window_end="2025-02-10",
        ),
    ],
    "mart_threshold_unit": [
        _part("all", "u1", "1000000", "1300000"),
        _part("all", "u2", "300000", "1300000"),
        _part("one", "u1", "1000000", "1000000"),
        _part("two", "u2", "300000", "300000"),
    ],
    "mart_saving": [
        {
            "year": 2024,
            "agreement_id": "A",
            "definition_id": "STD",
            "plan_count": 1,
            "unpriced_plan_count": 0,
            "planned_saving_nok": 100,
            "on_agreement_nok": 90,
            "measured_nok": 90,
            "realised_saving_nok": 10,
            "realised_expected_nok": 0,
            "leaked_spend_nok": 300000,
            "leaked_measured_nok": 300000,
            "leaked_saving_nok": 20000,
            "leaked_expected_nok": 0,
            "outside_period_nok": 0,
            "realised_share": 0.1,
            "price_checked_nok": 90,
            "price_deviation_nok": 10,
            "overcharged_nok": 10,
            "overcharged_line_count": 1,
        }
    ],
    "mart_saving_item": [
        _item(
            supplier_id="NO1",
            loyalty_class="on_agreement",
            method="baseline_price",
            amount_nok=90,
            baseline_nok=100,
            contracted_nok=80,
            list_nok=100,
            discounted_nok=80,
            discount_share=0.2,
            realised_saving_nok=10,
            price_deviation_nok=10,
        ),
        _item(
            supplier_id="NO2",
            loyalty_class="off_agreement",
            method="contracted_price",
            amount_nok=300000,
            contracted_nok=280000,
            leaked_saving_nok=20000,
        ),
    ],
    "mart_supplier_risk": [
        {
            "year": 2024,
            "supplier_id": supplier,
            "definition_id": "STD",
            "spend_nok": nok,
            "total_nok": "1300090.00",
            "spend_share": float(nok) / 1300090,
            "turnover_nok": None,
            "turnover_share": None,
            "category_count": 2 if supplier == "NO1" else 1,
            "largest_share_category_id": category,
            "largest_share_nok": largest,
            "largest_share_category_nok": of,
            "largest_category_share": float(largest) / float(of),
            "sole_category_count": 1 if supplier == "NO1" else 0,
            "sole_category_nok": 90 if supplier == "NO1" else 0,
            "one_left_category_count": 0,
            "price_item_count": 0,
            "price_observed_nok": 0,
            "price_variation": None,
            "open_deviation_count": 1 if supplier == "NO1" else 0,
            "open_high_count": 1 if supplier == "NO1" else 0,
            "open_medium_count": 0,
            "open_low_count": 0,
            "open_unrated_count": 0,
            "open_claim_nok": 100 if supplier == "NO1" else 0,
            "control_count": 1,
            "finding_count": 1,
            "serious_finding_count": 1,
            "open_followup_count": 1,
            "overdue_followup_count": 1,
        }
        for supplier, nok, category, largest, of in (
            ("NO1", "1000090.00", "d", "90", "90"),
            ("NO2", "300000.00", "c", "300000", "1300000"),
        )
    ],
    "mart_category_risk": [
        {
            "year": 2024,
            "category_id": category,
            "definition_id": "STD",
            "spend_nok": nok,
            "supplier_count": suppliers,
            "last_year_supplier_count": 0,
            "largest_supplier_id": "NO1",
            "largest_supplier_nok": largest,
            "largest_supplier_share": float(largest) / float(nok),
            "hhi": hhi,
            "has_sole_supplier": suppliers == 1,
            "is_one_left": False,
        }
        for category, nok, suppliers, largest, hhi in (
            ("c", "1300000", 2, "1000000", 10_000 * (100 + 9) / 169),
            ("d", "90", 1, "90", 10_000.0),
        )
    ],
    "mart_deviation": [
        {
            "deviation_id": "D1",
            "agreement_id": "A",
            "supplier_id": "NO1",
            "severity": "high",
            "status": "open",
            "is_open": True,
            "reported_date": "2024-12-01",
            "days_open": 30,
            "claim_nok": 100,
        },
        {
            "deviation_id": "D2",
            "agreement_id": "A",
            "supplier_id": "NO1",
            "status": "closed",
            "is_open": False,
            "reported_date": "2024-12-01",
            "closed_date": "2024-12-11",
            "days_open": 10,
        },
    ],
    "mart_deviation_status": [
        {
            "agreement_id": "A",
            "supplier_id": "NO1",
            "open_count": 1,
            "in_progress_count": 0,
            "open_high_count": 1,
            "closed_count": 1,
            "oldest_open_days": 30,
            "dated_closed_count": 1,
            "closed_days": 10,
            "mean_days_to_close": 10.0,
            "open_claim_nok": 100,
            "open_dagbot_nok": 0,
            "claim_nok": 100,
            "dagbot_nok": 0,
        }
    ],
}


def _declared(mart: str) -> dict[str, str]:
    """Column → type, from the suite's own check of columns."""
    sql = next(c for c in SUITES[mart].checks if c.id == f"{mart}.columns").bad_rows
    pairs = sql.split("from (values ")[1].split(") as wanted")[0]
    found = [pair.strip(" ()").split("', '") for pair in pairs.split("), (")]
    return {
        name.strip("'"): (types.strip("'").split("|")[0] or "decimal(18, 6)")
        for name, types in found
    }


def _checks() -> dict[str, Check]:
    return {
        check.id: check
        for mart in MARTS
        for check in (
            *SUITES[mart].checks,
            *(declared.check() for declared in SUITES[mart].sums_to),
        )
    }


CHECKS = _checks()


@pytest.fixture
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(_LINES)
        for mart, good in _GOOD.items():
            columns = _declared(mart)
            spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table {mart} ({spelled})")
            for row in good:
                assert set(row) <= set(columns), mart
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(
                    f"insert into {mart} ({names}) values ({marks})", list(row.values())
                )
        yield connection


def _bad_rows(connection: duckdb.DuckDBPyConnection, check: Check) -> list[tuple[object, ...]]:
    return connection.execute(check.bad_rows.replace(RUN_CONTEXT, "run_context")).fetchall()


def _broken(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {check.id for check in CHECKS.values() if _bad_rows(connection, check)}


# check → the defect that it must find
DEFECTS = {
    "mart_threshold_watch.grain_unique": "insert into mart_threshold_watch from "
    "mart_threshold_watch where watch_id = 'one'",
    "mart_threshold_watch.scope_has_its_supplier": "update mart_threshold_watch "
    "set supplier_id = 'NO1' where watch_id = 'all'",
    "mart_threshold_watch.window_of_twelve_months": "update mart_threshold_watch "
    "set window_end = window_end + 1 where watch_id = 'one'",
    "mart_threshold_watch.one_peak": "update mart_threshold_watch set is_peak = false "
    "where watch_id = 'two'",
    "mart_threshold_watch.parts_add_up": "update mart_threshold_watch "
    "set no_agreement_nok = no_agreement_nok + 0.01 where watch_id = 'one'",
    "mart_threshold_watch.sums_to_lines": "update fct_spend_line set amount_nok = 300000.01 "
    "where supplier_id = 'NO2'",
    "mart_threshold_watch.equal_is_above": "update mart_threshold_watch "
    "set is_at_or_above = false where watch_id = 'all'",
    "mart_threshold_watch.one_threshold_a_day": "update mart_threshold_watch "
    "set threshold_nok = 1200000 where watch_id = 'one'",
    "mart_threshold_watch.responsible_follows_the_limit": "update mart_threshold_watch "
    "set responsible = 'sector' where watch_id = 'all'",
    "mart_threshold_watch.assessment_follows": "update mart_threshold_watch "
    "set assessment = 'under terskelverdien' where watch_id = 'all'",
    "mart_threshold_watch.every_key_watched": "delete from mart_threshold_watch "
    "where watch_id = 'all'",
    "mart_threshold_unit.sums_to_window": "delete from mart_threshold_unit where unit_id = 'u2'",
    "mart_threshold_unit.share_is_quotient": "update mart_threshold_unit "
    "set window_share = 0.5 where watch_id = 'one'",
    "mart_saving.share_is_quotient": "update mart_saving set realised_share = 0.2",
    "mart_saving.plan_has_rows": "update mart_saving set plan_count = 0",
    "mart_saving.overcharge_within_deviation": "update mart_saving set overcharged_nok = 9",
    "mart_saving.realised_saving_nok_sums_to_items": "update mart_saving_item "
    "set realised_saving_nok = 11 where supplier_id = 'NO1'",
    "mart_saving.leaked_saving_nok_sums_to_items": "update mart_saving "
    "set leaked_saving_nok = 19999.99",
    "mart_saving.price_deviation_nok_sums_to_items": "update mart_saving "
    "set price_deviation_nok = 9",
    "mart_saving.realised_expected_nok_sums_to_items": "update mart_saving "
    "set realised_expected_nok = 1",
    "mart_saving.leaked_expected_nok_sums_to_items": "update mart_saving "
    "set leaked_expected_nok = 1",
    "mart_saving.measured_nok_sums_to_items": "update mart_saving set measured_nok = 0",
    "mart_saving.leaked_measured_nok_sums_to_items": "update mart_saving "
    "set leaked_measured_nok = 0",
    "mart_saving.on_agreement_nok_sums_to_lines": "update mart_saving set on_agreement_nok = 91",
    "mart_saving.leaked_spend_nok_sums_to_lines": "update mart_saving set leaked_spend_nok = 0",
    "mart_saving.outside_period_nok_sums_to_lines": "update mart_saving set outside_period_nok = 1",
    "mart_saving_item.zero_price_saves_nothing": "update mart_saving_item "
    "set method = 'zero_price' where supplier_id = 'NO1'",
    "mart_saving_item.realised_or_leaked": "update mart_saving_item "
    "set leaked_saving_nok = 1 where supplier_id = 'NO1'",
    "mart_saving_item.saving_is_difference": "update mart_saving_item "
    "set baseline_nok = 99 where supplier_id = 'NO1'",
    "mart_saving_item.discount_is_quotient": "update mart_saving_item "
    "set discount_share = 0.25 where supplier_id = 'NO1'",
    "mart_saving_item.sums_to_lines": "update mart_saving_item set amount_nok = 91 "
    "where supplier_id = 'NO1'",
    "mart_supplier_risk.spend_share_is_quotient": "update mart_supplier_risk set spend_share = 0.5",
    "mart_supplier_risk.turnover_share_is_quotient": "update mart_supplier_risk "
    "set turnover_nok = 5",
    "mart_supplier_risk.largest_category_share_is_quotient": "update mart_supplier_risk "
    "set largest_category_share = 0.9",
    "mart_supplier_risk.one_total_a_year": "update mart_supplier_risk set total_nok = 1",
    "mart_supplier_risk.only_supplier_is_the_only_one": "update mart_supplier_risk "
    "set sole_category_count = 1 where supplier_id = 'NO2'",
    "mart_supplier_risk.variation_has_items": "update mart_supplier_risk set price_variation = 0.1",
    "mart_supplier_risk.severities_add_up": "update mart_supplier_risk set open_low_count = 1",
    "mart_supplier_risk.open_deviations_as_listed": "update mart_deviation set claim_nok = 99 "
    "where is_open",
    "mart_supplier_risk.parts_within_counts": "update mart_supplier_risk set finding_count = 2",
    "mart_supplier_risk.sums_to_lines": "update mart_supplier_risk set spend_nok = 1",
    "mart_category_risk.hhi_range": "update mart_category_risk set hhi = 10001",
    "mart_category_risk.hhi_is_sum_of_squares": "update mart_category_risk set hhi = 6500 "
    "where category_id = 'c'",
    "mart_category_risk.share_is_quotient": "update mart_category_risk "
    "set largest_supplier_share = 0.9",
    "mart_category_risk.only_one": "update mart_category_risk set is_one_left = true",
    "mart_category_risk.sums_to_lines": "update mart_category_risk set spend_nok = 91 "
    "where category_id = 'd'",
    "mart_deviation.open_is_not_closed": "update mart_deviation set status = 'open'",
    "mart_deviation.days_are_counted": "update mart_deviation set days_open = 29 where is_open",
    "mart_deviation.closed_by_the_day": "update mart_deviation set is_open = true",
    "mart_deviation_status.counts_as_listed": "update mart_deviation_status set open_count = 2",
    "mart_deviation_status.mean_is_quotient": "update mart_deviation_status "
    "set mean_days_to_close = 11",
}


@pytest.mark.rule("E07", "E11", "E15", "C05", "C06", "A13", "A14", "E21")
def test_nothing_is_found_in_tables_that_are_right(tables: duckdb.DuckDBPyConnection) -> None:
    assert _broken(tables) == set()


@pytest.mark.parametrize("check_id", DEFECTS)
def test_each_check_finds_its_defect(tables: duckdb.DuckDBPyConnection, check_id: str) -> None:
    tables.execute(DEFECTS[check_id])
    assert _bad_rows(tables, CHECKS[check_id]) != []


def test_every_check_with_sql_of_its_own_has_a_defect() -> None:
    builders = ("_not_null", "_known", "_range", "_exists", ".key_unique", ".columns")
    own = {
        check.id
        for check in CHECKS.values()
        if check.expectation == BAD_ROWS
        and (check.id.endswith("hhi_range") or not check.id.endswith(builders))
    }
    assert own == set(DEFECTS)
