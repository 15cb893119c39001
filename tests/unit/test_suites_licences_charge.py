"""The suites about charging: each check on tables that are right, and on one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, RUN_CONTEXT, Check
from data_quality.suites.fct_licence_charge import SUITE as CHARGE
from data_quality.suites.mart_charge import SUITE as BASIS
from data_quality.suites.mart_licence_addon_share import SUITE as ADDONS
from data_quality.suites.mart_licence_audit import SUITE as AUDIT

SUITES = {suite.table: suite for suite in (CHARGE, BASIS, ADDONS, AUDIT)}

# June 2024, seen from the 20th. E3 replaces E1 (80); the basis is the difference.
GOOD = """
create table run_context as select date '2024-06-20' as as_of_date,
    'difference' as licence_charge_basis, 0.5 as licence_addon_share_review;
create table dim_unit as select * from (values ('A'), ('V'), ('unknown')) as units(unit_id);
create table fct_licence_charge as
select date '2024-06-01' as month, date '2024-06-30' as last_date,
    date '2024-06-10' as as_of_date, true as is_preliminary, account_key, sku_id, unit_id,
    rule_row, financing, rule_id, days_deactivated::bigint as days_deactivated, is_standard,
    is_zero_cost_addon, unit_price_nok::decimal(18, 2) as unit_price_nok,
    management_fee_nok::decimal(18, 2) as management_fee_nok,
    standard_price_nok::decimal(18, 2) as standard_price_nok,
    deducted_nok::decimal(18, 2) as deducted_nok, amount_nok::decimal(18, 2) as amount_nok,
    is_unresolved
from (values
    ('a', 'E1', 'A', 5, 'frame', 'B06', 60, true, false, 80, 5, null, 0, 0, false),
    ('b', 'E1', 'A', 3, 'invoiced', 'B09', 61, true, false, 80, 5, null, 0, 85, false),
    ('c', 'E3', 'A', 7, 'invoiced', 'B07', null, false, false, 200, 10, 80, 80, 130, true),
    ('d', 'FREE', 'A', 6, 'frame', 'B07x', null, false, true, 0, 0, null, 0, 0, false),
    ('e', 'E1', 'unknown', 8, 'review', null, null, true, false, 80, 5, null, 0, null, false),
    ('f', 'E3', 'V', 1, 'invoiced', 'B02', null, false, false, 70, 0, null, 0, 70, false)
) as charged(account_key, sku_id, unit_id, rule_row, financing, rule_id, days_deactivated,
    is_standard, is_zero_cost_addon, unit_price_nok, management_fee_nok, standard_price_nok,
    deducted_nok, amount_nok, is_unresolved);
create table mart_licence_sku as select * from (values (date '2024-06-10', 'E1', 3),
    (date '2024-06-10', 'E3', 2), (date '2024-06-10', 'FREE', 1)
) as skus(as_of_date, sku_id, assigned);
create table mart_licence_audit as select *, date '2024-06-01' as month from (values
    ('M', date '2024-06-03', true, 10, 'invoiced', 'A09', 7.5::decimal(18, 6),
        1000::decimal(18, 2), 7500::decimal(18, 2)),
    ('M', date '2024-06-04', false, 11, 'review', 'A09', 5, 1000, null)
) as audits(publisher, audit_date, is_formal, rule_row, financing, rule_id, hours,
    hourly_rate_nok, amount_nok);
create table mart_charge as
select month, unit_id, sku_id as service, financing, rule_id, rule_row,
    1::decimal(18, 6) as quantity, unit_price_nok, management_fee_nok, deducted_nok, amount_nok
from fct_licence_charge
union all
select date '2024-06-01', 'A', 'workplace', 'invoiced', 'B12', 9, 12, 33.33, 0, 0, 399.96
union all
select month, 'felles', 'licence_audit', financing, rule_id, rule_row, hours, hourly_rate_nok, 0,
    0, amount_nok
from mart_licence_audit;
create table mart_licence_addon_share as select *, date '2024-06-01' as month,
    standard_count + addon_count as counted_count, 0.5::double as review_limit_share
from (values ('A', 2, 1, 1, 1 / 3, true, false), ('unknown', 1, 0, 0, 0, true, false),
    ('V', 0, 1, 0, 1, false, false)
) as shares(unit_id, standard_count, addon_count, free_addon_count, addon_share, is_reviewable,
    is_flagged);
"""
# The suite, the check, and an update that makes one row wrong.
DEFECTS = [
    ("fct_licence_charge", "row_financing_and_rule_fit", "financing = 'frame'"),
    ("fct_licence_charge", "row_financing_and_rule_fit", "rule_id = 'B07'"),
    ("fct_licence_charge", "row_financing_and_rule_fit", "rule_row = 9"),
    ("fct_licence_charge", "every_assignment_once", "sku_id = 'E5'"),
    ("fct_licence_charge", "judged_on_the_last_day", "last_date = as_of_date"),
    ("fct_licence_charge", "judged_on_the_last_day", "is_preliminary = false"),
    ("fct_licence_charge", "judged_on_the_last_day", "as_of_date = date '2024-07-01'"),
    ("fct_licence_charge", "long_deactivated_are_invoiced", "days_deactivated = 61"),
    (
        "fct_licence_charge",
        "long_deactivated_are_invoiced",
        "days_deactivated = null where rule_row = 3",
    ),
    ("fct_licence_charge", "rows_fit_the_product", "is_standard = not is_standard"),
    ("fct_licence_charge", "rows_fit_the_product", "is_zero_cost_addon = not is_zero_cost_addon"),
    ("fct_licence_charge", "frame_costs_nothing", "amount_nok = 0.01"),
    ("fct_licence_charge", "frame_costs_nothing", "amount_nok = null"),
    ("fct_licence_charge", "review_has_no_amount", "amount_nok = 0"),
    (
        "fct_licence_charge",
        "invoiced_is_price_and_management",
        "management_fee_nok = management_fee_nok + 0.01",
    ),
    ("fct_licence_charge", "invoiced_is_price_and_management", "amount_nok = null"),
    ("fct_licence_charge", "deduction_follows_the_setting", "deducted_nok = deducted_nok + 0.01"),
    ("fct_licence_charge", "deduction_follows_the_setting", "deducted_nok = -1"),
    ("fct_licence_charge", "deduction_follows_the_setting", "is_unresolved = not is_unresolved"),
    ("fct_licence_charge", "price_known", "amount_nok = null"),
    ("mart_charge", "unit_is_known", "unit_id = 'felles' where service = 'workplace'"),
    ("mart_charge", "unit_is_known", "unit_id = 'A' where service = 'licence_audit'"),
    ("mart_charge", "unit_is_known", "unit_id = 'B' where service = 'E1'"),
    ("mart_charge", "rule_fits_the_service", "rule_row = 9 where service = 'E1'"),
    ("mart_charge", "rule_fits_the_service", "rule_id = 'B07' where service = 'workplace'"),
    ("mart_charge", "rule_fits_the_service", "rule_id = null where service = 'licence_audit'"),
    ("mart_charge", "quantity_is_not_negative", "quantity = -1"),
    ("mart_charge", "frame_costs_nothing", "amount_nok = 1"),
    ("mart_charge", "review_has_no_amount", "amount_nok = 1"),
    ("mart_charge", "amount_is_quantity_times_price", "quantity = 13 where service = 'workplace'"),
    ("mart_charge", "workplace_price_known", "amount_nok = null"),
    ("mart_charge", "sums_to_licences", "amount_nok = amount_nok + 0.01"),
    ("mart_charge", "counts_every_licence", "quantity = 2 where service = 'E3'"),
    ("mart_charge", "sums_to_audits", "amount_nok = 1 where service = 'licence_audit'"),
    ("mart_licence_addon_share", "share_is_quotient", "addon_share = 0.3"),
    ("mart_licence_addon_share", "share_is_quotient", "counted_count = 0"),
    ("mart_licence_addon_share", "counts_are_the_licences", "free_addon_count = 2"),
    ("mart_licence_addon_share", "counts_are_the_licences", "standard_count = 3"),
    ("mart_licence_addon_share", "flagged_above_the_limit", "is_flagged = true"),
    ("mart_licence_addon_share", "flagged_above_the_limit", "is_reviewable = true"),
    ("mart_licence_addon_share", "flagged_above_the_limit", "review_limit_share = 0.6"),
    ("mart_licence_audit", "only_formal_is_invoiced", "financing = 'invoiced'"),
    ("mart_licence_audit", "only_formal_is_invoiced", "amount_nok = 5000 where not is_formal"),
    ("mart_licence_audit", "amount_is_hours_times_rate", "amount_nok = 7500.01 where is_formal"),
    ("mart_licence_audit", "amount_is_hours_times_rate", "hours = null"),
    ("mart_licence_audit", "month_is_the_days", "month = date '2024-05-01'"),
]


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(GOOD)
        yield connection


def own_checks(table: str) -> dict[str, Check]:
    """The checks with SQL of their own; those that every suite has are tested with the builders."""
    suite = SUITES[table]
    written = [check for check in suite.checks if check.expectation == BAD_ROWS]
    found = [*written, *(sums.check() for sums in suite.sums_to)]
    names = {check.id.removeprefix(f"{table}."): check for check in found}
    return {n: check for n, check in names.items() if not n.endswith(("columns", "_exists"))}


def bad_rows(connection: duckdb.DuckDBPyConnection, check: Check) -> list[Any]:
    return connection.execute(check.bad_rows.replace(RUN_CONTEXT, "run_context")).fetchall()


@pytest.mark.parametrize("table", SUITES)
def test_right_tables_pass_and_every_check_has_a_defect_here(
    tables: duckdb.DuckDBPyConnection, table: str
) -> None:
    checks = own_checks(table)
    assert [name for name, check in checks.items() if bad_rows(tables, check)] == []
    assert set(checks) == {name for suite, name, _ in DEFECTS if suite == table}


@pytest.mark.rule("A09", "B02", "B06", "B07", "B07y", "B09", "B12")
@pytest.mark.parametrize(("table", "name", "defect"), DEFECTS)
def test_a_planted_defect_is_found(
    tables: duckdb.DuckDBPyConnection, table: str, name: str, defect: str
) -> None:
    tables.execute("begin")
    try:
        tables.execute(f"update {table} set {defect}")
        assert bad_rows(tables, own_checks(table)[name]) != []
    finally:
        tables.execute("rollback")


@pytest.mark.rule("B07")
def test_nothing_is_deducted_where_the_whole_price_is_due(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    check = own_checks("fct_licence_charge")["deduction_follows_the_setting"]
    tables.execute("begin")
    try:
        tables.execute("update run_context set licence_charge_basis = 'full'")
        assert [row[4] for row in bad_rows(tables, check)] == ["c"]
    finally:
        tables.execute("rollback")
