"""Suppliers that come twice: on some invoices a firm's number is missing and its name is written
in another way; and firms that only look the same.

The invoices and the truth about them belong here; the ways of writing are in `misspellings`. All
of them sell what no agreement covers, so that no class depends on who is taken for whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pipelines.demo.agreements import NO_AGREEMENT
from pipelines.demo.documents import Document
from pipelines.demo.misspellings import FirmName, misspelt, other_stem, other_trade
from pipelines.demo.planted import planted_invoice, planted_line
from pipelines.demo.suppliers import Pool, Supplier
from pipelines.demo.units import ACTIVE_UNITS

TRADE_NAME = "handelsnavn"
_TRADE_NAME_TEXT = "Torgboden AS"
_FIRST_DAYS = (date(2023, 2, 1), date(2024, 2, 1))


@dataclass(frozen=True)
class Twin:
    """A supplier without a number. `same_as` is the firm that it is; None: a firm of its own.

    `like` is the firm that its name looks most like, `variation` how the name differs from it; of
    a trade name only the register of merges tells.
    """

    supplier_id: str
    name: str
    same_as: str | None
    like: str
    variation: str


class Twins:
    """Makes the invoices of one pool's twins; `truth` says who is who."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self._random = Random(f"twins:{seed}")
        self._firms = pool.firms
        self._units = [unit.unit_id for unit in ACTIVE_UNITS]
        self._number = 0
        self.truth: list[Twin] = []

    def documents(self) -> Iterator[Document]:
        """Yield two invoices of every firm, and those on which it has no number."""
        for number, (firm, name) in enumerate(self._firms):
            for year in range(len(_FIRST_DAYS)):
                yield self._invoice(firm, name.category_id, year)
            for turn in (number, number + 5)[: 2 if number % 3 == 0 else 1]:
                kind, text = misspelt(name, turn)
                yield self._twin(firm, name, text, kind, firm.supplier_id)
            if name.region:
                continue
            if number % 3 == 1:
                other = other_trade(name)
                yield self._twin(firm, other, other.text, "annen_bransje", None)
            if number % 3 == 2:
                other = other_stem(name)
                yield self._twin(firm, other, other.text, "annet_forledd", None)

        firm, name = self._firms[-1]
        yield self._twin(firm, name, _TRADE_NAME_TEXT, TRADE_NAME, firm.supplier_id)

    def _twin(
        self, firm: Supplier, name: FirmName, text: str, variation: str, same_as: str | None
    ) -> Document:
        key = f"NAVN:{text.upper()}"
        supplier = replace(
            firm, supplier_id=key, name=text, orgnr=None, vat_id=None, scheme="", identifier=""
        )
        if same_as is None:
            supplier.index += 5_000  # another address, and another bank account
        self.truth.append(Twin(key, text, same_as, firm.supplier_id, variation))
        return self._invoice(supplier, name.category_id, self._number % len(_FIRST_DAYS))

    def _invoice(self, supplier: Supplier, category_id: str, year: int) -> Document:
        self._number += 1
        unit_id = self._random.choice(self._units)
        amount = self._random.randrange(100_000, 3_000_000)
        day = _FIRST_DAYS[year] + timedelta(days=self._random.randrange(300))
        line = planted_line(category_id, amount, NO_AGREEMENT)
        return planted_invoice(supplier, unit_id, day, f"T-{self._number:04d}", line)
