"""Small hand-made invoices for tests; the demo's generator is not used here on purpose."""

from __future__ import annotations

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
BIS3 = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def line(number: int = 1, amount: str = "100.00", inside: str = "", item: str = "") -> str:
    """Return one InvoiceLine; `inside` goes before Item, `item` into it."""
    return (
        f"<cac:InvoiceLine><cbc:ID>{number}</cbc:ID>"
        f'<cbc:InvoicedQuantity unitCode="NAR">1</cbc:InvoicedQuantity>'
        f'<cbc:LineExtensionAmount currencyID="NOK">{amount}</cbc:LineExtensionAmount>{inside}'
        f"<cac:Item><cbc:Name>Vare {number}</cbc:Name>{item}</cac:Item>"
        f'<cac:Price><cbc:PriceAmount currencyID="NOK">{amount}</cbc:PriceAmount></cac:Price>'
        "</cac:InvoiceLine>"
    )


def invoice(
    total: str | None = "100.00",
    lines: str | None = None,
    *,
    number: str = "F-1",
    issue_date: str = "2024-05-02",
    currency: str = "NOK",
    seller: str = '<cbc:CompanyID schemeID="0192">974760673</cbc:CompanyID>',
    seller_name: str = "Selger AS",
    customization: str = BIS3,
    extra: str = "",
    root: str = "Invoice",
) -> bytes:
    """Return an invoice or, with root='CreditNote', a credit note; `extra` is put before totals."""
    body = line() if lines is None else lines
    if root == "CreditNote":
        body = body.replace("InvoiceLine", "CreditNoteLine").replace("Invoiced", "Credited")
    exclusive = (
        ""
        if total is None
        else f'<cbc:TaxExclusiveAmount currencyID="{currency}">{total}</cbc:TaxExclusiveAmount>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} '
        f'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        f'xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
        f"<cbc:CustomizationID>{customization}</cbc:CustomizationID><cbc:ID>{number}</cbc:ID>"
        f"<cbc:IssueDate>{issue_date}</cbc:IssueDate>"
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>"
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>"
        f"<cbc:RegistrationName>{seller_name}</cbc:RegistrationName>{seller}"
        "</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>"
        f"{extra}<cac:LegalMonetaryTotal>{exclusive}</cac:LegalMonetaryTotal>{body}</{root}>"
    ).encode()
