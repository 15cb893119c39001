"""The plan: from checked frames to the cheapest lawful set of SKUs per account, and what to do.

`make_plan` is pure: frames in, frames out, no clock but for the seconds it reports.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.licences.accounts import outcome_of
from pipelines.licences.actions import actions_of
from pipelines.licences.attribution import causes_of, movements_of, nok, with_savings
from pipelines.licences.candidates import LIMIT, Catalogue
from pipelines.licences.classes import classes_of
from pipelines.licences.constraints import constraints_of, no_constraints
from pipelines.licences.problem import Problem
from pipelines.licences.seats import Ints, SeatTable, seat_table
from pipelines.licences.solve import SolverError, solve

OPTIMAL, NOT_PROVEN = "optimal", "not_proven"


@dataclass(frozen=True)
class Plan:
    """The plan and its proof.

    status       optimal: no plan is an øre cheaper; not_proven: time or the limit of sets ended it
    cost_ore, baseline_ore, bound_ore   over the horizon; gap = (cost - bound) / cost
    changes      accounts whose SKUs change
    accounts     account_key, unit_id, from_skus, to_skus, is_changed, cause, rule_id
    pieces       account_key, unit_id, pool_id, action, from_sku_id, to_sku_id, cause, rule_id
    actions      see `actions`
    seats        pool_id, sku_id, first_month, last_month, baseline_seats, plan_seats,
                 unit_price_nok (null = unknown)
    causes       cause, finding_order, rule_id, saving_nok; sums to baseline - cost
    constraints  kind, pool_id, sku_id, cost_nok (null = not comparable), is_binding
    uncovered    account_key, reason
    """

    status: str
    cost_ore: int
    baseline_ore: int
    bound_ore: float
    gap: float
    seconds: float
    changes: int
    class_count: int
    set_count: int
    accounts: pl.DataFrame
    pieces: pl.DataFrame
    actions: pl.DataFrame
    seats: pl.DataFrame
    causes: pl.DataFrame
    constraints: pl.DataFrame
    uncovered: pl.DataFrame


def make_plan(
    problem: Problem,
    *,
    time_limit: float = 600.0,
    with_constraints: bool = True,
    set_limit: int = LIMIT,
) -> Plan:
    """Return the cheapest plan; raise `SolverError` where HiGHS gives nothing lawful.

    `time_limit` is in seconds per solution; `set_limit` is the most sets tried per class.
    """
    begun = time.perf_counter()
    table = seat_table(problem)
    catalogue = Catalogue(problem, table, set_limit)
    classes = classes_of(problem)
    solution = solve(catalogue, classes, problem.max_changes, time_limit)
    outcome = outcome_of(problem, catalogue, classes, solution)
    causes = causes_of(problem, outcome.pieces)
    movements, course = movements_of(catalogue, outcome.pieces, causes["cause"].to_list())
    if table.cost(course) != solution.cost:
        raise SolverError("the accounts' steps don't lead to the plan's seats")
    uncoverable = outcome.uncovered.filter(pl.col("reason") == "no_sku")["account_key"]
    priced = (
        constraints_of(problem, catalogue, solution, frozenset(uncoverable), time_limit)
        if with_constraints
        else no_constraints()
    )
    return Plan(
        status=OPTIMAL if solution.is_proven else NOT_PROVEN,
        cost_ore=solution.cost,
        baseline_ore=table.cost(table.baseline()),
        bound_ore=solution.bound,
        gap=(solution.cost - solution.bound) / solution.cost if solution.cost else 0.0,
        seconds=time.perf_counter() - begun,
        changes=solution.changes,
        class_count=len(classes),
        set_count=len(solution.columns.sets),
        accounts=outcome.accounts,
        pieces=outcome.pieces,
        actions=actions_of(problem, catalogue, outcome.pieces, movements, course, causes),
        seats=_seats(problem, table, course),
        causes=with_savings(causes, movements),
        constraints=priced,
        uncovered=outcome.uncovered,
    )


def _seats(problem: Problem, table: SeatTable, course: Ints) -> pl.DataFrame:
    """Return runs of months with the same seats and price per seat row."""
    rows, months = course.shape
    row = np.repeat(np.arange(rows), months)
    grid = pl.DataFrame(
        {
            "row": row,
            "month": pl.Series(problem.months * rows, dtype=pl.Date),
            "baseline_seats": table.baseline().ravel(),
            "plan_seats": course.ravel(),
            "ore": table.price.ravel(),
        }
    )
    keys = pl.DataFrame(
        {
            "row": np.arange(rows),
            "pool_id": pl.Series([pool for pool, _ in table.keys], dtype=pl.String),
            "sku_id": pl.Series([sku for _, sku in table.keys], dtype=pl.String),
            "is_priced": table.is_priced,
        }
    )
    run = pl.struct("row", "baseline_seats", "plan_seats", "ore").rle_id().alias("run")
    runs = (
        grid.with_columns(run)
        .group_by("run", "row")
        .agg(
            pl.col("month").min().alias("first_month"),
            pl.col("month").max().alias("last_month"),
            pl.col("baseline_seats", "plan_seats", "ore").first(),
        )
    )
    price = pl.when("is_priced").then(nok(pl.col("ore"))).alias("unit_price_nok")
    return (
        runs.join(keys, on="row")
        .sort("run")
        .select(
            "pool_id",
            "sku_id",
            "first_month",
            "last_month",
            "baseline_seats",
            "plan_seats",
            price,
        )
    )
