"""The tenant of the licence account's oracle: rows of accepted files, products and plans."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
LAST = dt.date.max
FIRST = dt.date.min
_GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _seed(name: str) -> list[dict[str, str]]:
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


SERVICES: dict[str, set[str]] = defaultdict(set)
for _row in _seed("service_plan_service"):
    SERVICES[_row["service_plan_name"]].add(_row["service"])
LOWER: dict[str, set[str]] = defaultdict(set)
for _row in _seed("service_plan_hierarchy"):
    LOWER[_row["higher_plan"]].add(_row["lower_plan"])
NEED = {(row["service"], row["storage"]): row["service_plan_name"] for row in _seed("service_need")}
STANDARD = [row["sku_id"] for row in _seed("licence_standard_default")]


def name_of(text: str) -> str:
    return text.strip(" ").lower()


def in_force(row: Row, day: dt.date) -> bool:
    return (row.get("valid_from") or FIRST) <= day <= (row.get("valid_to") or LAST)


def month_end_of(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


class Tenant:
    """A lake: its rows of accepted files, and of each register the newest file."""

    def __init__(self, tables: Tables, files: list[Row], settings: Row) -> None:
        self.run_day: dt.date = settings["as_of_date"]
        self.window: int = settings.get("licence_activity_days", 90)
        self._files = {file["source_sha256"]: file for file in files}
        self._tables = tables

    def rows(self, table: str) -> list[Row]:
        """The rows of accepted files."""
        return [
            row
            for row in self._tables.get(table, [])
            if self._files.get(row["source_sha256"], {}).get("status", "accepted") == "accepted"
        ]

    def register(self, table: str) -> list[Row]:
        """The rows of the newest file."""
        rows = self.rows(table)
        shas = sorted({row["source_sha256"] for row in rows})
        newest = max(shas, key=lambda sha: self.effective(sha) or FIRST, default=None)
        return [row for row in rows if row["source_sha256"] == newest]

    def effective(self, sha: str) -> dt.date | None:
        """The file's day."""
        day: dt.date | None = self._files.get(sha, {}).get("effective_date")
        return day

    def export_day(self, row: Row) -> dt.date:
        """The day of an export; one without a day is of the run's."""
        return self.effective(row["source_sha256"]) or self.run_day

    # --- products -------------------------------------------------------------------------------

    @cached_property
    def names(self) -> dict[str, str]:
        """What a text in a register means."""
        tenant = [r for r in self.rows("m365_sku") if self.export_day(r) <= self.run_day]
        tenant.sort(key=lambda r: (-self.export_day(r).toordinal(), r["sku_id"]))
        listed = sorted(self.register("m365_product_plan"), key=lambda r: r["sku_id"])
        terms = sorted(self.register("reg_licence_term"), key=lambda r: r["sku_id"].strip(" "))
        others = [r for r in terms if (r.get("publisher") or "microsoft").lower() != "microsoft"]
        pairs = [(r["sku_id"], r["sku_id"].strip(" ")) for r in others]
        pairs += [(r["sku_id"], r["sku_id"]) for r in (*tenant, *listed)]
        pairs += [(r.get("sku_part_number") or "", r["sku_id"]) for r in (*tenant, *listed)]
        for table in ("term", "entitlement", "assignment", "usage"):
            texts = sorted(r["sku_id"].strip(" ") for r in self.register(f"reg_licence_{table}"))
            pairs += [(text, text) for text in texts]
        texts = [r["sku_id"].strip(" ") for r in self.register("reg_standard_licence")]
        pairs += [(text, text) for text in [*sorted(texts), *STANDARD]]
        found: dict[str, str] = {}
        for text, sku in pairs:
            found.setdefault(name_of(text), sku)
        found.pop("", None)
        return {key: key if _GUID.fullmatch(key) else sku for key, sku in found.items()}

    def meant(self, row: Row) -> str:
        """The product that a row of a register names."""
        return self.names[name_of(row["sku_id"])]

    @cached_property
    def plan_names(self) -> dict[str, str]:
        """The code of each plan of the tenant's and Microsoft's lists."""
        rows = [
            *self.register("m365_product_plan"),
            *(r for r in self.rows("m365_sku_plan") if self.export_day(r) <= self.run_day),
        ]
        return {r["service_plan_id"]: r["service_plan_name"] for r in rows if r["service_plan_id"]}

    @cached_property
    def plans(self) -> dict[str, frozenset[str]]:
        """What each product gives, with the lower plans."""
        newest: dict[str, dt.date] = {}
        tenant = [r for r in self.rows("m365_sku_plan") if self.export_day(r) <= self.run_day]
        for row in tenant:
            newest[row["sku_id"]] = max(newest.get(row["sku_id"], FIRST), self.export_day(row))
        given: dict[str, set[str]] = {sku: set() for sku in newest}
        for row in tenant:
            if self.export_day(row) == newest[row["sku_id"]] and row["applies_to"] != "Company":
                given[row["sku_id"]].add(row["service_plan_id"])
        for row in self.register("m365_product_plan"):
            if row["sku_id"] not in newest and row["service_plan_id"]:
                given.setdefault(row["sku_id"], set()).add(row["service_plan_id"])
        closed = {sku: self.closed(plans) for sku, plans in given.items()}
        own = {s: frozenset([s]) for s in self.names.values() if s not in closed}
        return own | closed

    def closed(self, plans: set[str]) -> frozenset[str]:
        codes = {self.plan_names[plan] for plan in plans}
        codes |= {lower for code in codes for lower in LOWER[code]}
        return frozenset(
            plan
            for plan, code in self.plan_names.items()
            if (plan in plans or code in codes) and "background" not in SERVICES[code]
        )

    def services(self, sku: str) -> set[str]:
        """The services in which the use of a product shows."""
        codes = [self.plan_names.get(plan, "") for plan in self.plans.get(sku, ())]
        return {service for code in codes for service in SERVICES[code]} - {"background"}
