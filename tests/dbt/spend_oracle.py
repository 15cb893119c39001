"""Spend by definition worked out the slow and obvious way, to hold the models against.

Plain Python over flat lines, written from spend.md («Definition», «Active supplier»,
«Concentration», «Year on year») and sharing nothing with the SQL. Amounts in øre.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

TAIL, MINIMUM, TRIM, PARETO, PRICE_RATIO = 100_000_00, 100_000_00, 20, Fraction(4, 5), 5


@dataclass(frozen=True)
class Line:
    """One line of an invoice or a ledger; `document` is None for VAT without a purchase."""

    year: int
    document: str
    kind: str
    supplier: str
    name: str
    part: str
    ore: int
    vat_ore: int = 0
    unit: str = "unknown"
    sector: str = "Ukjent"
    category: str = "unknown"
    is_addressable: bool = True
    item: str | None = None
    measure: str | None = None
    quantity: int | None = None


@dataclass(frozen=True)
class Definition:
    """What is in beside purchases and investments, and who is counted."""

    more: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    vat: bool = False
    by_name: bool = False
    addressable: bool = False
    active: str = "any_posting"


_ALL = frozenset({"public_body", "internal"})
DEFINITIONS = {
    "STD": Definition(),
    "STD_FAKTURA": Definition(active="any_invoice"),
    "STD_MIN": Definition(active="above_minimum"),
    "STD_MVA": Definition(vat=True),
    "STD_DRIFT": Definition(without=frozenset({"investment"})),
    "STD_OFFENTLIG": Definition(more=frozenset({"public_body"})),
    "STD_INTERN": Definition(more=frozenset({"internal", "internal_account"})),
    "STD_OVERFORING": Definition(more=frozenset({"transfers"})),
    "STD_LONN": Definition(more=frozenset({"wages"})),
    "STD_NAVN": Definition(by_name=True),
    "ADRESSERBAR": Definition(addressable=True),
    "ALLE": Definition(more=_ALL),
    "ALLE_NAVN": Definition(more=_ALL, by_name=True),
    "ALT": Definition(more=_ALL | {"internal_account", "transfers"}, vat=True, by_name=True),
}


def rounded(numerator: int | Fraction, denominator: int) -> int | None:
    """Return the quotient to the nearest whole, halves away from zero."""
    if not denominator:
        return None
    exact = abs(Fraction(numerator) / denominator)
    whole = int(exact + Fraction(1, 2))
    return whole if numerator >= 0 else -whole


def median(values: Iterable[int]) -> int | None:
    """Return the middle one, or the mean of the two in the middle."""
    ordered = sorted(values)
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return rounded(sum(middle), len(middle))


class Year:
    """The lines of one definition and year, of active suppliers only."""

    def __init__(self, lines: Iterable[Line], year: int, definition: Definition) -> None:
        parts = {"purchase", "investment"} - definition.without | definition.more
        inside = [
            line
            for line in lines
            if line.year == year
            and line.part in parts
            and (line.is_addressable or not definition.addressable)
        ]
        self.definition = definition
        active = {s for s, own in self.by(inside, self.supplier).items() if self._is_active(own)}
        self.lines = [line for line in inside if self.supplier(line) in active]

    def supplier(self, line: Line) -> str:
        """Return the supplier as the definition counts it."""
        return line.name if self.definition.by_name else line.supplier

    def ore(self, lines: Iterable[Line]) -> int:
        """Return the sum as the definition has it."""
        return sum(line.ore + (line.vat_ore if self.definition.vat else 0) for line in lines)

    @staticmethod
    def by(lines: Iterable[Line], key: Callable[[Line], str]) -> dict[str, list[Line]]:
        """Return the lines by a key."""
        grouped: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            grouped[key(line)].append(line)
        return grouped

    @staticmethod
    def documents(lines: Iterable[Line]) -> set[str]:
        """Return the documents that the lines are of."""
        return {line.document for line in lines}

    def spends(self, lines: Iterable[Line] | None = None) -> dict[str, int]:
        """Return the sum per supplier."""
        chosen = self.lines if lines is None else lines
        return {s: self.ore(own) for s, own in self.by(chosen, self.supplier).items()}

    def average(self) -> tuple[int | None, ...]:
        """Return sum, suppliers, mean, median, trimmed sum, trimmed suppliers, trimmed mean."""
        ordered = sorted(self.spends().values())
        out = len(ordered) // TRIM
        kept = ordered[out : len(ordered) - out]
        return (
            sum(ordered),
            len(ordered),
            rounded(sum(ordered), len(ordered)),
            median(ordered),
            sum(kept),
            len(kept),
            rounded(sum(kept), len(kept)),
        )

    def concentration(self, lines: list[Line]) -> tuple[object, ...]:
        """Return suppliers, positive sum, HHI, Pareto count, tail (suppliers, documents, sum)."""
        spends = self.spends(lines)
        positive = sorted((ore for ore in spends.values() if ore > 0), reverse=True)
        total = sum(positive)
        reached = next((n for n in range(len(positive)) if sum(positive[:n]) >= PARETO * total), 0)
        if positive and sum(positive[:reached]) < PARETO * total:
            reached = len(positive)
        hhi = float(10_000 * sum(Fraction(ore, total) ** 2 for ore in positive)) if total else None
        tail = {s for s, ore in spends.items() if 0 < ore < TAIL}
        return (
            len(spends),
            total,
            hhi,
            reached,
            len(tail),
            len(self.documents(line for line in lines if self.supplier(line) in tail)),
            sum(spends[s] for s in tail),
        )

    def _is_active(self, lines: list[Line]) -> bool:
        if self.definition.active == "any_invoice":
            return any(line.kind == "invoice" for line in lines)
        return self.definition.active == "any_posting" or self.ore(lines) >= MINIMUM


def change(lines: list[Line], year: int) -> dict[str, tuple[int, ...]]:
    """Return per category: new suppliers, lost suppliers, price, quantity, mix."""
    now, before = (Year(lines, y, DEFINITIONS["STD"]).lines for y in (year, year - 1))
    here, there = ({line.supplier for line in side} for side in (now, before))
    result: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    items: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0] * 4)
    for sign, side in ((1, now), (-1, before)):
        for line in side:
            if line.supplier not in there:
                result[line.category][0] += line.ore
            elif line.supplier not in here:
                result[line.category][1] -= line.ore
            elif line.item is None or line.measure is None or line.quantity is None:
                result[line.category][4] += sign * line.ore
            else:
                found = items[line.supplier, line.category, line.item, line.measure]
                found[0 if sign == 1 else 2] += line.ore
                found[1 if sign == 1 else 3] += line.quantity
    for (_, category, _, _), (ore, quantity, old_ore, old_quantity) in items.items():
        parts = result[category]
        if min(ore, quantity, old_ore, old_quantity) > 0 and (
            Fraction(1, PRICE_RATIO)
            <= Fraction(ore * old_quantity, quantity * old_ore)
            <= PRICE_RATIO
        ):
            repriced = rounded(old_ore * quantity, old_quantity) or 0
            parts[2] += ore - repriced
            parts[3] += repriced - old_ore
        else:
            parts[4] += ore - old_ore
    return {category: tuple(parts) for category, parts in result.items()}
