"""Whose saving each krone is: the plan is taken in steps, one cause after the other.

From today's course: first the seats nobody has are ended (shelf_ware, down to the reserve); then
the accounts' steps, finding by finding in the findings' order, then cheaper_set, then
missing_standard; each cause takes its SKUs away, then gives its own. Last the reserve that must be
bought. A cause's saving is the cost before less the cost after it, so the parts sum to the whole in
øre whatever they are; missing_standard and the reserve can be negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.licences.accounts import (
    CAUSE_RULES,
    CHEAPER_SET,
    MISSING_STANDARD,
    RESERVE,
    SHELF_WARE,
    TRUE_UP,
)
from pipelines.licences.candidates import Catalogue
from pipelines.licences.problem import Problem
from pipelines.licences.seats import Ints, SeatTable

_LATE = {CHEAPER_SET: 900, MISSING_STANDARD: 910, RESERVE: 920, TRUE_UP: 930}
UnitCounts = dict[str, int]


@dataclass(frozen=True)
class Movement:
    """What one cause does to one seat row: seats at the horizon's end (+ ended, - bought), øre.

    `peak`: the most seats it adds in any month. `units`: whose users' steps they are.
    """

    row: int
    cause: str
    seats: int
    ore: int
    peak: int
    units: UnitCounts


def causes_of(problem: Problem, pieces: pl.DataFrame) -> pl.DataFrame:
    """Return the causes in order (cause, finding_order, rule_id)."""
    order = pl.col("finding_order").fill_null(899)
    found = (
        problem.frames.findings.sort(order, "finding", "rule_id")
        .unique("finding", keep="first", maintain_order=True)
        .select(cause="finding", finding_order=order, rule_id="rule_id")
        .join(pieces.select("cause").unique(), on="cause", how="semi")
    )
    own = [(SHELF_WARE, 0, CAUSE_RULES[SHELF_WARE])]
    own += [(cause, number, CAUSE_RULES[cause]) for cause, number in _LATE.items()]
    fixed = pl.DataFrame(own, schema=found.schema, orient="row")
    return pl.concat([found, fixed]).sort("finding_order", "cause")


def _unit_counts(catalogue: Catalogue, pieces: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return how many seats each cause frees (from) or takes (to), per seat row and unit."""
    column = f"{side}_sku_id"
    pairs = pieces.select("pool_id", sku_id=column).unique().drop_nulls().sort("pool_id", "sku_id")
    places = [catalogue.rows(pool)[sku] for pool, sku in pairs.iter_rows()]
    rows = pairs.with_columns(row=pl.Series(places, dtype=pl.Int64))
    keyed = pieces.join(rows, left_on=["pool_id", column], right_on=["pool_id", "sku_id"])
    return keyed.group_by("cause", "row", "unit_id").len().sort("cause", "row", "unit_id")


def _by_cause(counts: pl.DataFrame) -> dict[str, dict[int, UnitCounts]]:
    found: dict[str, dict[int, UnitCounts]] = {}
    for cause, row, unit, count in counts.iter_rows():
        found.setdefault(cause, {}).setdefault(row, {})[unit] = count
    return found


def units_of(catalogue: Catalogue, pieces: pl.DataFrame, side: str) -> dict[int, UnitCounts]:
    """Return per seat row how many seats each unit's users free (from) or take (to)."""
    every = pieces.with_columns(cause=pl.lit(""))
    return _by_cause(_unit_counts(catalogue, every, side)).get("", {})


def _vector(units: dict[int, UnitCounts], length: int) -> Ints:
    found = np.zeros(length, dtype=np.int64)
    for row, counts in units.items():
        found[row] = sum(counts.values())
    return found


def _moved(
    table: SeatTable, cause: str, before: Ints, after: Ints, units: dict[int, UnitCounts]
) -> list[Movement]:
    """Return the movements between two courses of seats (rows × months)."""
    ore = (table.price * (before - after)).sum(axis=1)
    ended = before[:, -1] - after[:, -1]
    peak = (after - before).max(axis=1, initial=0)
    return [
        Movement(
            row,
            cause,
            int(ended[row]),
            int(ore[row]),
            int(peak[row]),
            units.get(row) or {table.keys[row][0]: 1},
        )
        for row in np.flatnonzero((ended != 0) | (ore != 0)).tolist()
        if table.is_priced[row]
    ]


def movements_of(
    catalogue: Catalogue, pieces: pl.DataFrame, causes: list[str]
) -> tuple[list[Movement], Ints]:
    """Return the movements of seats in the causes' order, and the plan's seats (rows × months)."""
    table = catalogue.table
    frees = _by_cause(_unit_counts(catalogue, pieces, "from"))
    takes = _by_cause(_unit_counts(catalogue, pieces, "to"))
    size = len(table.keys)
    used, new = table.today.copy(), np.zeros(size, dtype=np.int64)
    course = table.baseline()
    found: list[Movement] = []
    for cause in causes:
        freed, taken = frees.get(cause, {}), takes.get(cause, {})
        used = used - _vector(freed, size)
        lower = table.seats(used, new, buys_reserve=cause in (RESERVE, TRUE_UP))
        found += _moved(table, cause, course, lower, freed)
        gained = _vector(taken, size)
        used, new = used + gained, new + gained
        course = table.seats(used, new, buys_reserve=cause in (RESERVE, TRUE_UP))
        found += _moved(table, cause, lower, course, taken)
    return found, course


def with_savings(causes: pl.DataFrame, movements: list[Movement]) -> pl.DataFrame:
    """Return the causes with `saving_nok`, which sum to the whole saving."""
    schema = {"cause": pl.String, "ore": pl.Int64}
    moved = pl.DataFrame([(m.cause, m.ore) for m in movements], schema=schema, orient="row")
    sums = moved.group_by("cause").agg(pl.col("ore").sum())
    joined = causes.join(sums, on="cause", how="left", maintain_order="left")
    return joined.with_columns(nok(pl.col("ore").fill_null(0)).alias("saving_nok")).drop("ore")


def nok(ore: pl.Expr) -> pl.Expr:
    """Return whole øre as NOK, exactly."""
    # Polars divides decimals exactly at this scale; the øre are whole, so nothing is rounded
    return (ore.cast(pl.Decimal(38, 2)) / pl.lit(100, pl.Decimal(38, 2))).cast(pl.Decimal(18, 2))
