"""Which unit a line is for (A04) and which category it is of (A05), by evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tests.oracle import registers, texts
from tests.oracle.periods import Row, half_open, holds
from tests.oracle.registers import UNKNOWN, Tables

# The order of signs where the register gives them the same priority.
_KINDS = ("order_number", "buyer_reference", "accounting_cost", "contact", "gln", "endpoint")
Sign = tuple[str, str]


def signs(document: Row, line: Row) -> list[Sign]:
    """Return all that a line and its document say about the unit, as it is compared."""
    order = texts.real(line.get("order_reference")) or texts.real(document.get("order_reference"))
    cost = texts.real(line.get("accounting_cost")) or texts.real(document.get("accounting_cost"))
    said = [
        ("order_number", order),
        ("accounting_cost", cost),
        ("buyer_reference", texts.real(document.get("buyer_reference"))),
        ("contact", texts.real(document.get("buyer_contact_id"))),
        ("contact", texts.real(document.get("buyer_contact_name"))),
        *(("gln", value) for value in _glns(document)),
        ("endpoint", texts.sign("endpoint", document.get("buyer_endpoint_id"))),
        ("orgnr", document.get("buyer_orgnr")),
    ]
    return [(kind, value) for kind, value in said if value]


def _glns(document: Row) -> list[str | None]:
    found = []
    for name, party in (("delivery_location", False), ("buyer_party_id", True)):
        value = document.get(name if party else f"{name}_id")
        scheme = (document.get(f"{name}_scheme") or "").strip().upper()
        bare = not party and not scheme and len(value or "") == 13 and (value or "").isdigit()
        if scheme in ("0088", "GLN") or bare:
            found.append(texts.sign("gln", value))
    if (document.get("buyer_endpoint_scheme") or "").strip().upper() in ("0088", "GLN"):
        found.append(texts.sign("gln", document.get("buyer_endpoint_id")))
    return found


@dataclass(frozen=True)
class Units:
    """The unit register with its identifiers."""

    tables: Tables

    @cached_property
    def _identifiers(self) -> dict[str, list[dict[str, Any]]]:
        """Usable identifiers by kind; a sign points to a unit only while the unit exists."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in map(half_open, self.tables["reg_unit_identifier"]):
            kind = row["identifier_type"]
            value = texts.sign(kind, row["value"])
            if value and value not in texts.PLACEHOLDERS and not texts.is_filler(value):
                last = texts.sign(kind, row.get("value_to")) or value
                periods = [u for u in self._units if u["unit_id"] == row["unit_id"]]
                found[kind].append(row | {"value": value, "value_to": last, "periods": periods})
        return found

    @cached_property
    def _units(self) -> list[dict[str, Any]]:
        return registers.units(self.tables)

    @cached_property
    def _by_orgnr(self) -> dict[str, list[dict[str, Any]]]:
        return registers.single_units_of_orgnr(self.tables)

    def find(self, said: Iterable[Sign], day: date) -> tuple[str, str]:
        """Return the unit and the evidence: the kind of sign, `conflict` or `none`."""
        rungs: dict[tuple[int, int, str], list[dict[str, Any]]] = defaultdict(list)
        orgnrs = []
        for kind, value in said:
            orgnrs += [value] if kind == "orgnr" else []
            for row in self._identifiers[kind]:
                is_valid = holds(row, day) and any(holds(unit, day) for unit in row["periods"])
                if is_valid and _fits(row, value):
                    place = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
                    rungs[_priority(row), place, kind].append(row)
        if not rungs:
            return self._only_unit(orgnrs, day)
        rung = min(rungs)
        chosen = {row["unit_id"] for row in _closest(rungs[rung])}
        return (chosen.pop(), rung[2]) if len(chosen) == 1 else (UNKNOWN, "conflict")

    def _only_unit(self, orgnrs: Iterable[str], day: date) -> tuple[str, str]:
        """Return the unit that alone has the buyer's number on the day: the last rung."""
        own = {u["unit_id"] for n in orgnrs for u in self._by_orgnr[n] if holds(u, day)}
        return (own.pop(), "only_unit_of_orgnr") if len(own) == 1 else (UNKNOWN, "none")


def _priority(row: Row) -> int:
    return 100 if row.get("priority") is None else int(row["priority"])


def _fits(row: Row, value: str) -> bool:
    match row.get("match_type") or "exact":
        case "exact":
            return bool(value == row["value"])
        case "prefix":
            return value.startswith(row["value"])
    ends = (row["value"], row["value_to"])
    if all(part.isdigit() for part in (value, *ends)):
        return int(ends[0]) <= int(value) <= int(ends[1])
    return len(value) == len(ends[0]) and ends[0] <= value <= ends[1]


def _closest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the whole values, else the longest beginnings and the ranges."""
    whole = [row for row in rows if (row.get("match_type") or "exact") == "exact"]
    if whole:
        return whole
    longest = max((len(r["value"]) for r in rows if r["match_type"] == "prefix"), default=0)
    return [r for r in rows if r["match_type"] == "range" or len(r["value"]) == longest]


@dataclass(frozen=True)
class Categories:
    """The ladder of categories, first hit wins; what needs orders or accounts is given."""

    tables: Tables

    @cached_property
    def known(self) -> set[str]:
        """The categories of the register."""
        return {row["category_id"] for row in self.tables["reg_category"]} - {UNKNOWN}

    @cached_property
    def _lists(self) -> dict[str, str]:
        return {row["list_id"].upper(): row["code_list"] for row in texts.seed("code_list_alias")}

    @cached_property
    def _codes(self) -> dict[tuple[str, str], str]:
        codes: dict[tuple[str, str], str] = {}
        for row in sorted(self.tables["reg_category_code"], key=lambda row: row["source_row"]):
            name = row["code_list"].strip().upper()
            key = self._lists.get(name, name), texts.code(row["code"])
            if row["category_id"] in self.known and key[1]:
                codes.setdefault(key, row["category_id"])
        return codes

    def by_classes(self, classes: Iterable[Row]) -> str | None:
        """Return the category of the first class that means one, by the longest code."""
        for row in sorted(classes, key=lambda row: row["position"]):
            name, written = (row["list_id"] or "").strip().upper(), texts.code(row["code"] or "")
            for length in range(len(written), 0, -1):
                found = self._codes.get((self._lists.get(name, name), written[:length]))
                if found:
                    return found
        return None

    def by_item(self, item: str | None, supplier: str, day: date) -> str | None:
        """Return the category that the register gives the seller's item number."""
        key = texts.letters_and_digits(item)
        rows = [
            (
                row.get("orgnr") is None,
                row["match_type"] != "exact",
                -len(code),
                row["source_row"],
                row["category_id"],
            )
            for row in map(half_open, self.tables["reg_account_category"])
            if row["code_type"] == "item"
            and row["category_id"] in self.known
            and (code := texts.letters_and_digits(row["code"]))
            and key
            and (key == code if row["match_type"] == "exact" else key.startswith(code))
            and row.get("orgnr") in (None, supplier.removeprefix("NO"))
            and holds(row, day)
        ]
        return min(rows)[4] if rows else None

    def by_supplier(self, supplier: str, day: date) -> str | None:
        """Return the one category of a supplier that the register says sells nothing else."""
        rows = [
            row
            for row in map(half_open, self.tables["reg_supplier_category"])
            if f"NO{row['orgnr']}" == supplier
            and row["category_id"] in self.known
            and holds(row, day)
        ]
        categories = {row["category_id"] for row in rows}
        is_only = len(categories) == 1 and all(row.get("is_single_category") for row in rows)
        return categories.pop() if is_only else None

    def by_answer(self, item: str | None, supplier: str, account: str | None) -> str | None:
        """Return what a person answered for the text, supplier and account; the newest counts."""
        rows = [
            (row["answered_date"] or date.min, row["source_row"], row["category_id"].strip())
            for row in self.tables["reg_category_answer"]
            if row["supplier_id"].strip() == supplier
            and texts.text(row["item_text"]) == texts.text(item)
            and (row["account"] or "").strip() == (account or "").strip()
        ]
        found = max(rows)[2] if rows else None
        return found if found in self.known else None

    def by_words(self, item: str | None, supplier: str, day: date) -> str | None:
        """Return the category of the best text rule, all of whose words stand in the text."""
        rows = [
            (
                100 if row.get("priority") is None else row["priority"],
                row.get("orgnr") is None,
                -len(rule),
                -sum(len(word) for word, _ in rule),
                row["source_row"],
                row["category_id"],
            )
            for row in map(half_open, self.tables["reg_text_rule"])
            if row["category_id"] in self.known
            and (rule := _rule(row["words"]))
            and row.get("orgnr") in (None, supplier.removeprefix("NO"))
            and holds(row, day)
            and _stands_in(rule, texts.words(item or ""))
        ]
        return min(rows)[5] if rows else None

    def find(
        self, line: Row, classes: Iterable[Row], given: Mapping[str, str | None]
    ) -> tuple[str, str]:
        """Return the category and the rung. `given` has what orders, prices and accounts say."""
        supplier, day, item = line["supplier_id"], line["decisive_date"], line["item_name"]
        by_item = self.by_item(line.get("sellers_item_id"), supplier, day)
        rungs = {
            "price_list": given.get("price_list"),
            "answer": self.by_answer(item, supplier, line.get("account")),
            "order_agreement": given.get("order_agreement"),
            "item_classification": self.by_classes(classes) or by_item,
            "single_category_supplier": self.by_supplier(supplier, day),
            "account": given.get("account"),
            "text_rule": self.by_words(item, supplier, day),
            "learned": given.get("learned"),
        }
        hits = ((category, rung) for rung, category in rungs.items() if category)
        return next(hits, (UNKNOWN, "none"))


def _rule(written: str) -> set[tuple[str, bool]]:
    """Return the words of a rule, and whether each is a beginning («papir*»)."""
    return {
        (word, part.endswith("*"))
        for part in written.replace("*", "* ").split()
        for word in texts.words(part)
    }


def _stands_in(rule: set[tuple[str, bool]], words: list[str]) -> bool:
    return all(
        any(found.startswith(word) if is_beginning else found == word for found in words)
        for word, is_beginning in rule
    )
