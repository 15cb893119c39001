"""Who pays for licences, worked out once more in plain Python, straight from `licences.md`.

No SQL and nothing of the models: each account and product is asked the eight questions in turn.
Amounts are whole øre; days that registers give are the last that count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FIRST, LAST = dt.date(1900, 1, 1), dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: dt.date = FIRST
    last: dt.date = LAST

    def has(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Account:
    """An account; `unit` is what the register says, None where the employment must say it."""

    key: str
    person: str | None = None
    unit: str | None = None
    deactivated: dt.date | None = None
    external: bool = False
    guest: bool = False
    on_platform: bool = True
    kind: str = "user"
    enabled: bool | None = True


@dataclass(frozen=True)
class Post:
    """An employment."""

    person: str
    unit: str
    when: Period = Period()
    main: bool = True
    percent: int | None = None


@dataclass(frozen=True)
class Price:
    """Price and management of a product, in øre."""

    sku: str
    ore: int | None
    fee: int = 0
    free: bool = False
    when: Period = Period()


@dataclass(frozen=True)
class Exemption:
    """A unit that is invoiced as before; `sku` None is the price of every product."""

    unit: str
    ore: int | None = None
    sku: str | None = None
    when: Period = Period()


@dataclass(frozen=True)
class Given:
    """All that is known."""

    accounts: Sequence[Account]
    held: Sequence[tuple[str, str]]
    posts: Sequence[Post] = ()
    prices: Sequence[Price] = ()
    exemptions: Sequence[Exemption] = ()
    standard: Sequence[tuple[str, Period]] = ()
    plans: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    rules_from: dt.date = FIRST
    basis: str = "full"


@dataclass(frozen=True)
class Charge:
    """What is charged: the row, the unit that pays, øre (None = not known), and whether it is
    unresolved if the whole price is due."""

    row: int
    unit: str
    ore: int | None
    unresolved: bool = False


def charges(given: Given, month: dt.date) -> dict[tuple[str, str], Charge]:
    """Return what each account × product costs in a month, judged on its last day."""
    judge = _Judge(given, _last_day(month))
    rows = {held: judge.row(*held) for held in given.held}
    replaced = judge.replaced(rows)
    return {held: judge.charge(*held, rows[held], replaced.get(held)) for held in given.held}


def _last_day(month: dt.date) -> dt.date:
    following = dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


class _Judge:
    def __init__(self, given: Given, day: dt.date) -> None:
        self.given, self.day = given, day
        self.accounts = {account.key: account for account in given.accounts}
        self.prices = {price.sku: price for price in given.prices if price.when.has(day)}
        self.standard = {sku for sku, when in given.standard if when.has(day)}
        self.held: dict[str, set[str]] = {}
        for key, sku in given.held:
            self.held.setdefault(key, set()).add(sku)

    # --- what is so on the day ---

    def person(self, account: Account) -> str | None:
        return account.person if account.kind == "user" else None

    def posts(self, person: str | None) -> list[Post]:
        found = [p for p in self.given.posts if p.person == person and p.when.has(self.day)]
        return sorted(found, key=lambda p: (not p.main, -(p.percent or -1), p.unit))

    def main(self, person: str | None) -> Post | None:
        posts = self.posts(person)
        return posts[0] if posts and posts[0].main else None

    def unit(self, account: Account) -> str:
        posts = self.posts(self.person(account))
        return account.unit or (posts[0].unit if posts else "unknown")

    def days(self, account: Account) -> int | None:
        gone = account.deactivated
        return None if gone is None or gone > self.day else (self.day - gone).days

    def active(self, account: Account) -> bool:
        return account.enabled is not False and self.days(account) is None

    def covered(self, account: Account) -> bool:
        """Employed, or when deactivated (at most a day after the last one), and on the platform."""
        person, gone = self.person(account), account.deactivated
        employed = bool(self.posts(person))
        if not employed and person is not None and gone is not None and gone <= self.day:
            day_before = gone - dt.timedelta(days=1)
            employed = any(
                post.person == person and post.when.first <= gone and post.when.last >= day_before
                for post in self.given.posts
            )
        return employed and account.on_platform

    def exemptions(self, unit: str) -> Iterable[Exemption]:
        """The unit's own first, then those of the units above it."""
        above: str | None = unit
        while above is not None:
            yield from (
                e for e in self.given.exemptions if e.unit == above and e.when.has(self.day)
            )
            above = self.given.parents.get(above)

    def own_account(self, main: Post) -> str:
        """Return the key of the person's active account that belongs to the main employment."""
        mine = [a for a in self.given.accounts if self.person(a) == main.person and self.active(a)]
        return min(
            mine, key=lambda a: (self.unit(a) != main.unit, a.enabled is not True, a.key)
        ).key

    # --- the eight rows ---

    def row(self, key: str, sku: str) -> int:
        account = self.accounts[key]
        if self.day < self.given.rules_from:
            return 8
        if next(iter(self.exemptions(self.unit(account))), None) is not None:
            return 1
        if account.external or account.guest:
            return 2
        if (self.days(account) or 0) > 60:
            return 3
        main = self.main(self.person(account))
        if main is not None and self.active(account) and self.own_account(main) != key:
            return 4
        if sku in self.standard and self.covered(account):
            return 5
        if sku in self.prices and self.prices[sku].free:
            return 6
        return 8 if sku in self.standard else 7

    # --- amounts ---

    def replaced(self, rows: dict[tuple[str, str], int]) -> dict[tuple[str, str], list[str]]:
        """Return which standard products each licence of row 7 replaces; each is replaced once."""
        found: dict[tuple[str, str], list[str]] = {}
        for key, skus in self.held.items():
            if not self.covered(self.accounts[key]):
                continue
            dear = sorted(
                (sku for sku in skus if rows[key, sku] == 7),
                key=lambda sku: (-1 if (ore := self.ore(sku)) is None else -ore * 2 - 2, sku),
            )
            for standard in self.standard - skus:
                plans = set(self.given.plans.get(standard, ""))
                giving = [s for s in dear if plans and plans <= set(self.given.plans.get(s, ""))]
                if giving:
                    found.setdefault((key, giving[0]), []).append(standard)
        return found

    def ore(self, sku: str) -> int | None:
        price = self.prices.get(sku)
        return None if price is None else 0 if price.free else price.ore

    def charge(self, key: str, sku: str, row: int, replaced: list[str] | None) -> Charge:
        unit = self.unit(self.accounts[key])
        if row in (5, 6):
            return Charge(row, unit, 0)
        if row == 8:
            return Charge(row, unit, None)
        if row == 1:
            known = list(self.exemptions(unit))
            fitting = [e for e in known if e.sku == sku] or [e for e in known if e.sku is None]
            return Charge(row, unit, fitting[0].ore if fitting else None)
        price, ore = self.prices.get(sku), self.ore(sku)
        if price is None or ore is None:
            return Charge(row, unit, None, bool(replaced))
        if replaced and self.given.basis == "difference":
            parts = [self.ore(standard) for standard in replaced]
            if None in parts:
                return Charge(row, unit, None, True)
            ore = max(ore - sum(part or 0 for part in parts), 0)
        return Charge(row, unit, ore + (0 if price.free else price.fee), bool(replaced))
