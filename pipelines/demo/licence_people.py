"""Who has accounts in the invented municipality: the many, drawn, and the few that are planted.

Everything is invented; the sign-in names say nothing of anybody. What a planted account must lead
to is written by hand beside it, from `licences.md`. Days of activity keep away from the limits of
the coarse buckets (30, 90 and 180 days), so that it doesn't matter which report tells them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from pipelines.demo import licence_products as products
from pipelines.demo.licence_canaries import CANARIES, Canary
from pipelines.demo.units import ACTIVE_UNITS, department

MONTH_ENDS = (date(2024, 10, 31), date(2024, 11, 30), date(2024, 12, 31))
LAST = MONTH_ENDS[-1]
BEGINNING = date(2023, 2, 1)
DOMAIN = "konto.lindvik.example"  # in nothing but sign-in names
EXEMPT_UNITS = ("FOB", "REG", "VAV")
SERVICES = ("exchange", "onedrive", "sharepoint", "skype", "yammer", "teams")
MAIL_AND_TEAMS = frozenset(("exchange", "teams"))
EVERYTHING = frozenset(("exchange", "onedrive", "sharepoint", "teams", "office_apps"))
GROUPS = {
    products.E1.sku_id: "7a4c0000-0000-4000-8000-00000000e001",
    products.EMS.sku_id: "7a4c0000-0000-4000-8000-00000000e002",
}
SIZES = {"municipality": 6_000, "city": 60_000, "small": 600}
HEALTH_USERS, CREATIVE_USERS, CREATIVE_NEVER = 30, 18, 4


@dataclass(frozen=True)
class Assigned:
    """A product on an account: directly, by a group or both; `used` is of other publishers."""

    sku_id: str
    is_direct: bool = True
    is_group: bool = False
    since: date = BEGINNING
    used: date | None = None


@dataclass(frozen=True)
class Employment:
    """A post: `last` is the last day."""

    unit_id: str
    is_main: bool = True
    first: date = date(2020, 8, 1)
    last: date | None = None
    share: int = 100


@dataclass(frozen=True)
class Account:
    """An account with all that the exports and registers tell of it.

    `number` is the employee number of the person who has it. `is_further` is planted knowledge:
    the person's main employment is another account's. `unit_id` is the unit it must be found in,
    `registered_unit` what the register of accounts says of that.
    """

    login: str
    name: str
    unit_id: str
    number: str | None
    employments: tuple[Employment, ...] = ()
    licences: tuple[Assigned, ...] = ()
    last_active: date | None = None
    services: frozenset[str] = MAIL_AND_TEAMS
    mailbox_gb: int = 3
    created: date = BEGINNING
    deactivated: date | None = None
    is_external: bool = False
    is_further: bool = False
    is_on_platform: bool = True
    is_registered: bool = True
    registered_unit: str = ""
    department: str = ""
    canary: Canary | None = None

    def exists(self, day: date) -> bool:
        """Whether the export of that day has it."""
        return self.created <= day

    def is_enabled(self, day: date) -> bool:
        """Whether it can be signed in to: from the day of deactivation it can't."""
        return self.deactivated is None or self.deactivated > day

    def active_until(self, day: date) -> date | None:
        """Return the last activity that was known on a day; a later one had one like it before."""
        if self.last_active is None or self.last_active <= day:
            return self.last_active
        return day - timedelta(days=(LAST - self.last_active).days % 20 + 1)

    def held(self, day: date) -> Iterator[Assigned]:
        """Give the products on the account on a day."""
        return (given for given in self.licences if given.since <= day)


@dataclass(frozen=True)
class Planted:
    """A planted case: what must stand of one product on the account.

    `rows` are the rows of the charge table in October, November and December 2024; `finding` is the
    first finding in order at the end of December, None for none.
    """

    name: str
    description: str
    account: Account
    sku_id: str
    rows: tuple[int, int, int]
    finding: str | None


@dataclass(frozen=True)
class People:
    """All accounts, the planted ones first, and rows that must be refused."""

    accounts: tuple[Account, ...]
    planted: tuple[Planted, ...]
    nameless: Account = field(default_factory=lambda: _nameless())


_DEPARTMENTS = {unit.unit_id: department(unit) for unit in ACTIVE_UNITS}
_RECENT = LAST - timedelta(days=5)


def _by_group(product: products.Product) -> Assigned:
    return Assigned(product.sku_id, is_direct=False, is_group=True)


_E1, _EMS = _by_group(products.E1), _by_group(products.EMS)


def make_people(scale: str, seed: int) -> People:
    """Return the people of a demo; scales without a size of their own get 200 accounts."""
    planted = tuple(_planted())
    own = {case.account.login: case.account for case in planted}
    accounts = (*own.values(), *_companions())
    number = SIZES.get(scale, 200) - len(accounts)
    return People((*accounts, *_crowd(number, seed)), planted)


# --- the many -----------------------------------------------------------------------------------


def _crowd(number: int, seed: int) -> Iterator[Account]:
    random = Random(f"licences:{seed}")
    units = random.choices(
        [unit.unit_id for unit in ACTIVE_UNITS],
        [unit.weight + 0.2 for unit in ACTIVE_UNITS],
        k=number,
    )
    for index, unit_id in enumerate(units):
        yield _one_of_many(index, unit_id, random.randrange(100), random.randrange(20))


def _one_of_many(index: int, unit_id: str, lot: int, days: int) -> Account:
    account = Account(
        login=f"b{index:06}@{DOMAIN}",
        name=f"Eksempel Bruker {index}",
        unit_id=unit_id,
        number=f"L{200_000 + index}",
        employments=(Employment(unit_id),),
        licences=(_E1, _EMS),
        last_active=LAST - timedelta(days=days + 1),
        department=_DEPARTMENTS[unit_id],
    )
    if index < HEALTH_USERS + CREATIVE_USERS:
        return replace(account, licences=(*account.licences, _other_publisher(index)))
    if lot < 12:
        return _with_e3(account, lot)
    if lot < 15:
        return replace(account, last_active=LAST - timedelta(days=125 + days))
    if lot < 17:
        return replace(account, last_active=LAST - timedelta(days=230 + 5 * days))
    if lot < 20:
        return replace(account, last_active=None)
    if lot < 30:
        return replace(account, last_active=LAST - timedelta(days=45 + days))
    if lot < 32:
        return _with(account, products.POWER_BI)
    if lot < 37:
        return _with(account, products.FLOW_FREE)
    if lot == 37:
        created = date(2024, 12, 3) + timedelta(days=days // 2)
        return replace(account, created=created, last_active=LAST - timedelta(days=days % 10 + 1))
    return account


def _other_publisher(index: int) -> Assigned:
    if index < HEALTH_USERS:
        return Assigned(products.HEALTH_SYSTEM, since=date(2024, 2, 1), used=_RECENT)
    is_used = index - HEALTH_USERS >= CREATIVE_NEVER
    return Assigned(products.CREATIVE, since=date(2024, 2, 1), used=_RECENT if is_used else None)


def _with(account: Account, *more: products.Product) -> Account:
    extra = (Assigned(product.sku_id) for product in more)
    return replace(account, licences=(*account.licences, *extra))


def _with_e3(account: Account, lot: int) -> Account:
    found = replace(account, licences=(_EMS,), services=EVERYTHING)
    if lot == 0:
        return replace(
            found, licences=(_EMS, Assigned(products.E3.sku_id, since=products.DECEMBER))
        )
    return _with(found, products.E3, products.VISIO) if lot < 3 else _with(found, products.E3)


# --- the few ------------------------------------------------------------------------------------


def _account(name: str, unit_id: str, *licences: Assigned, **more: object) -> Account:
    """Return an account of an employee with one post in the unit, where nothing else is said."""
    account = Account(
        login=f"{name.replace('_', '.')}@{DOMAIN}",
        name=f"Eksempel {name.replace('_', ' ').capitalize()}",
        unit_id=unit_id,
        number=f"L{name}",
        employments=(Employment(unit_id),),
        licences=licences or (_E1, _EMS),
        last_active=_RECENT,
        department=_DEPARTMENTS[unit_id],
    )
    return replace(account, **more)  # type: ignore[arg-type]


def _planted() -> Iterator[Planted]:
    yield from _deactivated()
    yield from _posts_and_accounts()
    yield from _idle()
    yield from _products()
    for number, canary in enumerate(CANARIES[:2], 1):
        account = _account(f"kanari_{number}", "BAL")
        account = replace(
            account, login=canary.login, name=canary.name, number=canary.number, canary=canary
        )
        yield _case(f"kanari_{number}", "Skal ikke finnes igjen", account, (5, 5, 5), None)


def _case(
    name: str,
    description: str,
    account: Account,
    rows: tuple[int, int, int],
    finding: str | None,
    product: products.Product = products.E1,
) -> Planted:
    return Planted(name, description, account, product.sku_id, rows, finding)


def _left(name: str, day: date, **more: object) -> Account:
    post = Employment("BSA", last=day)
    return _account(
        name,
        post.unit_id,
        employments=(post,),
        deactivated=day,
        last_active=day - timedelta(days=3),
        **more,
    )


def _deactivated() -> Iterator[Planted]:
    for name, day, rows, finding in (
        ("deaktivert_60_dager", date(2024, 11, 1), (5, 5, 5), "disabled"),
        ("deaktivert_61_dager", date(2024, 10, 31), (5, 5, 3), "disabled_over_60"),
        ("deaktivert_91_dager", date(2024, 10, 1), (5, 5, 3), "disabled_over_60"),
    ):
        yield _case(name, f"Sluttet og ble deaktivert {day}", _left(name, day), rows, finding)


def _posts_and_accounts() -> Iterator[Planted]:
    main = _account("hovedkonto", "BAL")
    second = _account(
        "annen_konto",
        "HEL",
        number=main.number,
        employments=(),
        is_further=True,
        registered_unit="HEL",
    )
    main = replace(
        main, registered_unit="BAL", employments=(Employment("BAL"), Employment("HEL", False))
    )
    yield _case("hovedkonto", "E1 på hovedkontoen", main, (5, 5, 5), None)
    text = "E1 på samme persons andre aktive konto"
    yield _case("annen_konto", text, second, (4, 4, 4), "several_accounts")
    posts = (Employment("BGR", share=60), Employment("HEL", False, share=40))
    account = _account("to_stillinger", "BGR", employments=posts)
    yield _case("to_stillinger", "To stillinger, én konto", account, (5, 5, 5), None)
    posts = (Employment("DEI", share=50), Employment("KUL", share=50))
    account = _account("to_hovedstillinger", "DEI", employments=posts)
    text = "Hovedstilling i to enheter samme dag"
    yield _case("to_hovedstillinger", text, account, (5, 5, 5), None)
    account = _account("unntatt_enhet", "VAV")
    yield _case("unntatt_enhet", "E1 i en unntatt enhet", account, (1, 1, 1), None)
    yield from _without_employment()


def _without_employment() -> Iterator[Planted]:
    nobody = {"number": None, "employments": ()}
    free = Assigned(products.FLOW_FREE.sku_id)
    outside = {**nobody, "is_external": True, "registered_unit": "OBY"}
    account = _account("ekstern_med_gratis_tillegg", "OBY", free, **outside)
    text = "Ekstern med gratis tillegg"
    rows = (2, 2, 2)
    yield _case(account_name(account), text, account, rows, "external", products.FLOW_FREE)
    account = _account("ekstern", "OBY", _E1, **outside)
    yield _case("ekstern", "Ekstern uten gratis tillegg", account, rows, "external")
    account = _account("uten_eier", "ORI", _E1, registered_unit="ORI", **nobody)
    text = "E1 på en konto som ingen person har"
    yield _case("uten_eier", text, account, (8, 8, 8), "no_employment")
    account = _account("uten_registerrad", "BFR", _E1, is_registered=False, **nobody)
    text = "Finnes ikke i registrene; enheten er funnet ved avdelingen"
    yield _case("uten_registerrad", text, account, (8, 8, 8), "no_employment")
    ended = (Employment("BUN", last=date(2024, 9, 30)),)
    account = _account("sluttet_ikke_sperret", "BUN", employments=ended)
    text = "Sluttet, men kontoen er ikke sperret"
    yield _case("sluttet_ikke_sperret", text, account, (8, 8, 8), "no_employment")
    account = _account("utenfor_plattformen", "MUN", is_on_platform=False)
    text = "Standardlisens utenfor felles plattform"
    yield _case("utenfor_plattformen", text, account, (8, 8, 8), None)


def account_name(account: Account) -> str:
    """Return the name of a planted case from its sign-in name."""
    return account.login.partition("@")[0].replace(".", "_")


def _idle() -> Iterator[Planted]:
    for name, last, finding in (
        ("aldri_brukt", None, "never_used"),
        ("inaktiv_180_dager", LAST - timedelta(days=130), "inactive"),
        ("inaktiv_lenge", LAST - timedelta(days=300), "inactive"),
    ):
        account = _account(name, "BGD", last_active=last)
        yield _case(name, f"Sist aktiv {last}", account, (5, 5, 5), finding)


def _products() -> Iterator[Planted]:
    p = products
    both = Assigned(p.EMS.sku_id, is_direct=True, is_group=True)
    account = _account("direkte_og_gruppe", "BBJ", _E1, both)
    text = "Samme produkt direkte og fra gruppe"
    yield _case("direkte_og_gruppe", text, account, (5, 5, 5), "direct_and_group", p.EMS)
    e3, e5 = Assigned(p.M365_E3.sku_id), Assigned(p.M365_E5.sku_id)
    account = _account("e3_ved_siden_av_e5", "BBY", e3, e5, services=EVERYTHING)
    text = "Alt i E3 er også i E5"
    yield _case("e3_ved_siden_av_e5", text, account, (7, 7, 7), "contained_plan", p.M365_E3)
    sevens = (7, 7, 7)
    for name, product, rest in (
        ("e3_bare_epost_og_teams", p.E3, (_EMS,)),
        ("e5_bare_epost_og_teams", p.M365_E5, ()),
    ):
        account = _account(name, "BST", Assigned(product.sku_id), *rest)
        text = "Bruker bare e-post og Teams"
        yield _case(name, text, account, sevens, "above_need", product)
    beyond = "beyond_standard"
    for name, product, more in (
        ("e3_i_full_bruk", p.E3, {}),
        ("stor_postkasse", p.E3, {"mailbox_gb": 62}),
    ):
        account = _account(name, "BNO", Assigned(product.sku_id), _EMS, **more)
        account = replace(account, services=EVERYTHING)
        yield _case(name, "E3 på hovedkontoen", account, sevens, beyond, product)
    account = _account("e3_i_unntatt_enhet", "FOB", Assigned(p.E3.sku_id), _EMS)
    account = replace(account, services=EVERYTHING)
    text = "E3 i en unntatt enhet"
    yield _case("e3_i_unntatt_enhet", text, account, (1, 1, 1), beyond, p.E3)
    for name, product, row, finding in (
        ("ukjent_produkt", p.UNKNOWN, 7, beyond),
        ("uten_pris", p.WITHOUT_PRICE, 7, beyond),
        ("uten_beholdning", p.PROJECT, 7, beyond),
        ("gratis_tillegg", p.FLOW_FREE, 6, "free_addon"),
        ("fri_programvare", p.FREE_MAPS, 7, None),
    ):
        used = _RECENT if product is p.FREE_MAPS else None
        account = _account(name, "UKE", _E1, _EMS, Assigned(product.sku_id, used=used))
        rows = (row, row, row)
        yield _case(
            name,
            f"Har {product.name or 'et produkt ingen kjenner'}",
            account,
            rows,
            finding,
            product,
        )


def _companions() -> Iterator[Account]:
    """Give more accounts with the odd products, so that their seats are more than one."""
    for number, product in enumerate(
        (products.UNKNOWN, *[products.WITHOUT_PRICE] * 4, *[products.PROJECT] * 2), 1
    ):
        yield _account(f"flere_{number}", "UKE", _E1, _EMS, Assigned(product.sku_id))
    # One that is new in November: no two months have the same export.
    yield _account("ny_i_november", "UKE", created=date(2024, 11, 12))


def _nameless() -> Account:
    """Return the row without a sign-in name, which must be refused."""
    canary = CANARIES[2]
    account = _account("uten_brukernavn", "BAL")
    return replace(account, login="", name=canary.name, number=canary.number, canary=canary)
