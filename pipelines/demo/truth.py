"""What the marts must show of the demo, added up by the generator while it writes.

Nothing here reads a file, a register or a model: `Ledger` is told of each document when it is
made. The sums are whole øre and become exact decimals in `DemoTruth`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.demo.agreements import Agreement, Decision, Plan
from pipelines.demo.documents import Document
from pipelines.demo.rates import Rates
from pipelines.demo.twins import Twin

LOYALTY_COLUMNS = {
    "on_agreement": "on_agreement_nok",
    "wrong_zone": "wrong_zone_nok",
    "outside_period": "outside_period_nok",
    "off_agreement": "off_agreement_nok",
}


def kroner(amount: int) -> Decimal:
    """Return whole øre as kroner with two decimals."""
    return Decimal(amount).scaleb(-2).quantize(Decimal("0.01"))


def _half_up(numerator: int, denominator: int) -> int:
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


@dataclass(frozen=True)
class Fault:
    """A planted case: the document to look for, and what must be said of it.

    `amount_nok` is without VAT, signed as in the lake; `flags` are rule IDs, or
    `reference_mismatch`, `difference`, `unconverted`.
    """

    name: str
    description: str
    document_number: str
    file_name: str
    supplier_id: str
    unit_id: str | None
    issue_date: date
    amount_nok: Decimal | None
    loyalty_class: str | None
    agreement_id: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoTruth:
    """The planted truth of one demo: all of its money without VAT, in the STD population.

    `years` holds per year the figures of definition STD; `loyalty`, `suppliers`, `units` and
    `unconverted` are rows with their keys as columns. `loyalty` has the known units and binding
    agreements with money in them: what is of unknown unit is in `units` and `years` only. `ledger`
    is what must stand of the enterprise that has a ledger; `extracts` counts the other files by
    kind, with their rows. `same_content` are documents again in other bytes. `leaks` are what was
    bought beside a binding agreement, `channels` what on orders that are loaded. `thresholds`
    (E07), `approvals` (E24), `ehandel_agreements` (E09), `twins` and `gains` (E15) are described
    where they are made; in `suppliers` each twin without a number stands by itself.
    """

    seed: int
    scale: str
    municipality_name: str
    buyer_orgnr: str
    as_of: date
    documents: dict[str, int]
    files: dict[str, int]
    years: dict[str, dict[str, Any]]
    unconverted: list[dict[str, Any]]
    loyalty: list[dict[str, Any]]
    units: list[dict[str, Any]]
    suppliers: list[dict[str, Any]]
    faults: list[Fault]
    quarantined: list[dict[str, str]]
    duplicates: list[dict[str, str]]
    same_content: list[dict[str, str]]
    leaks: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    gains: list[dict[str, Any]]
    thresholds: list[dict[str, Any]]
    approvals: list[dict[str, Any]]
    ehandel_agreements: list[dict[str, Any]]
    twins: list[Twin]
    register_issues: list[dict[str, str]]
    zero_purchase: list[dict[str, str]]
    units_without_identifier: list[str]
    ledger: dict[str, Any]
    extracts: dict[str, dict[str, int]]
    licences: dict[str, Any]

    def write(self, path: Path) -> None:
        """Write the truth as JSON, keys sorted, decimals and dates as text."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True, default=str)
        path.write_text(text + "\n", encoding="utf-8")


class Ledger:
    """Adds up the accepted documents by what the generator knows of them."""

    def __init__(self, plan: Plan, rates: Rates) -> None:
        self._plan = plan
        self._rates = rates
        self.documents: dict[str, int] = defaultdict(int)
        self._spend: dict[int, int] = defaultdict(int)
        self._outside: dict[tuple[int, str], int] = defaultdict(int)
        self._unconverted: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
        self._classes: dict[tuple[int, str], int] = defaultdict(int)
        self._units: dict[tuple[int, str], int] = defaultdict(int)
        self._suppliers: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
        self._ordered: dict[tuple[int, str, str], int] = defaultdict(int)
        self._leaks: dict[tuple[int, str, str, str, str], int] = defaultdict(int)
        self._loyalty: dict[tuple[int, str, str], dict[str, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self._open: dict[tuple[int, str, str, date], int] = defaultdict(int)
        self._known: dict[str, dict[int, dict[str, bool]]] = defaultdict(lambda: defaultdict(dict))

    def nok(self, document: Document) -> int | None:
        """Return the document's amount without VAT in øre, signed; None without a rate."""
        amount = document.totals().tax_exclusive
        signed = amount if document.kind == "invoice" else -amount
        return self._rates.to_nok(signed, document.supplier.currency, document.issue_date)

    def record(self, document: Document) -> None:
        """Count an accepted document whose lines are spend."""
        self.record_replaced(document)
        self.record_posting(document)

    def record_replaced(self, document: Document) -> None:
        """Count an accepted document that a ledger stands in place of: it is no spend."""
        self._count(document)

    def record_posting(self, document: Document) -> None:
        """Add up a document's spend; one that is a ledger's posting alone is no file."""
        year, supplier = document.issue_date.year, document.supplier
        nok = self.nok(document)
        if nok is None:
            amount = document.totals().tax_exclusive
            entry = self._unconverted[(year, supplier.currency)]
            entry[0] += amount if document.kind == "invoice" else -amount
            entry[1] += 1
            return
        if supplier.population_reason is not None:
            self._outside[(year, supplier.population_reason)] += nok
            return
        self._suppliers[(year, supplier.supplier_id)][1] += 1
        self._add_spend(document, nok)

    def record_residual(self, residual: Document) -> None:
        """Add what the ledger has beyond an invoice's lines; the invoice itself is recorded.

        It stands as a line of its own, judged by what the posting tells.
        """
        self._add_spend(residual, residual.totals().tax_exclusive)

    def _add_spend(self, document: Document, nok: int) -> None:
        year, supplier = document.issue_date.year, document.supplier
        self._spend[year] += nok
        self._units[(year, document.sign.unit_id or "unknown")] += nok
        self._suppliers[(year, supplier.supplier_id)][0] += nok
        number = document.sign.order_number or document.order_reference
        if number is not None:
            self._ordered[(year, supplier.supplier_id, number)] += nok
        self._classify(document, nok)

    def _count(self, document: Document) -> None:
        self.documents["accepted"] += 1
        self.documents[document.kind] += 1
        self.documents["ehf2" if document.supplier.uses_ehf2 else "bis3"] += 1
        self.documents["lines"] += len(document.lines)
        self.documents["allowances_and_charges"] += len(document.charges)
        self.documents["differences"] += document.undeclared != 0

    def _classify(self, document: Document, nok: int) -> None:
        year, unit_id = document.issue_date.year, document.sign.unit_id
        supplier_id = document.supplier.supplier_id
        for line in document.lines:
            if line.known_category is not None:
                self._known[supplier_id][year][line.known_category] = True
        for decision, amount in _shares(document, nok):
            self._classes[(year, decision.loyalty_class)] += amount
            if unit_id is None:
                continue
            if decision.loyalty_class == "undetermined":
                self._open[(year, unit_id, supplier_id, document.decisive_date)] += amount
            elif decision.agreement_id and decision.loyalty_class in LOYALTY_COLUMNS:
                column = LOYALTY_COLUMNS[decision.loyalty_class]
                self._loyalty[(year, unit_id, decision.agreement_id)][column] += amount
                if decision.loyalty_class != "on_agreement":
                    place = (year, unit_id, decision.agreement_id)
                    self._leaks[(*place, supplier_id, decision.loyalty_class)] += amount

    def _add_undetermined(self) -> None:
        """Spread the undetermined lines over the agreements that they could belong to."""
        for (year, unit_id, supplier_id, day), amount in self._open.items():
            known = self._known.get(supplier_id, {})
            categories = {**known.get(year, {}), **known.get(year - 1, {})}
            for agreement in self._plan.agreements:
                column = self._undetermined(agreement, unit_id, supplier_id, day, categories)
                if column is not None:
                    self._loyalty[(year, unit_id, agreement.agreement_id)][column] += amount
        self._open.clear()

    def _undetermined(
        self,
        agreement: Agreement,
        unit_id: str,
        supplier_id: str,
        day: date,
        known: dict[str, bool],
    ) -> str | None:
        if not agreement.is_binding or not agreement.in_period(day):
            return None
        lots = [lot for lot in agreement.lots if lot.has_unit(unit_id)]
        if not lots or self._plan.is_exempt(agreement, unit_id, day):
            return None
        if any(lot.has_supplier(supplier_id, day) for lot in lots):
            return "undetermined_positive_nok"
        if any(category in known for lot in lots for category in lot.categories):
            return "undetermined_negative_nok"
        return None

    def loyalty_rows(self) -> list[dict[str, Any]]:
        """Return a row per year, unit and binding agreement that has money in it."""
        self._add_undetermined()
        columns = (
            *LOYALTY_COLUMNS.values(),
            "undetermined_positive_nok",
            "undetermined_negative_nok",
        )
        return [
            {
                "year": year,
                "unit_id": unit_id,
                "agreement_id": agreement_id,
                **{column: kroner(sums.get(column, 0)) for column in columns},
            }
            for (year, unit_id, agreement_id), sums in sorted(self._loyalty.items())
        ]

    def leak_rows(self) -> list[dict[str, Any]]:
        """Return a row per year, unit, agreement, supplier and class of what leaked from it."""
        names = ("year", "unit_id", "agreement_id", "supplier_id", "loyalty_class")
        return [
            {**dict(zip(names, key, strict=True)), "amount_nok": kroner(amount)}
            for key, amount in sorted(self._leaks.items())
            if amount
        ]

    def channel_rows(self, channels: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
        """Return a row per year and channel of the orders, by supplier and number, it was on."""
        sums: dict[tuple[int, str], int] = defaultdict(int)
        for (year, *order), amount in self._ordered.items():
            channel = channels.get((order[0], order[1]))
            if channel is not None:
                sums[(year, channel)] += amount
        return [
            {"year": year, "channel": channel, "spend_nok": kroner(amount)}
            for (year, channel), amount in sorted(sums.items())
        ]

    def supplier_rows(self) -> list[dict[str, Any]]:
        """Return a row per year and active supplier."""
        return [
            {
                "year": year,
                "supplier_id": supplier_id,
                "spend_nok": kroner(spend),
                "document_count": count,
            }
            for (year, supplier_id), (spend, count) in sorted(self._suppliers.items())
        ]

    def unit_rows(self) -> list[dict[str, Any]]:
        """Return a row per year and unit, the unit `unknown` included."""
        return [
            {"year": year, "unit_id": unit_id, "spend_nok": kroner(spend)}
            for (year, unit_id), spend in sorted(self._units.items())
        ]

    def unconverted_rows(self) -> list[dict[str, Any]]:
        """Return a row per year and currency without a rate, amounts in that currency."""
        return [
            {"year": year, "currency": currency, "amount": kroner(amount), "documents": count}
            for (year, currency), (amount, count) in sorted(self._unconverted.items())
        ]

    def year_figures(self) -> dict[str, dict[str, Any]]:
        """Return the figures of definition STD per year."""
        return {str(year): self._year(year) for year in sorted(self._spend)}

    def _year(self, year: int) -> dict[str, Any]:
        spends = sorted(entry[0] for (y, _), entry in self._suppliers.items() if y == year)
        count, middle = len(spends), len(spends) // 2
        median = spends[middle] if count % 2 else _half_up(spends[middle - 1] + spends[middle], 2)
        return {
            "spend_nok": kroner(self._spend[year]),
            "active_suppliers": count,
            "mean_nok": kroner(_half_up(self._spend[year], count)),
            "median_nok": kroner(median),
            "by_class": {c: kroner(a) for (y, c), a in sorted(self._classes.items()) if y == year},
            "outside_population": {
                reason: kroner(a) for (y, reason), a in sorted(self._outside.items()) if y == year
            },
        }


def _shares(document: Document, nok: int) -> list[tuple[Decision, int]]:
    """Return how the document's NOK falls on decisions; the shares add up to it."""
    sign = 1 if document.kind == "invoice" else -1
    if document.is_uniform:
        return [(document.lines[0].decision, nok)]
    shares: list[tuple[Decision, int]] = []
    for line in document.lines:
        if line.split:
            shares.extend((decision, sign * amount) for decision, amount in line.split)
        else:
            shares.append((line.decision, sign * line.amount))
    if sum(amount for _, amount in shares) != nok:
        raise AssertionError(f"{document.number}: the shares do not add up to the document")
    return shares
