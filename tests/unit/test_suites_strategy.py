"""The gate's checks of targets, controls, milestones and authority find what they are for."""

from __future__ import annotations

import duckdb
import pytest

from data_quality.suites import SUITES

TABLES = """
create table dim_category as select 'K1' as category_id, 'goods_services' as kind;
create table fct_spend_line as select 2024 as year, 'K1' as category_id, 'ehandel' as channel,
    'F1' as document_id, 'A' as unit_id, 'S' as supplier_id,
    cast(60 as decimal(18, 2)) as amount_nok;
create table mart_strategy_kpi as select 2024 as year, 'EHANDEL_ALT' as kpi_id,
    'share' as value_kind, cast(0.6 as double) as value, 0.6 as target, 'reached' as status,
    'at_least' as comparison, cast(60 as decimal(18, 2)) as numerator,
    cast(100 as decimal(18, 2)) as denominator
    union all select 2024, 'KURS', 'count', 2, 3, 'not_reached', 'at_least', 2, null;
create table mart_control_coverage as select 4 as supplier_count, 1 as controlled_supplier_count,
    0.25 as controlled_share, 100 as spend_nok, 40 as controlled_nok;
create table mart_milestone as select 'reached' as status, date '2017-01-01' as due_date,
    date '2017-01-01' as done_date, 0 as days_late;
create table mart_authority_exceeded as select 'F1' as document_id, 'A' as unit_id,
    'S' as supplier_id, 'role' as limit_kind, cast(50 as decimal(18, 2)) as limit_nok,
    cast(60 as decimal(18, 2)) as amount_nok, cast(10 as decimal(18, 2)) as above_limit_nok;
"""

DEFECTS = {
    "mart_strategy_kpi.value_is_numerator_over_denominator": (
        "update mart_strategy_kpi set value = 0.61 where kpi_id = 'EHANDEL_ALT'"
    ),
    "mart_strategy_kpi.count_is_its_numerator": (
        "update mart_strategy_kpi set value = 4 where kpi_id = 'KURS'"
    ),
    "mart_strategy_kpi.status_follows_from_the_target": (
        "update mart_strategy_kpi set status = 'reached' where kpi_id = 'KURS'"
    ),
    "mart_strategy_kpi.ehandel_is_of_the_lines": "update fct_spend_line set channel = 'ordered'",
    "mart_control_coverage.controlled_are_some_of_all": (
        "update mart_control_coverage set controlled_supplier_count = 5"
    ),
    "mart_milestone.status_follows_from_the_days": (
        "update mart_milestone set done_date = date '2017-01-02', status = 'overdue'"
    ),
    "mart_authority_exceeded.is_above_its_limit": (
        "update mart_authority_exceeded set above_limit_nok = 0, limit_nok = 60"
    ),
    "mart_authority_exceeded.amount_is_of_the_lines": (
        "insert into fct_spend_line select * from fct_spend_line"
    ),
}


@pytest.mark.parametrize("check_id", DEFECTS)
def test_a_check_passes_what_is_right_and_finds_what_is_wrong(check_id: str) -> None:
    suite = SUITES[check_id.split(".")[0]]
    check = next(check for check in suite.checks if check.id == check_id)
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        assert connection.execute(check.bad_rows).fetchall() == []
        connection.execute(DEFECTS[check_id])
        assert len(connection.execute(check.bad_rows).fetchall()) >= 1
