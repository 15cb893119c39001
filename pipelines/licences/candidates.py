"""Every set of SKUs that a class may end with: minimal covers of its needs, and what it has.

A set covers when each needed plan is given by a member and each member's prerequisite (one of
`requires`) is a member. It is minimal when no single member can go. Seats never get dearer by
taking a member away, so some optimum uses minimal sets and present sets only.

One set is dropped for another of the same class when the swap can't cost more in any solution:
what its own members cost at least, each by itself, is no less than what the other's own members
cost at most (`SeatTable.least_and_most`). Both count as one change, so ties lose nothing either.
A SKU without price is kept by those who have it and never given to anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.licences.classes import Classes, UserClass
from pipelines.licences.problem import Problem
from pipelines.licences.seats import SeatTable

LIMIT = 20_000
_STEPS_PER_SET = 50

Skus = tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """The sets a class may end with, the present one first where it may be kept.

    `is_forced`: the present set doesn't cover the needs, though some other set does.
    `is_uncovered`: nothing covers the needs, so the present set stays.
    """

    sets: list[Skus]
    keeps: bool
    is_forced: bool
    is_uncovered: bool
    is_complete: bool


@dataclass
class Search:
    """All minimal covers in one pool for some needs, by depth-first search."""

    gives: Mapping[str, frozenset[str]]  # what each SKU that may be given gives of the needs
    requires: Mapping[str, frozenset[str]]
    fixed: frozenset[str]
    least: Mapping[str, int]
    most: Mapping[str, int]
    limit: int = LIMIT
    found: list[frozenset[str]] = field(default_factory=list)
    steps: int = 0
    is_complete: bool = True

    def run(self, needs: frozenset[str]) -> list[frozenset[str]]:
        """Return the minimal covers of the needs that the fixed SKUs don't give."""
        self._extend(frozenset(), needs, frozenset(), needs)
        kept = self.found
        for one in list(kept):
            if any(other is not one and self._beats(other, one) for other in kept):
                kept = [other for other in kept if other is not one]
        return sorted(kept, key=sorted)

    def _beats(self, other: frozenset[str], one: frozenset[str]) -> bool:
        dearer = sum(self.most[sku] for sku in other - one)
        return dearer <= sum(self.least[sku] for sku in one - other)

    def _extend(
        self,
        chosen: frozenset[str],
        open_needs: frozenset[str],
        out: frozenset[str],
        needs: frozenset[str],
    ) -> None:
        self.steps += 1
        if self.steps > self.limit * _STEPS_PER_SET or len(self.found) > self.limit:
            self.is_complete = False
            return
        if any(self._beats(other, chosen) for other in self.found):
            return
        options = self._options(chosen, open_needs, out)
        if options is None:
            if self._is_minimal(chosen, needs):
                self.found.append(chosen)
            return
        tried = out
        for sku in options:
            given = self.gives.get(sku, frozenset())
            self._extend(chosen | {sku}, open_needs - given, tried, needs)
            tried = tried | {sku}

    def _options(
        self, chosen: frozenset[str], open_needs: frozenset[str], out: frozenset[str]
    ) -> list[str] | None:
        """Return the SKUs to try next, cheapest first; None when nothing is lacking."""
        wanted = [
            [sku for sku, plans in self.gives.items() if need in plans and sku not in out]
            for need in sorted(open_needs)
        ] or [
            [sku for sku in self.requires[member] if sku in self.gives and sku not in out]
            for member in sorted(chosen | self.fixed)
            if not self._is_met(member, chosen)
        ]
        if not wanted:
            return None
        fewest = min(wanted, key=lambda skus: len(list(skus)))
        return sorted(fewest, key=lambda sku: (self.most[sku], sku))

    def _is_met(self, member: str, chosen: frozenset[str]) -> bool:
        wanted = self.requires.get(member, frozenset())
        return not wanted or not wanted.isdisjoint(chosen | self.fixed)

    def _is_minimal(self, chosen: frozenset[str], needs: frozenset[str]) -> bool:
        return not any(self._covers(chosen - {sku}, needs) for sku in chosen)

    def _covers(self, chosen: frozenset[str], needs: frozenset[str]) -> bool:
        given = frozenset().union(*(self.gives[sku] for sku in chosen))
        return needs <= given and all(
            self._is_met(member, chosen) for member in chosen | self.fixed
        )


@dataclass
class Catalogue:
    """What each SKU gives, needs and costs; covers are found once per pool, needs and fixed SKUs.

    `limit` is the greatest number of sets per class; beyond it the class is not complete.
    """

    problem: Problem
    table: SeatTable
    limit: int = LIMIT
    _known: dict[tuple[str, frozenset[str], frozenset[str]], tuple[list[Skus], bool]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """Read the frames into mappings."""
        plans = self.problem.frames.sku_plans.group_by("sku_id").agg("plan_id")
        self.plans = {sku: frozenset(given) for sku, given in plans.iter_rows()}
        requires = [frozenset(row) for row in self.problem.frames.skus["requires"].to_list()]
        least, most = self.table.least_and_most()
        self._rows = {pool: self.table.rows_of(pool) for pool, _ in self.table.keys}
        self._requires = requires
        self._least, self._most = least.tolist(), most.tolist()

    def like(self, problem: Problem, table: SeatTable) -> Catalogue:
        """Return the catalogue of a problem with other terms or needs but the same SKUs and prices.

        Covers found already are used again where what was left out may still be left out: no SKU
        costs less at least, none more at most.
        """
        found = Catalogue(problem, table, self.limit)
        pairs = zip(found._least, self._least, found._most, self._most, strict=True)
        if all(least >= old and most <= was for least, old, most, was in pairs):
            found._known = self._known
        return found

    def rows(self, pool: str) -> dict[str, int]:
        """Return the seat row of each SKU in the pool."""
        if pool not in self._rows:
            self._rows[pool] = self.table.rows_of(pool)
        return self._rows[pool]

    def given_by(self, skus: Skus) -> frozenset[str]:
        """Return the plans that the SKUs give together; a SKU without plans gives itself."""
        return frozenset().union(*(self.plans.get(sku, frozenset({sku})) for sku in skus))

    def choice(self, one: UserClass) -> Choice:
        """Return the sets that the class may end with."""
        rows = self.rows(one.pool)
        fixed = frozenset(sku for sku in one.present if not self.table.is_priced[rows[sku]])
        covers, is_complete = self._covers(one.pool, frozenset(one.needs), fixed)
        keeps = frozenset(one.needs) <= self.given_by(one.present)
        is_uncovered = not keeps and not covers
        others = [skus for skus in covers if skus != one.present]
        if keeps or is_uncovered or one.may_keep:
            return Choice([one.present, *others], True, False, is_uncovered, is_complete)
        return Choice(others, False, True, False, is_complete)

    def _covers(
        self, pool: str, needs: frozenset[str], fixed: frozenset[str]
    ) -> tuple[list[Skus], bool]:
        key = (pool, needs, fixed)
        if key not in self._known:
            search = self._search(pool, needs - self.given_by(tuple(fixed)), fixed)
            found = search.run(needs - self.given_by(tuple(fixed)))
            sets = sorted(tuple(sorted(skus | fixed)) for skus in found)
            self._known[key] = (sets, search.is_complete)
        return self._known[key]

    def _search(self, pool: str, needs: frozenset[str], fixed: frozenset[str]) -> Search:
        rows = self.rows(pool)
        requires = {sku: self._requires[row] for sku, row in rows.items()}
        open_skus = {sku for sku, row in rows.items() if self.table.is_priced[row]} - fixed
        useful = {sku for sku in open_skus if needs & self.given_by((sku,))}
        reached = set(fixed)
        frontier = useful | fixed
        while frontier:
            reached |= frontier
            wanted = {sku for member in frontier for sku in requires[member]}
            frontier = (wanted & open_skus) - reached
        gives = {sku: needs & self.given_by((sku,)) for sku in sorted(reached - fixed)}
        return Search(
            gives,
            requires,
            fixed,
            {sku: self._least[rows[sku]] for sku in gives},
            {sku: self._most[rows[sku]] for sku in gives},
            self.limit,
        )


def choices_of(catalogue: Catalogue, classes: Classes) -> list[Choice]:
    """Return what each class may end with, in the classes' order."""
    return [catalogue.choice(one) for one in classes]
