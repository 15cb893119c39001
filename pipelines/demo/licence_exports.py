"""Writes what Microsoft 365 exports of the people: Graph's JSON, usage reports, the product list.

The shapes and their traps are Microsoft's: pages, a byte order mark, «Assigned Products» joined by
`+`, empty days for what never happened, concealed names. Sign-ins are missing for everyone in the
first month, as in a tenant without the licence that they need.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.demo.licence_people import (
    GROUPS,
    LAST,
    MONTH_ENDS,
    SERVICES,
    Account,
    Assigned,
    People,
)
from pipelines.demo.licence_products import BY_ID, DECEMBER, LISTED_ONLY, PLANS, PRODUCTS, Product
from pipelines.demo.units import MUNICIPALITY

FOLDER = "lisenser"
_GRAPH = "https://graph.microsoft.com/v1.0/$metadata#"
_PAGES = 2
_OFFICE, _VISIO, _PROJECT = (
    "MICROSOFT 365 APPS FOR ENTERPRISE",
    "MICROSOFT VISIO DESKTOP",
    "MICROSOFT PROJECT DESKTOP",
)
_ACTIVATED = {
    "OFFICESUBSCRIPTION": _OFFICE,
    "VISIO_CLIENT_SUBSCRIPTION": _VISIO,
    "PROJECT_CLIENT_SUBSCRIPTION": _PROJECT,
}
_PLAN_SERVICES = {
    "EXCHANGE": "exchange",
    "SHAREPOINT": "sharepoint",
    "TEAMS1": "teams",
    "YAMMER": "yammer",
    "MCOSTANDARD": "skype",
}
_LABELS = {
    "exchange": "Exchange",
    "onedrive": "OneDrive",
    "sharepoint": "SharePoint",
    "skype": "Skype For Business",
    "yammer": "Yammer",
    "teams": "Teams",
}
Rows = list[list[object]]


def write_exports(landing: Path, people: People, seats: dict[str, int]) -> dict[str, int]:
    """Write everything of Microsoft's; return the accepted rows (objects) of each file by name."""
    folder = landing / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    for day in MONTH_ENDS:
        rows |= _write_users(folder, people, day)
        name = f"m365_abonnementer_{day}.json"
        rows[name] = _write_json(folder / name, "subscribedSkus", _skus(people, seats, day))
    tables = {
        f"m365_aktive_brukere_{LAST}.csv": _active_users(people),
        f"m365_teams_{LAST}.csv": _teams(people),
        f"m365_postkasser_{LAST}.csv": _mailboxes(people),
        f"m365_aktiveringer_{LAST}.csv": _activations(people),
        f"m365_onedrive_skjult_{LAST}.csv": _concealed(people),
        f"m365_tjenester_antall_{LAST}.csv": _service_counts(people),
        f"m365_aktiveringer_antall_{LAST}.csv": _activation_counts(people),
        f"produktliste_{date(2024, 12, 1)}.csv": _product_list(),
    }
    for name, table in tables.items():
        _write_csv(folder / name, table, "utf-8" if "produktliste" in name else "utf-8-sig")
        rows[name] = len(table) - 1
    return rows


def refused_file(day: date = LAST) -> str:
    """Return the name, in landing, of the page that holds a row without a sign-in name."""
    return f"{FOLDER}/{_page_name(day, _PAGES)}"


def _page_name(day: date, page: int) -> str:
    return f"m365_brukere_{day}_side{page}.json"


# --- Graph --------------------------------------------------------------------------------------


def _write_users(folder: Path, people: People, day: date) -> dict[str, int]:
    found = [account for account in people.accounts if account.exists(day)]
    half = -(-len(found) // _PAGES)
    rows = {}
    for page in range(_PAGES):
        users: list[dict[str, Any]] = [
            _user(account, day) for account in found[page * half : (page + 1) * half]
        ]
        name = _page_name(day, page + 1)
        rows[name] = len(users)
        if page == _PAGES - 1 and day == LAST:
            users.append(_user(people.nameless, day))
        _write_json(folder / name, "users", users)
    return rows


def _write_json(path: Path, what: str, values: list[dict[str, Any]]) -> int:
    page = {"@odata.context": f"{_GRAPH}{what}", "value": values}
    text = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
    return len(values)


def _guid(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _user(account: Account, day: date) -> dict[str, Any]:
    canary = account.canary
    held = [given for given in account.held(day) if BY_ID[given.sku_id].is_microsoft]
    user: dict[str, Any] = {
        **({"id": _guid(account.name)} if account.login else {}),
        "userPrincipalName": account.login or None,
        "displayName": account.name,
        "mail": canary.mail if canary else account.login,
        "mobilePhone": canary.phone if canary else None,
        "employeeId": account.number,
        "accountEnabled": account.is_enabled(day),
        "userType": "Guest" if account.is_external else "Member",
        "department": account.department,
        "companyName": MUNICIPALITY,
        "createdDateTime": f"{account.created}T07:00:00Z",
        "assignedLicenses": [{"skuId": given.sku_id, "disabledPlans": []} for given in held],
        "licenseAssignmentStates": [state for given in held for state in _states(given)],
    }
    if canary:
        user["manager"] = {"displayName": canary.manager}
        user["onPremisesExtensionAttributes"] = {"extensionAttribute1": canary.birth_number}
    if day != MONTH_ENDS[0]:
        user["signInActivity"] = _sign_in(account.active_until(day))
    return user


def _states(given: Assigned) -> Iterator[dict[str, Any]]:
    state = {"skuId": given.sku_id, "disabledPlans": [], "state": "Active", "error": "None"}
    if given.is_direct:
        yield {**state, "assignedByGroup": None}
    if given.is_group:
        yield {**state, "assignedByGroup": GROUPS[given.sku_id]}


def _sign_in(last: date | None) -> dict[str, str | None]:
    moment = f"{last}T08:15:00Z" if last else None
    return {
        "lastSignInDateTime": moment,
        "lastNonInteractiveSignInDateTime": moment,
        "lastSuccessfulSignInDateTime": moment,
    }


def _skus(people: People, seats: dict[str, int], day: date) -> list[dict[str, Any]]:
    consumed = assigned_counts(people, day)
    return [
        {
            "id": f"{_guid(MUNICIPALITY)}_{product.sku_id}",
            "skuId": product.sku_id,
            "skuPartNumber": product.part_number,
            "capabilityStatus": "Enabled",
            "appliesTo": "User",
            "consumedUnits": consumed[product.sku_id] + product.consumed_error,
            "prepaidUnits": {
                "enabled": seats[product.sku_id] - (product.later if day < DECEMBER else 0),
                "suspended": product.suspended,
                "warning": 0,
                "lockedOut": 0,
            },
            "servicePlans": [_plan(plan) for plan in product.plans],
        }
        for product in PRODUCTS
        if product.is_microsoft and product.in_tenant
    ]


def _plan(name: str) -> dict[str, str]:
    return {
        "servicePlanId": PLANS[name][0],
        "servicePlanName": name,
        "provisioningStatus": "Success",
        "appliesTo": "Company" if name == "EXCHANGE_S_FOUNDATION" else "User",
    }


def assigned_counts(people: People, day: date) -> Counter[str]:
    """Return SKU → accounts that have it on a day."""
    return Counter(
        given.sku_id
        for account in people.accounts
        if account.exists(day)
        for given in account.held(day)
    )


# --- usage reports ------------------------------------------------------------------------------


def _write_csv(path: Path, rows: Iterable[Iterable[object]], encoding: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def _licensed(people: People) -> list[Account]:
    """Return the accounts that Microsoft's reports have: those with a product of Microsoft's."""
    return [a for a in people.accounts if a.exists(LAST) and _products_of(a)]


def _products_of(account: Account) -> list[Product]:
    products = (BY_ID[given.sku_id] for given in account.held(LAST))
    return [product for product in products if product.is_microsoft]


def _plans_of(account: Account) -> set[str]:
    return {plan for product in _products_of(account) for plan in product.plans}


def _services_of(account: Account) -> frozenset[str]:
    """Return the services that the account is licensed for."""
    return _services_in(frozenset(_plans_of(account)))


@cache
def _services_in(plans: frozenset[str]) -> frozenset[str]:
    found = {
        service
        for plan in plans
        for start, service in _PLAN_SERVICES.items()
        if plan.startswith(start) and plan not in ("EXCHANGE_S_FOUNDATION", "SHAREPOINTWAC")
    }
    return frozenset(found | ({"onedrive"} if "sharepoint" in found else set()))


def _assigned_products(account: Account) -> str:
    return "+".join(product.name.upper() for product in _products_of(account) if product.name)


def _day(account: Account, service: str) -> str:
    return str(account.last_active or "") if service in account.services else ""


def _active_users(people: People) -> Rows:
    labels = [_LABELS[service] for service in SERVICES]
    head = [
        *("Report Refresh Date", "User Principal Name", "Display Name"),
        *("Is Deleted", "Deleted Date"),
        *(f"Has {label} License" for label in labels),
        *(f"{label} Last Activity Date" for label in labels),
        *(f"{label} License Assign Date" for label in labels),
        "Assigned Products",
    ]
    rows: Rows = [list(head)]
    for account in _licensed(people):
        has = _services_of(account)
        rows.append(
            [
                *(LAST, account.login, account.name, "False", ""),
                *(str(service in has) for service in SERVICES),
                *(_day(account, s) if s in has else "" for s in SERVICES),
                *(account.created if service in has else "" for service in SERVICES),
                _assigned_products(account),
            ]
        )
    return rows


_TEAMS_COUNTS = (
    *("Team Chat Message Count", "Private Chat Message Count", "Call Count", "Meeting Count"),
    *("Meetings Organized Count", "Meetings Attended Count"),
)


def _teams(people: People) -> Rows:
    head = [
        *("Report Refresh Date", "User Id", "User Principal Name", "Last Activity Date"),
        *("Is Deleted", "Deleted Date", "Assigned Products", *_TEAMS_COUNTS),
        *("Has Other Action", "Is Licensed", "Report Period"),
    ]
    rows: Rows = [list(head)]
    for account in _licensed(people):
        if "teams" in _services_of(account):
            last = _day(account, "teams")
            counts = [7 if last else 0] * len(_TEAMS_COUNTS)
            row = [LAST, _guid(account.name), account.login, last, "False", ""]
            rows.append([*row, _assigned_products(account), *counts, "No", "Yes", 180])
    return rows


def _mailboxes(people: People) -> Rows:
    head = [
        *("Report Refresh Date", "User Principal Name", "Display Name", "Is Deleted"),
        *("Deleted Date", "Created Date", "Last Activity Date", "Item Count"),
        *("Storage Used (Byte)", "Issue Warning Quota (Byte)", "Prohibit Send Quota (Byte)"),
        *("Prohibit Send/Receive Quota (Byte)", "Deleted Item Count"),
        *("Deleted Item Size (Byte)", "Deleted Item Quota (Byte)", "Has Archive"),
        "Report Period",
    ]
    rows: Rows = [list(head)]
    for account in _licensed(people):
        if "exchange" in _services_of(account):
            quota = (100 if "EXCHANGE_S_ENTERPRISE" in _plans_of(account) else 50) * 2**30
            row = [LAST, account.login, account.name, "False", "", account.created]
            used = [account.mailbox_gb * 2**30, quota - 2**30, quota - 2**29, quota]
            last = _day(account, "exchange")
            rows.append([*row, last, 1_200, *used, 4, 4_096, 30 * 2**30, "False", 180])
    return rows


def _activated(account: Account) -> Iterator[tuple[str, str]]:
    """Give the programs that the account may install, with the day of the last activation."""
    for plan, program in _ACTIVATED.items():
        if plan in _plans_of(account):
            is_used = program != _OFFICE or "office_apps" in account.services
            yield program, str(account.last_active or "") if is_used else ""


def _activations(people: People) -> Rows:
    head = [
        *("Report Refresh Date", "User Principal Name", "Display Name", "Product Type"),
        *("Last Activated Date", "Windows", "Mac", "Windows 10 Mobile", "iOS", "Android"),
        "Activated On Shared Computer",
    ]
    rows: Rows = [list(head)]
    for account in _licensed(people):
        for program, day in _activated(account):
            row = [LAST, account.login, account.name, program, day]
            rows.append([*row, 1 if day else 0, 0, 0, 0, 0, "False"])
    return rows


def _concealed(people: People) -> Rows:
    """Return OneDrive's report as a tenant gives it until names are switched on."""
    head = [
        *("Report Refresh Date", "User Principal Name", "Is Deleted", "Deleted Date"),
        *("Last Activity Date", "Viewed Or Edited File Count", "Synced File Count"),
        *("Shared Internally File Count", "Shared Externally File Count"),
        *("Assigned Products", "Report Period"),
    ]
    rows: Rows = [list(head)]
    for account in _licensed(people):
        if "onedrive" in _services_of(account):
            hidden = hashlib.sha256(f"skjult:{account.login}".encode()).hexdigest()[:32].upper()
            last = _day(account, "onedrive")
            row = [LAST, hidden, "False", "", last, 3 if last else 0, 0, 0, 0]
            rows.append([*row, _assigned_products(account), 180])
    return rows


def _service_counts(people: People) -> Rows:
    licensed = _licensed(people)
    head: list[object] = ["Report Refresh Date"]
    row: list[object] = [LAST]
    since = LAST - timedelta(days=180)
    for service in ("exchange", "onedrive", "sharepoint", "skype", "yammer", "teams"):
        having = [account for account in licensed if service in _services_of(account)]
        active = sum(_day(account, service) > str(since) for account in having)
        head += [f"{_LABELS[service]} Active", f"{_LABELS[service]} Inactive"]
        row += [active, len(having) - active]
    recent = sum(account.last_active is not None for account in licensed)
    head += ["Office 365 Active", "Office 365 Inactive", "Report Period"]
    return [head, [*row, recent, len(licensed) - recent, 180]]


def _activation_counts(people: People) -> Rows:
    assigned: Counter[str] = Counter()
    activated: Counter[str] = Counter()
    for account in _licensed(people):
        for program, day in _activated(account):
            assigned[program] += 1
            activated[program] += bool(day)
    names = ("Report Refresh Date", "Product Type", "Assigned", "Activated")
    rows: Rows = [[*names, "Shared Computer Activation"]]
    rows += [[LAST, name, assigned[name], activated[name], 0] for name in sorted(assigned)]
    return rows


# --- Microsoft's list ---------------------------------------------------------------------------


def _product_list() -> Rows:
    names = ("Product_Display_Name", "String_Id", "GUID", "Service_Plan_Name", "Service_Plan_Id")
    rows: Rows = [[*names, "Service_Plans_Included_Friendly_Names"]]
    for product in (*PRODUCTS, LISTED_ONLY):
        if product.is_microsoft and product.in_list:
            code = product.list_part_number or product.part_number
            head = [product.name, code, product.sku_id]
            rows += [[*head, plan, *PLANS[plan]] for plan in product.plans]
    return rows
