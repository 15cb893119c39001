"""Small counts kept out of published tables, and out of reach of whoever adds and subtracts.

A *small* count (1 to below the smallest cell, or of so few persons) is hidden, and so are as many
others (the smallest first) as it takes for no small count to be found within less than the
smallest cell. What an outsider can know is a linear programme: the relations between the cells, the
counts that are shown, and that a hidden count is not negative. Here he is even told that a hidden
count is at least 1 unless it is 0. Which cells and relations there are is known to `public`.

Hiding more only widens what is possible, so a count found safe stays safe; and with every count
hidden any multiple of the true table is possible, so the search ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from pipelines.errors import SamkjopError

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
_NONE = np.array([], dtype=np.intp)
_TOLERANCE = 1e-6
_BATCH = 50  # counts that are told before more is hidden: what saves one often saves others


class SuppressionError(SamkjopError):
    """The cells do not fit their relations, or the solver gave up: nothing may be published."""


@dataclass(frozen=True)
class Cells:
    """Counts and the relations between them.

    `values` has one whole number ≥ 0 per cell. `relations` has one row per relation and one column
    per cell; the sum of coefficient × count is 0 where `is_equation`, else at most 0. `small` are
    counts above 0 to protect; `extra` are cells to hide as well, without a promise of their own.
    """

    values: Numbers
    relations: csr_array
    is_equation: Mask
    small: Mask
    extra: Mask

    def check(self) -> None:
        """Raise SuppressionError where the counts break a relation."""
        sums = self.relations @ self.values
        broken = np.where(self.is_equation, np.abs(sums), sums) > _TOLERANCE
        if broken.any() or (self.values < 0).any() or (self.values[self.small] < 1).any():
            raise SuppressionError(
                f"public/: forventet tall som går opp, fant {int(broken.sum())} sammenhenger som "
                "ikke gjør det. Ingenting er publisert; kjør bygget på nytt og meld fra."
            )


def hidden_cells(cells: Cells, min_cell: int) -> Mask:
    """Return which cells to hide so that no small count can be told.

    Of every small count, the least and the greatest value that fit all that is shown are at least
    `min_cell` apart. The same cells always give the same answer. Raises SuppressionError.
    """
    cells.check()
    hidden = _with_company(cells, cells.small | cells.extra, min_cell)
    unsafe = cells.small.copy()
    while unsafe.any():
        more: list[int] = []
        for members in _components(cells, hidden, unsafe):
            part = _Part.of(cells, hidden, members)
            wanted = np.flatnonzero(unsafe[members])
            told, unseen = part.told(wanted, min_cell)
            unsafe[members] = False
            unsafe[members[[*told, *unseen]]] = True
            more += [part.helpful(cells, hidden, result) for result in told.values()]
        hidden[more] = True
        hidden = _with_company(cells, hidden, min_cell)
    return hidden


def _with_company(cells: Cells, hidden: Mask, min_cell: int) -> Mask:
    """Hide more where one equation alone would tell: the smallest shown count above 0 in it.

    That is where only one count above 0 is hidden; and where the hidden ones, all on the same side,
    are too few for a small one among them to be `min_cell` away from itself.
    """
    entries = cells.relations.tocoo()
    used = cells.is_equation[entries.row] & (cells.values[entries.col] > 0)
    row, column, side = entries.row[used], entries.col[used], entries.data[used] > 0
    order = np.lexsort((column, cells.values[column], row))
    row, column, side = row[order], column[order], side[order]
    hidden = hidden.copy()
    rows = cells.relations.shape[0]

    def total(of: Mask, weights: Numbers | None = None) -> Numbers:
        picked = None if weights is None else weights[of]
        return np.bincount(row[of], picked, minlength=rows).astype(float)

    while True:
        out = hidden[column]
        is_one_sided = (total(out & side) == 0) | (total(out & ~side) == 0)
        is_narrow = total(out, cells.values[column] - 1) < min_cell
        has_small = total(out & cells.small[column]) > 0
        is_told = (total(out) == 1) | (is_one_sided & is_narrow & has_small)
        open_ = is_told[row] & ~out
        _, first = np.unique(row[open_], return_index=True)
        if not first.size:
            return hidden
        hidden[column[open_][first]] = True


def _components(cells: Cells, hidden: Mask, unsafe: Mask) -> list[Places]:
    """Return the hidden cells, in groups that share no relation; only groups with an unsafe one."""
    places = np.flatnonzero(hidden)
    links = cells.relations[:, places]
    links.data = np.abs(links.data)
    _, label = connected_components(links.T @ links, directed=False)
    wanted = np.unique(label[unsafe[places]])
    return [places[label == one] for one in wanted]


@dataclass(frozen=True)
class _Part:
    """The programme of some hidden cells: rows of equations, then rows of upper limits."""

    values: Numbers
    lower: Numbers
    equations: csr_array
    equal_to: Numbers
    limits: csr_array
    at_most: Numbers
    equation_rows: Places
    limit_rows: Places

    @classmethod
    def of(cls, cells: Cells, hidden: Mask, members: Places) -> _Part:
        own = cells.relations[:, members]
        touched = np.diff(own.indptr) > 0
        shown = -(cells.relations @ np.where(hidden, 0.0, cells.values))
        equation_rows = np.flatnonzero(touched & cells.is_equation)
        limit_rows = np.flatnonzero(touched & ~cells.is_equation)
        values = cells.values[members]
        return cls(
            values=values,
            lower=np.minimum(values, 1.0),
            equations=own[equation_rows],
            equal_to=shown[equation_rows],
            limits=own[limit_rows],
            at_most=shown[limit_rows],
            equation_rows=equation_rows,
            limit_rows=limit_rows,
        )

    def told(self, wanted: Places, min_cell: int) -> tuple[dict[int, Any], Places]:
        """Return those of the wanted cells that are known within less than `min_cell`, each with
        what holds it down, and those that were not looked at, since enough were found.

        One programme moves as many cells as it can at once; those that stand in each other's way
        are parted until each has been tried alone.
        """
        least, greatest = self.values.copy(), self.values.copy()
        found: dict[int, Any] = {}
        groups = [wanted]
        while groups and len(found) < _BATCH:
            group = groups.pop()
            up = self.moved(group, 1.0, min_cell)
            greatest = np.maximum(greatest, up.x[: self.values.size])
            least = np.minimum(least, up.x[: self.values.size])
            is_narrow = greatest - least < min_cell - _TOLERANCE
            if is_narrow[group].any():
                down = self.moved(group[is_narrow[group]], -1.0, min_cell).x[: self.values.size]
                least, greatest = np.minimum(least, down), np.maximum(greatest, down)
                is_narrow = greatest - least < min_cell - _TOLERANCE
            left = group[is_narrow[group]]
            if left.size and group.size == 1:
                found[int(left[0])] = up
            elif left.size == group.size:
                groups += [left[left.size // 2 :], left[: left.size // 2]]
            elif left.size:
                groups.append(left)
            groups = [kept for one in groups if (kept := one[is_narrow[one]]).size]
        return found, np.concatenate([_NONE, *groups])

    def moved(self, wanted: Places, sign: float, min_cell: int) -> Any:
        """Return the possible table in which the wanted cells are moved furthest from the truth.

        `sign` is 1 upwards, −1 downwards; more than `min_cell` counts for nothing.
        """
        size, count = self.values.size, wanted.size
        picked = coo_array((np.full(count, sign), (np.arange(count), wanted)), (count, size))
        steps = coo_array((np.ones(count), (np.arange(count), np.arange(count))))
        no_steps = csr_array((self.limits.shape[0], count))
        result = linprog(
            np.concatenate([np.zeros(size), -np.ones(count)]),
            A_eq=hstack([self.equations, csr_array((self.equations.shape[0], count))]).tocsr(),
            b_eq=self.equal_to,
            A_ub=vstack([hstack([self.limits, no_steps]), hstack([-picked, steps])]).tocsr(),
            b_ub=np.concatenate([self.at_most, -sign * self.values[wanted]]),
            bounds=[*((low, None) for low in self.lower), *([(0, min_cell)] * count)],
            method="highs",
        )
        if result.status != 0:
            raise SuppressionError(
                f"public/: forventet en løsning av kontrollen av små tall, fant «{result.message}»."
                " Ingenting er publisert; meld fra."
            )
        return result

    def helpful(self, cells: Cells, hidden: Mask, result: Any) -> int:
        """Return the smallest shown count in the relations that hold a cell down."""
        limits = result.ineqlin.marginals[: self.limit_rows.size]
        rows = np.concatenate(
            [
                self.equation_rows[np.abs(result.eqlin.marginals) > _TOLERANCE],
                self.limit_rows[np.abs(limits) > _TOLERANCE],
            ]
        )
        near = np.unique(cells.relations[rows].indices)
        near = near[~hidden[near] & (cells.values[near] > 0)]
        if not near.size:
            raise SuppressionError(
                "public/: forventet et tall som kan skjules, fant ikke noe. Ingenting er "
                "publisert; meld fra."
            )
        return int(near[np.lexsort((near, cells.values[near]))[0]])
