"""mart_supplier_year and mart_supplier_average by each definition of spend (E01-E03).

The definitions are rows of a seed, which is read as data; what they mean is `spend.md`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any

from tests.dbt.spend_oracle import median, rounded
from tests.oracle import texts
from tests.oracle.lake import Lake, supplier_name
from tests.oracle.periods import Row
from tests.oracle.registers import UNKNOWN

# What a definition's column lets in; purchases are always in.
_PARTS = {
    "investment": "includes_investments",
    "public_body": "includes_public_bodies",
    "internal": "includes_internal_sellers",
    "internal_account": "includes_internal_account",
    "transfers": "includes_transfers",
    "wages": "includes_wages",
}


@dataclass(frozen=True)
class Entry:
    """A line's share in spend, in øre; VAT without a purchase is no document."""

    year: int
    document: str
    kind: str
    supplier: str
    name: str
    part: str
    is_addressable: bool
    ore: int
    vat_ore: int
    is_purchase: bool = True


@dataclass(frozen=True)
class Posted:
    """What is taken from a ledger: names and kinds of its documents, and VAT on postings alone."""

    names: Mapping[str, str]
    vat: Sequence[Entry] = ()


def entries(lake: Lake, posted: Posted | None = None) -> list[Entry]:
    """Return every line that some definition counts."""
    posted = posted or Posted({})
    inside = [(piece.line, piece.category_id, piece.amount) for piece in lake.pieces]
    outside = [
        (line, line["category_id"], line["amount_nok"])
        for line in lake.lines
        if line["population_reason"] in _PARTS
    ]
    sums: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for line, _, amount in inside + outside:
        sums[line["year"], line["document_id"], line["supplier_id"]] += amount
    found = []
    for line, category, amount in inside + outside:
        total = sums[line["year"], line["document_id"], line["supplier_id"]]
        found.append(_entry(lake, posted, line, category, amount, total))
    return found + list(posted.vat)


def _entry(
    lake: Lake, posted: Posted, line: Row, category: str, amount: Decimal, total: Decimal
) -> Entry:
    document = lake.documents.get(line["document_id"])
    kind = "invoice" if line["document_number"] is not None and total > 0 else "posting"
    name = posted.names.get(line["document_id"], UNKNOWN)
    if document is not None:
        kind, name = document["document_kind"], supplier_name(document)
    is_excluded = not lake.categories.get(category, {}).get("is_addressable", True)
    return Entry(
        line["year"],
        line["document_id"],
        kind,
        line["supplier_id"],
        name,
        line["population_reason"] or _part(line),
        line["population_reason"] is None
        and not is_excluded
        and not _has_art(line, "not_addressable"),
        int(amount * 100),
        _vat(line, amount),
    )


def _part(line: Row) -> str:
    return "investment" if _has_art(line, "investment") else "purchase"


def _has_art(line: Row, rule: str) -> bool:
    """Whether the line's KOSTRA art falls under a dated rule in that year."""
    art = line.get("kostra_art")
    if art is None or not art.isdigit():
        return False
    return any(
        row["rule_kind"] == rule
        and int(row["first_art"]) <= int(art) <= int(row["last_art"])
        and int(row["valid_from"][:4]) <= line["year"] <= int(row["valid_to"][:4])
        for row in texts.seed("spend_art_rule")
    )


def _vat(line: Row, amount: Decimal) -> int:
    """Return the VAT of an invoice's line: its amount times its rate, to the øre."""
    percent = line.get("vat_percent")
    if line["spend_source"] != "invoice" or percent is None or not 0 < percent <= 100:
        return 0
    return rounded(Fraction(amount) * 100 * Fraction(percent), 100) or 0


@dataclass(frozen=True)
class Definition:
    """One row of the definitions."""

    row: Mapping[str, str]

    @property
    def with_vat(self) -> bool:
        """Whether known VAT counts."""
        return self.row["vat_treatment"] == "inkl_mva"

    def counts(self, entry: Entry) -> bool:
        """Whether the line is in."""
        if self.row["is_addressable_only"] == "true" and not (
            entry.is_addressable or entry.part not in ("purchase", "investment")
        ):
            return False
        return entry.part == "purchase" or self.row[_PARTS[entry.part]] == "true"

    def supplier(self, entry: Entry) -> str:
        """Return the supplier as it is counted: merged, or by its name."""
        return entry.supplier if self.row["merges_suppliers"] == "true" else entry.name

    def ore(self, entry: Entry) -> int:
        """Return what the line counts for."""
        return entry.ore + (entry.vat_ore if self.with_vat else 0)

    def is_active(self, row: Row) -> bool:
        """Whether the supplier counts in the year (E02)."""
        match self.row["active_rule"]:
            case "any_posting":
                return True
            case "any_invoice":
                return bool(row["invoice_count"] > 0)
        return bool(row["spend_nok"] >= Decimal(self.row["minimum_nok"]))

    def suppliers(self, lines: Iterable[Entry]) -> dict[str, dict[str, Any]]:
        """Return the active suppliers with their figures, the largest first."""
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for entry in lines:
            if self.counts(entry):
                grouped[self.supplier(entry)].append(entry)
        bought = {supplier: self._with_purchase(own) for supplier, own in grouped.items()}
        figures = {supplier: self._figures(own) for supplier, own in bought.items() if own}
        active = [(key, row) for key, row in figures.items() if self.is_active(row)]
        ordered = sorted(active, key=lambda found: (-found[1]["spend_nok"], found[0]))
        total = sum((row["spend_nok"] for _, row in ordered), Decimal(0))
        until = accumulate(row["spend_nok"] for _, row in ordered)
        for rank, ((_, row), so_far) in enumerate(zip(ordered, until, strict=True), start=1):
            row["spend_rank"] = rank
            row["spend_share"] = float(row["spend_nok"] / total) if total else None
            row["cumulative_share"] = float(so_far / total) if total else None
        return dict(ordered)

    def _with_purchase(self, own: Sequence[Entry]) -> list[Entry]:
        """Return the lines without the VAT of parts of which nothing was bought."""
        parts = {(entry.part, entry.is_addressable) for entry in own if entry.is_purchase}
        return [e for e in own if self.with_vat or (e.part, e.is_addressable) in parts]

    def _figures(self, own: Sequence[Entry]) -> dict[str, Any]:
        sums: dict[str, int] = defaultdict(int)
        for entry in own:
            sums[entry.document] += self.ore(entry)
        documents = {entry.document: entry.kind for entry in own if entry.is_purchase}
        ore = sum(sums.values())
        return {
            "spend_nok": nok(ore),
            "vat_nok": nok(sum(entry.vat_ore for entry in own)),
            "investment_nok": nok(sum(entry.ore for entry in own if entry.part == "investment")),
            "document_count": len(documents),
            "invoice_count": list(documents.values()).count("invoice"),
            "mean_document_nok": nok(rounded(ore, len(documents))),
            "median_document_nok": nok(median(sums[key] for key in documents)),
        }


def nok(ore: int | None) -> Decimal | None:
    """Return kroner."""
    return None if ore is None else Decimal(ore).scaleb(-2)


def definitions() -> dict[str, Definition]:
    """Return the definitions by ID."""
    return {row["definition_id"]: Definition(row) for row in texts.seed("spend_definition")}


def mart_supplier_year(found: Sequence[Entry]) -> dict[tuple[int, str, str], dict[str, Any]]:
    """Return the figures by (year, definition, supplier)."""
    return {
        (year, name, supplier): row
        for year in _years(found)
        for name, definition in definitions().items()
        for supplier, row in definition.suppliers(e for e in found if e.year == year).items()
    }


def mart_supplier_average(found: Sequence[Entry]) -> dict[tuple[int, str], dict[str, Any]]:
    """Return the figures by (year, definition); a definition without suppliers has its row."""
    return {
        (year, name): _average(definition, definition.suppliers(e for e in found if e.year == year))
        for year in _years(found)
        for name, definition in definitions().items()
    }


def _years(found: Sequence[Entry]) -> list[int]:
    return sorted({entry.year for entry in found})


def _average(definition: Definition, suppliers: Mapping[str, Row]) -> dict[str, Any]:
    ordered = sorted(int(row["spend_nok"] * 100) for row in suppliers.values())
    out = int(len(ordered) * Fraction(definition.row["trim_share"]))
    kept = ordered[out : len(ordered) - out]
    return {
        "numerator_nok": nok(sum(ordered)),
        "denominator_suppliers": len(ordered),
        "mean_nok": nok(rounded(sum(ordered), len(ordered))),
        "median_nok": nok(median(ordered)),
        "trim_share": float(definition.row["trim_share"]),
        "trimmed_numerator_nok": nok(sum(kept)),
        "trimmed_suppliers": len(kept),
        "trimmed_mean_nok": nok(rounded(sum(kept), len(kept))),
        "vat_nok": sum((row["vat_nok"] for row in suppliers.values()), Decimal(0)),
        "investment_nok": sum((row["investment_nok"] for row in suppliers.values()), Decimal(0)),
        "document_count": sum(row["document_count"] for row in suppliers.values()),
    }
