"""Orders, answers to them, despatch advices and catalogues, as `benchmarks.ehf` does invoices.

Each kind by itself: from files on disk to committed Parquet, against bare lxml on the same files.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from benchmarks.ehf import ratios
from pipelines.extracts.identifiers import is_orgnr

FILES = 12_000
DOCUMENTS = 500
_NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"\n'
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_GOODS = ("Kopipapir A4 80 g", "Hansker nitril M", "Filtermaske", "Kaffe filtermalt 500 g", "Toner")


_ORGNRS = [n for n in map(str, range(910_000_000, 910_005_000)) if is_orgnr(n)]


def _tag(name: str, text: object, **attributes: str) -> str:
    inside = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<cbc:{name}{inside}>{text}</cbc:{name}>"


def _part(name: str, *inside: str) -> str:
    return f"<cac:{name}>{''.join(inside)}</cac:{name}>"


def _money(name: str, amount: int) -> str:
    return _tag(name, f"{amount // 100}.{amount % 100:02}", currencyID="NOK")


def party(number: int) -> str:
    """Return cac:Party of an invented body, as Peppol BIS 3 has it."""
    orgnr = _ORGNRS[number]
    return _part(
        "Party",
        _tag("EndpointID", orgnr, schemeID="0192"),
        _part("PartyIdentification", _tag("ID", orgnr, schemeID="0192")),
        _part("PartyName", _tag("Name", f"Virksomhet {number}")),
        _part(
            "PostalAddress",
            _tag("StreetName", f"Eksempelveien {number % 90}"),
            _tag("CityName", "Nordeidet"),
            _tag("PostalZone", "0011"),
            _part("Country", _tag("IdentificationCode", "NO")),
        ),
        _part(
            "PartyLegalEntity",
            _tag("RegistrationName", f"Virksomhet {number} AS"),
            _tag("CompanyID", orgnr, schemeID="0192"),
        ),
        _part("Contact", _tag("Name", "Innkjøp"), _tag("ElectronicMail", "post@firma.example")),
    )


def item(chance: random.Random) -> str:
    """Return cac:Item with the identifiers and the classification that suppliers give."""
    number = chance.randint(10_000, 99_999)
    code = _tag("ItemClassificationCode", chance.randint(10, 99) * 10**6, listID="MP")
    return _part(
        "Item",
        _tag("Description", f"{chance.choice(_GOODS)}, pakke med {number % 12 + 1}"),
        _tag("Name", chance.choice(_GOODS)),
        _part("SellersItemIdentification", _tag("ID", f"V-{number}")),
        _part("StandardItemIdentification", _tag("ID", 70 * 10**11 + number, schemeID="0160")),
        _part("CommodityClassification", code),
        _part(
            "ClassifiedTaxCategory",
            _tag("ID", "S"),
            _tag("Percent", 25),
            _part("TaxScheme", _tag("ID", "VAT")),
        ),
    )


def _document(root: str, transaction: str, number: int, *inside: str) -> bytes:
    body = (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"\n{_NAMESPACES}>'
        + _tag("CustomizationID", f"urn:fdc:peppol.eu:poacc:trns:{transaction}:3")
        + _tag("ProfileID", "urn:fdc:peppol.eu:poacc:bis:ordering:3")
        + _tag("ID", f"{root}-{number}")
        + "".join(inside)
        + f"</{root}>"
    )
    body = body.replace("><c", ">\n  <c").replace("></c", ">\n  </c")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()


def _order_line(chance: random.Random, number: int) -> tuple[str, int]:
    count, price = chance.randint(1, 40), chance.randint(100, 90_000)
    period = _part("RequestedDeliveryPeriod", _tag("StartDate", "2024-05-10"))
    line = _part(
        "OrderLine",
        _part(
            "LineItem",
            _tag("ID", number),
            _tag("Quantity", count, unitCode="EA"),
            _money("LineExtensionAmount", count * price),
            _tag("AccountingCost", f"11000-{chance.randint(100, 999)}"),
            _part("Delivery", period),
            _part("Price", _money("PriceAmount", price)),
            item(chance),
        ),
    )
    return line, count * price


def order(chance: random.Random, number: int) -> bytes:
    """Return an order that adds up."""
    made = [_order_line(chance, line) for line in range(1, chance.randint(2, 12))]
    total = sum(amount for _, amount in made)
    delivery = _part("DeliveryLocation", _tag("ID", f"7080000{number:06}", schemeID="0088"))
    return _document(
        "Order",
        "order",
        number,
        _tag("IssueDate", "2024-05-02"),
        _tag("DocumentCurrencyCode", "NOK"),
        _tag("CustomerReference", f"ref-{number % 80}"),
        _part("Contract", _tag("ID", f"A-{number % 40}")),
        _part("BuyerCustomerParty", party(1)),
        _part("SellerSupplierParty", party(2 + number % 300)),
        _part("Delivery", delivery),
        _part("AnticipatedMonetaryTotal", *(_money(n, total) for n in _TOTALS)),
        *(line for line, _ in made),
    )


_TOTALS = ("LineExtensionAmount", "TaxExclusiveAmount", "PayableAmount")


def response(chance: random.Random, number: int) -> bytes:
    """Return the answer to an order, with a promise for each line."""
    period = _part(
        "PromisedDeliveryPeriod", _tag("StartDate", "2024-05-12"), _tag("EndDate", "2024-05-14")
    )
    lines = [
        _part(
            "OrderLine",
            _part(
                "LineItem",
                _tag("ID", line),
                _tag("LineStatusCode", 5),
                _tag("Quantity", chance.randint(1, 40), unitCode="EA"),
                _part("Delivery", period),
                item(chance),
            ),
            _part("OrderLineReference", _tag("LineID", line)),
        )
        for line in range(1, chance.randint(2, 12))
    ]
    return _document(
        "OrderResponse",
        "order_response",
        number,
        _tag("IssueDate", "2024-05-03"),
        _tag("OrderResponseCode", "AP"),
        _tag("DocumentCurrencyCode", "NOK"),
        _part("OrderReference", _tag("ID", f"Order-{number}")),
        _part("SellerSupplierParty", party(2 + number % 300)),
        _part("BuyerCustomerParty", party(1)),
        *lines,
    )


def despatch(chance: random.Random, number: int) -> bytes:
    """Return a despatch advice of an order."""
    lot = _part("LotIdentification", _tag("LotNumberID", f"L{number}"))
    lines = [
        _part(
            "DespatchLine",
            _tag("ID", line),
            _tag("DeliveredQuantity", chance.randint(1, 40), unitCode="EA"),
            _part(
                "OrderLineReference",
                _tag("LineID", line),
                _part("OrderReference", _tag("ID", f"Order-{number}")),
            ),
            item(chance).replace("</cac:Item>", _part("ItemInstance", lot) + "</cac:Item>"),
        )
        for line in range(1, chance.randint(2, 12))
    ]
    return _document(
        "DespatchAdvice",
        "despatch_advice",
        number,
        _tag("IssueDate", "2024-05-08"),
        _part("OrderReference", _tag("ID", f"Order-{number}")),
        _part("DespatchSupplierParty", party(2 + number % 300)),
        _part("DeliveryCustomerParty", party(1)),
        _part("BuyerCustomerParty", party(1)),
        *lines,
    )


def catalogue(chance: random.Random, number: int) -> bytes:
    """Return a price list."""
    lines = [
        _part(
            "CatalogueLine",
            _tag("ID", line),
            _tag("ActionCode", "Add"),
            _tag("OrderableIndicator", "true"),
            _tag("OrderableUnit", "EA"),
            _tag("ContentUnitQuantity", 1, unitCode="EA"),
            _part(
                "RequiredItemLocationQuantity",
                _tag("LeadTimeMeasure", 3, unitCode="DAY"),
                _tag("MinimumQuantity", 1, unitCode="EA"),
                _part(
                    "Price",
                    _money("PriceAmount", chance.randint(100, 90_000)),
                    _tag("BaseQuantity", 1, unitCode="EA"),
                ),
            ),
            item(chance),
        )
        for line in range(1, chance.randint(5, 30))
    ]
    period = (_tag("StartDate", "2024-01-01"), _tag("EndDate", "2024-12-31"))
    return _document(
        "Catalogue",
        "catalogue",
        number,
        _tag("ActionCode", "Replace"),
        _tag("Name", f"Prisliste {number}"),
        _tag("IssueDate", "2024-01-01"),
        _tag("VersionID", 1),
        _part("ValidityPeriod", *period),
        _part("ReferencedContract", _tag("ID", f"A-{number % 40}")),
        _part("ProviderParty", party(2 + number % 300)[len("<cac:Party>") : -len("</cac:Party>")]),
        _part("ReceiverParty", party(1)[len("<cac:Party>") : -len("</cac:Party>")]),
        *lines,
    )


KINDS: dict[str, Callable[[random.Random, int], bytes]] = {
    "orders": order,
    "order responses": response,
    "despatch advices": despatch,
    "catalogues": catalogue,
}


def main() -> None:
    """Print the measures as JSON."""
    measures = []
    for name, make in KINDS.items():
        chance = random.Random(7)
        documents = [make(chance, number) for number in range(DOCUMENTS)]
        measures += ratios(name, documents, FILES)
    print(json.dumps(measures))


if __name__ == "__main__":
    main()
