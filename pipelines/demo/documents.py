"""Invoices and credit notes as the generator thinks of them: parties, lines and exact totals.

Amounts are whole øre (or cents), positive in both kinds of document, as they stand on paper.
How a document looks as XML is in `ubl`; what is bought is decided in `purchases`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.demo.agreements import Decision
from pipelines.demo.suppliers import Supplier

Kind = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True)
class UnitSign:
    """How a document says which unit it is for; `unit_id` None where it doesn't say."""

    unit_id: str | None
    buyer_reference: str | None = None
    accounting_cost: str | None = None
    contact: str = "Fakturamottak"
    endpoint: str | None = None
    order_number: str | None = None


@dataclass(slots=True)
class Line:
    """A line. `category_id` is what was bought, `known_category` what the papers tell of it.

    `split` overrides the decision where a credit falls on lines of several classes.
    """

    item_name: str
    item_id: str | None
    gtin: str | None
    quantity_tenths: int
    unit_code: str
    price: int
    base_quantity: int
    allowance: int
    amount: int
    vat: int
    code: tuple[str, str] | None
    category_id: str
    known_category: str | None
    decision: Decision
    split: tuple[tuple[Decision, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """A document-level allowance or charge, with its UNCL reason code."""

    is_charge: bool
    reason: str
    reason_code: str
    amount: int


@dataclass(slots=True)
class Totals:
    """What a document declares, in øre, with its VAT subtotals (category, rate, base, VAT)."""

    line_extension: int
    allowance: int
    charge: int
    tax_exclusive: int
    tax: int
    tax_inclusive: int
    rounding: int
    payable: int
    subtotals: list[tuple[str, int, int, int]]


@dataclass(slots=True)
class Document:
    """An invoice or credit note.

    `ordered` is the day of the order where only the order itself tells of it.
    `undeclared` is what the declared line total exceeds the lines by (a planted fault), `tax_fault`
    what the declared VAT exceeds its subtotals by.
    """

    kind: Kind
    number: str
    issue_date: date
    due_date: date
    supplier: Supplier
    sign: UnitSign
    lines: list[Line]
    charges: list[AllowanceCharge] = field(default_factory=list)
    order_reference: str | None = None
    order_date: date | None = None
    ordered: date | None = None
    contract_reference: str | None = None
    delivery_date: date | None = None
    period: tuple[date, date] | None = None
    billing_reference: tuple[str, date] | None = None
    payee: str | None = None
    is_rounded: bool = False
    undeclared: int = 0
    tax_fault: int = 0

    @property
    def decisive_date(self) -> date:
        """The first known of order date (the invoice's, else the order's), delivery, start of the
        period and issue date.
        """
        start = self.period[0] if self.period else None
        order_date = self.order_date or self.ordered
        return order_date or self.delivery_date or start or self.issue_date

    @property
    def is_uniform(self) -> bool:
        """Tell whether all lines have one class under one agreement."""
        first = self.lines[0].decision
        return all(line.decision == first and not line.split for line in self.lines)

    def vat_category(self, rate: int) -> str:
        """Return the UNCL5305 code: standard rate, exempt, or reverse charge for foreigners."""
        if self.supplier.country != "NO":
            return "AE"
        return "S" if rate else "E"

    def rate(self, line: Line) -> int:
        """Return the line's VAT rate in per cent."""
        return line.vat if self.supplier.country == "NO" else 0

    def totals(self) -> Totals:
        """Return the totals as BR-CO-10 to BR-CO-17 have them, planted faults included."""
        bases: dict[int, int] = {}
        for line in self.lines:
            rate = self.rate(line)
            bases[rate] = bases.get(rate, 0) + line.amount
        charge = sum(c.amount for c in self.charges if c.is_charge)
        allowance = sum(c.amount for c in self.charges if not c.is_charge)
        first = next(iter(bases))
        bases[first] += charge - allowance + self.undeclared
        subtotals = [
            (self.vat_category(rate), rate, base, (base * rate + 50) // 100)
            for rate, base in sorted(bases.items(), reverse=True)
        ]
        extension = sum(line.amount for line in self.lines) + self.undeclared
        exclusive = extension + charge - allowance
        tax = sum(s[3] for s in subtotals) + self.tax_fault
        inclusive = exclusive + tax
        rounding = (inclusive + 50) // 100 * 100 - inclusive if self.is_rounded else 0
        return Totals(
            extension,
            allowance,
            charge,
            exclusive,
            tax,
            inclusive,
            rounding,
            inclusive + rounding,
            subtotals,
        )
