"""What each constraint costs: the plan's cost less the cost of the plan without it.

Solved again for every constraint that the plan meets with nothing to spare. One with slack counts
as 0; as users are whole, its absence could in rare cases still allow a cheaper plan. A constraint
is binding where the plan is cheaper without it. `reduction_date` is waived up to the true-up date,
so that seats not settled yet stay so; `true_up` is waived by settling only when seats can be
reduced. The kinds of needs (standard, policy, unknown_usage) are waived for everybody. The cost is
null where the two plans leave different numbers of users without needed plans, or one is not
proven: then they can't be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.licences.attribution import nok
from pipelines.licences.candidates import Catalogue
from pipelines.licences.classes import Classes, classes_of
from pipelines.licences.problem import Problem
from pipelines.licences.seats import SeatTable, seat_table
from pipelines.licences.solve import Solution, solve

NEED_KINDS = ("standard", "policy", "unknown_usage")
_NEVER = date(9999, 12, 31)
_SCHEMA = {
    "kind": pl.String,
    "pool_id": pl.String,
    "sku_id": pl.String,
    "ore": pl.Int64,
    "is_binding": pl.Boolean,
}
_Waiver = tuple[str, int | None, bool, Problem]  # kind, seat row, bites, the problem without it


def constraints_of(
    problem: Problem,
    catalogue: Catalogue,
    solution: Solution,
    uncoverable: frozenset[str],
    seconds: float,
) -> pl.DataFrame:
    """Return the constraints (kind, pool_id, sku_id, cost_nok, is_binding).

    `uncoverable` accounts may keep what they have in every plan without a constraint; `seconds` is
    the limit of each solution.
    """
    problem = replace(problem, may_keep=uncoverable)
    classes = classes_of(problem)
    rows = []
    for kind, row, bites, waived in _waivers(problem, catalogue.table, solution):
        pool, sku = (None, None) if row is None else catalogue.table.keys[row]
        same = waived.frames.needs is problem.frames.needs
        again = classes if same or not bites else classes_of(waived)
        ore = _cost(solution, waived, catalogue, again, seconds) if bites else 0
        rows.append((kind, pool, sku, ore, ore != 0))
    return _framed(rows)


def no_constraints() -> pl.DataFrame:
    """Return the frame of constraints without rows."""
    return _framed([])


def _framed(rows: list[tuple[str, str | None, str | None, int | None, bool]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return frame.select(
        "kind", "pool_id", "sku_id", nok(pl.col("ore")).alias("cost_nok"), "is_binding"
    ).sort("kind", "pool_id", "sku_id")


def _cost(
    solution: Solution, waived: Problem, catalogue: Catalogue, classes: Classes, seconds: float
) -> int | None:
    again = catalogue.like(waived, seat_table(waived))
    found = solve(again, classes, waived.max_changes, seconds, ties=False)
    is_comparable = found.lacking == solution.lacking and found.is_proven and solution.is_proven
    return solution.cost - found.cost if is_comparable else None


def _waivers(problem: Problem, table: SeatTable, solution: Solution) -> Iterator[_Waiver]:
    """Yield each constraint there is, and the problem without it."""
    skus = problem.frames.skus
    bites = _biting(table, solution)
    for row in range(len(table.keys)):
        terms = skus.row(row, named=True)
        for kind, changes in _terms_without(terms, problem.first_month).items():
            frame = _replaced(skus, row, changes)
            yield kind, row, bool(bites[kind][row]), problem.with_frames(skus=frame)
    needs = problem.frames.needs
    for kind in NEED_KINDS:
        kept = needs.filter(pl.col("need_kind") != kind)
        if kept.height < needs.height:
            yield kind, None, True, problem.with_frames(needs=kept)
    if problem.max_changes is not None:
        is_spent = solution.changes >= problem.max_changes
        yield "max_changes", None, is_spent, replace(problem, max_changes=None)


def _terms_without(terms: dict[str, Any], first: date) -> dict[str, dict[str, Any]]:
    """Return per kind of constraint the SKU has: the columns that waive it."""
    found: dict[str, dict[str, Any]] = {}
    if terms["floor"]:
        found["floor"] = {"floor": 0}
    reduction, true_up = terms["reduction_date"], terms["true_up_date"]
    if reduction is not None and reduction > first:
        waits = true_up is not None and true_up > first
        found["reduction_date"] = {"reduction_date": min(reduction, true_up) if waits else None}
    if true_up is not None:
        found["true_up"] = {"true_up_date": _NEVER}
    if not terms["is_transferable"]:
        found["transferability"] = {"is_transferable": True}
    if terms["reserve"]:
        found["reserve"] = {"reserve": 0}
    return found


def _replaced(skus: pl.DataFrame, row: int, changes: dict[str, Any]) -> pl.DataFrame:
    here = pl.int_range(pl.len()) == row
    return skus.with_columns(
        pl.when(here).then(pl.lit(value, skus.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in changes.items()
    )


def _biting(table: SeatTable, solution: Solution) -> dict[str, Any]:
    """Return per kind the seat rows where the constraint is met with nothing to spare."""
    used, new = solution.columns.used(solution.counts)
    seats = table.seats(used, new)
    counts = ~table.deferred & (table.price > 0)
    wanted = seats == (used + table.reserve)[:, None]
    in_use = (np.minimum(table.today, table.held) + new + table.reserve)[:, None]
    tied = table.locked & table.fixed[:, None] & (seats == in_use)
    meets = {
        "floor": seats == table.floor,
        "reduction_date": table.locked & (tied | (seats == table.held[:, None])),
        "transferability": tied,
        "reserve": wanted | tied,
        "true_up": table.locked & (wanted | tied),
    }
    return {kind: (counts & where).any(axis=1) for kind, where in meets.items()}
