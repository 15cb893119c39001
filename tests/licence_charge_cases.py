"""A municipality's licences to charge: the worked cases of `licences.md`, and random ones.

What each costs is `tests.licence_charge_oracle`'s to say; here is what is given, and as a lake.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.licence_charge_oracle import FIRST, LAST, Account, Exemption, Given, Period, Post, Price

E1 = "18181a46-0d4e-45cd-891e-60aabd171b4e"
EMS = "efccb6f7-5641-4e0e-bd10-b4976e1bf68e"
E3 = "6fd2c87f-b296-42f0-b197-1e91e994b900"
E5 = "c7df2760-2c81-4ef7-b578-5b5392b571df"
M3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
F3 = "4b585984-651b-448a-9e53-3b10f069cf7f"
FREE = "f30db892-07e9-47e9-837c-80727f46fd3d"
DEAR = "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235"
NIX = "00000000-0000-4000-8000-000000000001"
PARTS = {E1: "STANDARDPACK", EMS: "EMS", E3: "ENTERPRISEPACK", FREE: "FLOW_FREE"}
PLANS = {E1: "AB", EMS: "C", E3: "ABD", E5: "ABDE", M3: "ABCD", F3: "AD", FREE: "F", DEAR: "G"}
MONTHS = tuple(dt.date(2024, month, 1) for month in (3, 4, 5, 6))
AS_OF = dt.date(2024, 6, 20)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _until(text: str) -> Period:
    return Period(last=dt.date.fromisoformat(text))


def _since(text: str) -> Period:
    return Period(first=dt.date.fromisoformat(text))


# The worked cases: name, account, products.
_GONE = _until("2024-03-01")
CASES: dict[str, tuple[Account, tuple[str, ...]]] = {
    account.key: (account, skus)
    for account, skus in (
        (Account("main", "two", "ALNA"), (E1,)),
        (Account("second", "two", "SKOLE"), (E1,)),
        (Account("e3", "three", "ALNA"), (E3,)),
        (Account("e3e1", "four", "ALNA"), (E3, E1)),
        (Account("vav", "five", "VAV"), (E1, E3, DEAR)),
        (Account("vavd", "six", "VAVD"), (E1, E3)),
        (Account("reg", "seven", "REG"), (E1,)),
        (Account("left", "left", "ALNA", _day("2024-03-01"), enabled=False), (E1,)),
        (Account("april", "april", "ALNA", _day("2024-04-30"), enabled=False), (E1, FREE)),
        (Account("may", "may", "ALNA", _day("2024-05-01"), enabled=False), (E1,)),
        (Account("late", "late", "ALNA", _day("2024-07-01")), (E1,)),
        (Account("ext", None, "ALNA", external=True), (FREE, E1)),
        (Account("guest", None, "ALNA", guest=True), (E3,)),
        (Account("nobody", None, "ALNA"), (E1, E3, FREE)),
        (Account("room", "two", "ALNA", kind="resource"), (E1, E3)),
        (Account("off", "eight", "ALNA", on_platform=False), (E1, E3)),
        (Account("further", "nine", "ALNA"), (E1,)),
        (Account("lost"), (E1,)),
        (Account("noprice", "ten", "ALNA"), (NIX,)),
        (Account("mover", "eleven"), (E1,)),
        (Account("begins", "twelve", "ALNA"), (E1,)),
        (Account("before", "thirteen", "ALNA", _day("2024-03-03"), enabled=False), (E1,)),
    )
}
POSTS = [
    Post("two", "ALNA", percent=60),
    Post("two", "SKOLE", main=False),
    *(Post(person, "ALNA") for person in ("three", "four", "eight", "ten", "april", "late")),
    *(Post(person, unit) for person, unit in (("five", "VAV"), ("six", "VAVD"), ("seven", "REG"))),
    Post("left", "ALNA", _GONE),
    Post("may", "ALNA", _until("2024-04-30")),
    Post("nine", "SKOLE", main=False),
    Post("twelve", "ALNA", _since("2024-03-31")),
    Post("thirteen", "ALNA", _GONE),
    Post("eleven", "ALNA", _until("2024-05-20")),
    Post("eleven", "VAV", _since("2024-05-21")),
]
PRICES = [
    Price(E1, 80_00, 5_00, when=_until("2024-05-30")),
    Price(E1, 84_50, 5_00, when=_since("2024-05-31")),
    Price(EMS, 30_25, 0),
    Price(E3, 215_10, 12_00),
    Price(E5, 390_00, 12_00, when=_until("2024-05-30")),
    Price(E5, None, 12_00, when=_since("2024-05-31")),
    Price(M3, 101_00, 7_00),
    Price(F3, 60_00, 0),
    Price(FREE, 99_00, 9_00, free=True),
    Price(DEAR, 0, 3_33),
]
EXEMPTIONS = [
    Exemption("VAV", 60_00, E1),
    Exemption("VAV", None, E3),
    Exemption("VAV", 71_00),
    Exemption("VAVD", 65_00),
    Exemption("REG", None, when=Period(dt.date(2024, 4, 30), dt.date(2024, 5, 30))),
]
STANDARD = [(E1, Period()), (EMS, _since("2024-04-30"))]
PARENTS = {"VAVD": "VAV", "SKOLE": "OPPVEKST"}
UNITS = ("ALNA", "SKOLE", "OPPVEKST", "VAV", "VAVD", "REG")


def _random(count: int, seed: int) -> tuple[list[Account], list[tuple[str, str]], list[Post]]:
    """Persons with up to three accounts and posts; the days lie close to the months' last days."""
    dice = random.Random(seed)
    accounts: list[Account] = []
    posts: list[Post] = []
    days = [dt.date(2024, 1, 25) + dt.timedelta(days=n) for n in range(0, 165)]
    for number in range(count):
        person = None if dice.random() < 0.1 else f"p{number:03}"
        for turn in range(dice.choice((1, 1, 2, 3))):
            gone = dice.choice(days) if dice.random() < 0.3 else None
            accounts.append(
                Account(
                    f"r{number:03}-{dice.randrange(10)}{turn}",
                    person,
                    dice.choice(UNITS),
                    gone,
                    external=dice.random() < 0.05,
                    guest=dice.random() < 0.05,
                    on_platform=dice.random() < 0.9,
                    kind=dice.choice(("user",) * 8 + ("resource", "service")),
                    enabled=dice.choice((True, True, True, None, False)),
                )
            )
        if person is not None:
            for unit in dice.sample(UNITS, dice.choice((0, 1, 1, 2, 3))):
                first, last = sorted((dice.choice(days), dice.choice(days)))
                first = FIRST if dice.random() < 0.6 else first
                last = LAST if dice.random() < 0.6 else last
                main = dice.random() < 0.7
                posts.append(Post(person, unit, Period(first, last), main, dice.randrange(1, 101)))
    skus = (*PLANS, NIX)
    held = [(a.key, sku) for a in accounts for sku in dice.sample(skus, dice.choice((1, 1, 2, 3)))]
    return accounts, held, posts


def _given(seed: int, **options: Any) -> Given:
    accounts, held, posts = _random(180, seed)
    return Given(
        [*(account for account, _ in CASES.values()), *accounts],
        [*((key, sku) for key, (_, skus) in CASES.items() for sku in skus), *held],
        [*POSTS, *posts],
        PRICES,
        EXEMPTIONS,
        STANDARD,
        PLANS,
        PARENTS,
        **options,
    )


GIVEN = {
    "full": _given(5),
    "difference": _given(6, basis="difference", rules_from=dt.date(2024, 4, 30)),
}


# --- the lake ---


def _register(*rows: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"source_sha256": "reg", "source_row": n, **row} for n, row in enumerate(rows, 1)]


def _dates(when: Period) -> dict[str, object]:
    return {
        "valid_from": None if when.first == FIRST else when.first,
        "valid_to": None if when.last == LAST else when.last,
    }


def _nok(ore: int | None) -> Decimal | None:
    return None if ore is None else Decimal(ore).scaleb(-2)


def exports(given: Given) -> dict[str, list[dict[str, object]]]:
    users: list[dict[str, object]] = []
    licences: list[dict[str, object]] = []
    for month in MONTHS:
        for row, account in enumerate(given.accounts, 1):
            users.append(
                {
                    "source_sha256": f"users{month}",
                    "source_row": row,
                    "account_key": account.key,
                    "is_enabled": account.enabled,
                    "user_type": "guest" if account.guest else "member",
                    "sign_in_activity": "unknown",
                }
            )
        for row, (key, sku) in enumerate(given.held, 1):
            licences.append(
                {
                    "source_sha256": f"users{month}",
                    "source_row": row,
                    "account_key": key,
                    "sku_id": sku,
                    "assigned_by": "direct",
                }
            )
    products = _register(
        *(
            {
                "sku_id": sku,
                "sku_part_number": PARTS.get(sku, sku[:8]),
                "product_name": PARTS.get(sku, sku[:8]),
                "service_plan_id": f"00000000-0000-4000-9000-00000000000{plan}".lower(),
                "service_plan_name": f"PROVE_{plan}",
            }
            for sku, plans in PLANS.items()
            for plan in plans
        )
    )
    return {
        "m365_user": users,
        "m365_user_licence": licences,
        "m365_product_plan": products,
    }


def registers(given: Given) -> dict[str, list[dict[str, object]]]:
    accounts = (
        {
            "account_key": a.key,
            "person_key": a.person,
            "unit_id": a.unit,
            "deactivated_date": a.deactivated,
            "is_external": a.external,
            "is_on_platform": a.on_platform,
            "account_type": a.kind,
        }
        for a in given.accounts
    )
    posts = (
        {
            "person_key": p.person,
            "unit_id": p.unit,
            "employment_type": "main" if p.main else "further",
            "post_share_percent": None if p.percent is None else Decimal(p.percent),
            **_dates(p.when),
        }
        for p in given.posts
    )
    terms = (
        {
            "sku_id": PARTS.get(p.sku, p.sku),
            "publisher": "Microsoft",
            "unit_price_nok": _nok(p.ore),
            "management_fee_nok": _nok(p.fee),
            "is_zero_cost_addon": p.free,
            **_dates(p.when),
        }
        for p in (*given.prices, Price("Workplace", 33_33))
    )
    exemptions = (
        {"unit_id": e.unit, "sku_id": e.sku, "unit_price_nok": _nok(e.ore), **_dates(e.when)}
        for e in (*given.exemptions, Exemption("VAV", 20_00, "WORKPLACE"))
    )
    return {
        "reg_unit": _register(
            *({"unit_id": u, "name": u, "parent_unit_id": PARENTS.get(u)} for u in UNITS)
        ),
        "reg_account": _register(*accounts),
        "reg_employment": _register(*posts),
        "reg_licence_term": _register(*terms),
        "reg_frame_exemption": _register(*exemptions),
        "reg_standard_licence": _register(
            *({"sku_id": PARTS[sku], **_dates(when)} for sku, when in given.standard)
        ),
        "reg_workplace_user": _register(
            {"unit_id": "ALNA", "month": dt.date(2024, 6, 30), "active_count": 120},
            {"unit_id": "VAVD", "month": dt.date(2024, 6, 1), "active_count": 7},
            {"unit_id": "REG", "month": dt.date(2024, 5, 1), "active_count": 5},
            {"unit_id": "REG", "month": dt.date(2024, 4, 1), "active_count": 4},
            {"unit_id": "ALNA", "month": dt.date(2024, 3, 1), "active_count": 3},
        ),
        "reg_licence_audit": _register(
            {
                "publisher": "Microsoft",
                "audit_date": dt.date(2024, 5, 7),
                "is_formal": True,
                "hours": Decimal("12.25"),
                "hourly_rate_nok": Decimal("1450.50"),
            },
            {
                "publisher": "Microsoft",
                "audit_date": dt.date(2024, 5, 8),
                "is_formal": False,
                "hours": Decimal(8),
                "hourly_rate_nok": Decimal("1450.50"),
            },
        ),
    }
