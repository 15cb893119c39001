"""The plan as a mixed-integer programme, solved by HiGHS (`scipy.optimize.milp`), checked exactly.

Classes g of n(g) users with the same pool, needs and present SKUs; candidates b of g (see
`candidates`); seat rows s (pool × SKU) with the months' bounds and prices of `seats`.

    x(g, b)   users of g who end with b, integer >= 0
    e(s, t)   seats of s beyond what phase t demands anyway, >= 0; a phase is the set of months
              of s with the same bound, locked and deferred; its weight W is their prices' sum

    a(s) = sum x(g, b) over b with s,   n(s) = the same over b with s where s is not present in g

    minimise  sum over s, t of W(s, t) * z(s, t)
      sum over b of x(g, b) = n(g)                                  for every g
      z = a + reserve                       where bound <= reserve and no seat is tied: no variable
      z = L + e,  L = max(bound, reserve)   elsewhere, and a constant in deferred phases
      e(s, t) >= a(s) + reserve - L
      e(s, t) >= min(P, held) + n(s) + reserve - L   where locked and not transferable
      sum of x(g, b) over b that is not g's present set <= the limit on changes

Where more users lack needed plans than the limit allows to change, the limit is spent on them
alone, and the others keep what they have: the sum over their classes of x(g, b), b not present,
equals the limit.
Then the same with the cost held at its optimum (half a unit of slack) and the number of changes
minimised. Costs are whole øre divided by their common divisor, so that two different costs differ
by at least 1 in the solver. Counts are rounded, and feasibility and cost recomputed in integers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from pipelines.licences.candidates import Catalogue, Choice, Skus, choices_of
from pipelines.licences.classes import Classes
from pipelines.licences.seats import Ints, SeatTable

_WHOLE = 1e-4
Floats = npt.NDArray[np.float64]


class SolverError(RuntimeError):
    """HiGHS gave nothing, or something that is not a solution when counted in integers."""


@dataclass(frozen=True)
class Columns:
    """One column per class × candidate, as arrays, and their incidence on the seat rows."""

    group: Ints
    sets: list[Skus]
    is_change: Ints
    size: Ints  # users per class
    is_forced: npt.NDArray[np.bool_]  # per class
    assigned: Any  # seat rows × columns
    new: Any

    def used(self, counts: Ints) -> tuple[Ints, Ints]:
        """Return users per seat row, and those of them who don't have the SKU today."""
        return self.assigned @ counts, self.new @ counts


@dataclass(frozen=True)
class Solution:
    """How many of each column, exactly: cost in øre, proven bound, number of changes."""

    columns: Columns
    counts: Ints
    cost: int
    bound: float
    changes: int
    is_proven: bool
    lacking: int  # users who keep too little because of the limit on changes


def columns_of(catalogue: Catalogue, classes: Classes, choices: Sequence[Choice]) -> Columns:
    """Lay out the columns, class by class."""
    group: list[int] = []
    sets: list[Skus] = []
    change: list[int] = []
    used: list[tuple[int, int]] = []
    new: list[tuple[int, int]] = []
    for number, (one, choice) in enumerate(zip(classes, choices, strict=True)):
        rows, present = catalogue.rows(one.pool), set(one.present)
        for skus in choice.sets:
            used += [(rows[sku], len(sets)) for sku in skus]
            new += [(rows[sku], len(sets)) for sku in skus if sku not in present]
            group.append(number)
            sets.append(skus)
            change.append(int(skus != one.present))
    shape = (len(catalogue.table.keys), len(sets))
    return Columns(
        np.array(group, dtype=np.int64),
        sets,
        np.array(change, dtype=np.int64),
        np.array([one.count for one in classes], dtype=np.int64),
        np.array([choice.is_forced for choice in choices], dtype=bool),
        _incidence(used, shape),
        _incidence(new, shape),
    )


def _incidence(places: list[tuple[int, int]], shape: tuple[int, int]) -> Any:
    rows, columns = np.array(places, dtype=np.int64).reshape(-1, 2).T
    return sp.csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape)


@dataclass(frozen=True)
class Phase:
    """Months of one seat row with the same bounds."""

    row: int
    weight: int  # what a seat costs over the phase, øre
    bound: int
    is_tied: bool  # locked and not transferable


def _phases(table: SeatTable) -> Iterator[Phase]:
    """Yield the phases in which the number of users can matter."""
    for row in range(len(table.keys)):
        weights: dict[tuple[int, bool], int] = {}
        for month in np.flatnonzero(~table.deferred[row]):
            tied = bool(table.locked[row, month] and table.fixed[row])
            key = (int(table.bound[row, month]), tied)
            weights[key] = weights.get(key, 0) + int(table.price[row, month])
        for (bound, tied), weight in sorted(weights.items()):
            if weight:
                yield Phase(row, weight, bound, tied)


@dataclass(frozen=True)
class Model:
    """The programme without its sums per class: integer costs and the rows of the excess seats."""

    cost: Ints  # of the columns, then of the excess variables
    rows: Any  # constraints × variables
    upper: Ints
    unit: int


def model_of(table: SeatTable, columns: Columns) -> Model:
    """Return the costs and constraints of the seats."""
    width = len(columns.sets)
    cost = np.zeros(width, dtype=np.int64)
    weights: list[int] = []
    blocks: list[tuple[Any, int]] = []  # (row of columns, its excess variable)
    upper: list[int] = []
    for phase in _phases(table):
        reserve, row = int(table.reserve[phase.row]), phase.row
        users = columns.assigned[[row], :]
        if not phase.is_tied and phase.bound <= reserve:
            cost += phase.weight * users.toarray()[0]
            continue
        least = max(phase.bound, reserve)
        blocks.append((users, len(weights)))
        upper.append(least - reserve)
        if phase.is_tied:
            blocks.append((columns.new[[row], :], len(weights)))
            upper.append(least - reserve - int(min(table.today[row], table.held[row])))
        weights.append(phase.weight)
    excess = _incidence(
        [(place, k) for place, (_, k) in enumerate(blocks)], (len(blocks), len(weights))
    )
    left = sp.vstack([users for users, _ in blocks]) if blocks else sp.csr_array((0, width))
    every = np.concatenate([_less_the_least(cost, columns), np.array(weights, dtype=np.int64)])
    unit = math.gcd(*every.tolist()) or 1
    rows = sp.hstack([left, -excess]).tocsr()
    return Model(every // unit, rows, np.array(upper, dtype=np.int64), unit)


def _less_the_least(cost: Ints, columns: Columns) -> Ints:
    """Return the costs less the cheapest of the class: a constant less, and better numbers."""
    least = np.full(len(columns.size), np.iinfo(np.int64).max)
    np.minimum.at(least, columns.group, cost)
    reduced: Ints = cost - least[columns.group]
    return reduced


@dataclass(frozen=True)
class Rules:
    """Rows that are equal to, and rows that are at most, a number."""

    equal: Any
    equals: Ints
    less: Any
    most: Floats

    def and_at_most(self, row: Any, most: float) -> Rules:
        """Return the rules with one row more."""
        return replace(
            self,
            less=sp.vstack([self.less, sp.csr_array(np.asarray(row)[None, :])]).tocsr(),
            most=np.append(self.most, most),
        )


def _rules(model: Model, columns: Columns, limit: int | None, lacking: int) -> Rules:
    width, size = len(columns.sets), len(model.cost)
    places = list(zip(columns.group.tolist(), range(width), strict=True))
    classes = _incidence(places, (len(columns.size), size))
    found = Rules(classes, columns.size, model.rows, model.upper.astype(np.float64))
    change = np.zeros(size, dtype=np.int64)
    change[:width] = columns.is_change
    if limit is not None:
        found = found.and_at_most(change, limit)
    if lacking:
        forced = change.copy()
        forced[:width] *= columns.is_forced[columns.group]
        found = found.and_at_most(-forced, -float(limit or 0))
    return found


@dataclass(frozen=True)
class Answer:
    """Values, proven bound, and each column's reduced cost in the relaxation."""

    values: Floats
    bound: float
    reduced: Floats
    relaxed: float


def _solved(cost: Ints, rules: Rules, width: int, seconds: float) -> Answer:
    """Solve the relaxation; where it isn't whole, branch on the columns that can matter.

    A column whose reduced cost exceeds what whole users cost more than the relaxation is in no
    optimum. So a guess at that difference is tried first, and proven by the result or widened.
    """
    loose = _relaxed(cost, rules, seconds)
    reduced = loose.lower.marginals[:width]
    if np.abs(loose.x[:width] - np.rint(loose.x[:width])).max(initial=0) <= _WHOLE:
        return Answer(loose.x, loose.fun, reduced, loose.fun)
    spread = 1.0 + int(cost.max()) // 4
    result = _branched(cost, rules, reduced <= spread, seconds)
    if result.x is not None and result.fun - loose.fun > spread:
        spread = result.fun - loose.fun + 1
        result = _branched(cost, rules, reduced <= spread, seconds)
    if result.x is None:
        spread = np.inf
        result = _branched(cost, rules, np.ones(width, dtype=bool), seconds)
    if result.x is None:
        raise SolverError(f"HiGHS found no plan: {result.message}")
    bound = loose.fun if result.mip_dual_bound is None else result.mip_dual_bound
    return Answer(result.x, min(bound, loose.fun + spread), reduced, loose.fun)


def _relaxed(cost: Ints, rules: Rules, seconds: float) -> Any:
    found = linprog(
        cost,
        A_ub=rules.less,
        b_ub=rules.most,
        A_eq=rules.equal,
        b_eq=rules.equals,
        bounds=(0, None),
        method="highs-ds",
        options={"time_limit": seconds},
    )
    if found.status != 0:
        raise SolverError(f"HiGHS found no plan: {found.message}")
    return found


def _branched(cost: Ints, rules: Rules, is_open: npt.NDArray[np.bool_], seconds: float) -> Any:
    """Solve with whole users; columns that are not open stay at nobody."""
    whole, most = np.zeros(len(cost)), np.full(len(cost), np.inf)
    whole[: len(is_open)] = 1
    most[: len(is_open)][~is_open] = 0
    return milp(
        cost,
        integrality=whole,
        bounds=Bounds(0, most),
        constraints=[
            LinearConstraint(rules.equal, rules.equals, rules.equals),
            LinearConstraint(rules.less, -np.inf, rules.most),
        ],
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )


def _counted(values: Floats, columns: Columns, limit: int | None) -> Ints:
    """Return the counts as integers; raise where they are not a solution."""
    raw = values[: len(columns.sets)]
    counts: Ints = np.rint(raw).astype(np.int64)
    sums = np.zeros(len(columns.size), dtype=np.int64)
    np.add.at(sums, columns.group, counts)
    changes = int(counts @ columns.is_change)
    if np.abs(raw - counts).max(initial=0) > _WHOLE or (counts < 0).any():
        raise SolverError("HiGHS gave a plan that is not in whole users")
    if (sums != columns.size).any() or (limit is not None and changes > limit):
        raise SolverError("HiGHS gave a plan that breaks a constraint")
    return counts


def exact_cost(table: SeatTable, columns: Columns, counts: Ints) -> int:
    """Return what the counts cost over the horizon, in øre."""
    return table.cost(table.seats(*columns.used(counts)))


def solve(
    catalogue: Catalogue,
    classes: Classes,
    limit: int | None,
    seconds: float,
    *,
    ties: bool = True,
) -> Solution:
    """Return the cheapest plan, and with `ties` of those one with the fewest changes."""
    choices = choices_of(catalogue, classes)
    forced = sum(
        one.count for one, choice in zip(classes, choices, strict=True) if choice.is_forced
    )
    lacking = max(0, forced - limit) if limit is not None else 0
    if lacking:
        choices = [_keeping(one.present, c) for one, c in zip(classes, choices, strict=True)]
    columns = columns_of(catalogue, classes, choices)
    is_complete = all(choice.is_complete for choice in choices)
    if not len(classes):
        counts = np.zeros(0, dtype=np.int64)
        cost = exact_cost(catalogue.table, columns, counts)
        return Solution(columns, counts, cost, float(cost), 0, is_complete, 0)
    model = model_of(catalogue.table, columns)
    rules = _rules(model, columns, limit, lacking)
    first = _solved(model.cost, rules, len(columns.sets), seconds)
    cheapest = _solution(catalogue.table, model, columns, first, limit)
    cheapest = replace(cheapest, lacking=lacking, is_proven=cheapest.is_proven and is_complete)
    if not ties:
        return cheapest
    return _fewest_changes(catalogue.table, model, rules, cheapest, first, limit, seconds)


def _keeping(present: Skus, choice: Choice) -> Choice:
    if not choice.is_forced:
        return choice
    return replace(choice, sets=[present, *choice.sets], keeps=True)


def _solution(
    table: SeatTable, model: Model, columns: Columns, answer: Answer, limit: int | None
) -> Solution:
    counts = _counted(answer.values, columns, limit)
    cost = exact_cost(table, columns, counts)
    short = max(0.0, _in_model(model, columns, counts) - answer.bound)
    is_proven = short < 0.5
    bound = cost - (0.0 if is_proven else short * model.unit)
    changes = int(counts @ columns.is_change)
    return Solution(columns, counts, cost, bound, changes, is_proven, 0)


def _in_model(model: Model, columns: Columns, counts: Ints) -> int:
    """Return the objective of the counts in the solver's units, in integers."""
    width = len(columns.sets)
    excess = -model.rows[:, width:]
    least = model.rows[:, :width] @ counts - model.upper
    needed = np.zeros(len(model.cost) - width, dtype=np.int64)
    places = excess.tocoo()
    np.maximum.at(needed, places.coords[1], np.maximum(0, least)[places.coords[0]])
    return int(model.cost[:width] @ counts + model.cost[width:] @ needed)


def _fewest_changes(
    table: SeatTable,
    model: Model,
    rules: Rules,
    found: Solution,
    first: Answer,
    limit: int | None,
    seconds: float,
) -> Solution:
    """Return a solution of the same cost with the fewest changes, where one is found in time."""
    columns, width = found.columns, len(found.columns.sets)
    most = _in_model(model, columns, found.counts)
    is_open = first.reduced <= most - first.relaxed + 1
    change = np.zeros(len(model.cost), dtype=np.int64)
    change[:width] = columns.is_change
    same = rules.and_at_most(model.cost, most + 0.5)
    result = _branched(change, same, is_open, seconds)
    if result.x is None:
        return found
    counts = _counted(result.x, columns, limit)
    changes = int(counts @ columns.is_change)
    if exact_cost(table, columns, counts) > found.cost or changes >= found.changes:
        return found
    return replace(found, counts=counts, changes=changes)
