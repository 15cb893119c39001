"""The e-handel system's export of its orders: one row per order line, in a table.

For part of the invoices that name an order and have none as Peppol; some were only written down
there after a call by telephone. What the orders' XML looks like is in `trade`.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from random import Random

from pipelines.demo.agreements import Agreement
from pipelines.demo.categories import CATEGORY_BY_ID
from pipelines.demo.documents import Document, Line
from pipelines.demo.suppliers import Pool
from pipelines.demo.ubl import money, quantity_text
from pipelines.demo.units import UNIT_BY_ID, contact

HEADINGS = (
    *("Ordrenr", "Linjenr", "Ordredato", "Kjøpers orgnr", "Leverandør orgnr", "Leverandør"),
    *("Kanal", "Avtale", "Bestiller", "Varenr", "Varenavn", "UNSPSC", "Antall", "Enhet", "Pris"),
    "Linjesum",
)
E_HANDEL, TELEPHONE = "E-handel", "Telefon"
_TELEPHONE_SHARE = 0.15
# How far the trades have come: the share of their orders that the system has.
SHARES = {"Kontor": 0.9, "IT-utstyr": 0.8, "Mat og drikke": 0.8, "Medisinsk": 0.7, "Møbler": 0.6}
_OTHER_SHARE = 0.2
_ACTIVATED = {
    "Kontor": date(2022, 1, 10),
    "IT-utstyr": date(2022, 6, 1),
    "Mat og drikke": date(2023, 4, 3),
    "Medisinsk": date(2024, 3, 1),
}


def readiness(agreement: Agreement) -> tuple[bool, date | None]:
    """Tell whether what an agreement has suits e-handel, and from when it was there (E09)."""
    trade = CATEGORY_BY_ID[agreement.lots[0].categories[0]].faggruppe
    return trade in SHARES, _ACTIVATED.get(trade)


class OrderExport:
    """Collects the rows of the export; `channels` has each order by supplier and number."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self._pool = pool
        self._random = Random(f"ehandel:{seed}")
        self._rows: list[list[str]] = []
        self.channels: dict[tuple[str, str], str] = {}

    def add(self, document: Document, number: str, ordered: date) -> None:
        """Write an invoice's order down, for a share of them that depends on the trade."""
        lines = document.lines
        trade = CATEGORY_BY_ID[lines[0].category_id].faggruppe
        if self._random.random() > SHARES.get(trade, _OTHER_SHARE):
            return
        if any(x.item_id is None or x.base_quantity != 1 or x.allowance for x in lines):
            return
        is_call = self._random.random() < _TELEPHONE_SHARE
        channel = TELEPHONE if is_call else E_HANDEL
        self.channels[(document.supplier.supplier_id, number)] = channel
        for place, line in enumerate(lines, 1):
            head = [number, str(place), f"{ordered:%d.%m.%Y}"]
            self._rows.append([*head, *self._parties(document, channel), *_line(line)])

    def _parties(self, document: Document, channel: str) -> list[str]:
        supplier, unit_id = document.supplier, document.sign.unit_id
        orderer = contact(UNIT_BY_ID[unit_id]) if unit_id else ""
        seller = [supplier.orgnr or "", supplier.name]
        return [self._pool.buyer_orgnr, *seller, channel, self._reference(document), orderer]

    def _reference(self, document: Document) -> str:
        """Return the agreement's number where the order was plainly made under it."""
        first = document.lines[0].decision
        is_plain = document.is_uniform and all(line.known_category for line in document.lines)
        if first.loyalty_class != "on_agreement" or first.agreement_id is None or not is_plain:
            return ""
        return self._pool.plan.by_id[first.agreement_id].reference

    def write(self, landing: Path) -> dict[str, dict[str, int]]:
        """Write the export; return its kind with how many files and rows it is."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
        writer.writerows([HEADINGS, *self._rows])
        path = landing / "ordre" / "ehandel_ordrelinjer.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
        return {"order_table_line": {"files": 1, "rows": len(self._rows)}}


def _line(line: Line) -> list[str]:
    is_unspsc = line.code is not None and line.code[0] == "UNSPSC"
    return [
        line.item_id or "",
        line.item_name,
        line.code[1] if line.code is not None and is_unspsc else "",
        quantity_text(line.quantity_tenths).replace(".", ","),
        line.unit_code,
        money(line.price).replace(".", ","),
        money(line.amount).replace(".", ","),
    ]
