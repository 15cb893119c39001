"""Invoices and credit notes: EHF 3 / Peppol BIS Billing 3 and EHF 2.0, bytes in, tables out.

Which elements are read stands in the two specifications below; the types of the columns stand in
`pipelines.extracts.contracts.ehf`. Arithmetic rules are judged in dbt, not here. No files are
written.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

import polars as pl

from pipelines.extracts.contracts import ehf
from pipelines.extracts.contracts.columns import POLARS_TYPES, Table
from pipelines.extracts.result import FileFacts
from pipelines.extracts.ubl_reader import KEY, UblReader
from pipelines.extracts.ubl_tables import (
    AMOUNT_LIMIT,
    NUMBER,
    SIGN,
    Rows,
    problems_at,
    with_allowance_sums,
    with_rounding_flag,
)
from pipelines.extracts.ubl_walk import (
    ATTACHMENT,
    CLASSIFICATION,
    TAX_CATEGORY,
    Compiled,
    Group,
    Party,
    blank_row,
    compile_spec,
    is_true,
    leaf,
    party_spec,
    period_spec,
    root_tag,
    shortened,
)
from pipelines.extracts.xml import XmlProblem

_ALLOWANCE_CHARGE = {
    "cbc:ChargeIndicator": "is_charge",
    "cbc:AllowanceChargeReasonCode": "reason_code",
    "cbc:AllowanceChargeReason": "reason",
    "cbc:MultiplierFactorNumeric": "percent",
    "cbc:Amount": "amount",
    "cbc:BaseAmount": "base_amount",
    "cac:TaxCategory": TAX_CATEGORY,
}
_PERIOD = period_spec("period_start", "period_end")
_QUANTITY = leaf("quantity", unitCode="unit_code")

_LINE = {
    "cbc:ID": "line_id",
    "cbc:Note": "note",
    "cbc:InvoicedQuantity": _QUANTITY,
    "cbc:CreditedQuantity": _QUANTITY,
    "cbc:LineExtensionAmount": "amount",
    "cbc:AccountingCost": "accounting_cost",
    "cac:InvoicePeriod": _PERIOD,
    "cac:OrderLineReference": {
        "cbc:LineID": "order_line_reference",
        "cac:OrderReference": {"cbc:ID": "order_reference"},
    },
    "cac:Delivery": {"cbc:ActualDeliveryDate": "delivery_date"},
    "cac:AllowanceCharge": Group("allowance", _ALLOWANCE_CHARGE),
    "cac:Item": {
        "cbc:Description": "item_description",
        "cbc:Name": "item_name",
        "cac:SellersItemIdentification": {"cbc:ID": "sellers_item_id"},
        "cac:BuyersItemIdentification": {"cbc:ID": "buyers_item_id"},
        "cac:StandardItemIdentification": {
            "cbc:ID": leaf("standard_item_id", schemeID="standard_item_scheme")
        },
        "cac:CommodityClassification": CLASSIFICATION,
        "cac:ClassifiedTaxCategory": TAX_CATEGORY,
    },
    "cac:Price": {
        "cbc:PriceAmount": "price_amount",
        "cbc:BaseQuantity": leaf("base_quantity", unitCode="base_quantity_unit"),
        "cac:AllowanceCharge": {"cbc:BaseAmount": "price_base_amount"},
    },
}

_DOCUMENT = compile_spec(
    {
        "cbc:CustomizationID": "customization_id",
        "cbc:ProfileID": "profile_id",
        "cbc:ID": "document_number",
        "cbc:IssueDate": "issue_date",
        "cbc:DueDate": "due_date",
        "cbc:InvoiceTypeCode": "type_code",
        "cbc:CreditNoteTypeCode": "type_code",
        "cbc:TaxPointDate": "tax_point_date",
        "cbc:DocumentCurrencyCode": "currency",
        "cbc:TaxCurrencyCode": "tax_currency",
        "cbc:AccountingCost": "accounting_cost",
        "cbc:BuyerReference": "buyer_reference",
        "cac:InvoicePeriod": _PERIOD,
        "cac:OrderReference": {
            "cbc:ID": "order_reference",
            "cbc:SalesOrderID": "sales_order_reference",
            "cbc:IssueDate": "order_date",
        },
        "cac:BillingReference": Group(
            "billing_reference",
            {
                "cac:InvoiceDocumentReference": {
                    "cbc:ID": "referenced_number",
                    "cbc:IssueDate": "referenced_date",
                }
            },
        ),
        "cac:ContractDocumentReference": {"cbc:ID": "contract_reference"},
        "cac:ProjectReference": {"cbc:ID": "project_reference"},
        "cac:DespatchDocumentReference": {"cbc:ID": "despatch_reference"},
        "cac:ReceiptDocumentReference": {"cbc:ID": "receipt_reference"},
        "cac:OriginatorDocumentReference": {"cbc:ID": "originator_reference"},
        "cac:AdditionalDocumentReference": ATTACHMENT,
        "cac:AccountingSupplierParty": {"cac:Party": party_spec("seller")},
        "cac:AccountingCustomerParty": {"cac:Party": party_spec("buyer")},
        "cac:PayeeParty": {
            "cac:PartyIdentification": {"cbc:ID": "payee_party_id"},
            "cac:PartyName": {"cbc:Name": "payee_name"},
            "cac:PartyLegalEntity": {
                "cbc:CompanyID": leaf("payee_legal_id", schemeID="payee_legal_id_scheme")
            },
        },
        "cac:Delivery": {
            "cbc:ActualDeliveryDate": "delivery_date",
            "cac:DeliveryLocation": {
                "cbc:ID": leaf("delivery_location_id", schemeID="delivery_location_scheme")
            },
        },
        "cac:PaymentMeans": {
            "cbc:PaymentMeansCode": "payment_means_code",
            "cbc:PaymentDueDate": "payment_due_date",
            "cbc:PaymentID": "payment_id",
        },
        "cac:AllowanceCharge": Group("allowance_charge", _ALLOWANCE_CHARGE),
        "cac:TaxTotal": Group(
            "tax_total",
            {
                "cbc:TaxAmount": leaf("tax_amount", currencyID="currency"),
                "cac:TaxSubtotal": Group(
                    "subtotal",
                    {
                        "cbc:TaxableAmount": "taxable_amount",
                        "cbc:TaxAmount": "tax_amount",
                        "cac:TaxCategory": {
                            **TAX_CATEGORY,
                            "cbc:TaxExemptionReason": "exemption_reason",
                        },
                    },
                ),
            },
        ),
        "cac:LegalMonetaryTotal": {
            "cbc:LineExtensionAmount": "line_extension_amount",
            "cbc:TaxExclusiveAmount": leaf("tax_exclusive_amount", currencyID="amount_currency"),
            "cbc:TaxInclusiveAmount": "tax_inclusive_amount",
            "cbc:AllowanceTotalAmount": "allowance_total_amount",
            "cbc:ChargeTotalAmount": "charge_total_amount",
            "cbc:PrepaidAmount": "prepaid_amount",
            "cbc:PayableRoundingAmount": "payable_rounding_amount",
            "cbc:PayableAmount": "payable_amount",
        },
        "cac:InvoiceLine": Group("line", _LINE, own=("reason_code",)),
        "cac:CreditNoteLine": Group("line", _LINE, own=("reason_code",)),
    }
)


_BLANK_LINE = blank_row(compile_spec(_LINE))
_LONGEST_AMOUNT = 25
# What EHF and Peppol send under an invoice's root element that is no purchase of its own.
_NOT_PURCHASES = {
    "reminder": "purring: den gjentar et krav som alt er fakturert, og ville telt to ganger",
    "payment-request": "betalingsanmodning: den er ikke en faktura etter EN 16931",
}


class EhfReader(UblReader):
    """Reads invoices and credit notes; a document stands or falls as a whole.

    Its rows are its lines and its document-level allowances and charges, its amount the
    TaxExclusiveAmount in its own currency; both are negative in a credit note.
    """

    kind: ClassVar[str] = "ehf_invoice"
    roots: ClassVar[dict[str, str]] = {
        root_tag("Invoice"): "invoice",
        root_tag("CreditNote"): "credit_note",
    }
    expected: ClassVar[str] = "en faktura eller kreditnota (UBL Invoice eller CreditNote)"
    tables: ClassVar[tuple[Table, ...]] = ehf.EHF_TABLES
    places: ClassVar[dict[str, str]] = {
        "ehf_document": "dokumentet",
        "ehf_line": "linje {row}",
        "ehf_line_classification": "linje {row}",
        "ehf_line_allowance": "linje {row}, rabatt eller gebyr",
        "ehf_tax_subtotal": "mva-gruppe {row}",
        "ehf_billing_reference": "fakturareferanse {row}",
    }
    spec: ClassVar[Compiled] = _DOCUMENT
    parties: ClassVar[tuple[Party, ...]] = (Party.of("seller"), Party.of("buyer"))
    amount: ClassVar[str | None] = "tax_exclusive_amount"

    def _new_rows(self) -> tuple[Rows, ...]:
        key = (*KEY, SIGN)
        self._documents = Rows(
            ehf.EHF_DOCUMENT,
            (*key, "source_row", "document_kind", "line_count"),
            native=("attachment_count", "seller_is_private_person"),
            derived=("has_rounded_amounts",),
        )
        self._lines = Rows(
            ehf.EHF_LINE,
            (*key, "source_row", "line_kind"),
            derived=("line_allowance_amount", "line_charge_amount"),
        )
        self._codes = Rows(ehf.EHF_LINE_CLASSIFICATION, (*key, "source_row", "position"))
        self._allowances = Rows(
            ehf.EHF_LINE_ALLOWANCE, (*key, "source_row", "position"), native=("is_charge",)
        )
        self._subtotals = Rows(ehf.EHF_TAX_SUBTOTAL, (*key, "position"))
        self._references = Rows(ehf.EHF_BILLING_REFERENCE, (*key, "position"))
        return (
            self._documents,
            self._lines,
            self._codes,
            self._allowances,
            self._subtotals,
            self._references,
        )

    def _add_document(self, row: dict[str, Any], key: tuple[str, str], kind: str) -> None:
        _refuse_what_is_no_purchase(row)
        _refuse_unclear_charges(row)
        _complete_document(row)
        _refuse_two_currencies(row)
        self._complete_parties(row)
        lines = row["line"]
        signed = (*key, _sign(kind))
        self._documents.append(row, (*signed, 1, kind, len(lines)))
        self._lines.extend(lines, signed, ("line",))
        for number, line in enumerate(lines, 1):
            if line["classification"]:
                self._codes.extend(line["classification"], (*signed, number))
            if line["allowance"]:
                for item in line["allowance"]:
                    item["is_charge"] = is_true(item["is_charge"])
                self._allowances.extend(line["allowance"], (*signed, number))
        for number, charge in enumerate(row["allowance_charge"], len(lines) + 1):
            self._add_charge(charge, signed, number)
        self._references.extend(row["billing_reference"], signed)
        self._subtotals.extend(row["subtotals"], signed)

    def _add_charge(self, charge: dict[str, Any], key: tuple[str, str, int], number: int) -> None:
        """Add a document-level allowance or charge as a line; an allowance counts against."""
        sha256, document_id, sign = key
        row = _BLANK_LINE | charge
        row["item_name"] = charge["reason"]
        kind, own_sign = ("charge", sign) if is_true(charge["is_charge"]) else ("allowance", -sign)
        self._lines.append(row, (sha256, document_id, own_sign, number, kind))

    def _facts_of_refused(self, row: dict[str, Any], sha256: str, kind: str) -> FileFacts:
        """Return the facts of a file that was refused, with its amount where one can be read."""
        rows = len(row["line"]) + len(row["allowance_charge"])
        text = (row["tax_exclusive_amount"] or "").strip()
        amount = None
        if len(text) <= _LONGEST_AMOUNT and re.match(NUMBER, text):
            amount = _sign(kind) * Decimal(text).quantize(Decimal("0.01"))
        if amount is not None and abs(amount) >= AMOUNT_LIMIT:
            amount = None
        currency = (row["amount_currency"] or row["currency"] or "").strip() or None
        return FileFacts.of_document(sha256, rows, currency, amount, is_rejected=True)

    def _completed(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
        documents, lines = frames["ehf_document"], frames["ehf_line"]
        allowances, subtotals = frames["ehf_line_allowance"], frames["ehf_tax_subtotal"]
        differences = _differences(documents, lines)
        too_large = documents.join(
            differences.filter(pl.col("amount").is_null()), on="document_id", how="semi"
        )
        reason = pl.lit("differansen mellom linjene og dokumentets sum er for stor til å være rett")
        lines = pl.concat([with_allowance_sums(lines, allowances), differences], how="diagonal")
        completed = {
            **frames,
            "ehf_document": with_rounding_flag(documents, lines, allowances, subtotals),
            "ehf_line": lines,
        }
        bad = problems_at(too_large, ehf.EHF_DOCUMENT, "tax_exclusive_amount", reason=reason)
        return completed, bad

    def _facts(self, frames: dict[str, pl.DataFrame], rejected: set[str]) -> list[FileFacts]:
        """Return the facts of each document; the difference line is ours, not the file's."""
        lines = frames["ehf_line"].filter(pl.col("line_kind") != "difference")
        return super()._facts({**frames, "ehf_line": lines}, rejected)


def _sign(kind: str) -> int:
    return -1 if kind == "credit_note" else 1


def _refuse_what_is_no_purchase(row: dict[str, Any]) -> None:
    reason = _no_purchase(row["customization_id"] or "")
    if reason is not None:
        raise XmlProblem("cbc:CustomizationID", f"dette er en {reason}", row["customization_id"])


@lru_cache(maxsize=1000)
def _no_purchase(customization: str) -> str | None:
    for word, reason in _NOT_PURCHASES.items():
        if f":ehf:{word}:" in customization or f":ehf:spec:{word}:" in customization:
            return reason
    return None


def _complete_document(row: dict[str, Any]) -> None:
    """Add what follows from several elements: dates, VAT total, attachments, currency."""
    row["due_date"] = row["due_date"] or row["payment_due_date"]
    row["buyer_reference"] = row["buyer_reference"] or row["buyer_contact_id"]
    row["attachment_count"] = sum(item[""] is not None for item in row["attachment"])
    currency = (row["currency"] or "").strip() or row["amount_currency"]
    row["currency"] = currency
    own = [t for t in row["tax_total"] if t["currency"] in (currency, None)]
    row["tax_amount"] = own[0]["tax_amount"] if own else None
    row["subtotals"] = [subtotal for total in own for subtotal in total["subtotal"]]


def _refuse_unclear_charges(row: dict[str, Any]) -> None:
    """Refuse a document-level amount of which it can't be said whether it adds or deducts."""
    for number, charge in enumerate(row["allowance_charge"], 1):
        indicator = (charge["is_charge"] or "").strip()
        if indicator not in ("true", "false", "1", "0"):
            raise XmlProblem(
                f"AllowanceCharge {number}/ChargeIndicator",
                f"forventet true (gebyr) eller false (rabatt), fant «{shortened(indicator)}»",
                indicator,
            )


def _refuse_two_currencies(row: dict[str, Any]) -> None:
    currency, amount_currency = row["currency"], row["amount_currency"]
    if currency and amount_currency and amount_currency.strip() != currency.strip():
        raise XmlProblem(
            "LegalMonetaryTotal/TaxExclusiveAmount/@currencyID",
            f"beløpet er i {amount_currency}, mens dokumentets valuta er {currency}",
            str(row["tax_exclusive_amount"]),
        )


def _differences(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return a row of kind `difference` for each document whose lines don't reach its total.

    Its amount is null where it is too large for the lake.
    """
    sums = lines.group_by("document_id").agg(
        pl.col("amount").sum().alias("line_sum"), pl.col("source_row").max().alias("last_row")
    )
    difference = pl.col("tax_exclusive_amount") - pl.col("line_sum").fill_null(0)
    return (
        documents.select("source_sha256", "document_id", "tax_exclusive_amount")
        .join(sums, on="document_id", how="left", maintain_order="left")
        .filter(difference != 0)
        .select(
            "source_sha256",
            (pl.col("last_row").fill_null(0) + 1).cast(pl.Int64).alias("source_row"),
            "document_id",
            pl.lit("difference").alias("line_kind"),
            difference.cast(POLARS_TYPES["money"], strict=False).alias("amount"),
            pl.lit("Differanse mot dokumentets sum uten mva").alias("item_name"),
        )
    )
