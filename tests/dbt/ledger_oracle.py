"""Spend by ledger and invoices worked out the slow and obvious way, to hold the models against.

Plain Python over lists, written from spend.md («Population») and sharing nothing with the SQL:
which ledger counts, which postings are purchases, which invoice details which postings, and where
every øre of every file goes. Amounts in øre, no files, no database.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

RANKS = ("saft", "general_ledger", "supplier_ledger", "payments")
NUMBER_DAYS = (31, 400)
AMOUNT_DAYS = (7, 60)


@dataclass(frozen=True)
class Posting:
    """One line of a ledger exported as a table; `art` decides in a general ledger."""

    file: str
    row: int
    kind: str
    entity: str
    year: int
    date: dt.date
    supplier: str
    number: str | None
    voucher: str | None
    art: int
    ore: int
    vat_ore: int | None = None


@dataclass(frozen=True)
class Document:
    """One invoice or credit note in kroner."""

    id: str
    file: str
    supplier: str
    number: str
    buyer: str
    date: dt.date
    ore: int


@dataclass
class Fate:
    """Where the øre of a file went."""

    spend: int = 0
    outside: int = 0
    replaced: int = 0
    detailed: int = 0


@dataclass(frozen=True)
class _Pair:
    rank: tuple[object, ...]
    group: tuple[object, ...]
    document: Document


def key_of(number: str | None) -> str | None:
    """Return an invoice number without signs and leading zeros."""
    return re.sub(r"[^0-9A-ZÆØÅ]", "", (number or "").upper()).lstrip("0") or None


def core_of(number: str | None) -> str | None:
    """Return its key without the letters and zeros in front."""
    return re.sub(r"^[A-ZÆØÅ]*0*", "", key_of(number) or "") or None


class Oracle:
    """Everything that follows from some postings and documents; `public` are public sellers."""

    def __init__(
        self, postings: list[Posting], documents: list[Document], public: frozenset[str]
    ) -> None:
        self.postings, self.documents, self.public = postings, documents, public
        self.best: dict[tuple[str, int], int] = {}
        for posting in postings:
            key = (posting.entity, posting.year)
            self.best[key] = min(self.best.get(key, 9), RANKS.index(posting.kind))
        self.groups = self._groups()
        self.matches = self._matches()

    def ledger_of(self, buyer: str, year: int) -> str | None:
        """Return the entity whose ledger stands for a buyer's invoices of a year."""
        return next((e for e in (buyer, "*") if (e, year) in self.best), None)

    def counts(self, posting: Posting) -> bool:
        """Return whether a posting is a purchase in the ledger that counts."""
        rank = RANKS.index(posting.kind)
        is_purchase = rank > 1 or 100 <= posting.art <= 285 or 300 <= posting.art <= 380
        return is_purchase and rank == self.best[posting.entity, posting.year]

    def files(self) -> dict[str, Fate]:
        """Return where each file's øre went."""
        fates: dict[str, Fate] = defaultdict(Fate)
        detailed = {group: document for document, group in self.matches.items()}
        for document in self.documents:
            fate = fates[document.file]
            if document in self.matches or self._own_ledger(document) is None:
                self._add(fate, document.supplier, document.ore)
            else:
                fate.replaced += document.ore
        for posting in self.postings:
            if not self.counts(posting):
                fates[posting.file].outside += posting.ore
        for group, members in self.groups.items():
            self._place(fates, members, detailed.get(group))
        return fates

    def _place(
        self, fates: dict[str, Fate], members: list[Posting], document: Document | None
    ) -> None:
        for posting in members:
            fates[posting.file].outside += posting.vat_ore or 0
            if document is None:
                self._add(fates[posting.file], posting.supplier, _net(posting))
            else:
                fates[posting.file].detailed += _net(posting)
        if document is not None:
            largest = min(members, key=lambda p: (-abs(_net(p)), p.file, p.row))
            rest = sum(map(_net, members)) - document.ore
            fates[largest.file].detailed -= rest
            self._add(fates[largest.file], largest.supplier, rest)

    def _add(self, fate: Fate, supplier: str, ore: int) -> None:
        if supplier in self.public:
            fate.outside += ore
        else:
            fate.spend += ore

    def _own_ledger(self, document: Document) -> str | None:
        return self.ledger_of(document.buyer, document.date.year)

    def _groups(self) -> dict[tuple[object, ...], list[Posting]]:
        groups: dict[tuple[object, ...], list[Posting]] = defaultdict(list)
        for p in self.postings:
            if self.counts(p):
                number = key_of(p.number)
                if number:
                    place: tuple[object, ...] = ("F", number)
                elif p.voucher:
                    place = ("B", p.file, p.voucher)
                else:
                    place = ("L", p.file, p.row)
                groups[p.entity, p.year, p.supplier, *place].append(p)
        return groups

    def _matches(self) -> dict[Document, tuple[object, ...]]:
        taken = _greedy(self._number_pairs())
        groups = set(taken.values())
        pairs = [
            pair
            for pair in self._amount_pairs()
            if pair.document not in taken and pair.group not in groups
        ]
        return taken | _greedy(pairs)

    def _candidates(self) -> Iterable[tuple[tuple[object, ...], list[Posting], Document, int, int]]:
        for group, members in self.groups.items():
            entity, year, supplier = group[:3]
            assert isinstance(year, int)
            date = min(p.date for p in members)
            for document in self.documents:
                if document.supplier == supplier and self.ledger_of(document.buyer, year) == entity:
                    yield group, members, document, (date - document.date).days, year

    def _number_pairs(self) -> list[_Pair]:
        pairs = []
        for group, members, document, days, year in self._candidates():
            ours, theirs = key_of(members[0].number), key_of(document.number)
            core = core_of(theirs)
            same = core is not None and core == core_of(ours) and core in (ours, theirs)
            total = sum(map(_net, members))
            if not (same or (theirs == ours and core)) or total * document.ore < 0:
                continue
            if -NUMBER_DAYS[0] <= days <= NUMBER_DAYS[1]:
                rank = (total != document.ore, ours != theirs, *_far(document, days, year))
                pairs.append(_Pair((*rank, _first(members), document.id), group, document))
        return pairs

    def _amount_pairs(self) -> list[_Pair]:
        pairs = []
        for group, members, document, days, year in self._candidates():
            total = sum(map(_net, members))
            near = -AMOUNT_DAYS[0] <= days <= AMOUNT_DAYS[1]
            free = self._own_ledger(document) is not None or key_of(members[0].number) is None
            if total == document.ore and total and near and free:
                rank = (*_far(document, days, year), _first(members), document.id)
                pairs.append(_Pair(rank, group, document))
        return pairs


def _far(document: Document, days: int, year: int) -> tuple[int, int, dt.date]:
    return abs(document.date.year - year), abs(days), document.date


def _first(members: list[Posting]) -> str:
    first = min(members, key=lambda p: (p.file, p.row))
    return f"B{first.file[:20]}-{first.row}"


def _net(posting: Posting) -> int:
    return posting.ore - (posting.vat_ore or 0)


def _greedy(pairs: list[_Pair]) -> dict[Document, tuple[object, ...]]:
    taken: dict[Document, tuple[object, ...]] = {}
    groups: set[tuple[object, ...]] = set()
    for pair in sorted(pairs, key=lambda pair: pair.rank):
        if pair.document not in taken and pair.group not in groups:
            taken[pair.document] = pair.group
            groups.add(pair.group)
    return taken
