"""Seats that must be paid per pool, SKU and month, and what they cost, exactly in øre.

One *seat row* per pool × SKU, in the order of the terms. For month m with first day d(m), users
assigned a, new users n (they have the SKU in the plan and not today), P assigned today:

    locked(m)   d(m) < reduction date (no date: never)
    bound(m)    max(held if locked, floor if floor > 0 and d(m) <= floor_until (no date: always))
    deferred(m) locked and d(m) < true-up date: paid seats are max(held, bound), whatever is used
    otherwise   z(m) = max(bound(m), a + reserve), and where the SKU can't be transferred and m is
                locked also z(m) >= min(P, held) + n + reserve: a seat in use today serves nobody
                else until it can be ended, a seat nobody has may serve a new user

Today's course (baseline): everybody keeps what they have, no seat is ended, nothing is reserved:
z = max(held, floor while it runs, P), and max(held, floor) in deferred months.
Seats of a SKU that costs nothing in the whole horizon are never ended: nobody gains by it.
SKUs whose price is unknown in some month of the horizon cost nothing here and are never changed:
their seats stay on today's course.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.licences.problem import SHARED_POOL, Problem

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SeatTable:
    """Terms and prices as arrays: one row per pool × SKU, columns are months where there are."""

    keys: list[tuple[str, str]]
    held: Ints
    reserve: Ints
    bound: Ints  # rows × months
    locked: Flags  # rows × months
    deferred: Flags  # rows × months
    fixed: Flags  # rows: can't be transferred
    price: Ints  # rows × months, øre; 0 where the price is unknown
    is_priced: Flags  # rows
    today: Ints  # rows: assigned today
    floor: Ints  # rows × months: the floor alone

    def rows_of(self, pool: str) -> dict[str, int]:
        """Return the seat row of every SKU that users of the pool can have."""
        shared = {sku: row for row, (p, sku) in enumerate(self.keys) if p == SHARED_POOL}
        return shared | {sku: row for row, (p, sku) in enumerate(self.keys) if p == pool}

    def baseline(self) -> Ints:
        """Return the seats of today's course, rows × months."""
        held = np.maximum(self.held[:, None], self.floor)
        return np.where(self.deferred, held, np.maximum(held, self.today[:, None]))

    def seats(self, assigned: Ints, new: Ints, *, buys_reserve: bool = True) -> Ints:
        """Return the fewest seats for these users, rows × months.

        Without `buys_reserve` the reserve is kept from seats held, never bought.
        """
        needed = self._with_reserve(assigned, buys_reserve)
        tied = self._with_reserve(np.minimum(self.today, self.held) + new, buys_reserve)
        free = np.maximum(self.bound, needed[:, None])
        bites = self.locked & self.fixed[:, None]
        free = np.where(bites, np.maximum(free, tied[:, None]), free)
        free = np.where(self.deferred, np.maximum(self.held[:, None], self.bound), free)
        is_free = self.is_priced & (self.price == 0).all(axis=1)
        free = np.where(is_free[:, None], np.maximum(free, self.held[:, None]), free)
        return np.where(self.is_priced[:, None], free, self.baseline())

    def _with_reserve(self, used: Ints, buys: bool) -> Ints:
        wanted = used + self.reserve
        return wanted if buys else np.maximum(used, np.minimum(wanted, self.held))

    def cost(self, seats: Ints) -> int:
        """Return what the seats cost over the horizon, in øre."""
        return int((self.price * seats).sum())

    def least_and_most(self) -> tuple[Ints, Ints]:
        """Return per row the least and the most that one user more can cost over the horizon."""
        free = ~self.deferred & (self.bound <= self.reserve[:, None])
        free &= ~(self.locked & self.fixed[:, None])
        most = np.where(self.deferred, 0, self.price).sum(axis=1)
        return np.where(free, self.price, 0).sum(axis=1), most


def _before(days: list[date | None], months: list[date], *, missing: bool) -> Flags:
    found = [[missing if day is None else month < day for month in months] for day in days]
    return np.array(found, dtype=bool).reshape(len(days), len(months))


def _prices(problem: Problem, skus: list[str]) -> tuple[Ints, Flags]:
    """Return the price of each row and month in øre, and whether every month's is known."""
    months = problem.months
    wanted = pl.DataFrame({"sku_id": skus}, schema={"sku_id": pl.String}).with_row_index("row")
    grid = wanted.join(pl.DataFrame({"month": months}), how="cross")
    ore = (pl.col("unit_price_nok") * 100).cast(pl.Int64).alias("ore")
    found = grid.join(problem.frames.prices, on=["sku_id", "month"], how="left")
    values = found.sort("row", "month").select(ore)["ore"].to_list()
    shape = (len(skus), len(months))
    known = np.array([value is not None for value in values], dtype=bool).reshape(shape)
    price = np.array([value or 0 for value in values], dtype=np.int64).reshape(shape)
    is_priced: Flags = np.asarray(known.all(axis=1))
    return np.where(is_priced[:, None], price, 0), is_priced


def _today(problem: Problem) -> Ints:
    """Return how many accounts have each seat row's SKU today."""
    rows = problem.frames.skus.select("pool_id", "sku_id").with_row_index("row")
    users = problem.frames.users.select("account_key", "pool_id")
    have = problem.frames.present.join(users, on="account_key")
    own = have.join(rows, on=["pool_id", "sku_id"], how="left")
    shared = rows.filter(pl.col("pool_id") == SHARED_POOL).select("sku_id", shared="row")
    row = pl.coalesce("row", "shared").alias("row")
    counts = own.join(shared, on="sku_id", how="left").select(row).group_by("row").len()
    found = rows.join(counts, on="row", how="left").sort("row")["len"].fill_null(0)
    return found.cast(pl.Int64).to_numpy()


def seat_table(problem: Problem) -> SeatTable:
    """Return the seat rows of the problem."""
    skus, months = problem.frames.skus, problem.months

    def array(column: str, kind: Any) -> Any:
        return np.array(skus[column].to_list(), dtype=kind)

    held, floor = array("held", np.int64), array("floor", np.int64)
    locked = _before(skus["reduction_date"].to_list(), months, missing=False)
    after = [None if day is None else _next(day) for day in skus["floor_until"].to_list()]
    floors = np.where(_before(after, months, missing=True), floor[:, None], 0)
    price, is_priced = _prices(problem, skus["sku_id"].to_list())
    return SeatTable(
        keys=list(zip(skus["pool_id"].to_list(), skus["sku_id"].to_list(), strict=True)),
        held=held,
        reserve=array("reserve", np.int64),
        bound=np.maximum(np.where(locked, held[:, None], 0), floors),
        locked=locked,
        deferred=locked & _before(skus["true_up_date"].to_list(), months, missing=False),
        fixed=~array("is_transferable", bool),
        price=price,
        is_priced=is_priced,
        today=_today(problem),
        floor=floors,
    )


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
