"""Loyalty and coverage computed the slow and obvious way, to hold the dbt models against.

Plain Python over lists of dicts, written from the definition and sharing nothing with the SQL: the
classes, the spreading of credits and freight, and the figures of the marts. No files, no database.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
Lot = tuple[str, str]

UNKNOWN = "unknown"
FIRST_DAY, OPEN_END = date(1900, 1, 1), date(9999, 12, 31)
# What a ledger has beyond an invoice stays a line of its own (spend.md).
_SPREAD_KINDS = ("allowance", "charge", "difference")
CLASS_OF_ROW = {
    1: "on_agreement",
    2: "on_agreement",
    3: "wrong_zone",
    4: "off_agreement",
    5: "voluntary",
    6: "outside_period",
    7: "undetermined",
    8: "no_agreement",
}
FIGURE_COLUMNS = {
    "on_agreement": "on_agreement_nok",
    "wrong_zone": "wrong_zone_nok",
    "off_agreement": "off_agreement_nok",
    "outside_period": "outside_period_nok",
    "positive": "undetermined_positive_nok",
    "negative": "undetermined_negative_nok",
}


@dataclass(frozen=True)
class Judgement:
    """What a line is judged to be, and which lot decided it (the marts' column names)."""

    loyalty_class: str
    loyalty_evidence: str
    agreement_id: str | None = None
    lot: str | None = None
    supplier_rank: int | None = None
    reference_mismatch: bool = False
    coverage: str = "none"
    supplier_basis: str | None = None


@dataclass(frozen=True)
class Piece:
    """One row of fct_spend_line: a line, or the part of it that follows one target."""

    line: Row
    number: int | None
    unit_id: str
    unit_evidence: str | None
    category_id: str
    category_evidence: str | None
    judgement: Judgement
    amount: Decimal

    @property
    def spend_line_id(self) -> str:
        """The row's key: the line's own, with the part's number where there are several."""
        own = str(self.line["spend_line_id"])
        return own if self.number is None else f"{own}-{self.number}"

    def alike(self) -> tuple[object, ...]:
        """All that a spread line takes over from a target, its unit apart."""
        return (self.category_id, self.category_evidence, self.judgement)


@dataclass(frozen=True)
class Settings:
    """The settings of a build that loyalty depends on, with the defaults of the definition."""

    outside_period_months: int = 12
    weak_classified_share: Decimal = Decimal("0.8")
    weak_min_lines: int = 10
    weak_min_nok: Decimal = Decimal(100000)


@dataclass(frozen=True)
class Registers:
    """The rows of dim_agreement, the bridges, int_exemptions and int_agreement_references."""

    agreements: Sequence[Row]
    lot_suppliers: Sequence[Row]
    lot_units: Sequence[Row]
    lot_categories: Sequence[Row]
    references: Sequence[Row] = ()
    exemptions: Sequence[Row] = ()
    settings: Settings = field(default_factory=Settings)

    @cached_property
    def agreement(self) -> dict[str, Row]:
        """Agreements by ID."""
        return {row["agreement_id"]: row for row in self.agreements}

    @cached_property
    def lots(self) -> list[Lot]:
        """Every lot that has a unit, a supplier or a category, in order of its ID."""
        rows = (*self.lot_units, *self.lot_suppliers, *self.lot_categories)
        return sorted({(row["agreement_id"], row["lot"]) for row in rows})

    @cached_property
    def lots_of_supplier(self) -> dict[tuple[Lot, str], list[Row]]:
        """Rows of a lot's suppliers."""
        return _by_lot(self.lot_suppliers, "supplier_id")

    @cached_property
    def lots_of_unit(self) -> dict[tuple[Lot, str], list[Row]]:
        """Rows of a lot's units."""
        return _by_lot(self.lot_units, "unit_id")

    @cached_property
    def lots_of_category(self) -> dict[tuple[Lot, str], list[Row]]:
        """Rows of a lot's categories."""
        return _by_lot(self.lot_categories, "category_id")

    @cached_property
    def scopes(self) -> dict[Lot, list[Row]]:
        """All categories of a lot, at any time."""
        scopes: dict[Lot, list[Row]] = defaultdict(list)
        for row in self.lot_categories:
            scopes[row["agreement_id"], row["lot"]].append(row)
        return scopes

    def is_binding(self, lot: Lot) -> bool:
        """Whether the lot's agreement binds its units."""
        return bool(self.agreement[lot[0]]["is_binding"])

    def has_unit(self, lot: Lot, unit: str, day: date) -> bool:
        """Whether the lot is for the unit on the day, exempt or not."""
        return any(_holds(row, day) for row in self.lots_of_unit.get((lot, unit), ()))

    def has_category(self, lot: Lot, category: str, day: date) -> bool:
        """Whether the category is in the lot's scope on the day."""
        return any(_holds(row, day) for row in self.lots_of_category.get((lot, category), ()))

    def ranks(self, lot: Lot, supplier: str, day: date) -> list[int]:
        """The supplier's ranks on the lot on the day; none where it is not on it."""
        rows = self.lots_of_supplier.get((lot, supplier), ())
        return [row["supplier_rank"] for row in rows if _holds(row, day)]

    def basis(self, lot: Lot, supplier: str, day: date) -> str | None:
        """Why the supplier stands on the lot on the day; None where it doesn't."""
        rows = self.lots_of_supplier.get((lot, supplier), ())
        return next((r.get("supplier_basis", "registered") for r in rows if _holds(r, day)), None)

    def is_exempt(self, agreement_id: str, unit: str, day: date) -> bool:
        """Whether the unit has been let off the agreement on the day (A03)."""
        return any(
            row["agreement_id"] == agreement_id and row["unit_id"] == unit and _holds(row, day)
            for row in self.exemptions
        )

    def binds(self, lot: Lot, unit: str, day: date) -> bool:
        """Whether the lot is for the unit on the day and no exemption applies."""
        return self.has_unit(lot, unit, day) and not self.is_exempt(lot[0], unit, day)

    def scope_size(self, lot: Lot, day: date) -> int:
        """Number of categories in the lot's scope on the day."""
        return len({row["category_id"] for row in self.scopes[lot] if _holds(row, day)})

    def named_by(self, line: Row) -> set[str]:
        """The agreements that the line's contract or order reference names."""
        written = {
            normalised_reference(line[column])
            for column in ("contract_reference", "order_reference", "order_contract_reference")
            if line.get(column)
        }
        return {
            row["agreement_id"] for row in self.references if row["reference_normalised"] in written
        }


def _by_lot(rows: Sequence[Row], column: str) -> dict[tuple[Lot, str], list[Row]]:
    found: dict[tuple[Lot, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[(row["agreement_id"], row["lot"]), row[column]].append(row)
    return found


def _holds(row: Row, day: date) -> bool:
    return bool(row["valid_from"] <= day < row["valid_to"])


def normalised_reference(text: str) -> str:
    """A reference as it is compared: capital letters and digits only."""
    return re.sub(r"[^0-9A-ZÆØÅÄÖ]", "", text.upper())


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


# Who is on a lot ----------------------------------------------------------------------------------


def suppliers_on_lots(
    registered: Sequence[Row], lots: Sequence[Row], successions: Sequence[Row]
) -> list[dict[str, Any]]:
    """Return the rows of bridge_agreement_supplier, asked for day by day where something changes.

    registered: the register's rows (orgnr, supplier_rank, supplier_role, direct_call_off_allowed);
    lots: agreement, lot and period; successions: orgnr, successor_orgnr, valid_from, agreement.
    """
    found: list[dict[str, Any]] = []
    for lot in lots:
        own = [
            row
            for row in registered
            if (row["agreement_id"], row["lot"]) == (lot["agreement_id"], lot["lot"])
        ]
        dates = {lot["valid_from"], lot["valid_to"], *(s["valid_from"] for s in successions)}
        dates |= {row[column] for row in own for column in ("valid_from", "valid_to")}
        days = sorted(d for d in dates if lot["valid_from"] <= d <= lot["valid_to"])
        spans: dict[tuple[Any, ...], list[list[date]]] = defaultdict(list)
        for day, end in pairwise(days):
            for supplier, place in _places_on(day, lot, own, successions).items():
                periods = spans[supplier, *place]
                if periods and periods[-1][1] == day:
                    periods[-1][1] = end
                else:
                    periods.append([day, end])
        for (supplier, rank, basis, predecessor), periods in spans.items():
            for start, end in periods:
                found.append(
                    {
                        "agreement_id": lot["agreement_id"],
                        "lot": lot["lot"],
                        "supplier_id": supplier,
                        "supplier_rank": rank,
                        "supplier_basis": basis,
                        "predecessor_id": predecessor,
                        "valid_from": start,
                        "valid_to": end,
                    }
                )
    return found


def _places_on(
    day: date, lot: Row, own: Sequence[Row], successions: Sequence[Row]
) -> dict[str, tuple[int, str, str | None]]:
    """Return rank, basis and predecessor of everyone that may be bought from on the day."""
    choices: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in own:
        is_subcontractor = row.get("supplier_role") == "subcontractor"
        if not _holds(row, day) or (is_subcontractor and not row["direct_call_off_allowed"]):
            continue
        start = max(row["valid_from"], lot["valid_from"])
        for orgnr, predecessor, since in _holders(row["orgnr"], day, start, lot, successions):
            basis = "registered" if predecessor is None else "successor"
            basis = "subcontractor" if is_subcontractor else basis
            order = ("registered", "successor", "subcontractor").index(basis)
            rank = row["supplier_rank"] or 1
            before = "NO" + predecessor if predecessor else None
            choice = (order, -since.toordinal(), rank, before or "", basis, before)
            choices["NO" + orgnr].append(choice)
    best = {supplier: min(found) for supplier, found in choices.items()}
    return {supplier: (found[2], found[4], found[5]) for supplier, found in best.items()}


def _holders(
    orgnr: str, day: date, start: date, lot: Row, successions: Sequence[Row]
) -> Iterable[tuple[str, str | None, date]]:
    """Follow the handovers of a place up to the day: who holds it, after whom, since when."""
    waiting: list[tuple[str, str | None, date, int]] = [(orgnr, None, start, 0)]
    while waiting:
        holder, before, since, depth = waiting.pop()
        later = [
            s
            for s in successions
            if s["orgnr"] == holder
            and s["agreement_id"] in (lot["agreement_id"], "*")
            and s["valid_from"] <= day
            and (depth == 0 or s["valid_from"] > since)
        ]
        if not later:
            yield holder, before, since
            continue
        first = min((s["valid_from"], s["agreement_id"] == "*") for s in later)
        waiting += [
            (s["successor_orgnr"], holder, max(since, first[0]), depth + 1)
            for s in later
            if (s["valid_from"], s["agreement_id"] == "*") == first
        ]


# The classes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Candidate:
    row: int
    lot: Lot
    rank: int | None
    scope_day: date


def judge(line: Row, registers: Registers) -> Judgement:
    """Return the class of one line of the enriched table, by the first row that fits."""
    named = registers.named_by(line)
    candidates: list[_Candidate] = []
    covering: list[Lot] = []
    for lot in registers.lots:
        if lot[0] in named and _fits_reference(line, lot, registers):
            candidates.append(_candidate(1, lot, line, registers))
        if _covers(line, lot, registers):
            covering.append(lot)
            row = _row_of_covering(line, lot, registers)
            if row is not None:
                candidates.append(_candidate(row, lot, line, registers))
    if not covering:
        candidates += [
            found for lot in registers.lots if (found := _near(line, lot, registers)) is not None
        ]
    coverage = _coverage(covering, registers)
    if not candidates:
        unknown = UNKNOWN in (line["unit_id"], line["category_id"])
        row = 7 if unknown else 8
        return Judgement(
            CLASS_OF_ROW[row],
            _evidence(row, line),
            reference_mismatch=bool(named),
            coverage=coverage,
        )
    listed = line.get("price_list_agreement_id")
    best = min(candidates, key=lambda candidate: _preference(candidate, named, listed, registers))
    by_list = best.row in (2, 5) and best.lot[0] == listed
    stands = best.row in (1, 2, 5)
    return Judgement(
        CLASS_OF_ROW[best.row],
        "price_list" if by_list else _evidence(best.row, line),
        *best.lot,
        best.rank,
        reference_mismatch=bool(named) and best.row > 1,
        coverage=coverage,
        supplier_basis=registers.basis(best.lot, line["supplier_id"], line["decisive_date"])
        if stands
        else None,
    )


def _candidate(row: int, lot: Lot, line: Row, registers: Registers) -> _Candidate:
    ranks = registers.ranks(lot, line["supplier_id"], line["decisive_date"])
    return _Candidate(row, lot, min(ranks, default=None), line["decisive_date"])


def _fits_reference(line: Row, lot: Lot, registers: Registers) -> bool:
    day, category = line["decisive_date"], line["category_id"]
    return (
        registers.is_binding(lot)
        and registers.has_unit(lot, line["unit_id"], day)
        and bool(registers.ranks(lot, line["supplier_id"], day))
        and (category == UNKNOWN or registers.has_category(lot, category, day))
    )


def _covers(line: Row, lot: Lot, registers: Registers) -> bool:
    day = line["decisive_date"]
    return registers.has_category(lot, line["category_id"], day) and registers.binds(
        lot, line["unit_id"], day
    )


def _row_of_covering(line: Row, lot: Lot, registers: Registers) -> int | None:
    supplier, day = line["supplier_id"], line["decisive_date"]
    has_supplier = bool(registers.ranks(lot, supplier, day))
    if not registers.is_binding(lot):
        return 5 if has_supplier else None
    if has_supplier:
        return 2
    elsewhere = any(
        other[0] == lot[0]
        and registers.ranks(other, supplier, day)
        and registers.has_category(other, line["category_id"], day)
        for other in registers.lots
    )
    return 3 if elsewhere else 4


def _near(line: Row, lot: Lot, registers: Registers) -> _Candidate | None:
    """Row 6: the lot had, or will have, unit, category and supplier at once, close to the day."""
    if not registers.is_binding(lot):
        return None
    day, months = line["decisive_date"], registers.settings.outside_period_months
    found: list[tuple[int, date]] = []
    for rank, start, end in _joint_periods(line, lot, registers):
        if start <= day < end:
            return None
        if end <= day < months_later(end, months):
            found.append((rank, end - timedelta(days=1)))
        if day < start and day >= months_later(start, -months):
            found.append((rank, start))
    if not found:
        return None
    return _Candidate(6, lot, min(rank for rank, _ in found), max(edge for _, edge in found))


def _joint_periods(line: Row, lot: Lot, registers: Registers) -> Iterable[tuple[int, date, date]]:
    for supplier in registers.lots_of_supplier.get((lot, line["supplier_id"]), ()):
        for unit in registers.lots_of_unit.get((lot, line["unit_id"]), ()):
            for category in registers.lots_of_category.get((lot, line["category_id"]), ()):
                rows = (supplier, unit, category)
                start = max(row["valid_from"] for row in rows)
                end = min(row["valid_to"] for row in rows)
                if start < end:
                    yield supplier["supplier_rank"], start, end


def _coverage(covering: Sequence[Lot], registers: Registers) -> str:
    if not covering:
        return "none"
    return "binding" if any(map(registers.is_binding, covering)) else "voluntary"


def _preference(
    candidate: _Candidate, named: set[str], listed: str | None, registers: Registers
) -> tuple[int, bool, bool, int, int, str, str]:
    agreement_id, lot = candidate.lot
    started: date = registers.agreement[agreement_id]["valid_from"]
    # A scope that can't be counted goes last.
    size = registers.scope_size(candidate.lot, candidate.scope_day) or 10**9
    return (
        candidate.row,
        agreement_id not in named,
        agreement_id != listed,
        size,
        -started.toordinal(),
        agreement_id,
        lot,
    )


def _evidence(row: int, line: Row) -> str:
    if row == 7:
        unknown = [name for name in ("unit", "category") if line[f"{name}_id"] == UNKNOWN]
        return "unknown_" + "_and_".join(unknown)
    return {1: "reference", 4: "category_zone_date", 8: "no_lot_found"}.get(
        row, "supplier_category_zone_date"
    )


# Credits, freight, fees and differences ---------------------------------------------------------


def spend_lines(
    lines: Iterable[Row], billing_references: Iterable[Row], registers: Registers
) -> list[Piece]:
    """Return the rows of fct_spend_line: every line of the population judged, and spread."""
    whole = [
        _whole(line, judge(line, registers)) for line in lines if line.get("is_in_population", True)
    ]
    own: dict[str, list[Piece]] = defaultdict(list)
    for piece in whole:
        if piece.line["line_kind"] == "line":
            own[piece.line["document_id"]].append(piece)
    credited = _credited_documents(own, billing_references)
    settled: dict[str, list[Piece]] = {}
    for document_id, pieces in own.items():
        targets = [piece for number in credited.get(document_id, ()) for piece in own[number]]
        credits = [piece for piece in pieces if targets and _is_credit(piece)]
        rest = [piece for piece in pieces if not (targets and _is_credit(piece))]
        settled[document_id] = rest + _credit(credits, targets)
    result = [piece for pieces in settled.values() for piece in pieces]
    for piece in whole:
        if piece.line["line_kind"] != "line":
            is_spread = piece.line["line_kind"] in _SPREAD_KINDS
            targets = settled.get(piece.line["document_id"], []) if is_spread else []
            result += _charge(piece, targets) if targets else [piece]
    return result


def _whole(line: Row, judgement: Judgement) -> Piece:
    return Piece(
        line,
        None,
        line["unit_id"],
        line.get("unit_evidence"),
        line["category_id"],
        line.get("category_evidence"),
        judgement,
        line["amount_nok"],
    )


def _credited_documents(
    own: Mapping[str, Sequence[Piece]], billing_references: Iterable[Row]
) -> dict[str, list[str]]:
    """Return which invoices each document with credit lines credits."""
    invoices: dict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    for document_id, pieces in own.items():
        line = pieces[0].line
        if line["document_kind"] == "invoice" and line["supplier_id"] != UNKNOWN:
            number = line["supplier_id"], line["document_number"]
            invoices[number].append((line["issue_date"], document_id))
    credited: dict[str, set[str]] = defaultdict(set)
    for reference in billing_references:
        note_id = reference["document_id"]
        if not any(map(_is_credit, own.get(note_id, ()))):
            continue
        note = own[note_id][0].line
        day = reference.get("referenced_date") or note["issue_date"]
        named = invoices.get((note["supplier_id"], reference["referenced_number"]), [])
        choices = [choice for choice in named if choice[1] != note_id]
        earlier = [choice for choice in choices if choice[0] <= day]
        newest = max((issued for issued, _ in earlier), default=None)
        if newest is None:
            newest = min((issued for issued, _ in choices), default=None)
        same_day = sorted(chosen for issued, chosen in choices if issued == newest)
        credited[note_id].update(same_day[:1])
    return {note_id: sorted(documents) for note_id, documents in credited.items()}


def _is_credit(piece: Piece) -> bool:
    """Whether the line gives money back: any of a credit note, a negative one of an invoice."""
    return piece.line["document_kind"] == "credit_note" or piece.amount < 0


def _credit(pieces: Sequence[Piece], targets: Sequence[Piece]) -> list[Piece]:
    """Spread each credit line over the credited lines; its unit stays its own where it has one."""
    result: list[Piece] = []
    for piece in pieces:
        item = piece.line.get("item_key")
        same_item = [target for target in targets if item and target.line.get("item_key") == item]
        chosen = [_for_credit(piece, target) for target in same_item or targets]
        result += [_with_evidence(part, "credited_line") for part in _spread(piece, chosen)]
    return result


def _for_credit(piece: Piece, target: Piece) -> Piece:
    """Give the target the unit that the credit line's part of it is to have."""
    if piece.unit_id == UNKNOWN and target.unit_id != UNKNOWN:
        return replace(target, unit_evidence="credited_line")
    return replace(target, unit_id=piece.unit_id, unit_evidence=piece.unit_evidence)


def _charge(piece: Piece, targets: Sequence[Piece]) -> list[Piece]:
    """Spread a freight, fee, allowance or difference over its own document's lines."""
    return [_with_evidence(part, "spread_over_document") for part in _spread(piece, targets)]


def _with_evidence(piece: Piece, evidence: str) -> Piece:
    return replace(piece, judgement=replace(piece.judgement, loyalty_evidence=evidence))


def _spread(piece: Piece, targets: Sequence[Piece]) -> list[Piece]:
    """Divide the line over the targets; those that are alike, their unit included, are one."""
    groups: dict[tuple[object, ...], list[tuple[Piece, Decimal]]] = defaultdict(list)
    for target, weight in zip(targets, _weights(targets), strict=True):
        if weight:
            unit = target.unit_id, target.unit_evidence
            groups[*target.alike(), *unit].append((target, weight))
    ordered = sorted(groups.values(), key=_place)
    amounts = divided(piece.amount, [sum((w for _, w in group), Decimal(0)) for group in ordered])
    parts = []
    for number, (group, amount) in enumerate(zip(ordered, amounts, strict=True), start=1):
        own_number = number if len(ordered) > 1 else None
        parts.append(replace(group[0][0], line=piece.line, number=own_number, amount=amount))
    return parts


def _place(group: Sequence[tuple[Piece, Decimal]]) -> tuple[int, str]:
    pieces = [piece for piece, _ in group]
    return min(p.line["source_row"] for p in pieces), min(p.spend_line_id for p in pieces)


def _weights(targets: Sequence[Piece]) -> list[Decimal]:
    """Amounts that have the sign of the sum weigh; where the sum is 0 all weigh the same."""
    total = sum((target.amount for target in targets), Decimal(0))
    if total == 0:
        return [Decimal(1)] * len(targets)
    return [abs(t.amount) if t.amount * total > 0 else Decimal(0) for t in targets]


def divided(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount to the øre by largest remainder; ties go to the heaviest, then the first."""
    sign = -1 if amount < 0 else 1
    ore = int(abs(amount) * 100)
    total = Fraction(sum(weights, Decimal(0)))
    exact = [Fraction(weight) * ore / total for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    turns = sorted(
        range(len(weights)), key=lambda i: (parts[i] - exact[i], -weights[i], i)
    )  # the most negative difference has lost most
    for i in turns[: ore - sum(parts)]:
        parts[i] += 1
    return [Decimal(sign * part).scaleb(-2) for part in parts]


# The figures ------------------------------------------------------------------------------------


def bracket(
    piece: Piece,
    registers: Registers,
    known: set[tuple[int, str, str]],
    only: Lot | None = None,
) -> dict[str, bool]:
    """Return, per binding agreement that an undetermined line concerns, whether it is positive.

    known: (year, supplier, category) of all lines with a known category; only: one lot of it.
    """
    line, day = piece.line, piece.line["decisive_date"]
    year, supplier = line["year"], line["supplier_id"]
    found: dict[str, bool] = {}
    for lot in [only] if only else registers.lots:
        if not registers.is_binding(lot):
            continue
        if piece.unit_id != UNKNOWN and not registers.binds(lot, piece.unit_id, day):
            continue
        category_known = piece.category_id != UNKNOWN
        in_scope = registers.has_category(lot, piece.category_id, day)
        if category_known and not in_scope:
            continue
        positive = bool(registers.ranks(lot, supplier, day))
        sells_it = in_scope or any(
            registers.has_category(lot, category, day)
            for known_year, seller, category in known
            if seller == supplier and known_year in (year, year - 1)
        )
        if positive or sells_it:
            found[lot[0]] = found.get(lot[0], False) or positive
    return found


def mart_loyalty(
    pieces: Sequence[Piece], registers: Registers
) -> dict[tuple[int, str, str], dict[str, Any]]:
    """Return the figures of mart_loyalty by (year, unit, agreement)."""
    known = _known(pieces)
    entries: dict[tuple[int, str, str], list[tuple[str, Piece]]] = defaultdict(list)
    for year in _years(pieces):
        for row in registers.lot_units:
            lot = row["agreement_id"], row["lot"]
            if registers.is_binding(lot) and _is_bound_in(year, lot, row["unit_id"], registers):
                entries[year, row["unit_id"], row["agreement_id"]] = []
    for piece in pieces:
        for agreement_id, figure in _figures(piece, registers, known):
            entries[piece.line["year"], piece.unit_id, agreement_id].append((figure, piece))
    spent = _spent(pieces)
    marts = {key: _assessed(found, spent[key[:2]], registers) for key, found in entries.items()}
    return {key: row for key, row in marts.items() if key[1] != UNKNOWN or _is_nonzero(row)}


def mart_loyalty_unit(
    pieces: Sequence[Piece], registers: Registers, units: Sequence[Row]
) -> dict[tuple[int, str], dict[str, Any]]:
    """Return the figures of mart_loyalty_unit by (year, unit): every line once."""
    known = _known(pieces)
    spent = _spent(pieces)
    entries: dict[tuple[int, str], list[tuple[str, Piece]]] = {key: [] for key in spent}
    for year in _years(pieces):
        for row in units:
            begun, over = (
                row["valid_from"] < date(year + 1, 1, 1),
                row["valid_to"] <= date(year, 1, 1),
            )
            if row["unit_id"] != UNKNOWN and begun and not over:
                entries.setdefault((year, row["unit_id"]), [])
        for row in registers.lot_units:
            lot = row["agreement_id"], row["lot"]
            if registers.is_binding(lot) and _is_bound_in(year, lot, row["unit_id"], registers):
                entries.setdefault((year, row["unit_id"]), [])
    for piece in pieces:
        figures = {figure for _, figure in _figures(piece, registers, known)}
        if figures == {"positive", "negative"}:
            figures = {"positive"}
        for figure in figures:
            entries[piece.line["year"], piece.unit_id].append((figure, piece))
    return {
        key: _assessed(found, spent.get(key, (Decimal(0), Decimal(0))), registers)
        for key, found in entries.items()
    }


def mart_loyalty_level(
    pieces: Sequence[Piece], registers: Registers, units: Sequence[Row], sectors: Mapping[Any, str]
) -> dict[tuple[str, str, str, date], dict[str, Any]]:
    """Return the figures of mart_loyalty_level by (level, ID, period, first day).

    sectors: the sector of each (year, unit).
    """
    known = _known(pieces)
    entries: dict[tuple[str, str, str, date], list[tuple[str, Piece]]] = defaultdict(list)
    behind: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for year in _years(pieces):
        spenders = {piece.unit_id for piece in pieces if piece.line["year"] == year}
        for unit in spenders | _units_of(year, units):
            for place in _places_of_unit(year, unit, sectors):
                behind[*place, year].add(unit)
        for lot, unit in {
            ((r["agreement_id"], r["lot"]), r["unit_id"]) for r in registers.lot_units
        }:
            if registers.is_binding(lot) and _is_bound_in(year, lot, unit, registers):
                behind["agreement", lot[0], year].add(unit)
                behind["lot", "/".join(lot), year].add(unit)
        for category in _bound_categories(year, registers):
            behind["category", category, year].update(spenders)
    for piece in pieces:
        year, month = piece.line["year"], _month(piece.line)
        figures = _figures_of_places(piece, registers, known, sectors)
        for (level, name), figure in figures.items():
            entries[level, name, "year", date(year, 1, 1)].append((figure, piece))
            entries[level, name, "month", month].append((figure, piece))
            behind[level, name, year].add(piece.unit_id)
    for level, name, year in behind:
        entries.setdefault((level, name, "year", date(year, 1, 1)), [])
    everyone = {
        year: {p.unit_id for p in pieces if p.line["year"] == year} for year in _years(pieces)
    }
    spent = _spent_by_period(pieces)
    marts = {}
    for key, found in entries.items():
        level, name, period, start = key
        own = everyone[start.year] if level == "category" else behind[level, name, start.year]
        sums = [spent.get((period, start, unit), (Decimal(0), Decimal(0))) for unit in own]
        total = sum((a for a, _ in sums), Decimal(0)), sum((b for _, b in sums), Decimal(0))
        row = _assessed(found, total, registers)
        row["spend_nok"] = row.pop("spend_unit_nok")
        if (level, name) != ("unit", UNKNOWN) or row["line_count"] or row["outside_period_nok"]:
            marts[key] = row
    return marts


def _units_of(year: int, units: Sequence[Row]) -> set[str]:
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    return {
        row["unit_id"]
        for row in units
        if row["unit_id"] != UNKNOWN and row["valid_from"] < end and row["valid_to"] > begin
    }


def _places_of_unit(year: int, unit: str, sectors: Mapping[Any, str]) -> list[tuple[str, str]]:
    sector = sectors.get((year, unit)) or "Ukjent"
    return [("total", "total"), ("sector", sector), ("unit", unit)]


def _bound_categories(year: int, registers: Registers) -> set[str]:
    """Return the categories that a binding lot covers for some unit on some day of the year."""
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    changes = {begin}
    for table in (registers.lot_units, registers.lot_categories, registers.exemptions):
        for row in table:
            changes |= {d for d in (row["valid_from"], row["valid_to"]) if begin <= d < end}
    return {
        scope["category_id"]
        for scope in registers.lot_categories
        if registers.is_binding(lot := (scope["agreement_id"], scope["lot"]))
        and any(
            _holds(scope, day) and registers.binds(lot, row["unit_id"], day)
            for day in changes
            for row in registers.lot_units
            if (row["agreement_id"], row["lot"]) == lot
        )
    }


def _month(line: Row) -> date:
    """Return the first day of the month that a line is counted in (as in mart_spend_cube)."""
    if line.get("spend_source") != "ledger":
        return date(line["issue_date"].year, line["issue_date"].month, 1)
    day = line.get("posting_date") or line["issue_date"] or line["decisive_date"]
    if day.year != line["year"]:
        return date(line["year"], 1 if day.year < line["year"] else 12, 1)
    return date(day.year, day.month, 1)


def _spent_by_period(
    pieces: Sequence[Piece],
) -> dict[tuple[str, date, str], tuple[Decimal, Decimal]]:
    sums: dict[tuple[str, date, str], tuple[Decimal, Decimal]] = {}
    for piece in pieces:
        own = piece.amount if piece.category_id != UNKNOWN else Decimal(0)
        for period, start in (
            ("year", date(piece.line["year"], 1, 1)),
            ("month", _month(piece.line)),
        ):
            key = period, start, piece.unit_id
            total, classified = sums.get(key, (Decimal(0), Decimal(0)))
            sums[key] = total + piece.amount, classified + own
    return sums


def _figures_of_places(
    piece: Piece,
    registers: Registers,
    known: set[tuple[int, str, str]],
    sectors: Mapping[Any, str],
) -> dict[tuple[str, str], str]:
    """Return the figure that a piece adds to in each place; positive goes before negative."""
    judgement, year = piece.judgement, piece.line["year"]
    places = _places_of_unit(year, piece.unit_id, sectors)
    if judgement.loyalty_class != "undetermined":
        if judgement.loyalty_class not in FIGURE_COLUMNS or judgement.agreement_id is None:
            return {}
        places += [
            ("agreement", judgement.agreement_id),
            ("lot", f"{judgement.agreement_id}/{judgement.lot}"),
            ("category", piece.category_id),
        ]
        return dict.fromkeys(places, judgement.loyalty_class)
    found: dict[tuple[str, str], str] = {}
    for lot in registers.lots:
        day, supplier = piece.line["decisive_date"], piece.line["supplier_id"]
        one_lot = bracket(piece, registers, known, only=lot)
        if not one_lot:
            continue
        is_positive = one_lot[lot[0]]
        in_scope = {r["category_id"] for r in registers.scopes[lot] if _holds(r, day)}
        if piece.category_id != UNKNOWN:
            possible = {piece.category_id}
        elif is_positive:
            possible = in_scope or {UNKNOWN}
        else:
            possible = {
                c for y, s, c in known if s == supplier and y in (year, year - 1)
            } & in_scope
        concerned = [("agreement", lot[0]), ("lot", "/".join(lot)), *places]
        for place in concerned + [("category", category) for category in possible]:
            if is_positive or place not in found:
                found[place] = "positive" if is_positive else "negative"
    return found


def mart_coverage(
    pieces: Sequence[Piece], categories: Sequence[Row]
) -> dict[tuple[int, str], dict[str, Any]]:
    """Return the figures of mart_coverage by (year, category)."""
    addressable = {row["category_id"] for row in categories if row["is_addressable"]} | {UNKNOWN}
    columns = {"binding": "covered_nok", "voluntary": "voluntary_nok", "none": "uncovered_nok"}
    sums: dict[tuple[int, str], dict[str, Any]] = {}
    for piece in pieces:
        if piece.category_id in addressable:
            key = piece.line["year"], piece.category_id
            row = sums.setdefault(key, dict.fromkeys(columns.values(), Decimal(0)))
            row[columns[piece.judgement.coverage]] += piece.amount
    for row in sums.values():
        total = sum(row.values(), Decimal(0))
        covered = row["covered_nok"] + row["voluntary_nok"]
        row["coverage_share"] = float(covered / total) if total > 0 else None
    return sums


def _figures(
    piece: Piece, registers: Registers, known: set[tuple[int, str, str]]
) -> list[tuple[str, str]]:
    judgement = piece.judgement
    if judgement.loyalty_class == "undetermined":
        found = bracket(piece, registers, known)
        return [(agreement, "positive" if p else "negative") for agreement, p in found.items()]
    if judgement.loyalty_class in FIGURE_COLUMNS and judgement.agreement_id is not None:
        return [(judgement.agreement_id, judgement.loyalty_class)]
    return []


def _known(pieces: Sequence[Piece]) -> set[tuple[int, str, str]]:
    return {
        (piece.line["year"], piece.line["supplier_id"], piece.category_id)
        for piece in pieces
        if piece.category_id != UNKNOWN
    }


def _years(pieces: Sequence[Piece]) -> list[int]:
    """The years with spend; nothing is said about a year without any."""
    return sorted({piece.line["year"] for piece in pieces})


def _is_bound_in(year: int, lot: Lot, unit: str, registers: Registers) -> bool:
    """Whether the lot binds the unit on some day of the year; asked day by day where it may."""
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    rows = [
        row
        for row in registers.lots_of_unit.get((lot, unit), ())
        if row["valid_from"] < end and row["valid_to"] > begin
    ]
    days = {begin, *(max(row["valid_from"], begin) for row in rows)}
    days |= {row["valid_to"] for row in registers.exemptions if begin <= row["valid_to"] < end}
    return bool(rows) and any(registers.binds(lot, unit, day) for day in days)


def _spent(pieces: Sequence[Piece]) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
    """Net spend per year and unit, and the part of it with a known category."""
    sums: dict[tuple[int, str], tuple[Decimal, Decimal]] = defaultdict(
        lambda: (Decimal(0), Decimal(0))
    )
    for piece in pieces:
        key = piece.line["year"], piece.unit_id
        total, classified = sums[key]
        own = piece.amount if piece.category_id != UNKNOWN else Decimal(0)
        sums[key] = total + piece.amount, classified + own
    return sums


def _assessed(
    entries: Sequence[tuple[str, Piece]], spent: tuple[Decimal, Decimal], registers: Registers
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(FIGURE_COLUMNS.values(), Decimal(0))
    by_evidence: dict[str, Decimal] = defaultdict(Decimal)
    for figure, piece in entries:
        row[FIGURE_COLUMNS[figure]] += piece.amount
        if figure == "on_agreement":
            by_evidence[piece.judgement.loyalty_evidence] += piece.amount
    lines = {p.line["spend_line_id"] for figure, p in entries if figure != "outside_period"}
    row["line_count"] = len(lines)
    row["on_by_reference_nok"] = by_evidence["reference"]
    row["on_by_price_list_nok"] = by_evidence["price_list"]
    row["on_by_category_nok"] = by_evidence["supplier_category_zone_date"]
    for basis in ("successor", "subcontractor"):
        row[f"on_via_{basis}_nok"] = sum(
            (
                piece.amount
                for figure, piece in entries
                if figure == "on_agreement" and piece.judgement.supplier_basis == basis
            ),
            Decimal(0),
        )
    row["spend_unit_nok"], classified = spent
    row["classified_share"] = float(classified / spent[0]) if spent[0] > 0 else None
    return row | interval(row, spent[0], classified, registers.settings)


def interval(row: Row, spend: Decimal, classified: Decimal, settings: Settings) -> dict[str, Any]:
    """Return loyalty_low, loyalty_high and status from the net sums of a row."""
    on, wrong, off = (
        row[f"{name}_nok"] for name in ("on_agreement", "wrong_zone", "off_agreement")
    )
    pos, neg = row["undetermined_positive_nok"], row["undetermined_negative_nok"]
    if row["line_count"] == 0:
        return {"loyalty_low": None, "loyalty_high": None, "status": "not_assessed"}
    if min(on, wrong, off, pos, neg) < 0:
        return {"loyalty_low": None, "loyalty_high": None, "status": "net_credit"}
    low_total, high_total = on + wrong + off + neg, on + pos + wrong + off
    weak = (
        spend <= 0
        or classified < settings.weak_classified_share * spend
        or row["line_count"] < settings.weak_min_lines
        or on + wrong + off + pos + neg < settings.weak_min_nok
        or low_total == 0
        or high_total == 0
    )
    return {
        "loyalty_low": float(on / low_total) if low_total else None,
        "loyalty_high": float((on + pos) / high_total) if high_total else None,
        "status": "weak" if weak else "assessed",
    }


def _is_nonzero(row: Row) -> bool:
    return any(row[column] != 0 for column in FIGURE_COLUMNS.values())
