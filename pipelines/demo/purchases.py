"""What the municipality buys: a stream of invoices and credit notes, month by month.

Amounts, units and dates are drawn here, always from the seed. The cases that a test looks for
one by one are in `planted`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from pipelines.demo.agreements import OCCUPATIONAL_HEALTH_AGREEMENT, Agreement, Decision, Lot
from pipelines.demo.categories import CATEGORY_BY_ID, OCCUPATIONAL_HEALTH, Category
from pipelines.demo.documents import AllowanceCharge, Document, Line, UnitSign
from pipelines.demo.identifiers import gs1
from pipelines.demo.suppliers import Pool, Supplier
from pipelines.demo.units import (
    ACTIVE_UNITS,
    DISTRICT,
    ENTERPRISE,
    PLACEHOLDERS,
    WITHOUT_OCCUPATIONAL_HEALTH,
    Unit,
    accounting_prefix,
    contact,
    first_reference,
    gln,
    order_prefix,
)

YEARS = (2023, 2024)
_CREDIT_SHARE = 0.03
_UNKNOWN_UNIT_SHARE = 0.015
_ROLE_SHARES = {"agreement": 0.46, "market": 0.5, "public": 0.03, "internal": 0.01}
_LARGEST_SHARE = 0.05
_ENTERPRISE_SIZE = 0.3  # of what a purchase of the municipality comes to
_OCCUPATIONAL_HEALTH_NOK = 34_000
_ROUGH_RATES = {"NOK": 1.0, "EUR": 11.4, "SEK": 0.98, "USD": 10.6, "GBP": 13.2}
_QUANTITIES = (10, 10, 20, 30, 40, 50, 60, 100, 120, 200, 250, 500)
_LINE_COUNTS = (1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8)


@dataclass(frozen=True)
class Scale:
    """How large the municipality is: documents, suppliers and million kroner a year."""

    name: str
    documents_a_year: int
    suppliers: int
    mnok_a_year: int
    occupational_health_documents: int
    loose_share: float
    documents_per_zip: int


class Purchases:
    """Draws the documents of all years for one pool of suppliers."""

    def __init__(self, pool: Pool, scale: Scale, seed: int) -> None:
        self._pool = pool
        self._scale = scale
        self._random = Random(f"purchases:{seed}")
        self._pending: dict[tuple[int, int], list[Document]] = {}
        self._units = list(ACTIVE_UNITS)
        self._weights = list(accumulate(unit.weight for unit in self._units))
        self._lot_units: dict[tuple[str, str], tuple[list[Unit], list[float]]] = {}
        self._sellers = [
            s
            for s in pool.suppliers
            if s.categories != (OCCUPATIONAL_HEALTH,) and s.role != "planted"
        ]
        self._counts = self._document_counts()
        self._set_means()

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of the months in which it was issued."""
        for year in YEARS:
            sellers = [
                s for s, n in zip(self._sellers, self._counts[year], strict=True) for _ in range(n)
            ]
            self._random.shuffle(sellers)
            health = self._health_plan()
            for month in range(1, 13):
                for supplier in sellers[month - 1 :: 12]:
                    yield from self._issue(self._purchase(supplier, year, month))
                for unit in health[month - 1 :: 12]:
                    yield from self._issue(self._health_purchase(unit, year, month))
                yield from self._pending.pop((year, month), [])

    def for_enterprise(self, supplier: Supplier, year: int, month: int) -> Document | None:
        """Draw an invoice to the municipal enterprise; None where the supplier has no clear one."""
        for _ in range(20):
            category_id = self._random.choice(supplier.categories)
            mean = self._means[supplier.index] * _ENTERPRISE_SIZE
            found = self._try_draw(supplier, ENTERPRISE, category_id, (year, month), mean, 1)
            if found is not None:
                return found
        return None

    def _document_counts(self) -> dict[int, list[int]]:
        """Return how many invoices each seller sends each year; at least one where active."""
        draw = self._random.lognormvariate
        weights = [draw(0, 1.0 if s.role == "agreement" else 1.3) for s in self._sellers]
        counts: dict[int, list[int]] = {}
        for year in YEARS:
            active = [year in s.years for s in self._sellers]
            fixed = len(ACTIVE_UNITS) * self._scale.occupational_health_documents
            free = int(self._scale.documents_a_year / (1 + _CREDIT_SHARE)) - fixed - sum(active)
            role_sums = dict.fromkeys(_ROLE_SHARES, 0.0)
            for supplier, weight, is_active in zip(self._sellers, weights, active, strict=True):
                role_sums[supplier.role] += weight * is_active
            counts[year] = [
                self._whole(1 + max(free, 0) * _ROLE_SHARES[s.role] * w / role_sums[s.role])
                if is_active
                else 0
                for s, w, is_active in zip(self._sellers, weights, active, strict=True)
            ]
        return counts

    def _whole(self, expected: float) -> int:
        whole = int(expected)
        return whole + (self._random.random() < expected - whole)

    def _set_means(self) -> None:
        """Give each seller a usual amount, so that a year sums to the scale's kroner."""
        fixed = len(ACTIVE_UNITS) * self._scale.occupational_health_documents
        target = self._scale.mnok_a_year * 1e6 * 1.02 - fixed * _OCCUPATIONAL_HEALTH_NOK
        counts = [sum(n) / len(YEARS) for n in zip(*self._counts.values(), strict=True)]
        means = [
            sum(CATEGORY_BY_ID[c].typical_nok for c in s.categories)
            / len(s.categories)
            * self._random.lognormvariate(0, 0.5 if s.role == "agreement" else 0.8)
            for s in self._sellers
        ]
        inside = [s.population_reason is None for s in self._sellers]
        for _ in range(6):
            total = sum(m * n for m, n, ok in zip(means, counts, inside, strict=True) if ok)
            limit = target * _LARGEST_SHARE
            means = [
                min(m * target / total, limit / n if n else m)
                for m, n in zip(means, counts, strict=True)
            ]
        self._means = {s.index: m for s, m in zip(self._sellers, means, strict=True)}

    def _health_plan(self) -> list[Unit]:
        plan = [
            unit
            for unit in ACTIVE_UNITS
            if unit.unit_id != WITHOUT_OCCUPATIONAL_HEALTH
            for _ in range(self._scale.occupational_health_documents)
        ]
        self._random.shuffle(plan)
        return plan

    def _health_purchase(self, unit: Unit, year: int, month: int) -> Document:
        agreement = self._pool.plan.by_id[OCCUPATIONAL_HEALTH_AGREEMENT]
        by_lot = {lot.lot: lot.members[0].name for lot in agreement.lots}
        chance = self._random.random()
        if chance < 0.9:
            supplier = self._pool.named(by_lot[unit.zone])
        elif chance < 0.95:
            supplier = self._pool.named(by_lot["2" if unit.zone == "1" else "1"])
        else:
            supplier = self._random.choice(self._pool.market(OCCUPATIONAL_HEALTH))
        return self._draw(
            supplier, unit, OCCUPATIONAL_HEALTH, (year, month), _OCCUPATIONAL_HEALTH_NOK, 3
        )

    def _purchase(self, supplier: Supplier, year: int, month: int) -> Document:
        random = self._random
        for _ in range(200):
            category_id = random.choice(supplier.categories)
            unit = self._pick_unit(supplier, category_id)
            if (
                unit is None
                or unit.unit_id != WITHOUT_OCCUPATIONAL_HEALTH
                or (category_id != OCCUPATIONAL_HEALTH)
            ):
                mean = self._means[supplier.index] / _ROUGH_RATES[supplier.currency]
                document = self._try_draw(supplier, unit, category_id, (year, month), mean, 1)
                if document is not None:
                    return document
        raise AssertionError(f"no clear purchase from {supplier.name} in {year}-{month}")

    def _pick_unit(self, supplier: Supplier, category_id: str) -> Unit | None:
        random = self._random
        if random.random() < _UNKNOWN_UNIT_SHARE:
            return None
        if supplier.lots and random.random() < 0.94:
            lots = [self._lot(*key) for key in supplier.lots]
            fitting = [lot for lot in lots if category_id in lot[1].categories]
            if fitting:
                agreement, lot = random.choice(fitting)
                units, weights = self._units_of(agreement, lot)
                return random.choices(units, cum_weights=weights)[0]
        return random.choices(self._units, cum_weights=self._weights)[0]

    def _lot(self, agreement_id: str, lot: str) -> tuple[Agreement, Lot]:
        agreement = self._pool.plan.by_id[agreement_id]
        return agreement, next(row for row in agreement.lots if row.lot == lot)

    def _units_of(self, agreement: Agreement, lot: Lot) -> tuple[list[Unit], list[float]]:
        key = (agreement.agreement_id, lot.lot)
        if key not in self._lot_units:
            units = [unit for unit in ACTIVE_UNITS if lot.has_unit(unit.unit_id)]
            self._lot_units[key] = (units, list(accumulate(unit.weight for unit in units)))
        return self._lot_units[key]

    def _draw(
        self,
        supplier: Supplier,
        unit: Unit | None,
        category_id: str,
        when: tuple[int, int],
        mean: float,
        at_least: int,
    ) -> Document:
        for _ in range(200):
            document = self._try_draw(supplier, unit, category_id, when, mean, at_least)
            if document is not None:
                return document
        raise AssertionError(f"no clear purchase from {supplier.name} in {when}")

    def _try_draw(
        self,
        supplier: Supplier,
        unit: Unit | None,
        category_id: str,
        when: tuple[int, int],
        mean: float,
        at_least: int,
    ) -> Document | None:
        """Draw a document; None where the class of a line would be open to discussion."""
        random = self._random
        issued = _working_day(random, *when)
        document = Document(
            kind="invoice",
            number="",
            issue_date=issued,
            due_date=issued + timedelta(days=30),
            supplier=supplier,
            sign=self._sign(unit),
            lines=[],
            payee=supplier.factoring,
            is_rounded=not supplier.uses_ehf2 and random.random() < 0.03,
        )
        self._add_dates(document, CATEGORY_BY_ID[category_id])
        total = max(5_000, int(100 * mean * random.lognormvariate(-0.32, 0.8)))
        count = max(at_least, random.choice(_LINE_COUNTS))
        if not self._add_lines(document, category_id, total, count):
            return None
        if supplier.currency == "NOK":
            self._add_charges(document)
        document.number = supplier.take_number(issued.year)
        return document

    def _sign(self, unit: Unit | None) -> UnitSign:
        random = self._random
        if unit is None:
            return UnitSign(None, buyer_reference=random.choice(PLACEHOLDERS))
        code, chance = unit.unit_id, random.random()
        if unit is ENTERPRISE:
            return UnitSign(code, contact=contact(unit), order_number=self._order_number())
        if unit.sector == DISTRICT and chance < 0.06:
            return UnitSign(code, endpoint=gln(unit), order_number=self._order_number())
        if chance < 0.62:
            return UnitSign(code, str(first_reference(unit) + random.randrange(100)))
        if chance < 0.84:
            cost = f"{accounting_prefix(unit)}-{random.randrange(11000, 13999)}"
            return UnitSign(code, accounting_cost=cost)
        if chance < 0.93:
            return UnitSign(code, contact=contact(unit), order_number=self._order_number())
        return UnitSign(code, order_number=f"{order_prefix(unit)}{random.randrange(10**6):06d}")

    def _order_number(self) -> str:
        return f"45{self._random.randrange(10**8):08d}"

    def _add_dates(self, document: Document, category: Category) -> None:
        random, issued = self._random, document.issue_date
        if document.supplier.currency != "NOK":
            return
        if document.sign.order_number is None and random.random() < 0.45:
            document.order_reference = self._order_number()
            if random.random() < 0.15:
                document.order_date = issued - timedelta(days=random.randrange(10, 60))
        if category.is_service and random.random() < 0.85:
            last = issued.replace(day=1) - timedelta(days=1)
            document.period = (last.replace(day=1), last)
        elif not category.is_service and random.random() < 0.85:
            document.delivery_date = issued - timedelta(days=random.randrange(9))

    def _reference(self, document: Document, category_id: str) -> Agreement | None:
        """Return an agreement that the supplier may name: one under which it sells this."""
        unit_id = document.sign.unit_id
        if not document.supplier.lots or unit_id is None or self._random.random() > 0.35:
            return None
        plan = self._pool.plan
        for agreement_id in dict.fromkeys(key[0] for key in document.supplier.lots):
            agreement = plan.by_id[agreement_id]
            facts = (category_id, unit_id, document.supplier.supplier_id, document.decisive_date)
            is_exempt = plan.is_exempt(agreement, unit_id, document.decisive_date)
            if plan.fits_reference(agreement, *facts) and not is_exempt:
                return agreement
        return None

    def _add_lines(self, document: Document, category_id: str, total: int, count: int) -> bool:
        random, supplier = self._random, document.supplier
        reference = self._reference(document, category_id)
        second = category_id
        if len(supplier.categories) > 1 and reference is None and random.random() < 0.25:
            second = random.choice(supplier.categories)
        if OCCUPATIONAL_HEALTH in (category_id, second):
            second = category_id
        all_coded = supplier.sends_codes and supplier.currency != "NOK"
        weights = [random.random() + 0.2 for _ in range(count)]
        scale = total / sum(weights)
        items = random.sample(range(24), count)
        for number, (weight, item) in enumerate(zip(weights, items, strict=True)):
            category = CATEGORY_BY_ID[second if number % 2 else category_id]
            is_coded = all_coded or (
                supplier.sends_codes and supplier.currency == "NOK" and random.random() < 0.96
            )
            known = supplier.known_category(category.category_id, is_coded)
            decision = self._pool.plan.decide(
                known,
                document.sign.unit_id,
                supplier.supplier_id,
                document.decisive_date,
                reference,
            )
            if decision is None or decision.reference_mismatch:
                return False
            line = self._line(supplier, category, item, int(weight * scale))
            line.known_category, line.decision = known, decision
            line.code = item_code(supplier, category, item) if is_coded else None
            document.lines.append(line)
        document.contract_reference = reference.reference if reference else None
        return True

    def _line(self, supplier: Supplier, category: Category, item: int, amount: int) -> Line:
        random = self._random
        base_quantity = 1
        if category.unit_code == "HUR":
            quantity = 5 * random.randrange(1, 80)
        else:
            quantity = random.choice(_QUANTITIES)
            if random.random() < 0.03:
                base_quantity, quantity = 100, quantity * 100
        price = max(1, amount * 10 * base_quantity // quantity)
        gross = (quantity * price + 5 * base_quantity) // (10 * base_quantity)
        allowance = gross // 10 if random.random() < 0.05 else 0
        is_numbered = supplier.index % 7 != 0
        name = category.items[item % len(category.items)]
        return Line(
            item_name=f"{name} {chr(65 + item // len(category.items))}",
            item_id=f"{category.category_id[1:]}-{1000 + item}" if is_numbered else None,
            gtin=_gtin(supplier, category, item) if not category.is_service else None,
            quantity_tenths=quantity,
            unit_code=category.unit_code,
            price=price,
            base_quantity=base_quantity,
            allowance=allowance,
            amount=max(1, gross - allowance),
            vat=category.vat,
            code=None,
            category_id=category.category_id,
            known_category=None,
            decision=Decision("undetermined"),
        )

    def _add_charges(self, document: Document) -> None:
        """Put freight or a discount on some documents whose lines all are of one class."""
        random = self._random
        if random.random() > 0.14 or not document.is_uniform:
            return
        if len({line.vat for line in document.lines}) > 1:
            return
        total = sum(line.amount for line in document.lines)
        if random.random() < 0.7:
            freight = random.randrange(4_900, 49_000, 100)
            document.charges.append(AllowanceCharge(True, "Frakt", "FC", freight))
        if total > 100_000 and random.random() < 0.5:
            discount = total * random.randrange(1, 4) // 100
            document.charges.append(AllowanceCharge(False, "Rabatt", "95", discount))

    def _issue(self, document: Document) -> Iterator[Document]:
        yield document
        random = self._random
        if random.random() > _CREDIT_SHARE or document.supplier.currency != "NOK":
            return
        if any(line.decision.loyalty_class == "undetermined" for line in document.lines):
            return
        issued = document.issue_date + timedelta(days=random.randrange(2, 40))
        if issued.year > YEARS[-1]:
            return
        self._pending.setdefault((issued.year, issued.month), []).append(
            self._credit(document, issued)
        )

    def _credit(self, document: Document, issued: date) -> Document:
        """Credit the whole document, a part of a line, or an amount that names no item."""
        first = document.lines[0]
        chance = self._random.random()
        if chance < 0.5:
            return credit_note(document, issued, document.lines, document.charges)
        if chance < 0.75 or not document.is_uniform:
            return credit_note(document, issued, [partial_credit(first, max(1, first.amount // 3))])
        known = document.supplier.known_category(first.category_id, False)
        line = replace(
            partial_credit(first, max(1, first.amount // 2)),
            item_name="Kreditert etter avtale",
            item_id=None,
            gtin=None,
            code=None,
            known_category=known,
        )
        return credit_note(document, issued, [line])


def partial_credit(line: Line, amount: int) -> Line:
    """Return a credit line for so much of a line, same item."""
    return replace(
        line, quantity_tenths=10, price=amount, base_quantity=1, allowance=0, amount=amount
    )


def credit_note(
    document: Document,
    issued: date,
    lines: list[Line],
    charges: list[AllowanceCharge] | None = None,
) -> Document:
    """Return a credit note that names the invoice, for the same unit."""
    return replace(
        document,
        kind="credit_note",
        number=document.supplier.take_number(issued.year),
        issue_date=issued,
        due_date=issued,
        lines=list(lines),
        charges=list(charges or ()),
        billing_reference=(document.number, document.issue_date),
        is_rounded=False,
    )


def item_code(supplier: Supplier, category: Category, item: int) -> tuple[str, str]:
    """Return the classification that the supplier puts on an item: UNSPSC or CPV."""
    if supplier.index % 3:
        return "UNSPSC", f"{category.unspsc}{item % len(category.items) + 1:02d}"
    return "CPV", category.cpv.ljust(8, "0")


def _gtin(supplier: Supplier, category: Category, item: int) -> str | None:
    if supplier.index % 5:
        return None
    return gs1(f"29{supplier.index % 100_000:05d}{int(category.category_id[1:]):03d}{item:02d}")


def _working_day(random: Random, year: int, month: int) -> date:
    while True:
        day = date(year, month, random.randrange(1, calendar.monthrange(year, month)[1] + 1))
        if day.weekday() < 5:
            return day
