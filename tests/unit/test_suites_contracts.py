"""The suites about agreements: each check on a table that is right, and on one that is not."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, RUN_CONTEXT, Check, Suite

AS_OF = "2024-12-31"
Row = Mapping[str, Any]

# Right rows, and the type of each column that is not text.
TYPES = {
    "date": "_date valid_from valid_to quarter_start exercised_date as_of_date",
    "boolean": "is_ has_",
    "decimal(18, 2)": "_nok",
    "double": "_share loyalty_low loyalty_high",
    "integer": "year quarter _count days_left option_number event_order pace_days gap_rank quantity"
    " party_count_difference",
}
TABLES: dict[str, list[dict[str, Any]]] = {
    "run_context": [{"as_of_date": AS_OF}],
    "dim_agreement": [
        {
            "agreement_id": "A",
            "valid_from": "2024-01-01",
            "end_date": "2025-01-10",
            "latest_end_date": "2026-01-10",
            "lead_buyer": "NRI",
        }
    ],
    "dim_category": [{"category_id": "K"}],
    "bridge_agreement_category": [
        {
            "agreement_id": "A",
            "category_id": "K",
            "valid_from": "2024-01-01",
            "valid_to": "2025-01-11",
        }
    ],
    "fct_spend_line": [
        {
            "year": 2024,
            "agreement_id": "A",
            "supplier_id": "S",
            "category_id": "K",
            "loyalty_class": "on_agreement",
            "coverage": "binding",
            "decisive_date": AS_OF,
            "amount_nok": 60,
        },
        {
            "year": 2024,
            "agreement_id": None,
            "supplier_id": "S",
            "category_id": "K",
            "loyalty_class": "no_agreement",
            "coverage": "none",
            "decisive_date": AS_OF,
            "amount_nok": 40,
        },
    ],
    "mart_loyalty": [
        {
            "year": 2024,
            "agreement_id": "A",
            "on_agreement_nok": 60,
            "wrong_zone_nok": 0,
            "off_agreement_nok": 40,
        }
    ],
    "mart_agreement_calendar": [
        {
            "agreement_id": "A",
            "event": event,
            "event_type": event,
            "event_date": day,
            "days_left": left,
            "is_overdue": status == "overdue",
            "status": status,
            "is_task": event == "competition_start",
            "latest_end_date": "2026-01-10",
            "event_order": order,
            "as_of_date": AS_OF,
        }
        for event, day, left, status, order in (
            ("competition_start", "2024-12-30", -1, "overdue", 1),
            ("end", "2025-01-10", 10, "upcoming", 2),
            ("latest_end", "2026-01-10", 375, "conditional", 3),
            ("start", "2024-01-01", -365, "passed", 4),
        )
    ],
    "mart_agreement_status": [
        {
            "agreement_id": "A",
            "as_of_date": AS_OF,
            "status": "active",
            "is_active": True,
            "valid_from": "2024-01-01",
            "end_date": "2025-01-10",
            "latest_end_date": "2026-01-10",
            "is_without_owner": False,
            "party_count_difference": 0,
            "turnover_nok": 60,
            "ceiling_nok": 100,
            "remaining_nok": 40,
            "ceiling_share": 0.6,
            "is_ceiling_reached": False,
            "projection_method": "linear",
            "projected_nok": 61,
            "projected_latest_nok": 100,
            "projected_ceiling_share": 0.61,
            "ceiling_date": "2026-01-10",
            "is_ceiling_date_projected": True,
        }
    ],
    "mart_agreement_turnover": [
        {
            "year": 2024,
            "quarter": 4,
            "agreement_id": "A",
            "lead_buyer": "NRI",
            "supplier_id": "S",
            "category_id": "K",
            "turnover_nok": 60,
            "wrong_zone_nok": 0,
            "document_count": 1,
            "line_count": 1,
            "unit_count": 1,
        }
    ],
    "mart_lead_buyer": [
        {
            "year": 2024,
            "lead_buyer": "NRI",
            "turnover_nok": 60,
            "total_turnover_nok": 60,
            "turnover_share": 1.0,
        }
    ],
    "mart_category_agreement_gap": [
        {
            "year": 2024,
            "category_id": "K",
            "spend_nok": 100,
            "without_agreement_nok": 40,
            "without_agreement_share": 0.4,
            "agreement_count": 1,
            "is_without_agreement": False,
            "faggruppe_agreement_count": 1,
            "faggruppe_category_count": 1,
            "faggruppe_covered_category_count": 1,
            "is_faggruppe_without_agreement": False,
        }
    ],
    "mart_price_change": [
        {
            "supplier_id": "S",
            "item_id": "I",
            "unit_code": "EA",
            "currency": "NOK",
            "quarter_start": day,
            "line_count": 1,
            "quantity": 10,
            "spend_nok": spend,
            "unit_price_nok": price,
            "previous_price_nok": before,
            "change_nok": None if before is None else price - before,
            "is_comparable": before is not None,
            "price_effect_nok": effect,
        }
        for day, spend, price, before, effect in (
            ("2024-01-01", 100, 10, None, None),
            ("2024-04-01", 120, 12, 10, 20),
        )
    ],
    "bridge_agreement_party": [{"agreement_id": "A", "party_id": "P", "is_eligible": True}],
    "mart_agreement_option": [
        {
            "agreement_id": "A",
            "option_kind": "extension",
            "option_id": "1",
            "state": "overdue",
            "is_exercised": False,
            "exercised_date": None,
            "deadline_date": "2024-12-30",
            "is_exercised_late": False,
            "option_start_date": "2025-01-11",
            "option_end_date": "2026-01-10",
            "spend_nok": 0,
            "as_of_date": AS_OF,
        }
    ],
    "mart_agreement_scorecard": [
        {
            "year": 2024,
            "agreement_id": "A",
            "turnover_nok": 60,
            "used_supplier_count": 1,
            "on_agreement_nok": 60,
            "wrong_zone_nok": 0,
            "off_agreement_nok": 40,
            "undetermined_negative_nok": 0,
            "loyalty_low": 0.6,
            "loyalty_high": 0.6,
            "deviation_count": 0,
            "open_deviation_count": 0,
        }
    ],
}
# The suite, the check, and an update that makes one row wrong.
DEFECTS = [
    ("mart_agreement_calendar", "as_of_is_the_builds", "as_of_date = date '2024-12-30'"),
    ("mart_agreement_calendar", "days_left_is_the_difference", "days_left = days_left + 1"),
    ("mart_agreement_calendar", "overdue_is_past_and_undone", "is_overdue = not is_overdue"),
    ("mart_agreement_calendar", "overdue_is_past_and_undone", "days_left = 0"),
    ("mart_agreement_calendar", "overdue_is_past_and_undone", "is_task = false"),
    ("mart_agreement_calendar", "overdue_first", "event_order = event_order + 1"),
    ("mart_agreement_calendar", "dates_are_the_agreements", "event_date = event_date + 1"),
    ("mart_agreement_calendar", "every_agreement_begins_and_ends", "event = 'x' || event"),
    (
        "mart_agreement_calendar",
        "competition_before_the_latest_end",
        "event_date = date '2026-01-11'",
    ),
    ("mart_agreement_status", "every_agreement_once", "agreement_id = 'B'"),
    ("mart_agreement_status", "as_of_is_the_builds", "as_of_date = date '2024-12-30'"),
    ("mart_agreement_status", "active_in_the_period", "end_date = date '2024-12-30'"),
    ("mart_agreement_status", "active_in_the_period", "is_active = false"),
    ("mart_agreement_status", "shares_are_quotients", "ceiling_share = 0.61"),
    ("mart_agreement_status", "shares_are_quotients", "ceiling_share = null"),
    ("mart_agreement_status", "shares_are_quotients", "projected_ceiling_share = 0.62"),
    ("mart_agreement_status", "shares_are_quotients", "remaining_nok = 40.01"),
    ("mart_agreement_status", "ceiling_reached_as_the_sums_say", "is_ceiling_reached = true"),
    ("mart_agreement_status", "ceiling_reached_as_the_sums_say", "turnover_nok = 100"),
    ("mart_agreement_status", "ceiling_reached_as_the_sums_say", "ceiling_date = as_of_date"),
    (
        "mart_agreement_status",
        "ceiling_reached_as_the_sums_say",
        "ceiling_date = latest_end_date + 1",
    ),
    ("mart_agreement_status", "projection_is_not_below_the_turnover", "projected_nok = 59.99"),
    ("mart_agreement_status", "over_the_ceiling", "is_ceiling_reached = true"),
    ("mart_agreement_status", "without_owner", "is_without_owner = true"),
    ("mart_agreement_status", "parties_differ", "party_count_difference = -2"),
    ("mart_agreement_status", "sums_to_lines", "turnover_nok = 60.01"),
    ("mart_agreement_turnover", "lead_buyer_is_the_agreements", "lead_buyer = null"),
    ("mart_agreement_turnover", "counts_are_positive", "unit_count = 0"),
    ("mart_agreement_turnover", "sums_to_lines", "turnover_nok = 59.99"),
    ("mart_agreement_turnover", "wrong_zone_sums_to_lines", "wrong_zone_nok = 0.01"),
    ("mart_lead_buyer", "share_is_quotient", "turnover_share = 0.99"),
    ("mart_lead_buyer", "share_is_quotient", "total_turnover_nok = 61"),
    ("mart_lead_buyer", "sums_to_lines", "turnover_nok = 61"),
    ("mart_category_agreement_gap", "every_category_every_year", "category_id = 'L'"),
    ("mart_category_agreement_gap", "counts_agree", "is_without_agreement = true"),
    ("mart_category_agreement_gap", "counts_agree", "faggruppe_agreement_count = 0"),
    ("mart_category_agreement_gap", "agreements_are_counted", "agreement_count = 2"),
    ("mart_category_agreement_gap", "share_is_quotient", "without_agreement_share = 0.41"),
    ("mart_category_agreement_gap", "sums_to_lines", "spend_nok = 99"),
    ("mart_category_agreement_gap", "without_agreement_sums_to_lines", "without_agreement_nok = 1"),
    ("mart_price_change", "price_is_amount_over_quantity", "unit_price_nok = 12.01"),
    ("mart_price_change", "price_is_amount_over_quantity", "quantity = -quantity"),
    ("mart_price_change", "effect_only_where_comparable", "is_comparable = false"),
    ("mart_price_change", "effect_only_where_comparable", "price_effect_nok = -price_effect_nok"),
    ("mart_price_change", "previous_is_the_row_before", "previous_price_nok = 11"),
    ("bridge_agreement_party", "not_eligible", "is_eligible = false"),
    ("mart_agreement_option", "state_fits", "is_exercised = true"),
    ("mart_agreement_option", "state_fits", "deadline_date = as_of_date"),
    (
        "mart_agreement_option",
        "state_fits",
        "is_exercised_late = true, exercised_date = deadline_date",
    ),
    ("mart_agreement_option", "extensions_in_order", "option_end_date = date '2025-01-10'"),
    ("mart_agreement_option", "extensions_in_order", "deadline_date = option_start_date"),
    ("mart_agreement_option", "spend_only_where_it_counts", "spend_nok = 1"),
    ("mart_agreement_option", "exercised_late", "is_exercised_late = true"),
    ("mart_agreement_scorecard", "interval", "loyalty_low = 0.7"),
    ("mart_agreement_scorecard", "interval", "loyalty_high = 1.1"),
    ("mart_agreement_scorecard", "low_is_quotient", "loyalty_low = 0.59"),
    ("mart_agreement_scorecard", "counts_fit", "open_deviation_count = 1"),
    ("mart_agreement_scorecard", "counts_fit", "used_supplier_count = 0"),
    ("mart_agreement_scorecard", "sums_to_lines", "turnover_nok = 61"),
    ("mart_agreement_scorecard", "on_agreement_sums_to_loyalty", "on_agreement_nok = 61"),
    ("mart_agreement_scorecard", "wrong_zone_sums_to_loyalty", "wrong_zone_nok = 1"),
    ("mart_agreement_scorecard", "off_agreement_sums_to_loyalty", "off_agreement_nok = 41"),
]  # fmt: skip
SUITES = sorted({suite for suite, _, _ in DEFECTS})


def type_of(column: str) -> str:
    for kind, words in TYPES.items():
        for word in words.split():
            if column == word or (word[0] == "_" and column.endswith(word)):
                return kind
            if word[-1] == "_" and column.startswith(word):
                return kind
            if word == "_count" and column.endswith(word):
                return kind
    return "varchar"


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table, rows in TABLES.items():
            names = list(rows[0])
            columns = ", ".join(f"{name} {type_of(name)}" for name in names)
            connection.execute(f"create table {table} ({columns})")
            marks = ", ".join("?" * len(names))
            for row in rows:
                connection.execute(
                    f"insert into {table} values ({marks})", [row[name] for name in names]
                )
        yield connection


def suite_of(table: str) -> Suite:
    suite: Suite = importlib.import_module(f"data_quality.suites.{table}").SUITE
    return suite


def own_checks(suite: Suite) -> dict[str, Check]:
    """The checks with SQL of their own; those that every suite has are tested with the builders."""
    written = [check for check in suite.checks if check.expectation == BAD_ROWS]
    general = ("columns", "_exists", "valid_from_before_valid_to", "periods_apart")
    found = [*written, *(sums.check() for sums in suite.sums_to)]
    names = {check.id.removeprefix(f"{suite.table}."): check for check in found}
    return {name: check for name, check in names.items() if not name.endswith(general)}


def bad_rows(connection: duckdb.DuckDBPyConnection, check: Check) -> list[Any]:
    return connection.execute(check.bad_rows.replace(RUN_CONTEXT, "run_context")).fetchall()


@pytest.mark.parametrize("table", SUITES)
def test_right_tables_pass_and_every_check_has_a_defect_here(
    tables: duckdb.DuckDBPyConnection, table: str
) -> None:
    checks = own_checks(suite_of(table))
    assert [name for name, check in checks.items() if bad_rows(tables, check)] == []
    assert set(checks) == {name for suite, name, _ in DEFECTS if suite == table}


@pytest.mark.rule("A01", "A10", "A13", "C01", "C04", "D09", "E05", "E12", "E20")
@pytest.mark.parametrize(("table", "name", "defect"), DEFECTS)
def test_a_planted_defect_is_found(
    tables: duckdb.DuckDBPyConnection, table: str, name: str, defect: str
) -> None:
    tables.execute("begin")
    try:
        tables.execute(f"update {table} set {defect}")
        assert bad_rows(tables, own_checks(suite_of(table))[name]) != []
    finally:
        tables.execute("rollback")
