"""What comes before an invoice, as Peppol BIS 3: orders, answers, despatch advices, a catalogue.

For part of the invoices that name an order; the lines are the invoice's. No figure is drawn from
these documents, so nothing here can change what the demo's truth says of spend.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from random import Random
from xml.sax.saxutils import escape

from pipelines.demo.categories import CATEGORY_BY_ID
from pipelines.demo.documents import Document, Line
from pipelines.demo.ehandel import E_HANDEL, OrderExport
from pipelines.demo.landing import Landing
from pipelines.demo.suppliers import Pool, Supplier
from pipelines.demo.ubl import (
    NAMESPACES,
    VAT_SCHEME,
    address,
    classification,
    item_ids,
    money,
    quantity_text,
)
from pipelines.demo.units import ENTERPRISE, MUNICIPALITY

ORDER_SHARE = 0.06
DESPATCH_SHARE = 0.5
CATALOGUE_AGREEMENT = "SA-2021-11"
_CATALOGUE_CATEGORY = "K141"
_MARGIN = timedelta(days=3)
_RAISED, _GOES = (0, 3), 5
_PROFILE = "urn:fdc:peppol.eu:poacc:bis:{}:3"
_TRANSACTION = "urn:fdc:peppol.eu:poacc:trns:{}:3"


class Trade:
    """Writes the documents that belong to invoices; `counts` has files and rows by kind."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self._pool = pool
        self._random = Random(f"trade:{seed}")
        self._taken: set[str] = set()
        self._turns = pool.plan.turning_days()
        self.export = OrderExport(pool, seed)
        self.counts: dict[str, dict[str, int]] = {}

    def add(self, document: Document, files: Landing) -> None:
        """Write what came before an invoice, for a share of those that name an order."""
        number = document.sign.order_number or document.order_reference
        if number is None or number in self._taken or document.kind != "invoice":
            return
        if document.supplier.orgnr is None:
            return
        self._taken.add(number)
        ordered = self._order_date(document)
        if self._random.random() > ORDER_SHARE:
            if document.sign.unit_id != ENTERPRISE.unit_id:
                self.export.add(document, number, ordered)
            return
        self.write_order(document, ordered, files)

    def write_order(
        self, document: Document, ordered: date, files: Landing, loose: bool | None = None
    ) -> None:
        """Write an invoice's order, the answer to it and, for some, the despatch advice."""
        number = document.sign.order_number or document.order_reference
        assert number is not None
        self.export.channels[(document.supplier.supplier_id, number)] = E_HANDEL
        buyer = self._buyer(document)
        month, lines = f"{document.issue_date:%Y-%m}", len(document.lines)
        order = _order(document, number, ordered, buyer)
        files.add(month, f"ordre_{number}.xml", order, loose)
        answer = _response(document, number, ordered, buyer)
        files.add(month, f"bekreftelse_{number}.xml", answer, loose)
        self._count("peppol_order", 2, 2 * lines)
        if document.delivery_date is not None and self._random.random() < DESPATCH_SHARE:
            advice = _despatch(document, number, buyer)
            files.add(month, f"pakkseddel_{number}.xml", advice, loose)
            self._count("peppol_despatch", 1, lines)

    def _order_date(self, document: Document) -> date:
        """Return a day before delivery on which the purchase was of the same class.

        The day of the order decides (loyalty.md); the truth was told of the document's own.
        """
        if document.order_date is not None:
            return document.order_date
        sent = document.delivery_date or document.issue_date
        ordered = sent - timedelta(days=self._random.randrange(3, 15))
        decisive = document.decisive_date
        low, high = sorted((ordered, decisive))
        place = bisect_left(self._turns, low - _MARGIN)
        is_same = place == len(self._turns) or self._turns[place] > high + _MARGIN
        return ordered if is_same else decisive

    def write_catalogues(self, files: Landing) -> None:
        """Write an agreement's catalogue and, in a second file, what has changed in it."""
        agreement = self._pool.plan.by_id[CATALOGUE_AGREEMENT]
        seller_id = agreement.lots[0].members[0].supplier_id
        seller = next(s for s in self._pool.suppliers if s.supplier_id == seller_id)
        items = _catalogue_items()
        first = [_catalogue_line(n, "Add", i, price) for n, (i, price) in enumerate(items, 1)]
        raised = [(items[n][0], items[n][1] * 104 // 100) for n in _RAISED]
        later = [_catalogue_line(n, "Update", *item) for n, item in enumerate(raised, 1)]
        later.append(_catalogue_line(len(later) + 1, "Delete", *items[_GOES]))
        for number, issued, action, lines in (
            ("KAT-1", date(2024, 1, 2), "Add", first),
            ("KAT-2", date(2024, 7, 1), "Update", later),
        ):
            parties = _catalogue_parties(seller, (self._pool.buyer_orgnr, MUNICIPALITY))
            content = _catalogue(number, issued, action, agreement.reference, parties + lines)
            files.add(f"{issued:%Y-%m}", f"katalog_{number}.xml", content, loose=True)
            self._count("peppol_catalogue", 1, len(lines))

    def _buyer(self, document: Document) -> tuple[str, str]:
        if document.sign.unit_id == ENTERPRISE.unit_id:
            return self._pool.enterprise_orgnr, ENTERPRISE.name
        return self._pool.buyer_orgnr, MUNICIPALITY

    def _count(self, kind: str, files: int, rows: int) -> None:
        counts = self.counts.setdefault(kind, {"files": 0, "rows": 0})
        counts["files"] += files
        counts["rows"] += rows


# --- parts of documents -------------------------------------------------------------------------


def _document(root: str, transaction: str, profile: str, body: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"\n'
        f"    {NAMESPACES}>\n"
        f"  <cbc:CustomizationID>{_TRANSACTION.format(transaction)}</cbc:CustomizationID>\n"
        f"  <cbc:ProfileID>{_PROFILE.format(profile)}</cbc:ProfileID>\n{body}</{root}>\n"
    ).encode()


def _party(orgnr: str, name: str, town: str) -> str:
    """Return the inside of cac:Party."""
    return (
        f'      <cbc:EndpointID schemeID="0192">{orgnr}</cbc:EndpointID>\n'
        "      <cac:PartyIdentification>\n"
        f'        <cbc:ID schemeID="0192">{orgnr}</cbc:ID>\n      </cac:PartyIdentification>\n'
        f"      <cac:PartyName>\n        <cbc:Name>{escape(name)}</cbc:Name>\n"
        "      </cac:PartyName>\n"
        + address("Eksempelveien 1", town, "0099", "NO", "")
        + f"      <cac:PartyLegalEntity>\n        <cbc:RegistrationName>{escape(name)}"
        "</cbc:RegistrationName>\n"
        f'        <cbc:CompanyID schemeID="0192">{orgnr}</cbc:CompanyID>\n'
        "      </cac:PartyLegalEntity>\n"
    )


def _role(element: str, party: str) -> str:
    return f"  <cac:{element}>\n    <cac:Party>\n{party}    </cac:Party>\n  </cac:{element}>\n"


def _seller(supplier: Supplier) -> str:
    return _party(supplier.identifier, supplier.name, supplier.town)


def _item(line: Line, is_priced: bool = True) -> str:
    tax = (
        "      <cac:ClassifiedTaxCategory>\n"
        f"        <cbc:ID>{'S' if line.vat else 'E'}</cbc:ID>\n"
        f"        <cbc:Percent>{line.vat}</cbc:Percent>\n"
        f"        {VAT_SCHEME.format('        ')}\n      </cac:ClassifiedTaxCategory>\n"
    )
    return (
        f"    <cac:Item>\n      <cbc:Name>{line.item_name}</cbc:Name>\n"
        f"{item_ids(line, False)}{classification(line, False)}{tax if is_priced else ''}"
        "    </cac:Item>\n"
    )


def _quantity(element: str, line: Line) -> str:
    amount = quantity_text(line.quantity_tenths)
    return f'    <cbc:{element} unitCode="{line.unit_code}">{amount}</cbc:{element}>\n'


# --- documents ----------------------------------------------------------------------------------


def _order(document: Document, number: str, ordered: date, buyer: tuple[str, str]) -> bytes:
    """Return the order: the invoice's lines at their prices, without freight and discounts."""
    total = sum(line.amount for line in document.lines)
    reference = document.sign.buyer_reference or document.sign.contact
    totals = "".join(
        f'    <cbc:{name} currencyID="NOK">{money(total)}</cbc:{name}>\n'
        for name in ("LineExtensionAmount", "TaxExclusiveAmount", "PayableAmount")
    )
    return _document(
        "Order",
        "order",
        "ordering",
        f"  <cbc:ID>{number}</cbc:ID>\n  <cbc:IssueDate>{ordered}</cbc:IssueDate>\n"
        "  <cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>\n"
        f"  <cbc:CustomerReference>{reference}</cbc:CustomerReference>\n"
        + _role("BuyerCustomerParty", _party(*buyer, "Lindvik"))
        + _role("SellerSupplierParty", _seller(document.supplier))
        + f"  <cac:AnticipatedMonetaryTotal>\n{totals}  </cac:AnticipatedMonetaryTotal>\n"
        + "".join(_order_line(place, line) for place, line in enumerate(document.lines, 1)),
    )


def _order_line(place: int, line: Line) -> str:
    base = (
        f'      <cbc:BaseQuantity unitCode="{line.unit_code}">{line.base_quantity}'
        "</cbc:BaseQuantity>\n"
        if line.base_quantity != 1
        else ""
    )
    return (
        f"  <cac:OrderLine><cac:LineItem>\n    <cbc:ID>{place}</cbc:ID>\n"
        f"{_quantity('Quantity', line)}"
        f'    <cbc:LineExtensionAmount currencyID="NOK">{money(line.amount)}'
        "</cbc:LineExtensionAmount>\n"
        f'    <cac:Price>\n      <cbc:PriceAmount currencyID="NOK">{money(line.price)}'
        f"</cbc:PriceAmount>\n{base}    </cac:Price>\n{_item(line)}"
        "  </cac:LineItem></cac:OrderLine>\n"
    )


def _response(document: Document, number: str, ordered: date, buyer: tuple[str, str]) -> bytes:
    """Return the seller's answer: accepted as it stands (AP), each line too (5)."""
    lines = "".join(
        f"  <cac:OrderLine><cac:LineItem>\n    <cbc:ID>{place}</cbc:ID>\n"
        f"    <cbc:LineStatusCode>5</cbc:LineStatusCode>\n{_quantity('Quantity', line)}"
        f"{_item(line, False)}  </cac:LineItem>\n"
        f"  <cac:OrderLineReference><cbc:LineID>{place}</cbc:LineID></cac:OrderLineReference>"
        "</cac:OrderLine>\n"
        for place, line in enumerate(document.lines, 1)
    )
    return _document(
        "OrderResponse",
        "order_response",
        "ordering",
        f"  <cbc:ID>OB-{number}</cbc:ID>\n"
        f"  <cbc:IssueDate>{ordered + timedelta(days=1)}</cbc:IssueDate>\n"
        "  <cbc:OrderResponseCode>AP</cbc:OrderResponseCode>\n"
        "  <cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>\n"
        f"  <cac:OrderReference>\n    <cbc:ID>{number}</cbc:ID>\n  </cac:OrderReference>\n"
        + _role("SellerSupplierParty", _seller(document.supplier))
        + _role("BuyerCustomerParty", _party(*buyer, "Lindvik"))
        + lines,
    )


def _despatch(document: Document, number: str, buyer: tuple[str, str]) -> bytes:
    """Return the despatch advice of the whole order, on the day of delivery."""
    lines = "".join(
        f"  <cac:DespatchLine>\n    <cbc:ID>{place}</cbc:ID>\n"
        f"{_quantity('DeliveredQuantity', line)}"
        f"    <cac:OrderLineReference>\n      <cbc:LineID>{place}</cbc:LineID>\n"
        f"      <cac:OrderReference><cbc:ID>{number}</cbc:ID></cac:OrderReference>\n"
        f"    </cac:OrderLineReference>\n{_item(line, False)}  </cac:DespatchLine>\n"
        for place, line in enumerate(document.lines, 1)
    )
    return _document(
        "DespatchAdvice",
        "despatch_advice",
        "despatch_advice",
        f"  <cbc:ID>PS-{number}</cbc:ID>\n"
        f"  <cbc:IssueDate>{document.delivery_date}</cbc:IssueDate>\n"
        f"  <cac:OrderReference>\n    <cbc:ID>{number}</cbc:ID>\n  </cac:OrderReference>\n"
        + _role("DespatchSupplierParty", _seller(document.supplier))
        + _role("DeliveryCustomerParty", _party(*buyer, "Lindvik"))
        + lines,
    )


# --- catalogues ---------------------------------------------------------------------------------


def _catalogue_items() -> list[tuple[str, int]]:
    """Return what the catalogue holds: names as on invoices, and prices in øre."""
    names = CATEGORY_BY_ID[_CATALOGUE_CATEGORY].items
    items = [f"{name} {letter}" for letter in "ABC" for name in names]
    return [(item, 4_900 + 1_150 * place) for place, item in enumerate(items)]


def _catalogue_line(place: int, action: str, item: str, price: int) -> str:
    return (
        f"  <cac:CatalogueLine>\n    <cbc:ID>{place}</cbc:ID>\n"
        f"    <cbc:ActionCode>{action}</cbc:ActionCode>\n"
        "    <cbc:OrderableIndicator>true</cbc:OrderableIndicator>\n"
        "    <cbc:OrderableUnit>C62</cbc:OrderableUnit>\n"
        "    <cac:RequiredItemLocationQuantity>\n      <cac:Price>\n"
        f'        <cbc:PriceAmount currencyID="NOK">{money(price)}</cbc:PriceAmount>\n'
        '        <cbc:BaseQuantity unitCode="C62">1</cbc:BaseQuantity>\n'
        "      </cac:Price>\n    </cac:RequiredItemLocationQuantity>\n"
        f"    <cac:Item>\n      <cbc:Name>{item}</cbc:Name>\n"
        "      <cac:SellersItemIdentification>\n"
        f"        <cbc:ID>{_CATALOGUE_CATEGORY}-{item}</cbc:ID>\n"
        "      </cac:SellersItemIdentification>\n    </cac:Item>\n  </cac:CatalogueLine>\n"
    )


def _catalogue_parties(seller: Supplier, buyer: tuple[str, str]) -> list[str]:
    return [
        f"  <cac:ProviderParty>\n{_seller(seller)}  </cac:ProviderParty>\n",
        f"  <cac:ReceiverParty>\n{_party(*buyer, 'Lindvik')}  </cac:ReceiverParty>\n",
    ]


def _catalogue(number: str, issued: date, action: str, contract: str, parts: list[str]) -> bytes:
    return _document(
        "Catalogue",
        "catalogue",
        "catalogue_only",
        f"  <cbc:ID>{number}</cbc:ID>\n  <cbc:ActionCode>{action}</cbc:ActionCode>\n"
        f"  <cbc:Name>Kontorrekvisita</cbc:Name>\n  <cbc:IssueDate>{issued}</cbc:IssueDate>\n"
        f"  <cbc:VersionID>{number[-1]}</cbc:VersionID>\n"
        f"  <cac:ValidityPeriod>\n    <cbc:StartDate>{issued}</cbc:StartDate>\n"
        "    <cbc:EndDate>2024-12-31</cbc:EndDate>\n  </cac:ValidityPeriod>\n"
        f"  <cac:ReferencedContract>\n    <cbc:ID>{contract}</cbc:ID>\n"
        "  </cac:ReferencedContract>\n" + "".join(parts),
    )
