"""Random small tenants: exports of two months, registers of other publishers, units and people.

The same tenant each time for a seed. They are made to hold what is odd (see each part), not to look
like a municipality.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

RUN_DAY = dt.date(2024, 7, 10)
MAY, JUNE = dt.date(2024, 5, 28), dt.date(2024, 6, 20)
BUCKETS = ("d30", "d90", "d180", "older", "never", "unknown")
UNITS = ("A", "B", "C")

E1 = "18181a46-0d4e-45cd-891e-60aabd171b4e"
EMS = "efccb6f7-5641-4e0e-bd10-b4976e1bf68e"
F1, E3, E3_TWIN, E5, FLOW, VISIO, UNHEARD = (
    f"00000000-0000-0000-0000-0000000000{n}" for n in ("f1", "e3", "e4", "e5", "f0", "aa", "cc")
)
ADOBE, TEGN, FREE = "Adobe-CC", "Tegn-Pluss", "LibreOffice"
_OFFICE = ("TEAMS1", "OFFICESUBSCRIPTION", "EXCHANGE_S_ENTERPRISE", "SHAREPOINTENTERPRISE")
PRODUCTS = {
    F1: ("M365_F1", ("TEAMS1", "EXCHANGE_S_DESKLESS", "SHAREPOINTDESKLESS")),
    E1: ("STANDARDPACK", ("TEAMS1", "EXCHANGE_S_STANDARD", "SHAREPOINTSTANDARD")),
    EMS: ("EMS", ("AAD_PREMIUM",)),
    E3: ("SPE_E3", (*_OFFICE, "YAMMER_ENTERPRISE", "NUCLEUS")),
    E3_TWIN: ("SPE_E3_TWIN", (*_OFFICE, "YAMMER_ENTERPRISE")),
    E5: ("SPE_E5", (*_OFFICE, "YAMMER_ENTERPRISE", "AAD_PREMIUM_P2", "BI_AZURE_P2")),
    FLOW: ("FLOW_FREE", ("FLOW_P2_VIRAL",)),
    VISIO: ("VISIOCLIENT", ("VISIO_CLIENT_SUBSCRIPTION",)),
}
_TENANT_SKUS = (*PRODUCTS, UNHEARD)
# The one after a snapshot and in its month is the snapshot's.
_SKU_DAYS = (("skus1", dt.date(2024, 5, 30)), ("skus2", dt.date(2024, 6, 25)), ("skus3", RUN_DAY))
_SERVICES = ("exchange", "teams", "sharepoint", "onedrive", "office_apps", "yammer", "visio")


@dataclass
class Made:
    """Rows by table, the files they came in, and the settings of the run."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, Row] = field(default_factory=dict)
    settings: Row = field(default_factory=dict)

    def add(self, table: str, sha: str, day: dt.date | None, *rows: Row, status: str = "") -> None:
        """Add rows that a file gives; the second time, the same file goes on."""
        self.files[sha] = {
            "source_sha256": sha,
            "file_name": sha,
            "kind": "x",
            "effective_date": day,
            "status": status or "accepted",
        }
        held = self.tables.setdefault(table, [])
        first = 1 + sum(row["source_sha256"] == sha for row in held)
        held += [
            {"source_sha256": sha, "source_row": n, **row} for n, row in enumerate(rows, first)
        ]


def tenant(seed: int) -> Made:
    """Return the tenant of the seed."""
    dice = random.Random(seed)
    made = Made(
        settings={"as_of_date": RUN_DAY, "licence_activity_days": dice.choice((30, 90, 90, 180))}
    )
    people = [f"P{n}" for n in range(dice.randint(4, 12))]
    keys = [f"a{n:02}" for n in range(dice.randint(12, 40))]
    _products(made, dice)
    for day in (MAY, JUNE):
        _exports(made, dice, day, keys, people)
    _usage(made, dice, keys)
    _terms(made, dice)
    _other_publishers(made, dice, keys)
    _people(made, dice, keys, people)
    return made


def _some(dice: random.Random, things: Any, share: float) -> list[Any]:
    return [thing for thing in things if dice.random() < share]


def _day(dice: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(dice.randint(0, (last - first).days))


def _period(dice: random.Random) -> Row:
    """Open, begun, ended or coming, often on the very day of a snapshot."""
    if dice.random() < 0.2:
        return {"valid_from": None, "valid_to": _day(dice, dt.date(2024, 2, 1), MAY)}
    if dice.random() < 0.2:
        return _coming(dice)
    days = [JUNE + dt.timedelta(n) for n in (-1, 0, 1)] + [MAY, dt.date(2024, 1, 1)]
    start = dice.choice((None, None, *days))
    end = dice.choice((None, None, None, *(day for day in days if day >= (start or MAY))))
    return {"valid_from": start, "valid_to": end}


def _coming(dice: random.Random) -> Row:
    return {"valid_from": _day(dice, JUNE, RUN_DAY), "valid_to": None}


# --- products and exports -----------------------------------------------------------------------


def _products(made: Made, dice: random.Random) -> None:
    """Microsoft's list; seats of two days and one after the run; one product's plans as here."""
    for sku, (code, plans) in PRODUCTS.items():
        rows = [
            {
                "sku_id": sku,
                "sku_part_number": code,
                "product_name": code.title(),
                "service_plan_id": f"plan-{plan.lower()}",
                "service_plan_name": plan,
            }
            for plan in plans
        ]
        made.add("m365_product_plan", "list", MAY, *rows)
    for sha, day in _SKU_DAYS:
        for sku in _some(dice, _TENANT_SKUS, 0.6):
            made.add("m365_sku", sha, day, _seats(dice, sku))
    made.add("m365_sku", "later", RUN_DAY + dt.timedelta(1), _seats(dice, E1))
    made.add("m365_sku", "bad", JUNE, _seats(dice, E3), status="rejected")
    if dice.random() < 0.4:
        for plan in _some(dice, PRODUCTS[E5][1], 0.7):
            made.add("m365_sku_plan", "skus2", dt.date(2024, 6, 25), _tenant_plan(dice, plan))
        made.add(
            "m365_sku_plan",
            "skus1",
            dt.date(2024, 5, 30),
            _tenant_plan(dice, "VISIO_CLIENT_SUBSCRIPTION"),
        )


def _seats(dice: random.Random, sku: str) -> Row:
    return {
        "sku_id": sku,
        "sku_part_number": PRODUCTS.get(sku, ("UNHEARD_OF",))[0],
        "enabled_seats": dice.choice((None, 0, 1, 3, 9)),
        "warning_seats": dice.choice((None, 0, 2)),
        "suspended_seats": dice.choice((None, 0, 0, 4)),
        "stated_unit_price_nok": dice.choice((None, None, Decimal("450.10"))),
    }


def _tenant_plan(dice: random.Random, plan: str) -> Row:
    return {
        "sku_id": E5,
        "service_plan_id": f"plan-{plan.lower()}",
        "service_plan_name": plan,
        "applies_to": dice.choice(("User", "User", "Company")),
    }


def _exports(
    made: Made, dice: random.Random, day: dt.date, keys: list[str], people: list[str]
) -> None:
    """Two pages of a day that may share accounts, an earlier day, one without licences …"""
    has_sign_ins = dice.random() < 0.8
    pages = dice.sample(("p1", "p2"), 2)
    for key in _some(dice, keys, 0.9):
        for page in pages if dice.random() < 0.1 else (dice.choice(pages),):
            _account(made, dice, f"{day:%m}-{page}", day, key, people)
    for row in made.tables.get("m365_user", []):
        if row["source_sha256"].startswith(f"{day:%m}") and not has_sign_ins:
            row["sign_in_activity"] = dice.choice(("unknown", "never"))
    _silence(made, dice, f"{day:%m}-p1")
    earlier = f"{day:%m}-early"
    for key in _some(dice, keys, 0.2):
        _account(made, dice, earlier, day - dt.timedelta(3), key, people)
    bare = dice.choice((day, day + dt.timedelta(2)))
    for key in _some(dice, keys, 0.3):
        row = _user(dice, key, people) | {"licence_count": None}
        made.add("m365_user", f"{day:%m}-bare", bare, row)
    if dice.random() < 0.3:
        _account(made, dice, "dateless" if day == JUNE else "bad", None, keys[0], people)
        made.files["bad"] = made.files.get("bad", {}) | {"status": "rejected"}
    for n, key in enumerate(_some(dice, keys, 0.2)):
        _account(made, dice, f"after{n}", RUN_DAY + dt.timedelta(3), key, people)


def _silence(made: Made, dice: random.Random, sha: str) -> None:
    """A page on which nobody signed in says nothing of sign-ins."""
    if dice.random() < 0.4:
        for row in made.tables.get("m365_user", []):
            if row["source_sha256"] == sha:
                row["sign_in_activity"] = "unknown"


def _account(
    made: Made, dice: random.Random, sha: str, day: dt.date | None, key: str, people: list[str]
) -> None:
    often = dice.choice((_TENANT_SKUS, (E3, E3_TWIN, E5, E1), (FLOW, VISIO, UNHEARD, EMS)))
    products = dice.sample(often, dice.choice((0, 1, 1, 2, 2, 3)))
    if dice.random() < 0.95:
        row = _user(dice, key, people) | {"licence_count": len(products)}
        made.add("m365_user", sha, day, row)
    for sku in products:
        for by in dice.choice((["direct"], ["group"], ["unknown"], ["direct", "group"])):
            row = {
                "account_key": key,
                "sku_id": sku,
                "assigned_by": by,
                "group_id": "g1" if by == "group" else None,
                "state": dice.choice((None, "Active", "Active", "Active", "Error")),
                "disabled_plans": _disabled(dice, sku),
            }
            made.add("m365_user_licence", sha, day, row)


def _disabled(dice: random.Random, sku: str) -> str | None:
    plans = PRODUCTS.get(sku, ("", ()))[1]
    off = [f"plan-{plan.lower()}" for plan in _some(dice, plans, 0.25)]
    return "; ".join(off) if off and dice.random() < 0.5 else None


def _user(dice: random.Random, key: str, people: list[str]) -> Row:
    return {
        "account_key": key,
        "person_key": dice.choice((None, *people)) if dice.random() < 0.4 else None,
        "is_enabled": dice.choice((True, True, True, False, None)),
        "user_type": dice.choice((None, "member", "member", "guest")),
        "department": dice.choice((None, " skole b ", "Ukjent avdeling")),
        "company": dice.choice((None, "C")),
        "is_new": dice.choice((None, False, False, True)),
        "sign_in_activity": dice.choice(BUCKETS),
    }


def _usage(made: Made, dice: random.Random, keys: list[str]) -> None:
    """Reports of several days and services; hidden names, installations, no licence, twice."""
    days = [dt.date(2024, 6, 30), dt.date(2024, 5, 1), dt.date(2024, 4, 30), JUNE, MAY]
    days += [RUN_DAY, dt.date(2024, 4, 1), dt.date(2024, 3, 31)]
    measured = _some(dice, _SERVICES, dice.choice((0, 0.5, 0.8, 1)))
    named = _some(dice, keys, 0.7)
    often = dice.choice((BUCKETS, ("never", "unknown", "older"), ("never", "older", "d30")))
    if dice.random() < 0.5:
        _measured_throughout(made, dice, named)
    for _ in range(dice.choice((0, 30, 150, 300)) if measured and named else 0):
        report = dice.choice(("active_users", "active_users", "teams", "activations"))
        is_concealed = dice.random() < 0.15
        row = {
            "account_key": None if is_concealed and dice.random() < 0.5 else dice.choice(named),
            "is_concealed": is_concealed,
            "report": report,
            "service": "office_apps" if report == "activations" else dice.choice(measured),
            "report_date": dice.choice(days),
            "has_licence": dice.choice((None, True, False)),
            "activity": dice.choice(often),
            "storage": dice.choice((None, None, "under_2gb", "under_50gb", "over_1tb")),
        }
        made.add("m365_usage", f"usage-{report}", dt.date(2024, 6, 30), row)


def _measured_throughout(made: Made, dice: random.Random, keys: list[str]) -> None:
    """Accounts of which the use of every service is known, and mostly is none."""
    for key in _some(dice, keys, 0.6):
        for service in _SERVICES:
            row = {
                "account_key": key,
                "is_concealed": False,
                "report": "active_users",
                "service": service,
                "report_date": dt.date(2024, 6, 30),
                "activity": dice.choice(("d30", "d90", "never", "never", "older")),
                "storage": dice.choice((None, "under_2gb", "under_50gb", "over_1tb")),
            }
            made.add("m365_usage", "usage-all", dt.date(2024, 6, 30), row)


# --- registers ----------------------------------------------------------------------------------


def _terms(made: Made, dice: random.Random) -> None:
    """Prices that change, in an older file too; without a price, free, without cost, standard."""
    texts: dict[str, tuple[str, ...]] = {}
    texts |= {sku: (code, sku.upper(), f" {code.lower()} ") for sku, (code, _) in PRODUCTS.items()}
    texts |= {sku: (sku, sku.upper()) for sku in (ADOBE, TEGN, FREE)}
    if dice.random() < 0.5:
        for sku in _some(dice, (E1, EMS, E3, ADOBE), 0.6):
            standard = {"sku_id": dice.choice(texts[sku]), "legal_basis": "Rundskriv"}
            made.add("reg_standard_licence", "standard", JUNE, standard | _period(dice))
    if dice.random() < 0.5:
        for sku, price in ((F1, 20), (E1, 80), (E3_TWIN, 290), (E3, 300), (E5, 450)):
            row: Row = {"sku_id": sku, "unit_price_nok": Decimal(price)}
            made.add("reg_licence_term", "terms-new", JUNE, row)
        return
    changes = (None, dt.date(2024, 6, 1), JUNE, JUNE + dt.timedelta(1))
    for sha, day in (("terms-new", JUNE), ("terms-old", MAY)):
        for sku, named in texts.items():
            for start in sorted(_some(dice, changes, 0.35), key=lambda d: d or dt.date.min):
                row = _term(dice, sku, start) | {"sku_id": dice.choice(named)}
                made.add("reg_licence_term", sha, day, row)


def _term(dice: random.Random, sku: str, start: dt.date | None) -> Row:
    prices = (None, Decimal(0), Decimal("80.05"), Decimal("80.05"), Decimal(300), Decimal(450))
    last = dice.choice((None, None, JUNE, MAY))
    return {
        "publisher": "TDF" if sku in (ADOBE, TEGN, FREE) else dice.choice((None, "Microsoft")),
        "valid_from": start,
        "valid_to": last if last and last >= (start or last) else None,
        "unit_price_nok": dice.choice(prices),
        "true_up_date": dice.choice((None, dt.date(2024, 12, 31))),
        "is_transferable": dice.choice((None, True, False)),
        "is_zero_cost_addon": sku == FLOW or dice.random() < 0.1,
        "is_free_software": sku == FREE,
    }


def _other_publishers(made: Made, dice: random.Random, keys: list[str]) -> None:
    """Seats by register, of a unit and of an unknown one; assignments and use of others."""
    texts = ("STANDARDPACK", E3.upper(), "spe_e5", "ADOBE-CC", TEGN, "Ended")
    for text in texts:
        for unit in _some(dice, (None, *UNITS, "Nowhere"), 0.25):
            row = {"sku_id": text, "quantity": dice.randint(0, 6), "unit_id": unit}
            made.add("reg_licence_entitlement", "held", JUNE, row | _period(dice))
    made.add("reg_licence_entitlement", "held-old", MAY, {"sku_id": "EMS", "quantity": 99})
    for sku in (ADOBE, TEGN, FREE):
        for key in _some(dice, (*keys, "elsewhere"), 0.4):
            row = {"sku_id": dice.choice((sku, sku.upper())), "account_key": key}
            made.add("reg_licence_assignment", "given", JUNE, row | _period(dice))
        for key in _some(dice, keys, 0.5):
            row = {"sku_id": sku, "account_key": key, "activity": dice.choice(BUCKETS)}
            made.add("reg_licence_usage", "used", dice.choice((MAY, JUNE, RUN_DAY)), row)


def _people(made: Made, dice: random.Random, keys: list[str], people: list[str]) -> None:
    """Posts (two of a kind too), accounts with and without person, blocked 59, 60, 61 days ago."""
    names = {"A": "Rådhuset", "B": "Skole B", "C": "Etat C"}
    made.add("reg_unit", "units", MAY, *({"unit_id": u, "name": names[u]} for u in UNITS))
    if dice.random() < 0.85:
        for person in _some(dice, people, 0.8):
            period = dice.choice((_period, _period, _period, _coming))
            for _ in range(dice.choice((1, 2, 3, 4))):
                row = {
                    "person_key": person,
                    "unit_id": dice.choice((*UNITS, "Nowhere")),
                    "employment_type": dice.choice(("main", "main", "further")),
                    "post_share_percent": dice.choice((None, Decimal(40), Decimal(60))),
                }
                made.add("reg_employment", "posts", JUNE, row | period(dice))
    days = [JUNE - dt.timedelta(n) for n in (-1, 0, 59, 60, 61, 200)]
    for key in _some(dice, (*keys, "a-gone", "b-gone", "c-gone"), 0.7):
        row = {
            "account_key": key,
            "person_key": dice.choice((None, *people)),
            "unit_id": dice.choice((None, *UNITS, *UNITS, "Nowhere")),
            "deactivated_date": dice.choice((*(None,) * 12, *days)),
            "is_external": dice.random() < 0.15,
            "is_on_platform": dice.random() < (0.5 if "gone" in key else 0.9),
            "account_type": dice.choice(("user", "user", "user", "resource", "service")),
        }
        made.add("reg_account", "accounts", JUNE, row)
