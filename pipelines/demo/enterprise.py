"""The municipal enterprise (KF) that buys in its own name, and what its ledger of one year says.

Invoices are drawn as for the municipality; here they are posted, but for one, and purchases are
made that no invoice tells of. How the ledger looks as SAF-T is in `saft`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from pipelines.demo.categories import ART_CATEGORIES, CATEGORY_BY_ID, OCCUPATIONAL_HEALTH
from pipelines.demo.documents import Document, Line, UnitSign
from pipelines.demo.purchases import YEARS, Purchases, Scale, credit_note
from pipelines.demo.suppliers import Pool, Supplier
from pipelines.demo.truth import Ledger, kroner
from pipelines.demo.units import ENTERPRISE

LEDGER_YEAR = YEARS[-1]
LAST_DAY = date(LEDGER_YEAR, 12, 31)
BANK, DEBT, TAX_DEBT, FUND, VAT = "21000", "23500", "23200", "25600", "14290"
WAGES, EMPLOYERS_TAX = "10100", "10990"
RESIDUAL = 250_000
_OFFICE, _OTHER_GOODS, _RENT, _FEES = "11000", "11200", "11900", "11950"
_INVOICES_PER_MILLE = 27  # of the municipality's in a year
_FEWEST_INVOICES = 16
_CREDITS = 2
_NEARBY = ("Håndverk", "Eiendomsdrift", "Energi", "Kontor", "Møbler", "Bygg og anlegg")


@dataclass(frozen=True)
class Account:
    """An account, with the KOSTRA art or balance chapter that it is grouped under."""

    number: str
    name: str
    code: str
    opening: int = 0


ACCOUNTS = (
    Account(WAGES, "Lønn til fast ansatte", "010"),
    Account(EMPLOYERS_TAX, "Arbeidsgiveravgift", "099"),
    Account(_OFFICE, "Kontorutgifter", "100"),
    Account(_OTHER_GOODS, "Andre varer og tjenester", "120"),
    Account("11800", "Strøm og varme", "180"),
    Account(_RENT, "Leie av lokaler", "190"),
    Account(_FEES, "Avgifter og gebyrer", "195"),
    Account("12000", "Inventar og utstyr", "200"),
    Account("12300", "Vedlikehold av bygg", "230"),
    Account("12400", "Drift av bygg", "240"),
    Account(VAT, "Kompensert merverdiavgift", "429"),
    Account(BANK, "Driftskonto i bank", "10", 2_000_000_000),
    Account(TAX_DEBT, "Skattetrekk og avgift", "32"),
    Account(DEBT, "Gjeld til leverandører", "35"),
    Account(FUND, "Disposisjonsfond", "56", -2_000_000_000),
)
# What the register says that an account means, by its KOSTRA art.
_CATEGORY_OF = {a.number: ART_CATEGORIES[a.code] for a in ACCOUNTS if a.code in ART_CATEGORIES}
_ACCOUNT_OF = {
    "Kontor": _OFFICE,
    "Energi": "11800",
    "Husleie": _RENT,
    "Gebyrer": _FEES,
    "Møbler": "12000",
    "Håndverk": "12300",
    "Bygg og anlegg": "12300",
    "Eiendomsdrift": "12400",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a voucher, in øre: debit above zero, credit below. `rate` where it bears VAT."""

    account: str
    amount: int
    text: str
    supplier: Supplier | None = None
    number: str | None = None
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher that goes to zero. `journal` is a key of `saft.JOURNALS`."""

    journal: str
    day: date
    text: str
    entries: tuple[Entry, ...]


@dataclass
class _Sums:
    """What the ledger's purchases add up to, as `mart_spend_source` tells it."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    amounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Enterprise:
    """Makes the enterprise's documents and vouchers, and records what they must lead to."""

    def __init__(
        self, pool: Pool, purchases: Purchases, scale: Scale, seed: int, ledger: Ledger
    ) -> None:
        self._pool, self._purchases = pool, purchases
        self._ledger, self._sums = ledger, _Sums()
        self._random = Random(f"enterprise:{seed}")
        self._direct = self._without_invoices()
        self._sellers = self._senders()
        self.documents = self._documents(scale)
        self.vouchers: list[Voucher] = []

    def post(self) -> dict[str, Any]:
        """Post the ledger's year, record all documents and return what must stand of the ledger."""
        higher, unposted = self._exceptions()
        for document in self.documents:
            if not _in_year(document):
                self._ledger.record(document)
            elif document is unposted:
                self._leave_out(document)
            else:
                self._post_invoice(document, RESIDUAL if document is higher else 0)
        self._post_direct()
        self._post_wages()
        self.vouchers.sort(key=lambda voucher: (voucher.journal, voucher.day))
        return {
            "entity_id": self._pool.enterprise_orgnr,
            "year": LEDGER_YEAR,
            "invoice_above": higher.number,
            "invoice_unposted": unposted.number,
            **self._sums.counts,
            **{name: kroner(amount) for name, amount in self._sums.amounts.items()},
        }

    def _exceptions(self) -> tuple[Document, Document]:
        """Return the invoice that is posted with more than it says, and the one that is not."""
        credited = {d.billing_reference[0] for d in self.documents if d.billing_reference}
        plain = [
            d
            for d in self.documents
            if _in_year(d) and d.kind == "invoice" and d.number not in credited
        ]
        higher = next(
            d
            for d in plain
            if _is_known(d) and not d.supplier.is_single and not _CATEGORY_OF.keys() & _costs(d)
        )
        return higher, next(d for d in reversed(plain) if d is not higher)

    def _leave_out(self, document: Document) -> None:
        self._ledger.record_replaced(document)
        self._sums.counts["unmatched_invoice_count"] += 1
        self._sums.amounts["unmatched_invoice_nok"] += document.totals().tax_exclusive

    # --- who sells --------------------------------------------------------------------------------

    def _without_invoices(self) -> list[Supplier]:
        """Return three suppliers that are paid without e-invoices, first one that lets premises.

        What is known of them is the seller alone: either it sells one thing, without agreement, or
        its category is unknown. So no posting's class is open to discussion.
        """
        free = [
            s
            for s in self._pool.suppliers
            if s.role == "market"
            and s.orgnr is not None
            and s.years == YEARS
            and OCCUPATIONAL_HEALTH not in s.categories
            and not (s.is_single and s.categories[0] in self._pool.plan.by_category)
        ]
        rent = min(free, key=lambda s: ("K301" not in s.categories, s.index))
        others = [s for s in free if s is not rent]
        paper = min(others, key=lambda s: (s.is_single, s.index))
        return [rent, next(s for s in others if s is not paper), paper]

    def _senders(self) -> list[Supplier]:
        def is_near(supplier: Supplier) -> bool:
            return CATEGORY_BY_ID[supplier.categories[0]].faggruppe in _NEARBY

        fitting = [
            s
            for s in self._pool.suppliers
            if s.orgnr is not None
            and s.population_reason is None
            and s.years == YEARS
            and OCCUPATIONAL_HEALTH not in s.categories
            and s not in self._direct
        ]
        return [s for s in fitting if is_near(s)] or fitting

    def _documents(self, scale: Scale) -> list[Document]:
        """Return the invoices and credit notes of all years, by month."""
        count = max(_FEWEST_INVOICES, scale.documents_a_year * _INVOICES_PER_MILLE // 1_000)
        found: list[Document] = []
        for year in YEARS:
            wanted = count if year == LEDGER_YEAR else count // 2
            found += [self._invoice(year, 12 * turn // wanted + 1) for turn in range(wanted)]
        return sorted([*found, *self._credits(found)], key=_month)

    def _invoice(self, year: int, month: int) -> Document:
        while True:
            supplier = self._random.choice(self._sellers)
            document = self._purchases.for_enterprise(supplier, year, month)
            if document is not None and (year != LEDGER_YEAR or self._is_told(document)):
                return document

    def _is_told(self, document: Document) -> bool:
        """Take the category of lines without one from the account; False where it isn't clear."""
        account, *others = _costs(document)
        category_id = _CATEGORY_OF.get(account)
        silent = [line for line in document.lines if line.known_category is None]
        if others or category_id is None or not silent:
            return True
        if document.contract_reference is not None:
            return False
        facts = (ENTERPRISE.unit_id, document.supplier.supplier_id, document.decisive_date)
        decision = self._pool.plan.decide(category_id, *facts)
        if decision is None:
            return False
        for line in silent:
            line.known_category, line.decision = category_id, decision
        return True

    def _credits(self, invoices: list[Document]) -> list[Document]:
        early = [
            d
            for d in invoices
            if d.is_uniform and _is_known(d) and d.issue_date.month < 10 and _in_year(d)
        ]
        return [
            credit_note(d, d.issue_date + timedelta(days=14), d.lines, d.charges)
            for d in early[1 : 1 + _CREDITS]
        ]

    # --- what is posted ---------------------------------------------------------------------------

    def _post_invoice(self, document: Document, above: int) -> None:
        """Post a document by the arts of its lines, `above` what it says, and pay it."""
        self._ledger.record(document)
        totals, sign = document.totals(), 1 if document.kind == "invoice" else -1
        costs = _costs(document)
        costs[next(iter(costs))] += above
        supplier, number = document.supplier, document.number
        text = f"{'Faktura' if sign > 0 else 'Kreditnota'} {number}"
        rate = max(document.rate(line) for line in document.lines)
        entries = [
            Entry(account, sign * amount, text, supplier, number, rate)
            for account, amount in costs.items()
        ]
        entries.append(Entry(VAT, sign * totals.tax, text, supplier, number))
        debt = -sign * (totals.tax_inclusive + above)
        entries.append(Entry(DEBT, debt, text, supplier, number))
        day = min(document.issue_date + timedelta(days=self._random.randrange(3, 15)), LAST_DAY)
        self._add("IF", day, text, entries)
        self._pay(day, debt, supplier, number)
        if above:
            self._ledger.record_residual(
                self._purchase(supplier, day, above, number, next(iter(costs)))
            )
        self._count("matched", len(costs), sign * totals.tax_exclusive + above)
        self._sums.counts["matched_invoice_count"] += 1
        self._sums.amounts["detail_nok"] += sign * totals.tax_exclusive
        self._sums.amounts["residual_nok"] += above
        self._sums.amounts["spend_nok"] += sign * totals.tax_exclusive + above

    def _post_direct(self) -> None:
        """Post what no e-invoice tells of: rent, a card, a public fee, an invoice on paper."""
        rent, member, paper = self._direct
        public = next(s for s in self._pool.suppliers if s.is_public)
        for month in range(1, 13):
            day = date(LEDGER_YEAR, month, 5)
            self._direct_purchase(rent, day, 4_850_000, "Fast betaling", _RENT)
            card = self._random.randrange(90_000, 700_000)
            self._direct_purchase(None, day, card, "Innkjøpskort", _OTHER_GOODS)
        for month in (2, 8):
            day = date(LEDGER_YEAR, month, 20)
            self._direct_purchase(member, day, 1_234_500, "Kontingent", _FEES)
            self._direct_purchase(public, day, 315_000, "Gebyr", _FEES)
        day = date(LEDGER_YEAR, 6, 17)
        self._direct_purchase(paper, day, 2_718_250, "Faktura på papir", _OFFICE, "PAPIR-17")

    def _direct_purchase(
        self,
        supplier: Supplier | None,
        day: date,
        amount: int,
        text: str,
        account: str,
        number: str | None = None,
    ) -> None:
        seller = supplier or replace(
            self._direct[0], supplier_id="unknown", is_single=False, is_registered=False
        )
        purchase = self._purchase(seller, day, amount, number, account)
        entries = [
            Entry(account, amount, text, supplier, number),
            Entry(BANK, -amount, text, supplier, number),
        ]
        self._add("BA", day, text, entries)
        self._ledger.record_posting(purchase)
        self._count("unmatched_posting", 1, amount)
        self._sums.counts["unmatched_posting_count"] += 1
        if seller.population_reason is None:
            self._sums.amounts["spend_nok"] += amount

    def _purchase(
        self, seller: Supplier, day: date, amount: int, number: str | None, account: str
    ) -> Document:
        """Return what a posting alone tells of a purchase: seller, day, amount and account."""
        category_id = seller.categories[0]
        known = seller.known_category(category_id, is_coded=False) or _CATEGORY_OF.get(account)
        facts = (ENTERPRISE.unit_id, seller.supplier_id, day)
        decision = self._pool.plan.decide(known, *facts)
        if decision is None:
            raise AssertionError(f"no clear class of a posting on {seller.name}")
        line = Line(
            item_name="",
            item_id=None,
            gtin=None,
            quantity_tenths=10,
            unit_code="C62",
            price=amount,
            base_quantity=1,
            allowance=0,
            amount=amount,
            vat=0,
            code=None,
            category_id=category_id,
            known_category=known,
            decision=decision,
        )
        sign = UnitSign(ENTERPRISE.unit_id)
        return Document("invoice", number or "", day, day, seller, sign, [line])

    def _count(self, part: str, entries: int, amount: int) -> None:
        self._sums.counts["posting_count"] += entries
        self._sums.amounts["posting_nok"] += amount
        self._sums.amounts[f"{part}_nok"] += amount

    def _post_wages(self) -> None:
        for month in range(1, 13):
            day = date(LEDGER_YEAR, month, 12)
            wages = 38_500_000 + self._random.randrange(-900_000, 900_000)
            tax, held = wages * 141 // 1_000, wages * 31 // 100
            entries = [
                Entry(WAGES, wages, "Lønn"),
                Entry(EMPLOYERS_TAX, tax, "Arbeidsgiveravgift"),
                Entry(TAX_DEBT, -tax - held, "Skattetrekk og avgift"),
                Entry(BANK, held - wages, "Utbetalt lønn"),
            ]
            self._add("LØ", day, f"Lønn {month:02}/{LEDGER_YEAR}", entries)

    def _pay(self, posted: date, debt: int, supplier: Supplier, number: str) -> None:
        day = posted + timedelta(days=20)
        if day.year != LEDGER_YEAR:
            return
        text = f"Betaling {number}"
        entries = [
            Entry(DEBT, -debt, text, supplier, number),
            Entry(BANK, debt, text, supplier, number),
        ]
        self._add("BA", day, text, entries)

    def _add(self, journal: str, day: date, text: str, entries: list[Entry]) -> None:
        moved = tuple(entry for entry in entries if entry.amount)
        if sum(entry.amount for entry in moved):
            raise AssertionError(f"{text}: the voucher does not go to zero")
        self.vouchers.append(Voucher(journal, day, text, moved))


def _in_year(document: Document) -> bool:
    return document.issue_date.year == LEDGER_YEAR


def _month(document: Document) -> tuple[int, int]:
    return document.issue_date.year, document.issue_date.month


def _is_known(document: Document) -> bool:
    return all(line.decision.loyalty_class != "undetermined" for line in document.lines)


def _account(category_id: str) -> str:
    return _ACCOUNT_OF.get(CATEGORY_BY_ID[category_id].faggruppe, _OTHER_GOODS)


def _costs(document: Document) -> dict[str, int]:
    """Return the document's amount without VAT by account; what is of all lines on the first."""
    costs: dict[str, int] = defaultdict(int)
    for line in document.lines:
        costs[_account(line.category_id)] += line.amount
    first = next(iter(costs))
    costs[first] += document.totals().tax_exclusive - sum(costs.values())
    return costs
