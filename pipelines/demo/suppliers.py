"""The demo's suppliers: who they are, what they sell, and which of them are on which lot.

Every name is invented, except those of the five companies that the circulars name; every
organisation number is. How much each sells is decided in `purchases`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from pipelines.demo.agreements import (
    KS_LINPRO,
    KS_MICROSOFT,
    MICROSOFT_AGREEMENT,
    OCCUPATIONAL_HEALTH_AGREEMENT,
    SUBCONTRACT_AGREEMENT,
    SUCCESSION_AGREEMENT,
    Agreement,
    Member,
    Plan,
    build_agreements,
)
from pipelines.demo.categories import (
    CATEGORIES,
    CATEGORY_BY_ID,
    MICROSOFT_LICENCES,
    OCCUPATIONAL_HEALTH,
    Category,
)
from pipelines.demo.identifiers import OrgnrSource
from pipelines.demo.misspellings import FirmName, firm_name, in_region
from pipelines.demo.units import ENTERPRISE, MUNICIPALITY

AVONOVA, ARBEIDSMILJOHUSET = "Avonova Helse AS", "Arbeidsmiljøhuset AS"
ATEA, MICROSOFT, LINPRO = "Atea AS", "Microsoft Norge", "Linpro"
HEIR, SUBCONTRACTORS = "Lindvik Drivstoff AS", ("Sørbygda Såpe AS", "Kleivdal Kjemi AS")
HANDED_OVER = date(2024, 1, 1)
_NAMED = {
    (OCCUPATIONAL_HEALTH_AGREEMENT, "1"): AVONOVA,
    (OCCUPATIONAL_HEALTH_AGREEMENT, "2"): ARBEIDSMILJOHUSET,
    (OCCUPATIONAL_HEALTH_AGREEMENT, "3"): ARBEIDSMILJOHUSET,
    (MICROSOFT_AGREEMENT, "1"): ATEA,
    (KS_MICROSOFT, "1"): MICROSOFT,
    (KS_LINPRO, "1"): LINPRO,
}
_STEM_A = [
    "Brat",
    "Kvist",
    "Lyng",
    "Myr",
    "Skjel",
    "Tind",
    "Torv",
    "Vass",
    "Orm",
    "Hegg",
    "Svart",
    "Grå",
    "Rog",
    "Sel",
    "Trå",
    "Vind",
    "Krå",
    "Fjell",
    "Dyr",
    "Helm",
    "Kjerr",
    "Ljos",
    "Mose",
    "Nav",
    "Rim",
    "Sval",
    "Tåke",
    "Ugl",
    "Varg",
    "Øy",
    "Ulv",
    "Bjørk",
    "Dun",
    "Elve",
    "Fann",
    "Gaul",
    "Haug",
    "Isel",
    "Jord",
    "Knatt",
]
_STEM_B = [
    "fonn",
    "eid",
    "dun",
    "varde",
    "brå",
    "brekke",
    "lid",
    "nes",
    "tangen",
    "moen",
    "stø",
    "bakk",
    "hylla",
    "kleiv",
    "myra",
    "roa",
    "skar",
    "sund",
    "torp",
    "vika",
    "åsen",
    "heim",
    "løkka",
    "fossen",
    "grend",
]
_TRADE = {
    "HMS": "Helse Vern Arbeidsmiljø",
    "Programvare": "Data System Programvare",
    "IT-utstyr": "IT Data Elektronikk",
    "Konsulenter": "Rådgivning Konsult Kompetanse",
    "Kontor": "Kontor Rekvisita Papir",
    "Møbler": "Møbler Interiør Innredning",
    "Mat og drikke": "Mat Engros Kolonial",
    "Medisinsk": "Medisin Medi Apotekvarer",
    "Helse- og omsorgstjenester": "Omsorg Helse Bistand",
    "Håndverk": "Håndverk Montasje Service",
    "Bygg og anlegg": "Bygg Anlegg Entreprenør",
    "Eiendomsdrift": "Eiendom Drift Service",
    "Energi": "Energi Kraft Varme",
    "Transport": "Transport Bil Buss",
    "Skole og barnehage": "Skole Læring Barnehage",
    "Opplæring": "Kurs Læring Akademi",
    "Kommunikasjon": "Trykk Media Reklame",
    "Kultur": "Kultur Scene Bok",
    "Vann og miljø": "Vann Miljø Kjemi",
    "Beredskap": "Beredskap Redning Sikring",
    "Diverse": "Handel Gave Butikk",
    "Husleie": "Eiendom Gård Utleie",
    "Gebyrer": "Forening Forbund Tilsyn",
}
_TOWNS = ("Lindvik", "Nordeidet", "Sørbygda", "Vesterhavn", "Myrtangen", "Storhylla", "Kleivdal")
_FORMS = ("AS", "AS", "AS", "AS", "AS", "AS", "AS", "ENK", "ANS", "SA", "ASA", "STI")

_THRESHOLD_SELLERS = ("Storhylla Utleie AS", "Nordeidet Leveranse AS", "Myrtangen Varehus AS")
_THRESHOLDS = tuple(f"K41{number}" for number in range(1, 9))

# country, endpoint scheme, currency
_FOREIGN = (
    ("SE", "0007", "SEK"),
    ("DE", "9930", "EUR"),
    ("US", "0060", "USD"),
    ("SE", "0007", "SEK"),
    ("NL", "9944", "EUR"),
    ("GB", "9932", "GBP"),
)


@dataclass
class Supplier:
    """A supplier. `supplier_id` is the key that the warehouse must find for it.

    `role` is agreement, market, public, internal, or planted: one that sells in written-out cases
    only; `lots` are the lots that it is on.
    """

    index: int
    supplier_id: str
    name: str
    orgnr: str | None
    vat_id: str | None
    scheme: str
    identifier: str
    country: str
    form: str
    role: str
    categories: tuple[str, ...]
    currency: str = "NOK"
    is_public: bool = False
    is_internal: bool = False
    is_registered: bool = True
    is_single: bool = False
    sends_codes: bool = True
    uses_ehf2: bool = False
    variant: str | None = None
    factoring: str | None = None
    years: tuple[int, ...] = (2023, 2024)
    lots: list[tuple[str, str]] = field(default_factory=list)
    number_style: int = 0
    next_number: int = 1
    mean_nok: Decimal = Decimal(0)

    @property
    def population_reason(self) -> str | None:
        """Why the supplier's lines are outside the STD population, None where they're inside."""
        if self.is_public:
            return "public_body"
        return "internal" if self.is_internal else None

    @property
    def town(self) -> str:
        """The invented town of its address."""
        return _TOWNS[self.index % len(_TOWNS)]

    def known_category(self, category_id: str, is_coded: bool) -> str | None:
        """Return what can be known of a line's category: its code, else the only category."""
        return category_id if is_coded or self.is_single else None

    def take_number(self, year: int) -> str:
        """Return the supplier's next document number, in its own style."""
        number = self.next_number
        self.next_number += 1
        if self.number_style == 0:
            return f"{10_000 + number}"
        if self.number_style == 1:
            return f"F{year}-{number:05d}"
        return f"{self.index:04d}/{number:06d}"


class Pool:
    """All suppliers, and the plan of agreements that they are part of."""

    def __init__(self, seed: int, count: int) -> None:
        self._random = Random(f"suppliers:{seed}")
        self._numbers = OrgnrSource()
        self._names: set[str] = set()
        self.buyer_orgnr = self._numbers.take()
        self.suppliers: list[Supplier] = []
        self.plan = Plan(build_agreements())
        self._add_lot_suppliers()
        self._add_heir()
        self._add_outside(count)
        self._add_market(count)
        self._add_duplicate_names()
        self._set_habits()
        self.threshold_sellers = [self._planted(name, _THRESHOLDS) for name in _THRESHOLD_SELLERS]
        self._add_subcontractors()
        self.firms = self._firms(max(12, min(240, count // 18)))

    @property
    def enterprise_orgnr(self) -> str:
        """The number of the municipal enterprise that buys, and keeps a ledger, by itself."""
        return self.named(ENTERPRISE.name).identifier

    def named(self, name: str) -> Supplier:
        """Return the supplier of that name."""
        return next(s for s in self.suppliers if s.name == name)

    def market(self, category_id: str) -> list[Supplier]:
        """Return Norwegian suppliers that sell the category and are on no agreement."""
        return [
            s
            for s in self.suppliers
            if s.role == "market" and s.orgnr is not None and category_id in s.categories
        ]

    def _name(self, category: Category, form: str) -> str:
        trades = _TRADE[category.faggruppe].split()
        while True:
            stem = self._random.choice(_STEM_A) + self._random.choice(_STEM_B)
            name = f"{stem} {self._random.choice(trades)}"
            name = name if form in ("ENK", "STI", "KOMM") else f"{name} {form}"
            if name in self._names:
                name = f"{stem} {self._random.choice(_TOWNS)} {trades[0]} {form}"
            if name not in self._names:
                self._names.add(name)
                return name

    def _add(self, name: str, form: str, role: str, categories: tuple[str, ...]) -> Supplier:
        orgnr = self._numbers.take()
        supplier = Supplier(
            index=len(self.suppliers),
            supplier_id=f"NO{orgnr}",
            name=name,
            orgnr=orgnr,
            vat_id=f"NO{orgnr}MVA",
            scheme="0192",
            identifier=orgnr,
            country="NO",
            form=form,
            role=role,
            categories=categories,
        )
        self.suppliers.append(supplier)
        return supplier

    def _add_lot_suppliers(self) -> None:
        for agreement in self.plan.agreements:
            for lot in agreement.lots:
                named = _NAMED.get((agreement.agreement_id, lot.lot))
                for rank in range(1, lot.places + 1):
                    supplier = self._lot_supplier(agreement, lot.categories, named)
                    supplier.lots.append((agreement.agreement_id, lot.lot))
                    is_ranked = lot.call_off == "rangert"
                    member = Member(supplier.supplier_id, supplier.name, rank if is_ranked else 1)
                    lot.members.append(member)
        leaver = self.plan.by_id["SA-2022-09"].lots[0].members[-1]
        leaver.valid_to = self.plan.by_id["SA-2022-09"].last.replace(year=2023, month=12, day=31)

    def _add_heir(self) -> None:
        """Let a supplier go over into another with a number of its own, at New Year."""
        lot = self.plan.by_id[SUCCESSION_AGREEMENT].lots[0]
        member = lot.members[-1]
        old = next(s for s in self.suppliers if s.supplier_id == member.supplier_id)
        heir = self._add(HEIR, "AS", "agreement", old.categories)
        heir.lots = list(old.lots)
        old.years, heir.years = (HANDED_OVER.year - 1,), (HANDED_OVER.year,)
        member.valid_to, member.heir_id = HANDED_OVER - timedelta(days=1), heir.supplier_id
        taken = Member(heir.supplier_id, HEIR, member.rank, HANDED_OVER, is_heir=True)
        lot.members.append(taken)

    def _add_subcontractors(self) -> None:
        """Name two subcontractors on an agreement; units may order from the second."""
        lot = self.plan.by_id[SUBCONTRACT_AGREEMENT].lots[0]
        for place, name in enumerate(SUBCONTRACTORS):
            supplier = self._planted(name, lot.categories)
            member = Member(supplier.supplier_id, name, 1, is_subcontractor=True)
            member.is_direct = place == 1
            lot.members.append(member)

    def _lot_supplier(
        self, agreement: Agreement, categories: tuple[str, ...], named: str | None
    ) -> Supplier:
        if named is not None:
            for supplier in self.suppliers:
                if supplier.name == named:
                    return supplier
            self._names.add(named)
            extra = ("K113",) if named == ATEA else ()
            return self._add(named, "AS", "agreement", (*categories, *extra))
        form = "AS" if self._random.random() < 0.9 else "ASA"
        name = self._name(CATEGORY_BY_ID[categories[0]], form)
        return self._add(name, form, "agreement", categories)

    def _add_outside(self, count: int) -> None:
        own = self._add(MUNICIPALITY, "KOMM", "internal", ("K302", "K213"))
        own.orgnr = own.identifier = self.buyer_orgnr
        own.supplier_id, own.vat_id = f"NO{self.buyer_orgnr}", f"NO{self.buyer_orgnr}MVA"
        self._add(ENTERPRISE.name, "KF", "internal", ("K301", "K213"))
        self._add("Lindvik Arbeid og inkludering KF", "KF", "internal", ("K165", "K213"))
        for supplier in self.suppliers[-3:]:
            supplier.is_internal = True
        for number in range(max(6, count // 40)):
            stem = self._random.choice(_STEM_A) + self._random.choice(_STEM_B)
            kind = ("kommune", "fylkeskommune", "tilsyn")[number % 3]
            form = ("KOMM", "FYLK", "ORGL")[number % 3]
            categories = (("K302", "K183"), ("K302", "K233"), ("K302",))[number % 3]
            name = f"{stem} {kind}"
            if name in self._names:
                name = f"{stem} {kind} {number}"
            self._names.add(name)
            self._add(name, form, "public", categories).is_public = True

    def _add_market(self, count: int) -> None:
        pickable = [c for c in CATEGORIES if c.weight > 0 and c.category_id != "K302"]
        weights = [c.weight * (0.45 if self._is_bound(c) else 1.0) for c in pickable]
        for category in filter(self._is_bound, CATEGORIES):
            for _ in range(3 if category.category_id == OCCUPATIONAL_HEALTH else 1):
                self._add_market_supplier(category, pickable)
        for number in range(max(6, count // 100)):
            self._add_foreign(number)
        while len(self.suppliers) < count:
            category = self._random.choices(pickable, weights)[0]
            self._add_market_supplier(category, pickable)

    def _is_bound(self, category: Category) -> bool:
        found = self.plan.by_category.get(category.category_id, ())
        return any(agreement.is_binding for agreement in found)

    def _add_market_supplier(self, category: Category, pickable: list[Category]) -> Supplier:
        form = self._random.choice(_FORMS)
        categories = [category.category_id]
        if self._random.random() < 0.2 and category.category_id != OCCUPATIONAL_HEALTH:
            near = [c.category_id for c in pickable if c.faggruppe == category.faggruppe]
            extra = self._random.choice(near)
            if extra not in categories and extra != MICROSOFT_LICENCES:
                categories.append(extra)
        return self._add(self._name(category, form), form, "market", tuple(categories))

    def _add_foreign(self, number: int) -> None:
        country, scheme, currency = _FOREIGN[number % len(_FOREIGN)]
        category = CATEGORY_BY_ID[("K113", "K282", "K132")[number % 3]]
        suffix = {"SE": "AB", "DE": "GmbH", "US": "Inc", "NL": "BV", "GB": "Ltd"}[country]
        supplier = self._add(self._name(category, suffix), suffix, "market", ())
        supplier.categories = (category.category_id,)
        supplier.country, supplier.scheme, supplier.currency = country, scheme, currency
        _make_foreign(supplier)

    def _add_duplicate_names(self) -> None:
        """Give some suppliers another one's name, and some a second spelling of their own."""
        market = [s for s in self.suppliers if s.role == "market" and s.orgnr is not None]
        for first, second in zip(market[3::60], market[33::60], strict=False):
            second.name, second.form = first.name, first.form
        for supplier in market[5::17]:
            supplier.variant = supplier.name.upper()

    def _planted(self, name: str, categories: tuple[str, ...]) -> Supplier:
        supplier = self._add(name, "AS", "planted", categories)
        supplier.years = ()
        return supplier

    def _firms(self, count: int) -> list[tuple[Supplier, FirmName]]:
        """Return firms that `twins` writes about; each fourth has a namesake in the north."""
        names: list[FirmName] = []
        for number in range(count):
            names.append(firm_name(number))
            if number % 4 == 0:
                names.append(in_region(names[-1]))
        return [(self._planted(name.text, (name.category_id,)), name) for name in names]

    def _set_habits(self) -> None:
        draw = self._random.random
        for supplier in self.suppliers:
            supplier.number_style = self._random.randrange(3)
            supplier.next_number = self._random.randrange(1, 4000)
            is_fixed = supplier.role == "agreement"
            supplier.sends_codes = draw() < (0.7 if is_fixed else 0.55)
            can_be_single = len(supplier.categories) == 1 and OCCUPATIONAL_HEALTH not in (
                supplier.categories
            )
            supplier.is_single = can_be_single and draw() < (0.3 if supplier.sends_codes else 0.96)
            supplier.uses_ehf2 = supplier.orgnr is not None and draw() < 0.04
            supplier.factoring = "Eksempel Factoring AS" if draw() < 0.01 else None
            is_named = supplier.name in (AVONOVA, ARBEIDSMILJOHUSET, ATEA, MICROSOFT, LINPRO)
            if is_named or OCCUPATIONAL_HEALTH in supplier.categories:
                supplier.sends_codes, supplier.uses_ehf2 = True, False
                supplier.is_single, supplier.factoring = False, None
            if supplier.role == "market":
                _set_market_habits(supplier, draw(), draw())


def _set_market_habits(supplier: Supplier, presence: float, registration: float) -> None:
    if presence < 0.14:
        supplier.years = (2023,) if presence < 0.07 else (2024,)
    is_registered = registration < 0.8 or supplier.is_single
    supplier.is_registered = is_registered and supplier.orgnr is not None
    supplier.is_single = supplier.is_single and supplier.orgnr is not None


def _make_foreign(supplier: Supplier) -> None:
    """Give a foreign supplier its own country's identifiers, and the key that follows."""
    nine = supplier.identifier
    supplier.orgnr = None
    if supplier.country == "US":
        # A DUNS number has nine digits too, and here even a valid check digit: it is no orgnr.
        supplier.vat_id = None
        supplier.supplier_id = f"0060:{nine}"
        return
    vat = {
        "SE": f"SE{nine}401",
        "DE": f"DE{nine}",
        "NL": f"NL{nine}B01",
        "GB": f"GB{nine}",
    }[supplier.country]
    supplier.vat_id, supplier.supplier_id = vat, f"VAT:{vat}"
    supplier.identifier = f"{nine}4" if supplier.country == "SE" else vat
