"""The suites' own checks of merged suppliers: each holds on good rows and finds a planted fault."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from data_quality.checks import Check
from data_quality.suites.dim_supplier import SUITE as SUPPLIERS
from data_quality.suites.mart_supplier_merge import SUITE as MERGES

_GOOD = """
create table mart_supplier_merge (
    supplier_id_from text, supplier_id_to text, outcome text, decided_by text, reason text,
    match_weight double, match_probability double, threshold double, evidence text,
    spend_nok decimal(18, 2), document_count bigint);
insert into mart_supplier_merge values
    ('NAVN:A', 'NO1', 'merged', 'splink', null, 3.0, 0.85, 0.85, 'samme navn', 10.00, 1),
    ('NAVN:B', 'NO1', 'merged', 'register', null, null, null, 0.85, 'ført', 0.00, 0),
    ('NAVN:C', 'NO1', 'refused', 'register', 'register', null, null, 0.85, null, 0.00, 0);
create table dim_supplier (
    supplier_id text, orgnr text, is_private_person boolean, merged_count bigint);
insert into dim_supplier values
    ('NO1', '850100004', false, 2), ('NAVN:C', null, false, 0), ('P', null, true, 0);
"""
FAULTS = {
    "mart_supplier_merge.merged_once": (
        "update mart_supplier_merge set supplier_id_to = 'NAVN:B' where supplier_id_from = 'NAVN:A'"
    ),
    "mart_supplier_merge.orgnr_never_merged": (
        "update mart_supplier_merge set supplier_id_from = 'NO2' where supplier_id_from = 'NAVN:A'"
    ),
    "mart_supplier_merge.merged_is_gone": (
        "insert into dim_supplier values ('NAVN:A', null, false, 0)"
    ),
    "mart_supplier_merge.people_never_merged": (
        "update mart_supplier_merge set supplier_id_to = 'P' where supplier_id_from = 'NAVN:A'"
    ),
    "mart_supplier_merge.weight_shown": "update mart_supplier_merge set match_probability = 0.8499",
    "mart_supplier_merge.refused_has_reason": (
        "update mart_supplier_merge set spend_nok = 1 where outcome = 'refused'"
    ),
    "mart_supplier_merge.unknown_supplier": (
        "update mart_supplier_merge set reason = 'unknown_supplier' where outcome = 'refused'"
    ),
    "dim_supplier.merges_counted": (
        "update dim_supplier set merged_count = 1 where orgnr is not null"
    ),
}
CHECKS: dict[str, Check] = {
    check.id: check for check in (*MERGES.checks, *SUPPLIERS.checks) if check.id in FAULTS
}


@pytest.fixture
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(_GOOD)
        yield connection


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_check_finds_the_fault_and_nothing_else(
    tables: duckdb.DuckDBPyConnection, name: str
) -> None:
    assert tables.execute(CHECKS[name].bad_rows).fetchall() == []

    tables.execute(FAULTS[name])
    assert tables.execute(CHECKS[name].bad_rows).fetchall() != []


def test_a_merge_as_probable_as_the_threshold_is_one(tables: duckdb.DuckDBPyConnection) -> None:
    check = CHECKS["mart_supplier_merge.weight_shown"]
    tables.execute("update mart_supplier_merge set evidence = null where outcome = 'merged'")

    assert len(tables.execute(check.bad_rows).fetchall()) == 1
