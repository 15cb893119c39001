"""Purchases without agreement, split so that only the municipality as a whole sees what they come
to (E07): above, at and just below the national threshold, in categories of their own.

The cases are written out by hand. No other purchase of the demo is in these categories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pipelines.demo.agreements import NO_AGREEMENT
from pipelines.demo.documents import Document
from pipelines.demo.planted import planted_invoice, planted_line
from pipelines.demo.purchases import credit_note, partial_credit
from pipelines.demo.suppliers import Pool

NATIONAL_THRESHOLD_NOK = Decimal("1300000.00")


@dataclass(frozen=True)
class Purchase:
    """An invoice of a case: day, unit, which of the sellers, amount in øre."""

    day: str
    unit_id: str
    seller: int
    amount: int
    credited: tuple[str, int] | None = None  # when, and how much of it


@dataclass(frozen=True)
class Case:
    """Purchases in one category, and the most that falls within any twelve months.

    `supplier_nok` and `unit_nok` are the same of the largest single supplier and single unit.
    """

    name: str
    description: str
    category_id: str
    largest_nok: Decimal
    supplier_nok: Decimal
    unit_nok: Decimal
    purchases: tuple[Purchase, ...]

    @property
    def is_at_or_above(self) -> bool:
        """Tell whether the municipality as a whole is at the threshold or above it."""
        return self.largest_nok >= NATIONAL_THRESHOLD_NOK

    @property
    def is_supplier_at_or_above(self) -> bool:
        """Tell whether one supplier alone is."""
        return self.supplier_nok >= NATIONAL_THRESHOLD_NOK


CASES = (
    Case(
        "delt_på_enheter_og_leverandører",
        "Fire enheter og tre leverandører: ingen når terskelen alene, kommunen gjør det",
        "K411",
        Decimal("1412000.00"),
        Decimal("720000.00"),
        Decimal("380000.00"),
        (
            Purchase("2024-02-05", "BFR", 0, 38_000_000),
            Purchase("2024-03-11", "BGO", 1, 35_200_000),
            Purchase("2024-05-14", "BAL", 2, 34_000_000),
            Purchase("2024-09-03", "KUL", 0, 34_000_000),
        ),
    ),
    Case(
        "nøyaktig_på_terskelen",
        "1 300 000,00: lik eller over, altså med",
        "K412",
        Decimal("1300000.00"),
        Decimal("650000.00"),
        Decimal("650000.00"),
        (
            Purchase("2024-02-06", "BFR", 0, 65_000_000),
            Purchase("2024-08-13", "BGO", 1, 65_000_000),
        ),
    ),
    Case(
        "ett_øre_under",
        "1 299 999,99: under",
        "K413",
        Decimal("1299999.99"),
        Decimal("650000.00"),
        Decimal("650000.00"),
        (
            Purchase("2024-02-07", "BFR", 0, 65_000_000),
            Purchase("2024-08-14", "BGO", 1, 64_999_999),
        ),
    ),
    Case(
        "over_årsskiftet",
        "700 000 i 2023 og 680 000 i 2024: bare et vindu over nyttår når terskelen",
        "K414",
        Decimal("1380000.00"),
        Decimal("700000.00"),
        Decimal("700000.00"),
        (
            Purchase("2023-09-05", "BFR", 0, 35_000_000),
            Purchase("2023-11-14", "BFR", 0, 35_000_000),
            Purchase("2024-01-16", "BGO", 1, 34_000_000),
            Purchase("2024-03-12", "BGO", 1, 34_000_000),
        ),
    ),
    Case(
        "kreditert_under",
        "1 450 000 kjøpt, 200 000 kreditert før det siste kjøpet: aldri mer enn 1 250 000",
        "K415",
        Decimal("1250000.00"),
        Decimal("750000.00"),
        Decimal("750000.00"),
        (
            Purchase("2024-02-08", "BFR", 0, 60_000_000),
            Purchase("2024-03-13", "BGO", 1, 50_000_000, ("2024-04-10", 20_000_000)),
            Purchase("2024-05-15", "BAL", 2, 20_000_000),
            Purchase("2024-06-12", "BFR", 0, 15_000_000),
        ),
    ),
    Case(
        "et_år_og_en_dag",
        "1. mars og 1. mars året etter: ikke innenfor tolv måneder",
        "K416",
        Decimal("700000.00"),
        Decimal("700000.00"),
        Decimal("700000.00"),
        (
            Purchase("2023-03-01", "BFR", 0, 70_000_000),
            Purchase("2024-03-01", "BGO", 1, 70_000_000),
        ),
    ),
    Case(
        "siste_dag_i_vinduet",
        "2. mars og 1. mars året etter: akkurat innenfor tolv måneder",
        "K417",
        Decimal("1400000.00"),
        Decimal("700000.00"),
        Decimal("700000.00"),
        (
            Purchase("2023-03-02", "BFR", 0, 70_000_000),
            Purchase("2024-03-01", "BGO", 1, 70_000_000),
        ),
    ),
    Case(
        "én_leverandør_mange_enheter",
        "Én leverandør solgt til tre enheter: den når terskelen alene",
        "K418",
        Decimal("1320000.00"),
        Decimal("1320000.00"),
        Decimal("440000.00"),
        (
            Purchase("2024-04-02", "BFR", 2, 44_000_000),
            Purchase("2024-04-09", "BGO", 2, 44_000_000),
            Purchase("2024-04-16", "BAL", 2, 44_000_000),
        ),
    ),
)


@dataclass(frozen=True)
class Approval:
    """Who approved one of the invoices, by role, and whether that was above the limit (E24)."""

    document_number: str
    seller: int
    role: str
    day: date
    amount_nok: Decimal
    is_above_limit: bool


LIMITS = {"Enhetsleder": 500_000, "Bestiller": 50_000}  # kroner in one purchase, at most
APPROVALS = (
    Approval("TERSKEL-01", 0, "Enhetsleder", date(2024, 2, 9), Decimal("380000.00"), False),
    Approval("TERSKEL-05", 0, "Enhetsleder", date(2024, 2, 12), Decimal("650000.00"), True),
    Approval("TERSKEL-14", 1, "Enhetsleder", date(2024, 3, 18), Decimal("500000.00"), False),
    Approval("TERSKEL-16", 2, "Bestiller", date(2024, 5, 21), Decimal("200000.00"), True),
)


class Thresholds:
    """Makes the documents of the cases for one pool of suppliers."""

    def __init__(self, pool: Pool) -> None:
        self._sellers = pool.threshold_sellers
        self._number = 0

    def documents(self) -> Iterator[Document]:
        """Yield every invoice, each with its credit note after it."""
        for case in CASES:
            for purchase in case.purchases:
                yield from self._issue(case.category_id, purchase)

    def _issue(self, category_id: str, purchase: Purchase) -> Iterator[Document]:
        line = planted_line(category_id, purchase.amount, NO_AGREEMENT)
        seller, day = self._sellers[purchase.seller], date.fromisoformat(purchase.day)
        invoice = planted_invoice(seller, purchase.unit_id, day, self._next(), line)
        yield invoice
        if purchase.credited is not None:
            when, amount = purchase.credited
            note = credit_note(invoice, date.fromisoformat(when), [partial_credit(line, amount)])
            yield replace(note, number=self._next())

    def _next(self) -> str:
        self._number += 1
        return f"TERSKEL-{self._number:02d}"

    def truth(self) -> list[dict[str, object]]:
        """Return a row per case: its category, the sums and what must be said of them."""
        return [
            {
                "name": case.name,
                "description": case.description,
                "category_id": case.category_id,
                "threshold_nok": NATIONAL_THRESHOLD_NOK,
                "largest_nok": case.largest_nok,
                "supplier_nok": case.supplier_nok,
                "unit_nok": case.unit_nok,
                "is_at_or_above": case.is_at_or_above,
                "is_supplier_at_or_above": case.is_supplier_at_or_above,
            }
            for case in CASES
        ]
