"""Account, products and findings of random small tenants against the oracle, row by row (issue 5).

The SQL of the models is compiled once and run in memory (`tests.compiled`). A few tenants in
`make test`, two hundred in `make nightly`; the same ones each time.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.licence_account_oracle import ORDER, Found, compute
from tests.licence_tenants import Made, tenant

pytestmark = pytest.mark.slow

Rows = dict[tuple[Any, ...], tuple[Any, ...]]

_SEATS = "entitled, assigned, active, unused, unknown_activity, suspended, disabled_assigned"
_MARTS = {
    "mart_licence_account": (
        "as_of_date, unit_id, sku_id",
        f"{_SEATS}, shelf_ware, unit_price_nok, monthly_cost_nok",
    ),
    "mart_licence_sku": (
        "as_of_date, sku_id",
        f"{_SEATS}, shelf_ware, over_assigned, unit_price_nok, monthly_cost_nok, paid_nok, "
        "shelf_ware_nok, unused_nok, true_up_nok, true_up_date, is_latest",
    ),
    "mart_licence_finding": (
        "user_key, sku_id, finding",
        "unit_id, finding_order, days, other_sku_id, monthly_cost_nok, counted_cost_nok",
    ),
}


def _read(warehouse: duckdb.DuckDBPyConnection, mart: str) -> Rows:
    key, values = _MARTS[mart]
    width = key.count(",") + 1
    rows = warehouse.execute(f"select {key}, {values} from {mart}").fetchall()
    found = {row[:width]: row[width:] for row in rows}
    assert len(found) == len(rows), mart
    return found


def differences(project: CompiledProject, made: Made) -> list[str]:
    """Return every row in which the models and the oracle differ."""
    files = list(made.files.values())
    expected = compute(made.tables, files, made.settings)
    with tempfile.TemporaryDirectory() as folder:
        home = DbtHome(Path(folder))
        home.write(made.tables, files, made.settings)
        with project.build(home.root, set(_MARTS)) as warehouse:
            return [
                f"{mart} {key}: models {found.get(key)}, oracle {rows.get(key)}"
                for mart, rows in _by_mart(expected).items()
                for found in [_read(warehouse, mart)]
                for key in sorted({*found, *rows}, key=str)
                if found.get(key) != rows.get(key)
            ]


def _by_mart(expected: Found) -> dict[str, Rows]:
    return dict(zip(_MARTS, (expected.accounts, expected.skus, expected.findings), strict=True))


def _hold(project: CompiledProject, seeds: range) -> None:
    wrong = {seed: found for seed in seeds if (found := differences(project, tenant(seed)))}
    assert not wrong, "\n".join(f"{seed}: {line}" for seed in wrong for line in wrong[seed])


@pytest.mark.rule("A07", "A08", "B06", "B07", "B07x", "B08", "B08e", "B09")
def test_the_models_and_the_oracle_agree_on_a_few_tenants(
    compiled_project: CompiledProject,
) -> None:
    _hold(compiled_project, range(12))


@pytest.mark.nightly
@pytest.mark.rule("A07", "A08", "B06", "B07", "B07x", "B08", "B08e", "B09")
def test_the_models_and_the_oracle_agree_on_two_hundred_tenants(
    compiled_project: CompiledProject,
) -> None:
    _hold(compiled_project, range(12, 212))


def test_the_few_tenants_have_every_finding_and_every_number() -> None:
    found = [
        compute(made.tables, list(made.files.values()), made.settings)
        for made in map(tenant, range(12))
    ]
    assert {key[2] for one in found for key in one.findings} == set(ORDER)
    for mart in ("accounts", "skus"):
        values = zip(*(row for one in found for row in getattr(one, mart).values()), strict=True)
        assert all(any(column) for column in values), mart
