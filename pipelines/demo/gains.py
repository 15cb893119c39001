"""A plan of gains for a few things of an agreement's catalogue, and purchases that realise it.

Prices are the catalogue's, before and after it went up; the plan's other prices and what comes of
them are written out by hand (E15, C05, E12).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.demo.agreements import Decision
from pipelines.demo.documents import Document
from pipelines.demo.planted import planted_invoice, planted_line
from pipelines.demo.suppliers import Pool

AGREEMENT, CATEGORY, YEAR = "SA-2021-11", "K141", 2024


@dataclass(frozen=True)
class Planned:
    """A thing in the plan: prices in øre (`baseline` 0: not known), a year's quantity."""

    item: str
    baseline: int
    contracted: int
    quantity: int
    realised_nok: Decimal

    @property
    def planned_nok(self) -> Decimal:
        """What was planned to be saved in the year; nothing where no price was known (C05)."""
        saved = (self.baseline - self.contracted) * self.quantity if self.baseline else 0
        return Decimal(saved).scaleb(-2).quantize(Decimal("0.01"))

    @property
    def item_id(self) -> str:
        """The number that catalogue and invoices have."""
        return f"{CATEGORY}-{self.item}"


# 400 x (60.00 - 49.00) + 100 x (60.00 - 50.96) = 5 304.00; without a price before, nothing.
PLAN = (
    Planned("Perm A4 A", 6_000, 4_900, 1_000, Decimal("5304.00")),
    Planned("Tusj A", 0, 6_050, 500, Decimal("0.00")),
)
# day, place in the plan, quantity, price
_PURCHASES = (
    ("2024-03-05", 0, 400, 4_900),
    ("2024-03-06", 1, 100, 6_050),
    ("2024-09-03", 0, 100, 5_096),
)


def gain_documents(pool: Pool) -> Iterator[Document]:
    """Yield the agreement's supplier's invoices for what is in the plan."""
    member = pool.plan.by_id[AGREEMENT].lots[0].members[0]
    supplier = next(s for s in pool.suppliers if s.supplier_id == member.supplier_id)
    for number, (day, place, quantity, price) in enumerate(_PURCHASES, 1):
        planned, on = PLAN[place], Decision("on_agreement", AGREEMENT)
        line = replace(
            planted_line(CATEGORY, quantity * price, on),
            item_name=planned.item,
            item_id=planned.item_id,
            quantity_tenths=10 * quantity,
            price=price,
        )
        issued = date.fromisoformat(day)
        yield planted_invoice(supplier, "BGR", issued, f"GEVINST-{number}", line)


def gain_truth() -> list[dict[str, Any]]:
    """Return a row per planned thing: what was planned and realised in the year, in NOK."""
    return [
        {
            "agreement_id": AGREEMENT,
            "year": YEAR,
            "item_id": planned.item_id,
            "planned_nok": planned.planned_nok,
            "realised_nok": planned.realised_nok,
        }
        for planned in PLAN
    ]
