"""The registers that people keep of licences, accounts and employments, in mixed formats.

Two of them also have what a register should not have, names and birth numbers of persons, and a row
that must be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pipelines.demo.licence_canaries import CANARIES
from pipelines.demo.licence_exports import FOLDER, assigned_counts
from pipelines.demo.licence_people import LAST, MONTH_ENDS, Account, Assigned, Employment, People
from pipelines.demo.licence_products import BY_ID, DECEMBER, E1, FIRST, PRODUCTS, STANDARD, Product
from pipelines.demo.registers import (
    AS_OF,
    Row,
    kroner_text,
    norwegian,
    write_csv,
    write_xlsx,
    yes,
)

OWN_POOL, OWN_SPARE = "VAV", 3
CIRCULAR = "Rundskriv om fakturering av lisenser"
WORKPLACE, WORKPLACE_ORE = "workplace", 35_00
WORKPLACE_USERS = {"BAL": (41, 42, 44), "BFR": (30, 0, 27), "UDE": (310, 322, 318)}
AUDIT_HOURS, AUDIT_RATE_ORE = 40, 1_450_00
EXEMPT_E1_ORE = 65_00  # what Renovasjons- og gjenvinningsetaten pays for E1, as before
_PERSONAL = ("visningsnavn", "fødselsnummer", "nærmeste leder")
_EMPTY = dict.fromkeys(_PERSONAL, "")


def seats_of(people: People) -> dict[str, int]:
    """Return SKU → seats held at the end of December; the tenant's number says the same."""
    assigned = assigned_counts(people, LAST)
    return {
        product.sku_id: assigned[product.sku_id] + product.spare
        if product.held is None
        else product.held
        for product in PRODUCTS
    }


def own_seats(people: People) -> int:
    """Return the E1 seats that a unit has bought for itself."""
    return OWN_SPARE + sum(
        given.sku_id == E1.sku_id
        for account in people.accounts
        if account.unit_id == OWN_POOL and account.exists(LAST)
        for given in account.held(LAST)
    )


def entitled_at(product: Product, seats: dict[str, int], day: date) -> int:
    """Return the seats held on a day; what was bought later is missing before."""
    return seats[product.sku_id] - (product.later if day < DECEMBER else 0)


def write_licence_registers(landing: Path, people: People, seats: dict[str, int]) -> list[Row]:
    """Write the registers; return the files with a row that must be refused, as the truth has."""
    folder = landing / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    registered = [account for account in people.accounts if account.is_registered]
    accounts = [_account(account) for account in registered] + [_refused_account()]
    write_csv(folder, "kontoer", accounts, "utf-8-sig", _PERSONAL)
    employments = [row for account in people.accounts for row in _employments(account)]
    write_csv(folder, "ansettelser", [*employments, _refused_employment()], "cp1252", _PERSONAL)
    write_xlsx(folder, "lisensvilkår", [*_terms(), _workplace_term()])
    write_xlsx(folder, "lisensbeholdning", _entitlements(seats, own_seats(people)))
    own = [(a, g) for a in people.accounts for g in a.held(LAST) if _is_generic(g)]
    write_csv(folder, "lisenstildelinger", [_assignment(a, g) for a, g in own], "utf-8")
    write_csv(folder, "lisensbruk", [_usage(a, g) for a, g in own], "utf-8")
    write_csv(folder, "standardlisenser", _standard(), "utf-8")
    write_csv(folder, "rammefritak", _exemptions(), "utf-8-sig")
    write_csv(folder, "plankrav", _demands(), "utf-8")
    write_xlsx(folder, "workplacebrukere", _workplace_users())
    write_csv(folder, "lisensrevisjoner", _audits(), "utf-8-sig")
    return [
        _refusal("konto_uten_påloggingsnavn", "kontoer"),
        _refusal("ansettelse_uten_enhet", "ansettelser"),
    ]


def _refusal(name: str, register: str) -> Row:
    path = f"{FOLDER}/{register}_{AS_OF}.csv"
    return {"name": name, "file_name": path, "reason_keyword": "mangler"}


def _is_generic(given: Assigned) -> bool:
    return not BY_ID[given.sku_id].is_microsoft


# --- persons ------------------------------------------------------------------------------------


def _personal(account: Account) -> Row:
    canary = account.canary
    if canary is None:
        return dict(_EMPTY)
    return dict(zip(_PERSONAL, (canary.name, canary.birth_number, canary.manager), strict=True))


def _account(account: Account) -> Row:
    return {
        "account_key": account.login,
        "person_key": account.number or "",
        "unit_id": account.registered_unit,
        "deactivated_date": norwegian(account.deactivated),
        "is_external": yes(account.is_external),
        "is_on_platform": yes(account.is_on_platform),
        "account_type": "bruker",
        **_personal(account),
    }


def _refused_account() -> Row:
    canary = CANARIES[3]
    row = dict.fromkeys(("account_key", "unit_id", "deactivated_date", *_PERSONAL), "")
    names = dict(zip(_PERSONAL, (canary.name, canary.birth_number, canary.manager), strict=True))
    flags = {"is_external": "nei", "is_on_platform": "ja", "account_type": "bruker"}
    return {**row, **flags, **names, "person_key": canary.number}


def _employments(account: Account) -> Iterator[Row]:
    for post in account.employments:
        yield {
            "person_key": account.number,
            "unit_id": post.unit_id,
            "employment_type": "hovedstilling" if post.is_main else "bistilling",
            "valid_from": norwegian(post.first),
            "valid_to": norwegian(post.last),
            "post_share_percent": post.share,
            **_personal(account),
        }


def _refused_employment() -> Row:
    canary = CANARIES[3]
    account = Account("", canary.name, "", canary.number, (Employment(""),), canary=canary)
    return next(_employments(account))


# --- products -----------------------------------------------------------------------------------


def _money(ore: int | None) -> str:
    return "" if ore is None else kroner_text(ore)


def _terms() -> Iterator[Row]:
    for product in PRODUCTS:
        terms = {"commitment_floor": 0, "reserve": 0, **product.terms}
        for price, following in zip(product.prices, [*product.prices[1:], None], strict=False):
            last = following.first - timedelta(days=1) if following else None
            yield {
                "sku_id": product.part_number if product is E1 else product.sku_id,
                "publisher": product.publisher,
                "name": product.name,
                "valid_from": price.first,
                "valid_to": last,
                "unit_price_nok": _money(price.ore),
                "list_price_nok": _money(product.list_ore),
                "management_fee_nok": _money(price.management_ore),
                "commitment_floor": terms["commitment_floor"],
                "floor_until": terms.get("floor_until"),
                "earliest_reduction_date": terms.get("earliest_reduction_date"),
                "true_up_date": terms.get("true_up_date"),
                "is_transferable": yes(bool(terms.get("is_transferable", True))),
                "is_zero_cost_addon": yes(bool(terms.get("is_zero_cost_addon"))),
                "is_free_software": yes(bool(terms.get("is_free_software"))),
                "acquisition_type": terms.get("acquisition_type", "leie"),
                "reserve": terms["reserve"],
            }


def _workplace_term() -> Row:
    row: Row = dict.fromkeys(next(_terms()), None)
    named = {"sku_id": WORKPLACE, "publisher": "Arbeidsflaten", "name": "Workplace"}
    return {**row, **named, "valid_from": FIRST, "unit_price_nok": _money(WORKPLACE_ORE)}


def _entitlements(seats: dict[str, int], own: int) -> list[Row]:
    rows: list[Row] = []
    for product in PRODUCTS:
        if not product.is_registered:
            continue
        parts = [("", FIRST, seats[product.sku_id] - product.later, "R-2024-01")]
        if product is E1:
            parts[0] = ("", FIRST, seats[product.sku_id] - own, "R-2024-01")
            parts.append((OWN_POOL, FIRST, own, "R-2024-02"))
        if product.later:
            parts.append(("", DECEMBER, product.later, "R-2024-12"))
        rows += [
            {
                "sku_id": product.sku_id,
                "quantity": quantity,
                "unit_id": unit_id,
                "valid_from": first,
                "reference": reference,
            }
            for unit_id, first, quantity, reference in parts
        ]
    return rows


def _assignment(account: Account, given: Assigned) -> Row:
    since = norwegian(given.since)
    return {"sku_id": given.sku_id, "account_key": account.login, "valid_from": since}


def _usage(account: Account, given: Assigned) -> Row:
    day = norwegian(given.used)
    return {"sku_id": given.sku_id, "account_key": account.login, "activity": day}


def _standard() -> list[Row]:
    return [
        {"sku_id": sku_id, "valid_from": norwegian(FIRST), "legal_basis": CIRCULAR}
        for sku_id in sorted(STANDARD)
    ]


def _exemptions() -> list[Row]:
    rows = (("FOB", "", None), ("REG", E1.sku_id, EXEMPT_E1_ORE), ("REG", "", None))
    return [
        {
            "unit_id": unit_id,
            "sku_id": sku_id,
            "valid_from": norwegian(FIRST),
            "unit_price_nok": _money(ore),
            "legal_basis": CIRCULAR,
        }
        for unit_id, sku_id, ore in (*rows, ("VAV", "", None))
    ]


def _demands() -> list[Row]:
    row = {"service_plan_name": "INTUNE_A", "unit_id": "UKE", "valid_from": norwegian(FIRST)}
    return [{**row, "reason": "Enhetene skal kunne slettes når de er mistet"}]


def _workplace_users() -> list[Row]:
    return [
        {"unit_id": unit_id, "month": day, "active_count": count}
        for unit_id, counts in WORKPLACE_USERS.items()
        for day, count in zip(MONTH_ENDS, counts, strict=True)
    ]


def _audits() -> list[Row]:
    rate = _money(AUDIT_RATE_ORE)
    row = {"publisher": "Microsoft", "hourly_rate_nok": rate}
    formal = {**row, "audit_date": "15.11.2024", "is_formal": "ja", "hours": AUDIT_HOURS}
    return [formal, {**row, "audit_date": "20.12.2024", "is_formal": "nei", "hours": 12}]
