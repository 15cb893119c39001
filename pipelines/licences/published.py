"""The licence plan of the current snapshot: its tables, its input again, its names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.categories.questions import current_database
from pipelines.errors import UsageError
from pipelines.licences.lists import PlanLists
from pipelines.licences.problem import Frames, problem_of
from pipelines.licences.tables import PlanInput, next_month
from pipelines.settings import Settings

_TABLES = {
    "users": "select account_key, unit_id, unit_id as pool_id, activity_rank, need_set_id, "
    "from_sku_ids, must_have_standard from mart_licence_plan_user",
    "need_sets": "select need_set_id, plan_id, need_kind from mart_licence_plan_need",
    "findings": "select user_key as account_key, sku_id, finding, "
    "cast(finding_order as bigint) as finding_order, rule_id from mart_licence_finding",
    "skus": "select pool_id, sku_id, held, reserve, commitment_floor as floor, floor_until, "
    "reduction_date, true_up_date, is_transferable, requires, is_standard "
    "from mart_licence_plan_seat",
    "prices": "select sku_id, month, unit_price_nok from mart_licence_plan_price",
    "sku_plans": "select sku_id, plan_id from mart_licence_sku_plan",
}
_UNITS = "select unit_id, max_by(name, valid_from) from dim_unit group by unit_id"
_SKUS = "select sku_id, coalesce(name, sku_part_number, sku_id) from dim_sku"
_SKU_CODES = "select lower(sku_part_number), min(sku_id) from dim_sku \
where sku_part_number is not null group by lower(sku_part_number)"


def published_plan(settings: Settings) -> PlanLists:
    """Return what the lists show of the current snapshot's plan.

    Raises UsageError where nothing is published, or the snapshot is older than the plan.
    """
    database = _database(settings)
    with duckdb.connect(str(database), read_only=True) as connection:
        summary = connection.execute("select * from mart_licence_plan_summary").pl()
        return PlanLists(
            connection.execute("select * from mart_licence_plan_user").pl(),
            connection.execute("select * from mart_licence_plan").pl(),
            summary.row(0, named=True),
            *_names(connection),
        )


def published_causes(settings: Settings) -> pl.DataFrame:
    """Return cause, changed_count and horizon_saving_nok of the current plan, in order."""
    with duckdb.connect(str(_database(settings)), read_only=True) as connection:
        return connection.execute(
            "select cause, changed_count, horizon_saving_nok from mart_licence_plan_cause "
            "order by cause_order, cause"
        ).pl()


def sku_codes(settings: Settings) -> dict[str, str]:
    """Return part number in lower case → sku_id."""
    with duckdb.connect(str(_database(settings)), read_only=True) as connection:
        return dict(connection.execute(_SKU_CODES).fetchall())


def published_input(settings: Settings) -> PlanInput:
    """Return the input that the current snapshot's plan was made of."""
    with duckdb.connect(str(_database(settings)), read_only=True) as connection:
        tables = {name: connection.execute(sql).pl() for name, sql in _TABLES.items()}
        ((as_of, horizon, changes),) = connection.execute(
            "select as_of_date, horizon_months, max_changes from mart_licence_plan_summary"
        ).fetchall()
    users = tables["users"]
    needs = users.select("account_key", "need_set_id").join(tables["need_sets"], on="need_set_id")
    present = (
        users.filter(pl.col("from_sku_ids") != "")
        .select("account_key", pl.col("from_sku_ids").str.split(";").alias("sku_id"))
        .explode("sku_id")
    )
    frames = Frames(
        users=users,
        needs=needs.select("account_key", "plan_id", "need_kind"),
        present=present,
        findings=tables["findings"],
        skus=tables["skus"],
        prices=tables["prices"],
        sku_plans=tables["sku_plans"],
    )
    problem = problem_of(
        frames, first_month=next_month(as_of), horizon=horizon, max_changes=changes or None
    )
    return PlanInput(problem, as_of, users.select("account_key", "must_have_standard"))


def _names(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, str], dict[str, str]]:
    return (
        dict(connection.execute(_SKUS).fetchall()),
        dict(connection.execute(_UNITS).fetchall()),
    )


def _database(settings: Settings) -> Path:
    database = current_database(settings)
    with duckdb.connect(str(database), read_only=True) as connection:
        found: list[Any] = connection.execute(
            "select 1 from information_schema.tables where table_name = 'mart_licence_plan_summary'"
        ).fetchall()
        rows = found and connection.execute("from mart_licence_plan_summary").fetchall()
    if not rows:
        raise UsageError(
            f"{database}: forventet en lisensplan i øyeblikksbildet, fant ingen. "
            "Kjør «samkjop run --rebuild» først."
        )
    return database
