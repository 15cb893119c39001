"""Small licence problems for the tests of the plan, in plain Python, and a brute-force minimum.

Nothing of `pipelines.licences` but the form of the input is used here: covers, months and costs
are worked out a second time, by trying everything.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.licences.problem import Frames, Problem, empty_frame, problem_of

FIRST = date(2026, 1, 1)


@dataclass(frozen=True)
class Sku:
    """Terms of one SKU in one pool; `price` is one number, or one per month; None = unknown."""

    name: str
    price: Any
    plans: str = ""
    held: int = 0
    reserve: int = 0
    floor: int = 0
    floor_until: date | None = None
    reduction: date | None = None
    true_up: date | None = None
    transferable: bool = True
    requires: str = ""
    pool: str = "felles"


@dataclass(frozen=True)
class User:
    """One account: what it needs and has, separated by blanks."""

    needs: str
    has: str
    unit: str = "u1"
    pool: str = "felles"
    findings: dict[str, tuple[str, int]] = field(default_factory=dict)
    rank: int | None = None
    kinds: str = "used"


@dataclass(frozen=True)
class Case:
    """A whole problem."""

    skus: list[Sku]
    users: list[User]
    horizon: int = 12
    limit: int | None = None

    def months(self) -> list[date]:
        """The months, by plain counting."""
        return [date(2026 + k // 12, k % 12 + 1, 1) for k in range(self.horizon)]

    def price(self, name: str, month: int) -> int | None:
        """The price in øre."""
        price = next(sku.price for sku in self.skus if sku.name == name)
        if isinstance(price, (list, tuple)):
            price = price[month]
        return None if price is None else round(price * 100)

    def problem(self, shuffle: int | None = None) -> Problem:
        """The frames, in an order of their own."""
        rng = random.Random(shuffle)
        rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("users", "needs", "present", "findings", "skus", "prices")
        }
        rows["sku_plans"] = []
        for number, user in enumerate(self.users):
            self._user(rows, f"a{number:03}", user)
        for sku in self.skus:
            self._sku(rows, sku)
        if shuffle is not None:
            for part in rows.values():
                rng.shuffle(part)
        frames = {
            name: pl.DataFrame(part, schema_overrides=_MONEY if name == "prices" else None)
            if part
            else empty_frame(name)
            for name, part in rows.items()
        }
        return problem_of(
            Frames(**frames), first_month=FIRST, horizon=self.horizon, max_changes=self.limit
        )

    def _user(self, rows: dict[str, list[dict[str, Any]]], key: str, user: User) -> None:
        rows["users"].append(
            {
                "account_key": key,
                "unit_id": user.unit,
                "pool_id": user.pool,
                "activity_rank": user.rank,
            }
        )
        rows["needs"] += [
            {"account_key": key, "plan_id": plan, "need_kind": user.kinds}
            for plan in user.needs.split()
        ]
        rows["present"] += [{"account_key": key, "sku_id": sku} for sku in user.has.split()]
        rows["findings"] += [
            {
                "account_key": key,
                "sku_id": sku,
                "finding": finding,
                "finding_order": order,
                "rule_id": "A08",
            }
            for sku, (finding, order) in user.findings.items()
        ]

    def _sku(self, rows: dict[str, list[dict[str, Any]]], sku: Sku) -> None:
        rows["skus"].append(
            {
                "pool_id": sku.pool,
                "sku_id": sku.name,
                "held": sku.held,
                "reserve": sku.reserve,
                "floor": sku.floor,
                "floor_until": sku.floor_until,
                "reduction_date": sku.reduction,
                "true_up_date": sku.true_up,
                "is_transferable": sku.transferable,
                "requires": sku.requires.replace(" ", ";"),
                "is_standard": False,
            }
        )
        if any(row["sku_id"] == sku.name for row in rows["sku_plans"]):
            return
        for number, month in enumerate(self.months()):
            ore = self.price(sku.name, number)
            if ore is not None:
                price = Decimal(ore) / 100
                rows["prices"].append({"sku_id": sku.name, "month": month, "unit_price_nok": price})
        plans = sku.plans.split() or [sku.name]
        rows["sku_plans"] += [{"sku_id": sku.name, "plan_id": plan} for plan in plans]


_MONEY = {"unit_price_nok": pl.Decimal(18, 2)}


# --- the minimum, by trying everything -----------------------------------------------------------


def _available(case: Case, user: User) -> dict[str, Sku]:
    found = {sku.name: sku for sku in case.skus if sku.pool == "felles"}
    found.update({sku.name: sku for sku in case.skus if sku.pool == user.pool})
    return found


def _is_known(case: Case, name: str) -> bool:
    return all(case.price(name, month) is not None for month in range(case.horizon))


def _covers(own: dict[str, Sku], members: frozenset[str], needs: set[str]) -> bool:
    return needs <= {p for name in members for p in own[name].plans.split() or [name]}


def _is_lawful(own: dict[str, Sku], members: frozenset[str], needs: set[str]) -> bool:
    wanted = [set(own[name].requires.split()) for name in members]
    return _covers(own, members, needs) and all(not w or w & members for w in wanted)


def endings(case: Case, user: User) -> tuple[list[frozenset[str]], str]:
    """Every set the user may end with, minimal or not, and: keeps, forced or uncovered."""
    own = _available(case, user)
    has, needs = frozenset(user.has.split()), set(user.needs.split())
    fixed = frozenset(name for name in has if not _is_known(case, name))
    free = [name for name in own if _is_known(case, name)]
    subsets = (
        fixed | frozenset(part)
        for size in range(len(free) + 1)
        for part in itertools.combinations(free, size)
    )
    lawful = [members for members in subsets if _is_lawful(own, members, needs)]
    if _covers(own, has, needs):
        return [*{*lawful, has}], "keeps"
    return (lawful, "forced") if lawful else ([has], "uncovered")


def course_cost(case: Case, ends: list[frozenset[str]]) -> int:
    """What everybody's ending costs in øre, month by month."""
    total = 0
    for sku in case.skus:
        if not _is_known(case, sku.name):
            continue
        mine = [_available(case, user).get(sku.name) is sku for user in case.users]
        had = [m and sku.name in user.has.split() for m, user in zip(mine, case.users, strict=True)]
        got = [m and sku.name in end for m, end in zip(mine, ends, strict=True)]
        fresh = sum(g and not h for g, h in zip(got, had, strict=True))
        for number, month in enumerate(case.months()):
            seats = _paid(sku, month, sum(had), sum(got), fresh)
            total += seats * (case.price(sku.name, number) or 0)
    return total


def _paid(sku: Sku, month: date, had: int, got: int, fresh: int) -> int:
    is_locked = sku.reduction is not None and month < sku.reduction
    is_bound = sku.floor > 0 and (sku.floor_until is None or month <= sku.floor_until)
    floor = sku.floor if is_bound else 0
    if is_locked and sku.true_up is not None and month < sku.true_up:
        return max(sku.held, floor)
    needed = [got + sku.reserve, floor]
    if is_locked:
        needed.append(sku.held)
        if not sku.transferable:
            needed.append(min(had, sku.held) + fresh + sku.reserve)
    return max(needed)


def minimum(case: Case) -> tuple[int, int]:
    """The least cost and, at that cost, the fewest changes; the limit goes to the forced first."""
    choices, standing = zip(*(endings(case, user) for user in case.users), strict=True)
    forced = standing.count("forced")
    limit = len(case.users) if case.limit is None else case.limit
    if forced > limit:
        choices = tuple(
            [*sets, frozenset(user.has.split())] if kind == "forced" else sets
            for sets, kind, user in zip(choices, standing, case.users, strict=True)
        )
    best: tuple[int, int] | None = None
    for ends in itertools.product(*choices):
        changed = [end != frozenset(u.has.split()) for end, u in zip(ends, case.users, strict=True)]
        if sum(changed) > limit:
            continue
        first = sum(c for c, kind in zip(changed, standing, strict=True) if kind == "forced")
        if first < min(forced, limit):
            continue
        found = (course_cost(case, list(ends)), sum(changed))
        best = found if best is None else min(best, found)
    assert best is not None
    return best


# --- random problems -----------------------------------------------------------------------------


def _day(rng: random.Random, likely: float) -> date | None:
    return date(2026, rng.randint(1, 8), rng.choice([1, 1, 15])) if rng.random() < likely else None


def _random_sku(rng: random.Random, name: str, horizon: int, names: list[str]) -> Sku:
    price: Any = rng.choice([0, 10, 20, 30, 50, 99.95, rng.randint(1, 9999) / 100])
    if rng.random() < 0.3:
        price = [price + rng.choice([0, 0, 5, 12.34]) for _ in range(horizon)]
    if rng.random() < 0.06:
        price = None
    plans = rng.sample("pqr", rng.choice([1, 1, 2, 3]))
    others = [other for other in names if other != name]
    return Sku(
        name,
        price,
        " ".join(plans),
        held=rng.randint(0, 4),
        reserve=rng.choice([0, 0, 0, 1, 2]),
        floor=rng.choice([0, 0, 0, 1, 3]),
        floor_until=_day(rng, 0.6),
        reduction=_day(rng, 0.6),
        true_up=_day(rng, 0.3),
        transferable=rng.random() < 0.65,
        requires=" ".join(rng.sample(others, rng.randint(1, 2))) if rng.random() < 0.2 else "",
    )


def random_case(seed: int) -> Case:
    """A problem of 3-4 SKUs and 1-4 users, with everything that can be in one."""
    rng = random.Random(seed)
    horizon = rng.randint(1, 8)
    names = ["s1", "s2", "s3", "s4"][: rng.choice([3, 3, 4])]
    skus = [_random_sku(rng, name, horizon, names) for name in names]
    if rng.random() < 0.4:
        own = _random_sku(rng, "s1", horizon, names)
        skus.append(replace(own, pool="u2", price=skus[0].price, plans=skus[0].plans))
    users = []
    for _ in range(rng.randint(1, 3 if len(names) == 4 else 4)):
        has = [name for name in names if rng.random() < 0.45]
        unit = rng.choice(["u1", "u2"])
        needs = rng.sample("pqr", rng.choice([0, 1, 1, 2]))
        findings = {
            name: rng.choice([("never_used", 3), ("inactive", 4), ("above_need", 10)])
            for name in has
            if rng.random() < 0.4
        }
        kinds = rng.choice(["used", "standard", "policy"])
        users.append(User(" ".join(needs), " ".join(has), unit, unit, findings, None, kinds))
    return Case(skus, users, horizon, rng.choice([None, None, None, 0, 1, 2]))
