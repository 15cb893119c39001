"""Accounts of the licence account's oracle: whose, which unit's, active or not, on one day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from tests.licence_oracle_tenant import FIRST, LAST, Row, Tenant, in_force, month_end_of, name_of


@dataclass
class Account:
    """One account on the day of a snapshot."""

    key: str
    user: Row
    register: Row
    person: str | None
    is_external: bool
    kind: str
    is_new: bool = False
    sign_in: str = "unknown"
    unit: str = "unknown"
    is_active: bool = True
    days: int | None = None
    is_employed: bool | None = None
    place: int | None = None


@dataclass
class Seat:
    """One product on one account, by any number of ways."""

    account: Account
    sku: str
    ways: list[Row] = field(default_factory=list)
    is_tenants: bool = False
    activity: str = "unknown"
    evidence: str = "none"
    is_active: bool | None = None

    @property
    def off(self) -> set[str]:
        """The plans that every way has switched off."""
        sets = [
            {p.strip() for p in (way.get("disabled_plans") or "").split(";")} - {""}
            for way in self.ways
        ]
        return set.intersection(*sets)


class Accounts:
    """The accounts of the tenant on one day."""

    def __init__(self, tenant: Tenant, day: dt.date, *, has_export: bool, is_latest: bool) -> None:
        self.tenant, self.day, self.has_export, self.is_latest = tenant, day, has_export, is_latest
        self.month_end = month_end_of(day)

    def exported(self, table: str) -> list[Row]:
        if not self.has_export:
            return []
        rows = self.tenant.rows(table)
        return [r for r in rows if r["account_key"] and self.tenant.export_day(r) == self.day]

    @cached_property
    def files(self) -> dict[str, str]:
        """The file that counts for each account: one that shows licences, then the first hash."""
        shows: dict[str, dict[str, bool]] = defaultdict(dict)
        for row in self.exported("m365_user"):
            shows[row["account_key"]][row["source_sha256"]] = row.get("licence_count") is not None
        for row in self.exported("m365_user_licence"):
            shows[row["account_key"]][row["source_sha256"]] = True
        return {
            key: min(files, key=lambda sha: (not files[sha], sha)) for key, files in shows.items()
        }

    @cached_property
    def users(self) -> dict[str, Row]:
        """The row of each account in the file that counts for it."""
        rows = self.exported("m365_user")
        return {
            r["account_key"]: r for r in rows if self.files[r["account_key"]] == r["source_sha256"]
        }

    @cached_property
    def _pages(self) -> dict[str, set[str]]:
        pages: dict[str, set[str]] = defaultdict(set)
        for row in self.exported("m365_user"):
            pages[row["source_sha256"]].add(row["sign_in_activity"])
        return pages

    def _sign_in(self, user: Row) -> str:
        if not user:
            return "unknown"
        said: str = user["sign_in_activity"]
        if self._pages[user["source_sha256"]] == {"unknown"}:
            said = "never"
        is_shown = any(page & {"d30", "d90", "d180", "older"} for page in self._pages.values())
        return "unknown" if said == "never" and (user.get("is_new") or not is_shown) else said

    # --- accounts -------------------------------------------------------------------------------

    @cached_property
    def units(self) -> dict[str, str]:
        """The units by ID and by name."""
        rows = self.tenant.register("reg_unit")
        return {name_of(r[column]): r["unit_id"] for r in rows for column in ("name", "unit_id")}

    @cached_property
    def unit_ids(self) -> set[str]:
        return set(self.units.values())

    @cached_property
    def posts(self) -> dict[str, list[Row]]:
        posts: dict[str, list[Row]] = defaultdict(list)
        for row in self.tenant.register("reg_employment"):
            posts[row["person_key"]].append(row)
        return posts

    def present(self, person: str | None) -> list[Row]:
        return [post for post in self.posts.get(person or "", []) if in_force(post, self.day)]

    def _home(self, person: str | None) -> str | None:
        """The unit of the present post, of the last that ended, of the next that comes."""
        posts = self.posts.get(person or "", [])
        ended = [p for p in posts if (p.get("valid_to") or LAST) < self.day]
        coming = [p for p in posts if (p.get("valid_from") or FIRST) > self.day]
        if present := self.present(person):
            return str(self.first_post(present)["unit_id"])
        if ended:
            last = max(p["valid_to"] for p in ended)
            return str(self.first_post([p for p in ended if p["valid_to"] == last])["unit_id"])
        if coming:
            first = min(p["valid_from"] for p in coming)
            posts = [p for p in coming if p["valid_from"] == first]
            return str(self.first_post(posts)["unit_id"])
        return None

    @staticmethod
    def first_post(posts: list[Row]) -> Row:
        return min(
            posts,
            key=lambda p: (
                p["employment_type"] != "main",
                -(p.get("post_share_percent") or Decimal(-1)),
                p["unit_id"],
            ),
        )

    @cached_property
    def ways(self) -> list[tuple[str, str, Row, bool]]:
        """Account, product, row, and whether the tenant says it; an error is no seat."""
        found = [
            (row["account_key"], row["sku_id"], row, True)
            for row in self.exported("m365_user_licence")
            if row["source_sha256"] == self.files[row["account_key"]]
            and (row.get("state") or "").lower() != "error"
        ]
        for row in self.tenant.register("reg_licence_assignment"):
            if in_force(row, self.day):
                found.append((row["account_key"], self.tenant.meant(row), row, False))
        return found

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Every account that an export, the register or an assignment names."""
        register = {r["account_key"]: r for r in self.tenant.register("reg_account")}
        keys = {*self.files, *register, *(key for key, *_ in self.ways)}
        found = {key: self._account(key, register.get(key, {})) for key in sorted(keys)}
        persons: dict[str, list[Account]] = defaultdict(list)
        for account in found.values():
            if account.person and account.is_active and account.kind == "user":
                persons[account.person].append(account)
        for person, held in persons.items():
            mains = [p for p in self.present(person) if p["employment_type"] == "main"]
            main = self.first_post(mains)["unit_id"] if mains else None
            held.sort(key=lambda a: (a.unit != main, a.user.get("is_enabled") is not True, a.key))
            for place, account in enumerate(held, 1):
                account.place = place
        return found

    def _account(self, key: str, register: Row) -> Account:
        user = self.users.get(key, {})
        account = Account(
            key=key,
            user=user,
            register=register,
            person=register.get("person_key") or user.get("person_key"),
            is_external=bool(register.get("is_external")) or user.get("user_type") == "guest",
            kind=register.get("account_type") or "user",
            is_new=bool(user.get("is_new")),
            sign_in=self._sign_in(user),
        )
        ended = register.get("deactivated_date")
        if ended and ended <= self.day:
            account.days = (self.day - ended).days
        is_elsewhere = any(k == key and not tenants for k, _, _, tenants in self.ways)
        is_gone = (
            self.has_export
            and key not in self.files
            and not is_elsewhere
            and register.get("is_on_platform") is not False
        )
        is_blocked = user.get("is_enabled") is False
        account.is_active = not (is_blocked or is_gone or account.days is not None)
        if self.posts:
            account.is_employed = bool(self.present(account.person))
        account.unit = self._unit(account)
        return account

    def _unit(self, account: Account) -> str:
        for unit in (account.register.get("unit_id"), self._home(account.person)):
            if unit in self.unit_ids:
                return str(unit)
        for column in ("department", "company"):
            unit = self.units.get(name_of(account.user.get(column) or ""))
            if unit:
                return unit
        return "unknown"
