"""The plan as a list of actions: what is done to users, what to seats, and when.

User-level rows (remove, downgrade, upgrade, assign, move) carry no money. Seat-level rows do:
terminate (from the reduction date), do_not_renew (when the floor ends), buy, and reuse: a seat that
one cause frees and another needs, or that true-up would have charged; nothing is bought or ended,
but the money belongs to different causes. So no krone counts twice, and

- per unit × SKU: today's users - from_sku_id + to_sku_id over the first four = the plan's users;
- per pool × SKU: seats held - terminate - do_not_renew + buy = the plan's seats at the end;
- the seat-level rows' horizon saving = today's course less the plan, per cause and in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

import polars as pl

from pipelines.licences.accounts import MISSING_STANDARD, RESERVE, SHELF_WARE, TRUE_UP
from pipelines.licences.attribution import Movement, UnitCounts, nok, units_of
from pipelines.licences.candidates import Catalogue
from pipelines.licences.problem import Problem
from pipelines.licences.seats import Ints, SeatTable

SCHEMA: dict[str, Any] = {
    "action": pl.String,
    "from_sku_id": pl.String,
    "to_sku_id": pl.String,
    "from_unit_id": pl.String,
    "unit_id": pl.String,
    "pool_id": pl.String,
    "quantity": pl.Int64,
    "yearly_ore": pl.Int64,
    "horizon_ore": pl.Int64,
    "earliest_date": pl.Date,
    "rule_id": pl.String,
    "cause": pl.String,
    "binding_constraint": pl.String,
}


@dataclass(frozen=True)
class SeatStep:
    """One seat-level row before it is shared among units: seats > 0, what they save in øre."""

    action: str
    movement: Movement
    seats: int
    ore: int
    is_freed: bool
    day: date | None = None
    constraint: str | None = None


def actions_of(
    problem: Problem,
    catalogue: Catalogue,
    pieces: pl.DataFrame,
    movements: list[Movement],
    course: Ints,
    causes: pl.DataFrame,
) -> pl.DataFrame:
    """Return every action, in stable order (columns: `SCHEMA`, øre as `_saving_nok`)."""
    table = catalogue.table
    rules = dict(causes.select("cause", "rule_id").iter_rows())
    rows = _moves(problem, catalogue, pieces)
    for row in range(len(table.keys)):
        own = [movement for movement in movements if movement.row == row]
        for step in _seat_steps(problem, table, row, own, course):
            rows += _shared(problem, table, step, rules)
    seats = pl.DataFrame(rows, schema=SCHEMA)
    every = pl.concat([_user_rows(problem, pieces), seats])
    money = [
        nok(pl.col(f"{name}_ore")).alias(f"{name}_saving_nok") for name in ("yearly", "horizon")
    ]
    order = ["action", "pool_id", "from_sku_id", "to_sku_id", "unit_id", "from_unit_id", "cause"]
    return (
        every.with_columns(money)
        .drop("yearly_ore", "horizon_ore")
        .sort(*order, "earliest_date", nulls_last=True)
    )


def _user_rows(problem: Problem, pieces: pl.DataFrame) -> pl.DataFrame:
    key = ["action", "from_sku_id", "to_sku_id", "unit_id", "pool_id", "cause", "rule_id"]
    grouped = (
        pieces.group_by(key)
        .len("quantity")
        .with_columns(
            from_unit_id=pl.lit(None, pl.String),
            yearly_ore=pl.lit(0, pl.Int64),
            horizon_ore=pl.lit(0, pl.Int64),
            earliest_date=pl.lit(problem.first_month),
            binding_constraint=pl.lit(None, pl.String),
        )
    )
    return grouped.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _seat_steps(
    problem: Problem, table: SeatTable, row: int, movements: list[Movement], course: Ints
) -> Iterator[SeatStep]:
    """Set seats freed against seats needed, and yield what must be ended, bought or reused."""
    held = int(table.held[row])
    extra = int(table.baseline()[row, -1]) - held
    needs = [m for m in movements if m.seats < 0 or (m.seats == 0 and m.peak > 0)]
    if extra > 0:
        needs = [Movement(row, TRUE_UP, -extra, 0, extra, {table.keys[row][0]: 1}), *needs]
    left = {id(m): m for m in movements if m.seats > 0 or (m.seats == 0 and m.peak <= 0)}
    for need in needs:
        for key, freed in list(left.items()):
            if not (need.seats < 0 and freed.seats) or not _serves(table, freed, need):
                continue
            seats = min(freed.seats, -need.seats)
            left[key], given = _split(freed, seats)
            need, taken = _split(need, -seats)
            why = "true_up" if need.cause == TRUE_UP else None
            yield SeatStep("reuse", freed, seats, given, True, None, why)
            if taken or need.cause != TRUE_UP:
                yield SeatStep("reuse", need, seats, taken, False, None, None)
        yield from _bought(problem, table, need)
    yield from _ended(problem, table, row, list(left.values()), course)


def _serves(table: SeatTable, freed: Movement, need: Movement) -> bool:
    if not table.fixed[freed.row]:
        return True
    return freed.cause == SHELF_WARE or need.cause == TRUE_UP


def _split(movement: Movement, seats: int) -> tuple[Movement, int]:
    """Take some of the seats away; return what is left, and the øre that go with them."""
    ore = movement.ore * seats // movement.seats
    peak = max(0, movement.peak - abs(seats))
    return replace(movement, seats=movement.seats - seats, ore=movement.ore - ore, peak=peak), ore


def _bought(problem: Problem, table: SeatTable, need: Movement) -> Iterator[SeatStep]:
    """Yield the seats to buy; those needed for a while only are ended at the reduction date."""
    seats = max(need.peak, -need.seats)
    if not seats:
        return
    why = {TRUE_UP: "true_up", RESERVE: "reserve", MISSING_STANDARD: "standard"}.get(need.cause)
    if table.fixed[need.row] and need.cause not in (TRUE_UP, RESERVE):
        why = "transferability"
    day = problem.first_month
    if need.cause == TRUE_UP:
        day = max(day, problem.frames.skus["true_up_date"][need.row] or day)
    yield SeatStep("buy", need, seats, need.ore, False, day, why)
    if seats + need.seats > 0:
        until = _reduction(problem, need.row)
        yield SeatStep("terminate", need, seats + need.seats, 0, True, until, why)


def _reduction(problem: Problem, row: int) -> date:
    day: date | None = problem.frames.skus["reduction_date"][row]
    return problem.first_month if day is None else max(problem.first_month, day)


def _ended(
    problem: Problem, table: SeatTable, row: int, freed: list[Movement], course: Ints
) -> Iterator[SeatStep]:
    """Yield the seats to end: those above the floor at the reduction date, the rest after it."""
    until: date | None = problem.frames.skus["floor_until"][row]
    day = _reduction(problem, row)
    total = sum(m.seats for m in freed)
    late = 0
    if until is not None and day <= until:
        late = max(0, int(table.floor[row].max(initial=0)) - int(course[row, -1]))
        late = min(late, total)
    why = "reduction_date" if day > problem.first_month else None
    why = "transferability" if table.fixed[row] else why
    for movement in freed:
        if not movement.seats:
            if movement.ore:
                yield SeatStep("terminate", movement, 0, movement.ore, True, day, why)
            continue
        soon = min(movement.seats, total - late)
        total -= soon
        rest, ore = _split(movement, soon)
        if soon and rest.seats and until is not None:
            later = [month > until for month in problem.months]
            ore = movement.ore - rest.seats * int(table.price[row, later].sum())
            rest = replace(rest, ore=movement.ore - ore)
        if soon:
            yield SeatStep("terminate", movement, soon, ore, True, day, why)
        if rest.seats and until is not None:
            after = date.fromordinal(until.toordinal() + 1)
            yield SeatStep("do_not_renew", movement, rest.seats, rest.ore, True, after, "floor")


def _allotted(total: int, weights: UnitCounts) -> UnitCounts:
    """Share a whole number among units by weight, to the last one, in stable order."""
    names = sorted(weights)
    sums = list(accumulate(weights[name] for name in names))
    edges = [0, *(total * part // sums[-1] for part in sums)]
    return {name: edges[k + 1] - edges[k] for k, name in enumerate(names)}


def _shared(
    problem: Problem, table: SeatTable, step: SeatStep, rules: dict[str, str | None]
) -> Iterator[dict[str, Any]]:
    """Yield the row of each unit."""
    movement = step.movement
    pool, sku = table.keys[movement.row]
    seats = _allotted(step.seats, movement.units)
    ore = _allotted(step.ore, seats if step.seats else movement.units)
    sign = 0 if movement.cause == TRUE_UP else 1 if step.is_freed else -1
    yearly = 12 * sign * int(table.price[movement.row, -1])
    rule = "B09t" if step.action == "terminate" and table.fixed[movement.row] else None
    rule = "A08" if step.action == "reuse" else rule
    for unit, count in seats.items():
        if count or ore[unit]:
            yield {
                "action": step.action,
                "from_sku_id": sku if step.is_freed else None,
                "to_sku_id": None if step.is_freed else sku,
                "unit_id": unit,
                "pool_id": pool,
                "quantity": count,
                "yearly_ore": yearly * count,
                "horizon_ore": ore[unit],
                "earliest_date": step.day or problem.first_month,
                "rule_id": rule or rules.get(movement.cause),
                "cause": movement.cause,
                "binding_constraint": step.constraint,
            }


def _moves(problem: Problem, catalogue: Catalogue, pieces: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what units give to others of the seats their users free (information, A08)."""
    table = catalogue.table
    freed, taken = units_of(catalogue, pieces, "from"), units_of(catalogue, pieces, "to")
    rows: list[dict[str, Any]] = []
    for row in sorted(set(freed) & set(taken)):
        gives = {u: n - taken[row].get(u, 0) for u, n in freed[row].items()}
        wants = {u: n - freed[row].get(u, 0) for u, n in taken[row].items()}
        kept = int(table.today[row]) - sum(freed[row].values())
        free = max(0, int(table.held[row]) - kept)
        if not table.fixed[row]:
            pool, sku = table.keys[row]
            rows += [
                {
                    "action": "move",
                    "from_sku_id": sku,
                    "to_sku_id": sku,
                    "from_unit_id": giver,
                    "unit_id": taker,
                    "pool_id": pool,
                    "quantity": seats,
                    "yearly_ore": 0,
                    "horizon_ore": 0,
                    "earliest_date": problem.first_month,
                    "rule_id": "A08",
                }
                for giver, taker, seats in _matched(gives, wants, free)
            ]
    return rows


def _matched(gives: UnitCounts, wants: UnitCounts, most: int) -> Iterator[tuple[str, str, int]]:
    """Match givers with takers in stable order, at most so many seats in all."""
    left = {unit: count for unit, count in sorted(gives.items()) if count > 0}
    for taker, wanted in sorted(wants.items()):
        for giver in list(left):
            seats = min(wanted, left[giver], most)
            if seats > 0:
                yield giver, taker, seats
                wanted, most = wanted - seats, most - seats
                left[giver] -= seats
