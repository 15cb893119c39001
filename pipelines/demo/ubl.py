"""Documents as XML: EHF 3 (Peppol BIS Billing 3) and EHF 2.0, both UBL 2.1.

Only the writing of XML belongs here, as text: a document object model would make a year of a
municipality take an hour.
"""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from pipelines.demo.documents import AllowanceCharge, Document, Line, Totals
from pipelines.demo.identifiers import kid
from pipelines.demo.suppliers import Supplier
from pipelines.demo.units import MUNICIPALITY

NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"\n'
    '    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_BIS3 = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_EHF2 = {
    "Invoice": (
        "urn:www.cenbii.eu:transaction:biitrns010:ver2.0:extended:"
        "urn:www.peppol.eu:bis:peppol5a:ver2.0:extended:urn:www.difi.no:ehf:faktura:ver2.0"
    ),
    "CreditNote": (
        "urn:www.cenbii.eu:transaction:biitrns014:ver2.0:extended:"
        "urn:www.peppol.eu:bis:peppol5a:ver2.0:extended:urn:www.difi.no:ehf:kreditnota:ver2.0"
    ),
}
_CODE_LISTS = {"UNSPSC": "TST", "CPV": "STI"}
_REASONS = {
    "AE": "<cbc:TaxExemptionReason>Omvendt avgiftsplikt</cbc:TaxExemptionReason>",
    "E": "<cbc:TaxExemptionReason>Unntatt fra merverdiavgiftsloven</cbc:TaxExemptionReason>",
}
VAT_SCHEME = "<cac:TaxScheme>\n{0}  <cbc:ID>VAT</cbc:ID>\n{0}</cac:TaxScheme>"


def money(amount: int) -> str:
    """Return whole øre as a number with two decimals."""
    sign = "-" if amount < 0 else ""
    amount = abs(amount)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def quantity_text(tenths: int) -> str:
    """Return tenths as a number, with a decimal only where there is one."""
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def _optional(element: str, value: str | date | None, indent: str = "  ") -> str:
    if value is None:
        return ""
    return f"{indent}<cbc:{element}>{escape(str(value))}</cbc:{element}>\n"


def _reference(element: str, value: str | None, extra: str = "") -> str:
    if value is None:
        return ""
    return f"  <cac:{element}>\n    <cbc:ID>{escape(value)}</cbc:ID>\n{extra}  </cac:{element}>\n"


def address(street: str, town: str, zone: str, country: str, scheme: str) -> str:
    """Return cac:PostalAddress of a party."""
    return f"""      <cac:PostalAddress>
        <cbc:StreetName>{street}</cbc:StreetName>
        <cbc:AdditionalStreetName>Inngang B</cbc:AdditionalStreetName>
        <cbc:CityName>{town}</cbc:CityName>
        <cbc:PostalZone>{zone}</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode{scheme}>{country}</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
"""


def _tax_scheme(company: str, scheme: str, name: str = "VAT") -> str:
    return f"""      <cac:PartyTaxScheme>
        <cbc:CompanyID{scheme}>{company}</cbc:CompanyID>
        <cac:TaxScheme>
          <cbc:ID>{name}</cbc:ID>
        </cac:TaxScheme>
      </cac:PartyTaxScheme>
"""


class Renderer:
    """Writes documents for one buyer; what is the same for a supplier is written once."""

    def __init__(self, buyer_orgnr: str, buyer_name: str = MUNICIPALITY) -> None:
        self._buyer, self._name = buyer_orgnr, buyer_name
        self._sellers: dict[tuple[str, bool, bool], str] = {}

    def render(self, document: Document) -> bytes:
        """Return the document as UTF-8 XML."""
        is_old = document.supplier.uses_ehf2
        root = "Invoice" if document.kind == "invoice" else "CreditNote"
        totals = document.totals()
        currency = document.supplier.currency
        parts = [
            self._head(document, root, is_old),
            self._references(document),
            self._seller(document, is_old),
            self._buyer_party(document, is_old),
            self._payee(document),
            self._delivery(document),
            self._payment(document, is_old),
            *(self._charge(document, charge, currency) for charge in document.charges),
            self._tax_total(totals, currency),
            self._monetary_total(totals, currency),
            *(
                self._line(document, line, number, root, is_old)
                for number, line in enumerate(document.lines, 1)
            ),
            f"</{root}>\n",
        ]
        return "".join(parts).encode()

    def _head(self, document: Document, root: str, is_old: bool) -> str:
        code = "380" if root == "Invoice" else "381"
        version = "  <cbc:UBLVersionID>2.1</cbc:UBLVersionID>\n" if is_old else ""
        custom = _EHF2[root] if is_old else _BIS3
        profile = (
            "urn:www.cenbii.eu:profile:bii05:ver2.0"
            if is_old
            else "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
        )
        due = _optional("DueDate", document.due_date) if root == "Invoice" and not is_old else ""
        type_code = (
            f"  <cbc:{root}TypeCode>{code}</cbc:{root}TypeCode>\n"
            if root == "Invoice" or not is_old
            else ""
        )
        reference = None if is_old else document.sign.buyer_reference
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"\n'
            f"    {NAMESPACES}>\n{version}"
            f"  <cbc:CustomizationID>{custom}</cbc:CustomizationID>\n"
            f"  <cbc:ProfileID>{profile}</cbc:ProfileID>\n"
            f"  <cbc:ID>{document.number}</cbc:ID>\n"
            f"  <cbc:IssueDate>{document.issue_date}</cbc:IssueDate>\n{due}{type_code}"
            f"  <cbc:Note>Oppdiktet dokument til demonstrasjon.</cbc:Note>\n"
            f"  <cbc:DocumentCurrencyCode>{document.supplier.currency}</cbc:DocumentCurrencyCode>\n"
            f"{_optional('AccountingCost', document.sign.accounting_cost)}"
            f"{_optional('BuyerReference', reference)}"
        )

    def _references(self, document: Document) -> str:
        period = ""
        if document.period:
            start, end = document.period
            period = (
                f"  <cac:InvoicePeriod>\n    <cbc:StartDate>{start}</cbc:StartDate>\n"
                f"    <cbc:EndDate>{end}</cbc:EndDate>\n  </cac:InvoicePeriod>\n"
            )
        order = document.sign.order_number or document.order_reference
        order_date = _optional("IssueDate", document.order_date, "    ")
        billing = ""
        if document.billing_reference:
            number, day = document.billing_reference
            billing = (
                "  <cac:BillingReference>\n    <cac:InvoiceDocumentReference>\n"
                f"      <cbc:ID>{number}</cbc:ID>\n      <cbc:IssueDate>{day}</cbc:IssueDate>\n"
                "    </cac:InvoiceDocumentReference>\n  </cac:BillingReference>\n"
            )
        return (
            period
            + _reference("OrderReference", order, order_date)
            + billing
            + _reference("ContractDocumentReference", document.contract_reference)
        )

    def _seller(self, document: Document, is_old: bool) -> str:
        supplier = document.supplier
        is_variant = supplier.variant is not None and int(document.issue_date.day) % 3 == 0
        key = (supplier.supplier_id, is_old, is_variant)
        if key not in self._sellers:
            self._sellers[key] = _seller_party(supplier, is_old, is_variant)
        return self._sellers[key]

    def _buyer_party(self, document: Document, is_old: bool) -> str:
        sign = document.sign
        scheme = "NO:ORGNR" if is_old else "0192"
        endpoint, endpoint_scheme = self._buyer, scheme
        if sign.endpoint is not None:
            endpoint, endpoint_scheme = sign.endpoint, "GLN" if is_old else "0088"
        contact_id = _optional("ID", sign.buyer_reference if is_old else None, "        ")
        vat = f"{self._buyer}MVA" if is_old else f"NO{self._buyer}MVA"
        vat_scheme = ' schemeID="NO:VAT"' if is_old else ""
        return (
            "  <cac:AccountingCustomerParty>\n    <cac:Party>\n"
            f'      <cbc:EndpointID schemeID="{endpoint_scheme}">{endpoint}</cbc:EndpointID>\n'
            "      <cac:PartyIdentification>\n"
            f'        <cbc:ID schemeID="{scheme}">{self._buyer}</cbc:ID>\n'
            "      </cac:PartyIdentification>\n"
            f"      <cac:PartyName>\n        <cbc:Name>{self._name}</cbc:Name>\n"
            "      </cac:PartyName>\n"
            + address("Rådhusplassen 1", "Lindvik", "0099", "NO", "")
            + _tax_scheme(vat, vat_scheme)
            + "      <cac:PartyLegalEntity>\n"
            f"        <cbc:RegistrationName>{self._name}</cbc:RegistrationName>\n"
            f'        <cbc:CompanyID schemeID="{scheme}">{self._buyer}</cbc:CompanyID>\n'
            "      </cac:PartyLegalEntity>\n"
            f"      <cac:Contact>\n{contact_id}        <cbc:Name>{sign.contact}</cbc:Name>\n"
            "        <cbc:ElectronicMail>faktura@lindvik.example</cbc:ElectronicMail>\n"
            "      </cac:Contact>\n    </cac:Party>\n  </cac:AccountingCustomerParty>\n"
        )

    def _payee(self, document: Document) -> str:
        if document.payee is None:
            return ""
        return (
            "  <cac:PayeeParty>\n    <cac:PartyName>\n"
            f"      <cbc:Name>{document.payee}</cbc:Name>\n"
            "    </cac:PartyName>\n  </cac:PayeeParty>\n"
        )

    def _delivery(self, document: Document) -> str:
        if document.delivery_date is None:
            return ""
        return f"""  <cac:Delivery>
    <cbc:ActualDeliveryDate>{document.delivery_date}</cbc:ActualDeliveryDate>
    <cac:DeliveryLocation>
      <cac:Address>
        <cbc:StreetName>Varemottaket 2</cbc:StreetName>
        <cbc:CityName>Lindvik</cbc:CityName>
        <cbc:PostalZone>0099</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>NO</cbc:IdentificationCode>
        </cac:Country>
      </cac:Address>
    </cac:DeliveryLocation>
  </cac:Delivery>
"""

    def _payment(self, document: Document, is_old: bool) -> str:
        digits = "".join(c for c in document.number if c.isdigit())[-9:].zfill(9)
        due = _optional("PaymentDueDate", document.due_date if is_old else None, "    ")
        account = f"9999{document.supplier.index:07d}"
        return f"""  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
{due}    <cbc:PaymentID>{kid(digits)}</cbc:PaymentID>
    <cac:PayeeFinancialAccount>
      <cbc:ID>{account}</cbc:ID>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:PaymentTerms>
    <cbc:Note>Netto 30 dager. Forsinkelsesrente etter loven.</cbc:Note>
  </cac:PaymentTerms>
"""

    def _charge(self, document: Document, charge: AllowanceCharge, currency: str) -> str:
        rate = document.rate(document.lines[0])
        return f"""  <cac:AllowanceCharge>
    <cbc:ChargeIndicator>{"true" if charge.is_charge else "false"}</cbc:ChargeIndicator>
    <cbc:AllowanceChargeReasonCode>{charge.reason_code}</cbc:AllowanceChargeReasonCode>
    <cbc:AllowanceChargeReason>{charge.reason}</cbc:AllowanceChargeReason>
    <cbc:Amount currencyID="{currency}">{money(charge.amount)}</cbc:Amount>
    <cac:TaxCategory>
      <cbc:ID>{document.vat_category(rate)}</cbc:ID>
      <cbc:Percent>{rate}</cbc:Percent>
      {VAT_SCHEME.format("      ")}
    </cac:TaxCategory>
  </cac:AllowanceCharge>
"""

    def _tax_total(self, totals: Totals, currency: str) -> str:
        subtotals = "".join(
            f"""    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="{currency}">{money(base)}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="{currency}">{money(tax)}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>{category}</cbc:ID>
        <cbc:Percent>{rate}</cbc:Percent>
        {_REASONS.get(category, "")}{VAT_SCHEME.format("        ")}
      </cac:TaxCategory>
    </cac:TaxSubtotal>
"""
            for category, rate, base, tax in totals.subtotals
        )
        return (
            f'  <cac:TaxTotal>\n    <cbc:TaxAmount currencyID="{currency}">{money(totals.tax)}'
            f"</cbc:TaxAmount>\n{subtotals}  </cac:TaxTotal>\n"
        )

    def _monetary_total(self, totals: Totals, currency: str) -> str:
        amounts = [
            ("LineExtensionAmount", totals.line_extension),
            ("TaxExclusiveAmount", totals.tax_exclusive),
            ("TaxInclusiveAmount", totals.tax_inclusive),
        ]
        if totals.allowance:
            amounts.append(("AllowanceTotalAmount", totals.allowance))
        if totals.charge:
            amounts.append(("ChargeTotalAmount", totals.charge))
        if totals.rounding:
            amounts.append(("PayableRoundingAmount", totals.rounding))
        amounts.append(("PayableAmount", totals.payable))
        rows = "".join(
            f'    <cbc:{name} currencyID="{currency}">{money(amount)}</cbc:{name}>\n'
            for name, amount in amounts
        )
        return f"  <cac:LegalMonetaryTotal>\n{rows}  </cac:LegalMonetaryTotal>\n"

    def _line(self, document: Document, line: Line, number: int, root: str, is_old: bool) -> str:
        currency = document.supplier.currency
        quantity = "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity"
        rate = document.rate(line)
        amount = quantity_text(line.quantity_tenths)
        base = (
            f'      <cbc:BaseQuantity unitCode="{line.unit_code}">{line.base_quantity}'
            "</cbc:BaseQuantity>\n"
            if line.base_quantity != 1
            else ""
        )
        cost = _optional("AccountingCost", document.sign.accounting_cost, "    ")
        extras = f"{cost}{_line_period(document)}{_line_allowance(line, currency)}"
        return f"""  <cac:{root}Line>
    <cbc:ID>{number}</cbc:ID>
    <cbc:{quantity} unitCode="{line.unit_code}">{amount}</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="{currency}">{money(line.amount)}</cbc:LineExtensionAmount>
{extras}    <cac:Item>
      <cbc:Description>{line.item_name}, levert etter bestilling</cbc:Description>
      <cbc:Name>{line.item_name}</cbc:Name>
{item_ids(line, is_old)}{classification(line, is_old)}      <cac:ClassifiedTaxCategory>
        <cbc:ID>{document.vat_category(rate)}</cbc:ID>
        <cbc:Percent>{rate}</cbc:Percent>
        {VAT_SCHEME.format("        ")}
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price>
      <cbc:PriceAmount currencyID="{currency}">{money(line.price)}</cbc:PriceAmount>
{base}    </cac:Price>
  </cac:{root}Line>
"""


def _seller_party(supplier: Supplier, is_old: bool, is_variant: bool) -> str:
    name = escape(supplier.variant if is_variant and supplier.variant else supplier.name)
    scheme = "NO:ORGNR" if is_old else supplier.scheme
    legal_scheme = "" if supplier.scheme.startswith("99") else f' schemeID="{scheme}"'
    legal = "HR 4711" if supplier.scheme.startswith("99") else supplier.identifier
    company = f"        <cbc:CompanyID{legal_scheme}>{legal}</cbc:CompanyID>\n"
    endpoint = f'      <cbc:EndpointID schemeID="{scheme}">{supplier.identifier}</cbc:EndpointID>\n'
    party_id = (
        ""
        if supplier.scheme.startswith("99")
        else f'      <cac:PartyIdentification>\n        <cbc:ID schemeID="{scheme}">'
        f"{supplier.identifier}</cbc:ID>\n      </cac:PartyIdentification>\n"
    )
    if not supplier.identifier:  # a name is all that it says of itself
        company = endpoint = party_id = ""
    tax = ""
    if supplier.vat_id is not None:
        vat = supplier.vat_id.removeprefix("NO") if is_old else supplier.vat_id
        tax = _tax_scheme(vat, ' schemeID="NO:VAT"' if is_old else "")
    if supplier.form in ("AS", "ASA") and not is_old and supplier.orgnr is not None:
        tax += _tax_scheme("Foretaksregisteret", "", "TAX")
    zone = f"00{supplier.index % 90 + 10}"
    return (
        "  <cac:AccountingSupplierParty>\n    <cac:Party>\n"
        f"{endpoint}{party_id}"
        f"      <cac:PartyName>\n        <cbc:Name>{name}</cbc:Name>\n      </cac:PartyName>\n"
        + address(f"Eksempelveien {supplier.index + 1}", supplier.town, zone, supplier.country, "")
        + tax
        + f"      <cac:PartyLegalEntity>\n        <cbc:RegistrationName>{name}"
        f"</cbc:RegistrationName>\n{company}      </cac:PartyLegalEntity>\n"
        f"      <cac:Contact>\n        <cbc:Name>Eksempel Kontakt {supplier.index + 1}</cbc:Name>\n"
        "        <cbc:Telephone>00000000</cbc:Telephone>\n"
        f"        <cbc:ElectronicMail>kontakt{supplier.index + 1}@leverandor.example"
        "</cbc:ElectronicMail>\n      </cac:Contact>\n"
        "    </cac:Party>\n  </cac:AccountingSupplierParty>\n"
    )


def _line_period(document: Document) -> str:
    if document.period is None:
        return ""
    start, end = document.period
    return (
        f"    <cac:InvoicePeriod>\n      <cbc:StartDate>{start}</cbc:StartDate>\n"
        f"      <cbc:EndDate>{end}</cbc:EndDate>\n    </cac:InvoicePeriod>\n"
    )


def _line_allowance(line: Line, currency: str) -> str:
    if not line.allowance:
        return ""
    return f"""    <cac:AllowanceCharge>
      <cbc:ChargeIndicator>false</cbc:ChargeIndicator>
      <cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>
      <cbc:AllowanceChargeReason>Rabatt</cbc:AllowanceChargeReason>
      <cbc:Amount currencyID="{currency}">{money(line.allowance)}</cbc:Amount>
    </cac:AllowanceCharge>
"""


def item_ids(line: Line, is_old: bool) -> str:
    """Return the identifiers of an item that the line has."""
    text = ""
    if line.item_id is not None:
        text += (
            "      <cac:SellersItemIdentification>\n"
            f"        <cbc:ID>{line.item_id}</cbc:ID>\n      </cac:SellersItemIdentification>\n"
        )
    if line.gtin is not None:
        scheme = "GTIN" if is_old else "0160"
        text += (
            "      <cac:StandardItemIdentification>\n"
            f'        <cbc:ID schemeID="{scheme}">{line.gtin}</cbc:ID>\n'
            "      </cac:StandardItemIdentification>\n"
        )
    return text


def classification(line: Line, is_old: bool) -> str:
    """Return cac:CommodityClassification, empty where the line has no code."""
    if line.code is None:
        return ""
    code_list, code = line.code
    list_id = code_list if is_old else _CODE_LISTS[code_list]
    return (
        "      <cac:CommodityClassification>\n"
        f'        <cbc:ItemClassificationCode listID="{list_id}">{code}'
        "</cbc:ItemClassificationCode>\n      </cac:CommodityClassification>\n"
    )
