"""The licence account and its findings worked out again in plain Python, from the lake's rows.

Shares no code and no SQL with the models; of the project it reads the seeds only. `compute` gives
the rows of mart_licence_account, mart_licence_sku and mart_licence_finding by their keys (A07,
A08, B06-B09).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.licence_oracle_accounts import Account, Accounts, Seat
from tests.licence_oracle_tenant import (
    FIRST,
    LAST,
    NEED,
    SERVICES,
    STANDARD,
    Row,
    Tables,
    Tenant,
    in_force,
)

_BEST_FIRST = ("d30", "d90", "d180", "older", "never", "unknown")
_STORAGES = (None, "under_2gb", "under_50gb", "under_1tb", "over_1tb")
ORDER = (
    *("disabled_over_60", "disabled", "never_used", "inactive", "direct_and_group"),
    *("contained_plan", "several_accounts", "external", "no_employment", "above_need"),
    *("beyond_standard", "free_addon"),
)
_FREE_FINDINGS = ("direct_and_group", "free_addon")


@dataclass(frozen=True)
class Found:
    """The rows of the three marts: the mart's key to the values that are compared."""

    accounts: dict[tuple[Any, ...], tuple[Any, ...]]
    skus: dict[tuple[Any, ...], tuple[Any, ...]]
    findings: dict[tuple[Any, ...], tuple[Any, ...]]


def _within(activity: str, days: int) -> bool | None:
    needed = {"d30": 30, "d90": 90, "d180": 180}
    if activity == "unknown":
        return None
    return activity in needed and days >= needed[activity]


def _best(activities: list[str]) -> str:
    return min(activities, key=_BEST_FIRST.index)


def _never_installed(row: Row) -> bool:
    return bool(row["report"] == "activations" and row["activity"] == "never")


class Snapshot(Accounts):
    """The tenant on one day: use, seats, prices and findings."""

    @cached_property
    def use(self) -> dict[str, dict[str, Row]]:
        """Account and service to the best report: activity and storage."""
        reports: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.tenant.rows("m365_usage"):
            age = (self.month_end - row["report_date"]).days
            is_silent = (
                not row["account_key"]
                or row["is_concealed"]
                or (row.get("has_licence") is False and row["activity"] == "unknown")
                # the day of an installation says only that somebody who installed lately is there
                or (
                    row["report"] == "activations"
                    and row["activity"] != "never"
                    and not self._is_active(row["activity"])
                )
            )
            if not is_silent and 0 <= age <= 60 and row["report_date"] <= self.tenant.run_day:
                reports[row["account_key"], row["service"]].append(row)
        known = {
            key
            for (key, _), rows in reports.items()
            for row in rows
            if not _never_installed(row) and row["activity"] != "unknown"
        }
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for (key, service), rows in reports.items():
            told = [row for row in rows if key in known or not _never_installed(row)]
            if told:
                found[key][service] = self._newest(told)
        return found

    @staticmethod
    def _newest(rows: list[Row]) -> Row:
        known = [r for r in rows if r["activity"] != "unknown"] or rows
        known = [r for r in known if not _never_installed(r)] or known
        day = max(r["report_date"] for r in known)
        stored = [r for r in rows if r.get("storage")]
        stored_day = max((r["report_date"] for r in stored), default=None)
        sizes = [r["storage"] for r in stored if r["report_date"] == stored_day]
        return {
            "activity": _best([r["activity"] for r in known if r["report_date"] == day]),
            "storage": max(sizes, key=_STORAGES.index, default=None),
        }

    def _is_active(self, activity: str) -> bool | None:
        return _within(activity, self.tenant.window)

    @cached_property
    def seats(self) -> dict[tuple[str, str], Seat]:
        """Account and product to the seat with its activity."""
        found: dict[tuple[str, str], Seat] = {}
        for key, sku, row, is_tenants in self.ways:
            seat = found.setdefault((key, sku), Seat(self.accounts[key], sku))
            seat.ways.append(row)
            seat.is_tenants |= is_tenants
        registered: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.tenant.register("reg_licence_usage"):
            day = self.tenant.effective(row["source_sha256"])
            if self.is_latest or (day and day <= self.month_end):
                registered[row["account_key"], self.tenant.meant(row)].append(row["activity"])
        reported = {service for used in self.use.values() for service in used}
        for seat in found.values():
            said = registered.get((seat.account.key, seat.sku), [])
            seat.activity, seat.evidence = self._activity(seat, said, reported)
            seat.is_active = self._is_active(seat.activity)
        return found

    def _activity(self, seat: Seat, registered: list[str], reported: set[str]) -> tuple[str, str]:
        account, services = seat.account, self.tenant.services(seat.sku)
        used = self.use.get(account.key, {})

        def said(activity: str) -> str:
            return "unknown" if activity == "never" and account.is_new else activity

        if found := [said(used[service]["activity"]) for service in services & used.keys()]:
            best = _best(found)
            is_open = "unknown" in found and not self._is_active(best)
            return ("unknown" if is_open else best), "usage"
        if registered:
            return said(_best(registered)), "register"
        if seat.is_tenants and (not services & reported or not used):
            return account.sign_in, "none" if account.sign_in == "unknown" else "sign_in"
        return "unknown", "none"

    # --- terms and seats held -------------------------------------------------------------------

    @cached_property
    def terms(self) -> dict[str, Row]:
        """The terms in force; a period ends where the product's next one begins."""
        begun = [
            row
            for row in self.tenant.register("reg_licence_term")
            if (row.get("valid_from") or FIRST) <= self.day
        ]
        begun.sort(key=lambda r: (r.get("valid_from") or FIRST, -r["source_row"]))
        last = {self.tenant.meant(row): row for row in begun}
        return {sku: row for sku, row in last.items() if in_force(row, self.day)}

    @cached_property
    def subscribed(self) -> dict[str, Row]:
        """The newest export of products not after the month."""
        days = [self.tenant.export_day(r) for r in self.tenant.rows("m365_sku")]
        day = max((d for d in days if d <= min(self.month_end, self.tenant.run_day)), default=None)
        rows = [r for r in self.tenant.rows("m365_sku") if self.tenant.export_day(r) == day]
        rows.sort(key=lambda r: (r["source_sha256"], r["source_row"]), reverse=True)
        return {row["sku_id"]: row for row in rows}

    def price(self, sku: str) -> Decimal | None:
        """The month's price of a seat; free is 0."""
        row = self.terms.get(sku, {})
        if row.get("unit_price_nok") is not None:
            return Decimal(row["unit_price_nok"])
        if row.get("is_free_software") or row.get("is_zero_cost_addon"):
            return Decimal(0)
        stated: Decimal | None = self.subscribed.get(sku, {}).get("stated_unit_price_nok")
        return stated

    @cached_property
    def held(self) -> dict[tuple[str, str], int]:
        """Product and pool to the seats we pay for."""
        found: dict[tuple[str, str], int] = {}
        governed = set()
        for row in self.tenant.register("reg_licence_entitlement"):
            start, end = row.get("valid_from") or FIRST, row.get("valid_to") or LAST
            if start > self.day or start > end:
                continue
            sku = self.tenant.meant(row)
            governed.add(sku)
            if end >= self.day:
                pool = row.get("unit_id") if row.get("unit_id") in self.unit_ids else "felles"
                found[sku, str(pool)] = found.get((sku, str(pool)), 0) + row["quantity"]
        for sku in governed - {sku for sku, _ in found}:
            found[sku, "felles"] = 0
        for sku, row in self.subscribed.items():
            if sku not in governed:
                seats = (row.get("enabled_seats") or 0) + (row.get("warning_seats") or 0)
                found[sku, "felles"] = seats
        return found

    def _pools(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Product and pool to seats held and assigned."""
        assigned: Counter[tuple[str, str]] = Counter()
        for seat in self.seats.values():
            own = (seat.sku, seat.account.unit)
            assigned[own if own in self.held else (seat.sku, "felles")] += 1
        return {k: (self.held.get(k, 0), assigned[k]) for k in {*self.held, *assigned}}

    # --- the marts ------------------------------------------------------------------------------

    def account_rows(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Unit and product: entitled, assigned, active, unused, unknown, suspended, blocked …"""
        pools = self._pools()
        groups: dict[tuple[str, str], list[Seat]] = defaultdict(list)
        for seat in self.seats.values():
            groups[seat.account.unit, seat.sku].append(seat)
        keys = {*groups, *((p, s) for s, p in pools), *(("felles", s) for s in self.subscribed)}
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for unit, sku in keys:
            seats = groups.get((unit, sku), [])
            said = Counter(seat.is_active for seat in seats)
            suspended = self.subscribed.get(sku, {}).get("suspended_seats") or 0
            held, assigned = pools.get((sku, unit), (0, 0))
            unused_seats = max(held - assigned, 0)
            price = self.price(sku)
            found[self.day, unit, sku] = (
                *(held, len(seats), said[True], said[False], said[None]),
                suspended if unit == "felles" else 0,
                sum(not seat.account.is_active for seat in seats),
                unused_seats,
                price,
                None if price is None else price * (len(seats) + unused_seats),
            )
        return found

    def sku_rows(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """The product: the sums of its units, shelf-ware, seats too many and what they cost."""
        pools = self._pools()
        sums: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
        for (_, _, sku), values in self.account_rows().items():
            sums[sku] = [a + b for a, b in zip(sums[sku], values[:7], strict=True)]
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for sku, total in sums.items():
            own = [pair for (product, _), pair in pools.items() if product == sku]
            spare = sum(max(held - assigned, 0) for held, assigned in own)
            over = sum(max(assigned - held, 0) for held, assigned in own)
            seats = (total[1] + spare, total[0], spare, total[3], 12 * over)
            price = self.price(sku)
            costs = [None if price is None else price * count for count in seats]
            day = self.terms.get(sku, {}).get("true_up_date")
            found[self.day, sku] = (*total, spare, over, price, *costs, day, self.is_latest)
        return found

    def finding_rows(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Account, product and finding: unit, days, other product, cost and counted cost."""
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for seat in self.seats.values():
            costs = self._findings(seat)
            first = next((f for f in ORDER if f in costs and f not in _FREE_FINDINGS), None)
            for name, (other, cost) in costs.items():
                found[seat.account.key, seat.sku, name] = (
                    *(seat.account.unit, ORDER.index(name) + 1),
                    seat.account.days if name.startswith("disabled") else None,
                    *(other, cost, cost if name == first else Decimal(0)),
                )
        return found

    def _findings(self, seat: Seat) -> dict[str, tuple[str | None, Decimal | None]]:
        account, terms = seat.account, self.terms.get(seat.sku, {})
        is_long = account.days is not None and account.days > 60
        ways = {way.get("assigned_by") for way in seat.ways}
        is_beyond = seat.sku not in self.standard
        is_addon, is_free = terms.get("is_zero_cost_addon"), terms.get("is_free_software")
        container = self._container(seat)
        enough = None if container else self._enough(seat)
        price = self.price(seat.sku)
        holds: dict[str, bool | None] = {
            "disabled_over_60": is_long,
            "disabled": not account.is_active and not is_long,
            "never_used": seat.activity == "never",
            "inactive": seat.is_active is False and seat.activity != "never",
            "direct_and_group": {"direct", "group"} <= ways,
            "contained_plan": container is not None,
            "several_accounts": (account.place or 1) > 1,
            "external": account.is_external,
            "no_employment": account.is_employed is False
            and account.is_active
            and account.kind == "user"
            and not account.is_external,
            "above_need": enough is not None,
            "beyond_standard": is_beyond and not is_addon and not is_free,
            "free_addon": is_beyond and is_addon,
        }
        costs: dict[str, tuple[str | None, Decimal | None]] = {}
        for name in (name for name, is_so in holds.items() if is_so):
            costs[name] = (None, Decimal(0) if name in _FREE_FINDINGS else price)
        if container:
            costs["contained_plan"] = (container, price)
        if enough is not None and price is not None:
            costs["above_need"] = (enough[1], price - enough[0])
        return costs

    @cached_property
    def standard(self) -> set[str]:
        """The products of the standard that day."""
        rows = self.tenant.register("reg_standard_licence")
        if not rows:
            return set(STANDARD)
        begun = [r for r in rows if (r.get("valid_from") or FIRST) <= self.day]
        begun.sort(key=lambda r: (r.get("valid_from") or FIRST, r.get("valid_to") or LAST))
        last = {self.tenant.meant(row): row for row in begun}
        return {sku for sku, row in last.items() if in_force(row, self.day)}

    def _mates(self, seat: Seat) -> list[Seat]:
        """The other products of the same account."""
        key = seat.account.key
        return [s for s in self.seats.values() if s.account.key == key and s is not seat]

    def _container(self, seat: Seat) -> str | None:
        """The product of the same account that gives all this one gives."""
        plans, price = self.tenant.plans.get(seat.sku, frozenset()), self.price(seat.sku) or 0
        found = []
        for other in self._mates(seat):
            theirs = self.tenant.plans.get(other.sku, frozenset())
            is_too_many = (len(theirs), price, seat.sku) > (
                len(plans),
                self.price(other.sku) or 0,
                other.sku,
            )
            off = self.tenant.closed({p for p in other.off if p in self.tenant.plan_names})
            if plans and plans <= theirs and is_too_many and not off & plans:
                found.append(other.sku)
        return min(found, default=None)

    def _enough(self, seat: Seat) -> tuple[Decimal, str] | None:
        """The cheapest product within this one that gives all the account needs of it."""
        price, plans = self.price(seat.sku), self.tenant.plans.get(seat.sku, frozenset())
        if price is None or not seat.is_active or seat.evidence != "usage":
            return None
        given = set(plans)
        for other in self._mates(seat):
            cost = self.price(other.sku)
            if cost is not None and cost < price:
                given -= self.tenant.plans.get(other.sku, frozenset())
        needs = {plan for plan in given if self._needs(seat.account, plan)}
        options = []
        for sku in {*self.terms, *self.subscribed, *(s.sku for s in self.seats.values())}:
            cost, theirs = self.price(sku), self.tenant.plans.get(sku, frozenset())
            if cost is not None and cost < price and theirs and needs <= theirs <= plans:
                options.append((cost, sku))
        return min(options, default=None)

    def _needs(self, account: Account, plan: str) -> bool:
        if any(plan in self.tenant.plans.get(sku, ()) for sku in self.standard):
            return True
        code, used = self.tenant.plan_names.get(plan, ""), self.use.get(account.key, {})
        for service in SERVICES[code]:
            if used.get(service, {}).get("activity", "unknown") == "unknown":
                return True
        for service, row in used.items():
            need = NEED.get((service, row["storage"] or "unknown"))
            if need == code and self._is_active(row["activity"]):
                return True
        return False


def snapshots(tenant: Tenant) -> list[Snapshot]:
    """One a month with an export that shows licences, the last day of it."""
    shown = [r for r in tenant.rows("m365_user") if r.get("licence_count") is not None]
    days = {tenant.export_day(row) for row in (*shown, *tenant.rows("m365_user_licence"))}
    months: dict[dt.date, dt.date] = {}
    for day in sorted(days):
        if day <= tenant.run_day:
            months[day.replace(day=1)] = day
    if not months:
        return [Snapshot(tenant, tenant.run_day, has_export=False, is_latest=True)]
    latest = max(months.values())
    return [Snapshot(tenant, d, has_export=True, is_latest=d == latest) for d in months.values()]


def compute(tables: Tables, files: list[Row], settings: Row) -> Found:
    """Return the rows of the three marts; the findings are of the latest snapshot."""
    accounts: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    skus: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    findings: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for snapshot in snapshots(Tenant(tables, files, settings)):
        accounts |= snapshot.account_rows()
        skus |= snapshot.sku_rows()
        if snapshot.is_latest:
            findings = snapshot.finding_rows()
    return Found(accounts, skus, findings)
