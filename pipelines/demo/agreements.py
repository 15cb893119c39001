"""The demo's agreements, and the class that a purchase under them was meant to have.

`Plan.decide` is the generator's own account of `loyalty.md`: it knows the truth about a line
(unit, supplier, category, date) because it made it up. It shares nothing with the SQL models.
Suppliers are put on the lots by `suppliers`.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from pipelines.demo.units import BOUND_UNITS, DISTRICT, HEALTH, UNIT_BY_ID, UNITS

LEAD = "Utviklings- og kompetanseetaten"
COOPERATION = "Vestrand innkjøpssamarbeid"
OCCUPATIONAL_HEALTH_AGREEMENT = "SA-2023-01"
MICROSOFT_AGREEMENT = "SA-2020-02"
SUCCESSION_AGREEMENT, SUBCONTRACT_AGREEMENT = "SA-2022-29", "SA-2021-24"
KS_MICROSOFT, KS_LINPRO = "KS-2024-01", "KS-2021-02"
ALWAYS, FOREVER = date(1900, 1, 1), date(9999, 12, 30)


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, the month's last day at most."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Option:
    """An option: length in months, and the day it was exercised, if it was."""

    months: int
    exercised: date | None


@dataclass
class Member:
    """A supplier on a lot, with its rank and the days on which that holds (inclusive).

    `heir_id` took its place the day after `valid_to`, by the register of successions alone.
    A subcontractor is on the lot only where units may order from it.
    """

    supplier_id: str
    name: str
    rank: int
    valid_from: date = ALWAYS
    valid_to: date = FOREVER
    heir_id: str | None = None
    is_heir: bool = False
    is_subcontractor: bool = False
    is_direct: bool = False

    @property
    def has_left(self) -> bool:
        """Tell whether the supplier left the lot before the agreement's end."""
        return self.valid_to != FOREVER and self.heir_id is None

    def on(self, day: date) -> bool:
        """Tell whether what is bought of the supplier that day is bought on the lot."""
        is_open = self.is_direct or not self.is_subcontractor
        return is_open and self.valid_from <= day <= self.valid_to


@dataclass
class Lot:
    """A lot or zone. `units` as registered; '*' is every unit. `places` is for suppliers."""

    lot: str
    name: str
    call_off: str
    units: tuple[str, ...]
    categories: tuple[str, ...]
    places: int
    members: list[Member] = field(default_factory=list)

    def has_unit(self, unit_id: str) -> bool:
        """Tell whether the unit, or the collective unit above it, is among the lot's."""
        parent = UNIT_BY_ID[unit_id].parent
        return "*" in self.units or unit_id in self.units or parent in self.units

    def has_supplier(self, supplier_id: str, day: date) -> bool:
        """Tell whether the supplier is on the lot that day."""
        return any(m.supplier_id == supplier_id and m.on(day) for m in self.members)


@dataclass
class Agreement:
    """An agreement. `first` and `last` are inclusive, without options."""

    agreement_id: str
    title: str
    is_binding: bool
    first: date
    last: date
    options: tuple[Option, ...]
    lots: tuple[Lot, ...]
    own_production: bool = False
    lead_buyer: str = LEAD
    ceiling_mnok: int | None = None
    notice_months: int = 3
    lead_time_months: int = 9

    @property
    def reference(self) -> str:
        """The case number by which invoices name the agreement."""
        return f"{self.agreement_id[-7:-3]}/{4000 + 17 * int(self.agreement_id[-2:])}"

    @property
    def end(self) -> date:
        """Last day with the options that have been exercised."""
        months = sum(o.months for o in self.options if o.exercised is not None)
        return add_months(self.last + timedelta(days=1), months) - timedelta(days=1)

    def in_period(self, day: date) -> bool:
        """Tell whether a day is inside the period, first and last day included."""
        return self.first <= day <= self.end


@dataclass(frozen=True)
class Exemption:
    """A granted exemption of a unit from an agreement (A03), days inclusive."""

    agreement_id: str
    unit_id: str
    first: date
    last: date
    reason: str


@dataclass(frozen=True)
class Decision:
    """What a line was meant to be: its class, its agreement and whether a reference misled."""

    loyalty_class: str
    agreement_id: str | None = None
    reference_mismatch: bool = False


UNDETERMINED = Decision("undetermined")
NO_AGREEMENT = Decision("no_agreement")

EXEMPTIONS = (
    Exemption("SA-2022-23", "MUN", date(2023, 1, 1), date(2024, 12, 31), "Krav til museumssikring"),
    Exemption("SA-2021-36", "HAV", date(2023, 3, 1), date(2024, 2, 29), "Maritimt samband"),
    Exemption("SA-2022-17", "SYE", date(2024, 7, 1), date(2024, 8, 31), "Sommerberedskap"),
)


class Plan:
    """All the agreements with their suppliers, and the decision that follows from them."""

    def __init__(self, agreements: tuple[Agreement, ...]) -> None:
        self.agreements = agreements
        self.by_id = {a.agreement_id: a for a in agreements}
        self.by_category: dict[str, list[Agreement]] = {}
        for agreement in agreements:
            scope = dict.fromkeys(c for lot in agreement.lots for c in lot.categories)
            for category_id in scope:
                self.by_category.setdefault(category_id, []).append(agreement)

    def turning_days(self) -> list[date]:
        """Return the days around which the class of a purchase may change, in order."""
        days = {day for e in EXEMPTIONS for day in (e.first, e.last)}
        for agreement in self.agreements:
            days |= {agreement.first, agreement.end}
            days |= {add_months(agreement.first, -12), add_months(agreement.end, 12)}
            members = (member for lot in agreement.lots for member in lot.members)
            days |= {day for member in members for day in (member.valid_from, member.valid_to)}
        return sorted(days)

    def is_exempt(self, agreement: Agreement, unit_id: str, day: date) -> bool:
        """Tell whether the unit has an exemption from the agreement that day."""
        return any(
            e.agreement_id == agreement.agreement_id
            and e.unit_id == unit_id
            and e.first <= day <= e.last
            for e in EXEMPTIONS
        )

    def fits_reference(
        self,
        agreement: Agreement,
        category_id: str | None,
        unit_id: str,
        supplier_id: str,
        day: date,
    ) -> bool:
        """Row 1 of the classification (A02), for an agreement that a document names."""
        return (
            agreement.is_binding
            and agreement.in_period(day)
            and any(
                lot.has_unit(unit_id)
                and lot.has_supplier(supplier_id, day)
                and (category_id is None or category_id in lot.categories)
                for lot in agreement.lots
            )
        )

    def decide(
        self,
        category_id: str | None,
        unit_id: str | None,
        supplier_id: str,
        day: date,
        reference: Agreement | None = None,
    ) -> Decision | None:
        """Return the class of a line; None where two careful readers could disagree.

        The generator never writes a line of the last kind, so the truth has no grey zone.
        """
        if unit_id is None:
            return UNDETERMINED
        if reference is not None:
            if self.fits_reference(reference, category_id, unit_id, supplier_id, day):
                return Decision("on_agreement", reference.agreement_id)
            plain = self.decide(category_id, unit_id, supplier_id, day)
            return plain and Decision(plain.loyalty_class, plain.agreement_id, True)
        if category_id is None:
            return UNDETERMINED
        for agreement in self.by_category.get(category_id, ()):
            if agreement.is_binding and agreement.in_period(day):
                found = self._covered(agreement, category_id, unit_id, supplier_id, day)
                if found is not NO_AGREEMENT:
                    return found
        return self._without_binding(category_id, unit_id, supplier_id, day)

    def _covered(
        self, agreement: Agreement, category_id: str, unit_id: str, supplier_id: str, day: date
    ) -> Decision | None:
        """Rows 2 to 4, for an agreement in force; NO_AGREEMENT where no lot covers the line."""
        scope = [lot for lot in agreement.lots if category_id in lot.categories]
        mine = [lot for lot in scope if lot.has_unit(unit_id)]
        if not mine:
            return NO_AGREEMENT
        is_member = any(lot.has_supplier(supplier_id, day) for lot in mine)
        if self.is_exempt(agreement, unit_id, day):
            return None if is_member else NO_AGREEMENT
        if is_member:
            return Decision("on_agreement", agreement.agreement_id)
        if any(lot.has_supplier(supplier_id, day) for lot in scope):
            return Decision("wrong_zone", agreement.agreement_id)
        if any(lot.has_supplier(supplier_id, day) for lot in agreement.lots):
            return None
        return Decision("off_agreement", agreement.agreement_id)

    def _without_binding(
        self, category_id: str, unit_id: str, supplier_id: str, day: date
    ) -> Decision | None:
        """Rows 5, 6 and 8, where no binding lot covers the line."""
        candidates = self.by_category.get(category_id, ())
        is_covered = False
        for agreement in candidates:
            if agreement.is_binding or not agreement.in_period(day):
                continue
            for lot in agreement.lots:
                if category_id in lot.categories and lot.has_unit(unit_id):
                    is_covered = True
                    if lot.has_supplier(supplier_id, day):
                        return Decision("voluntary", agreement.agreement_id)
        near = [
            found
            for agreement in candidates
            if agreement.is_binding
            for found in _near(agreement, category_id, unit_id, supplier_id, day)
        ]
        if not near:
            return NO_AGREEMENT
        if is_covered or len(near) > 1 or near[0] is None:
            return None
        return Decision("outside_period", near[0].agreement_id)


def _near(
    agreement: Agreement, category_id: str, unit_id: str, supplier_id: str, day: date
) -> list[Agreement | None]:
    """Return the agreement if row 6 holds; None inside for a day on the edge of the 12 months."""
    if agreement.in_period(day):
        return []
    edge = agreement.end if day > agreement.end else agreement.first
    has_line = any(
        category_id in lot.categories
        and lot.has_unit(unit_id)
        and lot.has_supplier(supplier_id, edge)
        for lot in agreement.lots
    )
    if not has_line:
        return []
    limit = add_months(edge, 12 if day > edge else -12)
    if abs((day - limit).days) <= 3:
        return [None]
    inside = day < limit if day > edge else day > limit
    return [agreement] if inside else []


@cache
def _health_units() -> tuple[str, ...]:
    return tuple(u.unit_id for u in UNITS if u.sector in (HEALTH, DISTRICT) and u.unit_id != "PBO")


def _zones(count: int) -> list[tuple[str, ...]]:
    """Deal the units, without the parts of a collective unit, out to so many zones."""
    top = [u.unit_id for u in BOUND_UNITS if u.parent is None]
    return [tuple(top[start::count]) for start in range(count)]


def _options(text: str, last: date) -> tuple[Option, ...]:
    """Read '12x 12-': two options of 12 months, the first exercised three months ahead."""
    options: list[Option] = []
    end = last
    for word in text.split():
        exercised = add_months(end, -3) if word.endswith("x") else None
        options.append(Option(int(word[:-1]), exercised))
        end = add_months(end + timedelta(days=1), int(word[:-1])) - timedelta(days=1)
    return tuple(options)


# id|title|lots of categories|binding|first|last|options|call-off|suppliers|units|own|ceiling|lead
_TABLE = """
SA-2021-03|Verneutstyr og arbeidstøy|K102,K103|j|2021-09-01|2023-08-31|12x 12x|rangert|2|*|n|40|u
SA-2022-04|Skylagring og drift|K114|j|2022-03-01|2024-02-29|12- 12-|enkelt|1|*|n|60|u
SA-2021-05|PC og skjerm|K121|j|2021-06-01|2023-05-31|12x 12x|rangert|3|*|n|180|u
SA-2023-06|Mobiltelefoner og nettbrett|K122|j|2023-03-01|2025-02-28|12- 12-|parallell|2|*|n|90|v
SA-2022-07|Nettverksutstyr|K123|j|2022-01-15|2024-01-14|12x 12-|enkelt|1|*|n|50|u
SA-2019-08|Skrivere og kopi|K124|j|2019-09-01|2022-08-31||enkelt|1|*|n|25|u
SA-2022-09|IT-konsulenter|K131|j|2022-05-01|2024-04-30|12x 12-|parallell|5|*|n|300|u
SA-2022-10|Vikarer og rekruttering|K133|j|2022-02-01|2024-01-31|12x 12-|rangert|3|*|n|70|u
SA-2021-11|Kontorrekvisita og papir|K141;K142|j|2021-11-01|2023-10-31|12x 12x|enkelt|1|*|n|45|v
SA-2022-12|Møbler|K151;K152|j|2022-08-15|2024-08-14|12x 12-|parallell|2|*|n|120|v
SA-2023-13|Mat og drikke|K161,K164;K162;K163|j|2022-12-01|2024-11-30|12x 12-|parallell|2|*|n|260|v
SA-2022-14|Medisinsk forbruksmateriell|K171,K173|j|2022-04-01|2025-03-31|12-|rangert|2|helse|n|150|u
SA-2020-15|Hjelpemidler og senger|K153|j|2020-07-01|2022-06-30|12x|enkelt|1|*|n|30|u
SA-2023-16|Hjelpemidler og senger|K153|j|2023-07-01|2025-06-30|12- 12-|enkelt|1|*|n|40|u
SA-2022-17|Vikarer til helsetjenester|K181|j|2022-06-01|2024-05-31|12x 12-|rangert|4|helse|n|220|u
SA-2022-18|Tolketjenester|K185|j|2022-09-01|2024-08-31|12x 12-|rangert|2|*|n|35|v
SA-2021-19|Elektrikertjenester|K191|j|2021-03-01|2023-02-28|12x 12x|parallell|2|3|n|160|u
SA-2022-20|Rørleggertjenester|K192|j|2022-03-15|2024-03-14|12x 12-|parallell|2|2|n|120|u
SA-2022-21|Malertjenester|K193|j|2022-10-01|2024-09-30|12x|rangert|3|*|n|80|u
SA-2023-22|Tømrertjenester|K194|j|2023-10-01|2025-09-30|12- 12-|rangert|3|*|n|130|u
SA-2022-23|Renhold|K211|j|2022-01-01|2023-12-31|12x 12-|enkelt|1|2|j|200|u
SA-2021-24|Renholdsmidler|K212|j|2021-05-01|2023-04-30|12x 12x|enkelt|1|*|n|30|v
SA-2022-25|Vakthold|K214|j|2022-07-01|2024-06-30|12x 12-|rangert|2|*|n|90|u
SA-2020-26|Avfallshåndtering|K215|j|2020-05-01|2023-04-30|12x 12-|enkelt|1|*|n|60|u
SA-2022-27|Heis og tekniske anlegg|K216|j|2022-11-01|2025-10-31|12-|parallell|2|*|n|45|u
SA-2023-28|Strøm|K221|j|2023-01-01|2025-12-31||enkelt|1|*|n|400|v
SA-2022-29|Drivstoff|K222|j|2022-02-15|2024-02-14|12x 12-|parallell|2|*|n|50|v
SA-2021-30|Bilverksted og deler|K232|j|2021-12-01|2023-11-30|12x 12x|parallell|4|*|j|40|u
SA-2022-31|Flytting og lagring|K234|j|2022-05-15|2024-05-14|12x|rangert|2|*|n|20|u
SA-2021-32|Reise og hotell|K235|j|2021-10-01|2023-09-30|12x 12x|enkelt|1|*|n|50|v
SA-2023-33|Leker og formingsmateriell|K242|j|2022-12-15|2024-12-14|12-|parallell|2|*|n|35|v
SA-2020-34|Trykksaker og grafiske tjenester|K261|j|2020-04-01|2023-03-31|12x|enkelt|1|*|n|18|u
SA-2024-35|Trykksaker og grafiske tjenester|K261|j|2024-04-01|2026-03-31|12- 12-|enkelt|1|*|n|22|u
SA-2021-36|Telefoni og datalinjer|K263|j|2021-02-01|2023-01-31|12x 12x|enkelt|1|*|n|75|v
FA-2022-01|Kurs og konferanser|K251|n|2022-01-01|2025-12-31||parallell|4|*|n||v
FA-2022-02|Lærebøker|K241|n|2022-06-01|2025-05-31||parallell|3|*|n||v
FA-2023-03|Juridiske tjenester|K134|n|2023-02-01|2025-01-31|12-|parallell|3|*|n||v
""".strip()


def _parse(row: str) -> Agreement:
    (
        code,
        title,
        scopes,
        binding,
        first,
        last,
        options,
        call_off,
        places,
        units,
        own,
        cap,
        lead,
    ) = row.split("|")
    zones: list[tuple[str, ...]] = [("*",)]
    if units == "helse":
        zones = [_health_units()]
    elif units.isdigit():
        zones = _zones(int(units))
    parts = [(zone, tuple(scope.split(","))) for scope in scopes.split(";") for zone in zones]
    lots = tuple(
        Lot(str(n), f"Delkontrakt {n}", call_off, zone, categories, int(places))
        for n, (zone, categories) in enumerate(parts, 1)
    )
    end = date.fromisoformat(last)
    return Agreement(
        code,
        title,
        binding == "j",
        date.fromisoformat(first),
        end,
        _options(options, end),
        lots,
        own == "j",
        LEAD if lead == "u" else COOPERATION,
        int(cap) if cap else None,
    )


def _occupational_health() -> Agreement:
    """Rundskriv 17/2023: three zones, 2023-01-11 to 2025-01-10, options 2+1+1 years."""
    lots = tuple(
        Lot(
            zone,
            f"Avtaleområde {zone}",
            "enkelt",
            tuple(u.unit_id for u in BOUND_UNITS if u.zone == zone and u.parent is None),
            ("K101",),
            1,
        )
        for zone in ("1", "2", "3")
    )
    options = (Option(24, None), Option(12, None), Option(12, None))
    return Agreement(
        OCCUPATIONAL_HEALTH_AGREEMENT,
        "Bedriftshelsetjenester",
        True,
        date(2023, 1, 11),
        date(2025, 1, 10),
        options,
        lots,
        own_production=True,
        ceiling_mnok=80,
    )


def _single(
    code: str, title: str, binding: bool, days: tuple[date, date], options: str, category: str
) -> Agreement:
    lot = Lot("1", "Delkontrakt 1", "enkelt", ("*",), (category,), 1)
    lead = LEAD if binding else "KS"
    return Agreement(
        code, title, binding, *days, _options(options, days[1]), (lot,), lead_buyer=lead
    )


def build_agreements() -> tuple[Agreement, ...]:
    """Return the agreements, their lots still without suppliers.

    The Microsoft agreement's period and options are those of Rundskriv 22/2020, section 3; that
    the KS agreement binds nobody is rule C02.
    """
    microsoft = (date(2020, 5, 21), date(2022, 5, 20))
    return (
        _occupational_health(),
        _single(MICROSOFT_AGREEMENT, "Microsoft-lisenser", True, microsoft, "12x 12x", "K111"),
        _single(
            KS_MICROSOFT,
            "KS-avtale om volumlisenser, Microsoft",
            False,
            (date(2024, 7, 1), date(2028, 6, 30)),
            "",
            "K111",
        ),
        _single(
            KS_LINPRO,
            "KS-avtale om volumlisenser, Linpro",
            False,
            (date(2021, 1, 1), date(2025, 12, 31)),
            "",
            "K112",
        ),
        *(_parse(row) for row in _TABLE.splitlines()),
    )
