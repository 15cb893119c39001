"""From the lake's rows to spend lines, in plain Python: supplier, date, unit, category, NOK.

`Given` carries what the oracle does not work out again, since it is held by the tests of those
topics (`tests/dbt/ledger_oracle.py`, `test_orders.py`, `test_supplier_links.py`,
`tests/unit/test_learned_categories.py`): how a ledger and the invoices meet, the ledger's own
lines, the order and the price list of a line, whom a supplier was merged with, and the categories
that rest on these. A lake of invoices and registers needs none of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.integration import loyalty_oracle
from tests.integration.loyalty_oracle import Piece
from tests.oracle import registers, texts
from tests.oracle.periods import Row
from tests.oracle.placing import Categories, Units, signs
from tests.oracle.registers import UNKNOWN, Tables

Line = dict[str, Any]
Place = tuple[str, int]


@dataclass(frozen=True)
class Given:
    """What is taken from the models, by document or by (document, row)."""

    sources: Mapping[str, Row] = field(default_factory=dict)
    ledger_lines: Sequence[Row] = ()
    orders: Mapping[Place, Row] = field(default_factory=dict)
    price_lists: Mapping[Place, Row] = field(default_factory=dict)
    categories: Mapping[Place, Mapping[str, str | None]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lake:
    """The rows that count of every table, the settings of the build, and what is given."""

    tables: Tables
    settings: Row
    given: Given = field(default_factory=Given)

    @cached_property
    def registers(self) -> loyalty_oracle.Registers:
        """What lines are judged by."""
        return registers.registers(self.tables, self.settings)

    @cached_property
    def categories(self) -> dict[str, Row]:
        """The categories by ID; one without a kind is of goods and services."""
        return {
            row["category_id"]: {
                "category_id": row["category_id"],
                "kind": row.get("kind") or "goods_services",
                "is_addressable": row.get("is_addressable") is not False,
            }
            for row in self.tables["reg_category"]
        }

    @cached_property
    def documents(self) -> dict[str, Row]:
        """The documents by their key."""
        return {row["document_id"]: row for row in self.tables["ehf_document"]}

    @cached_property
    def lines(self) -> list[Line]:
        """Every line that can be expressed in NOK and that no ledger stands in for."""
        own: dict[str, list[Row]] = defaultdict(list)
        classes: dict[Place, list[Row]] = defaultdict(list)
        for row in self.tables["ehf_line"]:
            own[row["document_id"]].append(row)
        for row in self.tables["ehf_line_classification"]:
            classes[row["document_id"], row["source_row"]].append(row)
        units, ladder = Units(self.tables), Categories(self.tables)
        found: list[Line] = [dict(row) for row in self.given.ledger_lines]
        for document_id, document in self.documents.items():
            source = self.given.sources.get(document_id, {})
            amounts = self._in_nok(document, own[document_id])
            if amounts is None or source.get("spend_source") == "replaced":
                continue
            for row, amount in zip(own[document_id], amounts, strict=True):
                place = document_id, row["source_row"]
                line = self._line(document, row, source) | {"amount_nok": amount}
                line |= self._unit(document, row, line, units, source)
                line["category_id"], line["category_evidence"] = ladder.find(
                    line, classes[place], self.given.categories.get(place, {})
                )
                found.append(line)
        return found

    @cached_property
    def pieces(self) -> list[Piece]:
        """The lines of the population, judged, with credits and freight spread."""
        return loyalty_oracle.spend_lines(
            self.lines, self.tables["ehf_billing_reference"], self.registers
        )

    def supplier(self, document: Row) -> str:
        """Return the seller's key: organisation number, VAT number, other number, name (E02)."""
        stated = _stated_supplier(document)
        return self.given.merged.get(stated, stated)

    def population_reason(self, document: Row) -> str | None:
        """Return why purchases of the seller are no spend: it is our own, or public."""
        supplier = self.supplier(document)
        orgnr = supplier.removeprefix("NO")
        rows = [r for r in self.tables["reg_supplier"] if f"NO{r['orgnr']}" == supplier]
        seller, buyer = document.get("seller_orgnr"), document.get("buyer_orgnr")
        if (
            any(r.get("is_internal") for r in rows)
            or orgnr in self._own
            or (seller and seller == buyer)
        ):
            return "internal"
        if any(r.get("is_public_body") for r in rows) or orgnr in self._public:
            return "public_body"
        return None

    @cached_property
    def _own(self) -> set[str]:
        """The municipality, its units, and what is registered one or two steps below them."""
        own = {row["orgnr"] for row in registers.units(self.tables) if row.get("orgnr")}
        own |= {self.settings["municipality_orgnr"]} - {""}
        above = {row["orgnr"]: row.get("parent_orgnr") for row in self.tables["brreg_entity"]}
        return own | {n for n, parent in above.items() if {parent, above.get(parent)} & own}

    @cached_property
    def _public(self) -> set[str]:
        """What Enhetsregisteret says is public, by form or sector, or part of what is."""
        rules = {(row["code_kind"], row["code"]) for row in texts.seed("public_body_rule")}
        entities = {row["orgnr"]: row for row in self.tables["brreg_entity"]}
        public = {
            orgnr
            for orgnr, row in entities.items()
            if ("organisation_form", row.get("organisation_form_code")) in rules
            or ("sector_code", row.get("sector_code")) in rules
        }
        parts = {n for n, row in entities.items() if row["is_sub_entity"]}
        return public | {n for n in parts if entities[n]["parent_orgnr"] in public}

    def _line(self, document: Row, row: Row, source: Row) -> Line:
        place = document["document_id"], row["source_row"]
        order, listed = self.given.orders.get(place, {}), self.given.price_lists.get(place, {})
        is_difference = row["line_kind"] == "difference"
        reason = self.population_reason(document)
        dates = (
            order.get("order_date"), document.get("order_date"), row.get("delivery_date"),
            document.get("delivery_date"), row.get("period_start"), document.get("period_start"),
            document["issue_date"],
        )  # fmt: skip
        item = row.get("sellers_item_id") or row.get("standard_item_id")
        return {
            "spend_line_id": f"{document['document_id']}-{row['source_row']}",
            "document_id": document["document_id"],
            "source_row": row["source_row"],
            "document_number": document["document_number"],
            "document_kind": "difference" if is_difference else document["document_kind"],
            "line_kind": row["line_kind"],
            "issue_date": document["issue_date"],
            "decisive_date": next(day for day in dates if day is not None),
            "year": source.get("year") or document["issue_date"].year,
            "supplier_id": self.supplier(document),
            "contract_reference": document.get("contract_reference"),
            "order_reference": row.get("order_reference") or document.get("order_reference"),
            "order_contract_reference": order.get("order_contract_reference"),
            "price_list_agreement_id": listed.get("price_list_agreement_id"),
            "item_key": item or (row.get("item_name") or "").strip().lower() or None,
            "sellers_item_id": row.get("sellers_item_id"),
            "item_name": row.get("item_name"),
            "vat_percent": row.get("vat_percent"),
            "is_in_population": reason is None,
            "population_reason": reason,
            "spend_source": source.get("spend_source") or "invoice",
        }

    def _unit(
        self, document: Row, row: Row, line: Row, units: Units, source: Row
    ) -> dict[str, str | None]:
        """Find the unit; where the invoice says nothing the order does, then the ledger."""
        unit, evidence = units.find(signs(document, row), line["decisive_date"])
        order = self.given.orders.get((document["document_id"], row["source_row"]), {})
        if unit == UNKNOWN and order.get("unit_id"):
            unit, evidence = order["unit_id"], "order"
        elif unit == UNKNOWN and source.get("ledger_unit_id"):
            unit, evidence = source["ledger_unit_id"], "ledger_dimension"
        return {"unit_id": unit, "unit_evidence": evidence}

    def _in_nok(self, document: Row, rows: Sequence[Row]) -> list[Decimal] | None:
        """Return the lines' amounts in NOK; None where there is no rate that is new enough."""
        currency = document["currency"].strip().upper()
        amounts = [row["amount"] for row in rows]
        if currency == "NOK":
            return amounts
        rate = self._rate(currency, document)
        if rate is None:
            return None
        exact = [Fraction(amount) * 100 * rate for amount in amounts]
        total = sum(amounts, Decimal(0))
        sign = -1 if _whole(Fraction(total) * 100 * rate) < 0 else 1
        parts = [(sign * share) // 1 for share in exact]
        lacking = abs(_whole(Fraction(total) * 100 * rate)) - sum(parts)
        turns = sorted(
            range(len(rows)),
            key=lambda i: (parts[i] - sign * exact[i], -abs(amounts[i]), rows[i]["source_row"]),
        )
        for i in turns[:lacking]:
            parts[i] += 1
        return [Decimal(sign * int(part)).scaleb(-2) for part in parts]

    def _rate(self, currency: str, document: Row) -> Fraction | None:
        """Return the newest usable rate on the day or the few days before it."""
        day = document["issue_date"]
        oldest = day - timedelta(days=self.settings["exchange_rate_max_age_days"])
        rates = [
            (row["rate_date"], -row["source_row"], Fraction(row["rate"]) / (row["units"] or 1))
            for row in self.tables["reg_exchange_rate"]
            if row["currency"].strip().upper() == currency
            and oldest <= row["rate_date"] <= day
            and 0 < row["rate"] < 10_000 * (row["units"] or 1)
        ]
        return max(rates)[2] if rates else None


def _whole(value: Fraction) -> int:
    """Return the nearest whole number, halves away from zero."""
    rounded = int(abs(value) + Fraction(1, 2))
    return rounded if value >= 0 else -rounded


def _stated_supplier(document: Row) -> str:
    if document.get("seller_orgnr"):
        return f"NO{document['seller_orgnr']}"
    vat = texts.letters_and_digits(texts.real(document.get("seller_vat_id")))
    if vat:
        return f"VAT:{vat}"
    for name, scheme in (
        ("seller_legal_id", "seller_legal_id_scheme"),
        ("seller_party_id", "seller_party_id_scheme"),
        ("seller_endpoint_id", "seller_endpoint_scheme"),
    ):
        value = texts.text(texts.real(document.get(name)))
        if value:
            return f"{texts.text(document.get(scheme)) or 'ID'}:{value}"
    return supplier_name(document)


def supplier_name(document: Row) -> str:
    """Return the key of a supplier that is known by nothing but its name."""
    name = texts.text(document.get("seller_name"))
    return f"NAVN:{name}" if name else UNKNOWN
