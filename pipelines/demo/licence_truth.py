"""What must stand of the licences, judged account by account in plain Python from the plan of them.

Follows `licences.md` row by row; nothing here reads a file or knows the models. Money is whole øre
until it becomes kroner in the truth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from pipelines.demo import licence_products as products
from pipelines.demo.licence_exports import assigned_counts
from pipelines.demo.licence_people import (
    EXEMPT_UNITS,
    HEALTH_USERS,
    LAST,
    MAIL_AND_TEAMS,
    MONTH_ENDS,
    Account,
    Assigned,
    Employment,
    People,
    Planted,
)
from pipelines.demo.licence_products import BY_ID, PRODUCTS, STANDARD, Product, price_at
from pipelines.demo.licence_registers import (
    AUDIT_HOURS,
    AUDIT_RATE_ORE,
    EXEMPT_E1_ORE,
    WORKPLACE_ORE,
    WORKPLACE_USERS,
    entitled_at,
)
from pipelines.demo.truth import kroner

_DAYS_DEACTIVATED, _DAYS_ACTIVE = 60, 90
_FRAME, _REVIEW = (5, 6), 8
# Left open on an account that uses all of it: E5's own plans are measured by nobody.
OPEN_PRODUCTS = (products.M365_E5.sku_id, products.UNKNOWN.sku_id)
_WITH_OFFICE = (products.E3.sku_id, products.M365_E3.sku_id, products.M365_E5.sku_id)
_LOWER = {
    "EXCHANGE_S_ENTERPRISE": ("EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS"),
    "EXCHANGE_S_STANDARD": ("EXCHANGE_S_DESKLESS",),
    "SHAREPOINTENTERPRISE": ("SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"),
    "SHAREPOINTSTANDARD": ("SHAREPOINTDESKLESS",),
    "AAD_PREMIUM_P2": ("AAD_PREMIUM",),
}
ISSUES = (
    (products.OTHER_PRODUCT.sku_id, "guid_is_other_product"),
    (products.UNKNOWN.sku_id, "guid_not_in_list"),
    (products.UNKNOWN.sku_id, "not_in_tenant"),
    (products.UNKNOWN.sku_id, "without_entitlement"),
    (products.WITHOUT_PRICE.sku_id, "no_price"),
    (products.PROJECT.sku_id, "without_entitlement"),
    (products.VISIO.sku_id, "consumed_differs"),
)


class Line(NamedTuple):
    """One account × product × day, as it is judged."""

    account: Account
    given: Assigned
    product: Product
    day: date


def lines(people: People, day: date) -> Iterator[Line]:
    """Give every product on every account of a day."""
    for account in people.accounts:
        if account.exists(day):
            for given in account.held(day):
                yield Line(account, given, BY_ID[given.sku_id], day)


# --- one account and product --------------------------------------------------------------------


def _in_force(post: Employment, day: date) -> bool:
    return post.first <= day and (post.last is None or post.last >= day)


def _is_employed(account: Account, day: date) -> bool:
    """Whether the person is employed; who has a further account is so by the other's posts."""
    return account.is_further or any(_in_force(post, day) for post in account.employments)


def _days_deactivated(line: Line) -> int | None:
    since = line.account.deactivated
    return None if since is None or since > line.day else (line.day - since).days


def rule_row(line: Line) -> int:
    """Return the first row of the charge table that fits."""
    account, day = line.account, line.day
    days = _days_deactivated(line)
    if account.unit_id in EXEMPT_UNITS:
        return 1
    if account.is_external:
        return 2
    if days is not None and days > _DAYS_DEACTIVATED:
        return 3
    if account.is_further and days is None:
        return 4
    judged_on = day if days is None else account.deactivated or day
    is_employed = _is_employed(account, judged_on) or _is_employed(account, day)
    is_standard = line.product.sku_id in STANDARD
    if is_standard:
        return 5 if is_employed and account.is_on_platform else _REVIEW
    return 6 if line.product.terms.get("is_zero_cost_addon") else 7


def amount(line: Line, row: int) -> int | None:
    """Return what is invoiced in øre; None where no price is known, or nothing is decided."""
    if row in _FRAME:
        return 0
    if row == _REVIEW:
        return None
    if row == 1:
        is_known = (line.account.unit_id, line.product.sku_id) == ("REG", products.E1.sku_id)
        return EXEMPT_E1_ORE if is_known else None
    price = price_at(line.product, line.day)
    return None if price.ore is None else price.ore + price.management_ore


def is_active(line: Line) -> bool | None:
    """Return whether it was used in the last 90 days; None where nobody can know.

    The first month has no sign-ins, and the register of use tells of its own month alone.
    """
    if not line.product.is_microsoft:
        last = line.given.used
        if line.day != LAST:
            return None
    elif line.day == MONTH_ENDS[0]:
        return None
    else:
        last = line.account.active_until(line.day)
    return last is not None and (line.day - last).days <= _DAYS_ACTIVE


def _all_plans(product: Product) -> set[str]:
    return {*product.plans, *(low for plan in product.plans for low in _LOWER.get(plan, ()))}


def _is_contained(line: Line) -> bool:
    own = _all_plans(line.product)
    others = (BY_ID[g.sku_id] for g in line.account.held(line.day) if g is not line.given)
    return bool(own) and any(own <= _all_plans(other) for other in others)


def first_finding(line: Line) -> str | None:
    """Return the first finding in order, None where the licence is as it should be."""
    account, given = line.account, line.given
    days = _days_deactivated(line)
    last = account.last_active if line.product.is_microsoft else given.used
    is_employed = _is_employed(account, line.day)
    is_large = given.sku_id in _WITH_OFFICE and account.services == MAIL_AND_TEAMS
    is_addon = bool(line.product.terms.get("is_zero_cost_addon"))
    is_free = bool(line.product.terms.get("is_free_software"))
    judged = (
        ("disabled_over_60", days is not None and days > _DAYS_DEACTIVATED),
        ("disabled", days is not None),
        ("never_used", last is None),
        ("inactive", is_active(line) is False),
        ("direct_and_group", given.is_direct and given.is_group),
        ("contained_plan", _is_contained(line)),
        ("several_accounts", account.is_further),
        ("external", account.is_external),
        ("no_employment", not is_employed),
        ("above_need", is_large),
        ("free_addon", is_addon),
        ("beyond_standard", given.sku_id not in STANDARD and not is_free),
    )
    return next((name for name, is_so in judged if is_so), None)


# --- all of them --------------------------------------------------------------------------------


def licence_truth(people: People, seats: dict[str, int]) -> dict[str, Any]:
    """Return the truth of the licences, as `truth.json` has it under `licences`.

    `snapshots`: month × product; `units`: unit × product at the end of December; `findings`: the
    first finding of each account × product there, without the products in `open_products`;
    `charges`: month × row of the charge table, `amount_nok` without those of unknown price.
    """
    return {
        "open_products": list(OPEN_PRODUCTS),
        "snapshots": [row for day in MONTH_ENDS for row in _snapshot(people, seats, day)],
        "units": _units(people),
        "findings": _findings(people),
        "charges": [row for day in MONTH_ENDS for row in _charges(people, day)],
        "workplace": _workplace(),
        "audit_nok": kroner(AUDIT_HOURS * AUDIT_RATE_ORE),
        "issues": [{"sku_id": sku_id, "issue": issue} for sku_id, issue in ISSUES],
        "over_assigned": _over_assigned(people, seats),
        "plan": _plan(people, seats),
        "planted": [_planted(c) for c in people.planted if c.account.canary is None],
    }


def _month(day: date) -> str:
    return str(day.replace(day=1))


def _snapshot(people: People, seats: dict[str, int], day: date) -> list[dict[str, Any]]:
    counts: dict[str, Counter[bool | None]] = defaultdict(Counter)
    for line in lines(people, day):
        counts[line.product.sku_id][is_active(line)] += 1
    return [
        {
            "month": _month(day),
            "sku_id": product.sku_id,
            "entitled": entitled_at(product, seats, day),
            "assigned": counts[product.sku_id].total(),
            "active": counts[product.sku_id][True],
            "unused": counts[product.sku_id][False],
            "unknown": counts[product.sku_id][None],
        }
        for product in PRODUCTS
        if entitled_at(product, seats, day) or counts[product.sku_id]
    ]


def _units(people: People) -> list[dict[str, Any]]:
    counts = Counter((ln.account.unit_id, ln.product.sku_id) for ln in lines(people, LAST))
    return [
        {"unit_id": unit_id, "sku_id": sku_id, "assigned": count}
        for (unit_id, sku_id), count in sorted(counts.items())
    ]


def _findings(people: People) -> list[dict[str, Any]]:
    counts: Counter[str] = Counter()
    costs: Counter[str] = Counter()
    for line in lines(people, LAST):
        finding = first_finding(line)
        if finding is not None and line.product.sku_id not in OPEN_PRODUCTS:
            counts[finding] += 1
            costs[finding] += _monthly_cost(line, finding)
    return [
        {"finding": finding, "count": count, "counted_cost_nok": kroner(costs[finding])}
        for finding, count in sorted(counts.items())
    ]


def _monthly_cost(line: Line, finding: str) -> int:
    """Return what the finding costs: the price, or what a product that is enough costs less."""
    if finding in ("direct_and_group", "free_addon"):
        return 0
    price = price_at(line.product, LAST).ore or 0
    if finding == "above_need":
        assert line.product is products.E3  # E5 is left open
        return price - (price_at(products.E1, LAST).ore or 0)
    return price


def _charges(people: People, day: date) -> list[dict[str, Any]]:
    sums: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    unknown: Counter[int] = Counter()
    for line in lines(people, day):
        row = rule_row(line)
        found = amount(line, row)
        counts[row] += 1
        sums[row] += found or 0
        unknown[row] += found is None
    return [
        {
            "month": _month(day),
            "rule_row": row,
            "count": counts[row],
            "amount_nok": None if row == _REVIEW else kroner(sums[row]),
            "without_price": None if row == _REVIEW else unknown[row],
        }
        for row in sorted(counts)
    ]


def _workplace() -> list[dict[str, Any]]:
    return [
        {
            "month": _month(day),
            "unit_id": unit_id,
            "quantity": count,
            "amount_nok": kroner(count * WORKPLACE_ORE),
        }
        for unit_id, months in WORKPLACE_USERS.items()
        for day, count in zip(MONTH_ENDS, months, strict=True)
    ]


def _over_assigned(people: People, seats: dict[str, int]) -> dict[str, int]:
    counts = assigned_counts(people, LAST)
    over = {sku_id: counts[sku_id] - held for sku_id, held in seats.items()}
    return {sku_id: number for sku_id, number in sorted(over.items()) if number > 0}


# --- the plan -----------------------------------------------------------------------------------


def _plan(people: People, seats: dict[str, int]) -> list[dict[str, Any]]:
    """Return what the plan for January to December 2025 must do with three products.

    Each is a product of its own that nothing else can stand in for. Nobody has the archive client:
    its seats end at the earliest reduction, nine months before the year's end. Four of the creative
    cloud's users never used it and two seats are nobody's: six seats end in June, for seven months.
    The health system's users all use it: ten seats end at once, where the floor of fifty binds
    until June, and twenty more for the six months after it.
    """
    archive, creative, health = (
        products.ARCHIVE_CLIENT,
        products.CREATIVE_CLOUD,
        products.HEALTH,
    )
    used = sum(
        line.given.used is not None for line in lines(people, LAST) if line.product is creative
    )
    ends = (
        (archive, [(seats[archive.sku_id], 9)]),
        (creative, [(seats[creative.sku_id] - used, 7)]),
        (health, [(seats[health.sku_id] - 50, 12), (50 - HEALTH_USERS, 6)]),
    )
    return [
        {
            "sku_id": product.sku_id,
            "seats_ended": sum(number for number, _ in parts),
            "horizon_saving_nok": kroner(
                sum(n * months * (price_at(product, LAST).ore or 0) for n, months in parts)
            ),
        }
        for product, parts in ends
    ]


def _planted(case: Planted) -> dict[str, Any]:
    account = case.account
    months = zip(MONTH_ENDS, case.rows, strict=True)
    return {
        "name": case.name,
        "description": case.description,
        "login": account.login,
        "sku_id": case.sku_id,
        "unit_id": account.unit_id,
        "rule_rows": {_month(day): row for day, row in months},
        "finding": case.finding,
        "deactivated_days": (LAST - account.deactivated).days if account.deactivated else None,
    }
