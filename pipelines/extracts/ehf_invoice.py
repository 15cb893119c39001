"""Invoices and credit notes: EHF 3 / Peppol BIS Billing 3 and EHF 2.0, bytes in, tables out.

Which elements are read stands in the two specifications below; the types of the columns stand in
`pipelines.extracts.tables`. Arithmetic rules are judged in dbt, not here. No files are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

import polars as pl
from lxml import etree

from pipelines.extracts.contracts import ehf
from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, ColumnType, Table
from pipelines.extracts.identifiers import private_person
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.ubl_walk import (
    CLASSIFICATION,
    TAX_CATEGORY,
    Group,
    Party,
    blank_row,
    compile_spec,
    complete_party,
    is_true,
    leaf,
    party_spec,
    profile_of,
    shortened,
    walk,
)
from pipelines.extracts.xml import XmlProblem, parse_xml

INVOICE_ROOT = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
CREDIT_NOTE_ROOT = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
ROOTS = (INVOICE_ROOT, CREDIT_NOTE_ROOT)


_ALLOWANCE_CHARGE = {
    "cbc:ChargeIndicator": "is_charge",
    "cbc:AllowanceChargeReasonCode": "reason_code",
    "cbc:AllowanceChargeReason": "reason",
    "cbc:MultiplierFactorNumeric": "percent",
    "cbc:Amount": "amount",
    "cbc:BaseAmount": "base_amount",
    "cac:TaxCategory": TAX_CATEGORY,
}
_PERIOD = {"cbc:StartDate": "period_start", "cbc:EndDate": "period_end"}
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
        "cac:AdditionalDocumentReference": Group(
            "attachment",
            {
                "cac:Attachment": {
                    "cbc:EmbeddedDocumentBinaryObject": leaf("", filename="file_name", mimeCode="m")
                }
            },
        ),
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
        "cac:InvoiceLine": Group("line", _LINE),
        "cac:CreditNoteLine": Group("line", _LINE),
    }
)


_BLANK_DOCUMENT = blank_row(_DOCUMENT)
_BLANK_LINE = blank_row(compile_spec(_LINE))
_PARTIES = (Party.of("seller"), Party.of("buyer"))


# What EHF and Peppol send under an invoice's root element that is no purchase of its own.
_NOT_PURCHASES = {
    "reminder": "purring: den gjentar et krav som alt er fakturert, og ville telt to ganger",
    "payment-request": "betalingsanmodning: den er ikke en faktura etter EN 16931",
}

_CONTRACTS = {table.name: table for table in ehf.EHF_TABLES}
_SIGN = "sign"
_RAW_TYPES: dict[str, type[pl.DataType]] = {
    _SIGN: pl.Int8,
    "source_row": pl.Int64,
    "position": pl.Int64,
    "line_count": pl.Int64,
    "attachment_count": pl.Int64,
    "is_charge": pl.Boolean,
    "seller_is_private_person": pl.Boolean,
}
_DERIVED = {
    "ehf_document": ("has_rounded_amounts",),
    "ehf_line": ("line_allowance_amount", "line_charge_amount"),
}


_KEY = ("source_sha256", "document_id", _SIGN)


class _Rows:
    """Raw text of one table, row by row, as documents are read.

    `extra` are the columns that the caller gives beside the document's key; the others are taken
    out of what was read.
    """

    def __init__(self, table: Table, *extra: str) -> None:
        given = {*_KEY, *extra, *_DERIVED.get(table.name, ())}
        taken = [c.name for c in table.columns if c.name not in given]
        self.names = [*_KEY, *extra, *taken]
        self._rows: list[tuple[Any, ...]] = []
        self._take = itemgetter(*taken)

    def append(self, read: dict[str, Any], given: tuple[Any, ...]) -> None:
        self._rows.append(given + self._take(read))

    def frame(self) -> pl.DataFrame:
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self.names)
        return pl.DataFrame(
            [
                pl.Series(name, values, dtype=_RAW_TYPES.get(name, pl.String))
                for name, values in zip(self.names, columns, strict=True)
            ]
        )


@dataclass(frozen=True)
class EhfResult:
    """What a number of files became: lake tables, facts per file, and the rejected ones."""

    tables: dict[str, pl.DataFrame]
    facts: list[FileFacts] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


class EhfReader:
    """Reads invoice files one by one and turns them into tables all at once.

    The walk over the elements is Python, what is done with the values is Polars over all
    documents, so that many small files cost little more than parsing them.
    """

    def __init__(self, pseudonym_key: bytes) -> None:
        self._pseudonym_key = pseudonym_key
        self._documents = _Rows(ehf.EHF_DOCUMENT, "source_row", "document_kind", "line_count")
        self._lines = _Rows(ehf.EHF_LINE, "source_row", "line_kind")
        self._codes = _Rows(ehf.EHF_LINE_CLASSIFICATION, "source_row", "position")
        self._allowances = _Rows(ehf.EHF_LINE_ALLOWANCE, "source_row", "position", "is_charge")
        self._subtotals = _Rows(ehf.EHF_TAX_SUBTOTAL, "position")
        self._references = _Rows(ehf.EHF_BILLING_REFERENCE, "position")
        self._rejections: list[Rejection] = []
        self._rejected_facts: list[FileFacts] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, data: bytes, sha256: str) -> None:
        """Read one file; what can't be read is remembered as a rejection."""
        self._count += 1
        row = _BLANK_DOCUMENT.copy()
        kind, sign = "unknown", 1
        try:
            root = ubl_root(parse_xml(data))
            kind, sign = "ehf_invoice", -1 if root.tag == CREDIT_NOTE_ROOT else 1
            walk(root, _DOCUMENT, row)
            self._add_document(row, (sha256, "D" + sha256[:20], sign))
        except XmlProblem as problem:
            self._rejections.append(
                Rejection(sha256, problem.place, problem.reason, problem.raw, kind)
            )
            self._rejected_facts.append(_facts_of_refused(row, sha256, sign))

    def _add_document(self, row: dict[str, Any], key: tuple[str, str, int]) -> None:
        _refuse_what_is_no_purchase(row)
        _refuse_unclear_charges(row)
        _complete_document(row)
        _refuse_two_currencies(row)
        self._complete_parties(row)
        lines, sign = row["line"], key[2]
        kind = "credit_note" if sign < 0 else "invoice"
        self._documents.append(row, (*key, 1, kind, len(lines)))
        for number, line in enumerate(lines, 1):
            line["reason_code"] = None
            self._lines.append(line, (*key, number, "line"))
            for position, code in enumerate(line["classification"], 1):
                self._codes.append(code, (*key, number, position))
            for position, item in enumerate(line["allowance"], 1):
                is_charge = is_true(item["is_charge"])
                self._allowances.append(item, (*key, number, position, is_charge))
        for number, charge in enumerate(row["allowance_charge"], len(lines) + 1):
            self._add_charge(charge, key, number)
        for position, reference in enumerate(row["billing_reference"], 1):
            self._references.append(reference, (*key, position))
        for position, subtotal in enumerate(row["subtotals"], 1):
            self._subtotals.append(subtotal, (*key, position))

    def _add_charge(self, charge: dict[str, Any], key: tuple[str, str, int], number: int) -> None:
        """Add a document-level allowance or charge as a line; an allowance counts against."""
        sha256, document_id, sign = key
        is_charge = is_true(charge["is_charge"])
        row = _BLANK_LINE | charge
        row["item_name"] = charge["reason"]
        kind, own_sign = ("charge", sign) if is_charge else ("allowance", -sign)
        self._lines.append(row, (sha256, document_id, own_sign, number, kind))

    def _complete_parties(self, row: dict[str, Any]) -> None:
        for columns in _PARTIES:
            complete_party(row, columns)
        row["seller_is_private_person"] = False
        pseudonym = private_person(row, self._pseudonym_key)
        if pseudonym is not None:
            row.update(pseudonym)

    def finish(self) -> EhfResult:
        """Return typed tables of the documents that keep their contract, facts and rejections."""
        raw = {
            "ehf_document": self._documents.frame(),
            "ehf_line": self._lines.frame(),
            "ehf_line_classification": self._codes.frame(),
            "ehf_line_allowance": self._allowances.frame(),
            "ehf_tax_subtotal": self._subtotals.frame(),
            "ehf_billing_reference": self._references.frame(),
        }
        typed: dict[str, pl.DataFrame] = {}
        problems: list[pl.DataFrame] = []
        for table in _CONTRACTS.values():
            frame, bad = _typed(raw[table.name], table)
            typed[table.name] = frame
            problems.append(bad)
        bad = pl.concat(problems)
        rejected = bad["source_sha256"].unique().to_list()
        facts = _facts(typed, rejected) + self._rejected_facts
        keep = ~pl.col("source_sha256").is_in(rejected)
        typed = {name: frame.filter(keep) for name, frame in typed.items()}
        typed["ehf_line"] = _with_line_sums(typed["ehf_line"], typed["ehf_line_allowance"])
        typed["ehf_line"] = _with_differences(typed["ehf_document"], typed["ehf_line"])
        typed["ehf_document"] = _with_rounding_flag(typed)
        result = {
            table.name: typed[table.name].select(list(table.schema()))
            for table in _CONTRACTS.values()
        }
        return EhfResult(result, facts, self._rejections + _rejections_of(bad))


def ubl_root(root: Any) -> Any:
    """Return the invoice or credit note element, also inside a StandardBusinessDocument.

    Raises XmlProblem where there is none.
    """
    if root.tag in ROOTS:
        return root
    if etree.QName(root).localname == "StandardBusinessDocument":
        for child in root:
            if child.tag in ROOTS:
                return child
    raise XmlProblem(
        f"linje {root.sourceline}",
        f"forventet en faktura eller kreditnota (UBL Invoice eller CreditNote), fant rotelementet "
        f"«{etree.QName(root).localname}»",
        "",
    )


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
    """Add what follows from several elements: profile, dates, VAT total, attachments, currency."""
    row["profile"] = profile_of(row["customization_id"] or "")
    row["due_date"] = row["due_date"] or row["payment_due_date"]
    if not row.get("buyer_reference"):
        row["buyer_reference"] = row.get("buyer_contact_id")
    row["attachment_count"] = sum(item[""] is not None for item in row["attachment"])
    currency = (row.get("currency") or "").strip() or row.get("amount_currency")
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
    currency, amount_currency = row.get("currency"), row.get("amount_currency")
    if currency and amount_currency and amount_currency.strip() != currency.strip():
        raise XmlProblem(
            "LegalMonetaryTotal/TaxExclusiveAmount/@currencyID",
            f"beløpet er i {amount_currency}, mens dokumentets valuta er {currency}",
            str(row.get("tax_exclusive_amount")),
        )


def _facts_of_refused(row: dict[str, Any], sha256: str, sign: int) -> FileFacts:
    """Return the facts of a file that was refused, with its amount where one can be read."""
    rows = len(row["line"]) + len(row["allowance_charge"])
    text = (row["tax_exclusive_amount"] or "").strip()
    readable = len(text) <= _LONGEST_AMOUNT and re.match(_NUMBER, text) is not None
    amount = sign * Decimal(text).quantize(Decimal("0.01")) if readable else None
    if amount is not None and abs(amount) >= AMOUNT_LIMIT:
        amount = None
    currency = (row.get("amount_currency") or row.get("currency") or "").strip() or None
    return FileFacts.of_document(sha256, rows, currency, amount, is_rejected=True)


# No invoice reaches it, and sums and conversions of what is below fit DECIMAL(38).
AMOUNT_LIMIT = Decimal(10) ** 12
_LONGEST_AMOUNT = 25
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_DATE = r"^\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?$"
_THIRD_DECIMAL = r"\.\d{2}\d*[1-9]"
_NUMERIC: tuple[ColumnType, ...] = ("money", "quantity", "price", "rate")
_ROUNDED = "_rounded"


def _typed(raw: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with the contract's types, and the values that break it.

    The second frame has `source_sha256, source_row, table, column, value` (value null: missing).
    Money gets the sign of the document; `_rounded` says whether a third decimal was rounded away.
    """
    present = [column for column in table.columns if column.name in raw.columns]
    text = [column.name for column in present if raw.schema[column.name] == pl.String]
    stripped = raw.with_columns(pl.col(*text).str.strip_chars().replace("", None))
    typed = stripped.with_columns(_converted(column) for column in present)
    money = [column.name for column in present if column.type == "money"]
    rounded = (
        pl.any_horizontal(pl.col(*money).str.contains(_THIRD_DECIMAL)).fill_null(False)
        if money
        else pl.repeat(False, pl.len())
    )
    flags = stripped.select(rounded.alias(_ROUNDED))
    return typed.with_columns(flags), _problems(stripped, typed, present, table)


def _converted(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if column.type == "date":
        valid = pl.when(value.str.contains(_DATE)).then(value.str.slice(0, 10))
        day = valid.str.to_date("%Y-%m-%d", strict=False)
        if column.name == "issue_date":
            day = pl.when(day.is_between(_FIRST_DAY, _LAST_DAY)).then(day)
        return day.alias(column.name)
    if column.type in _NUMERIC:
        number = pl.when(value.str.contains(_NUMBER)).then(value)
        amount = number.cast(POLARS_TYPES[column.type], strict=False)
        if column.type == "money":
            amount = pl.when(amount.abs() < AMOUNT_LIMIT).then(amount)
        if column.type == "money" or column.name == "quantity":
            amount = pl.when(pl.col(_SIGN) < 0).then(-amount).otherwise(amount)
        return amount.alias(column.name)
    return value.cast(POLARS_TYPES[column.type])


def _problems(
    raw: pl.DataFrame, typed: pl.DataFrame, present: list[Column], table: Table
) -> pl.DataFrame:
    row = pl.col("source_row") if "source_row" in raw.columns else pl.col("position")
    found = [_EMPTY_PROBLEMS]
    for column in present:
        lost = raw[column.name].is_not_null() & typed[column.name].is_null()
        if column.required:
            lost = lost | typed[column.name].is_null()
        if not lost.any():
            continue
        found.append(
            raw.filter(lost).select(
                "source_sha256",
                row.alias("source_row"),
                pl.lit(table.name).alias("table"),
                pl.lit(column.name).alias("column"),
                pl.col(column.name).cast(pl.String).alias("value"),
            )
        )
    if table.name == "ehf_document":
        found.append(_missing_total(raw, typed))
    return pl.concat(found)


_EMPTY_PROBLEMS = pl.DataFrame(
    schema={
        "source_sha256": pl.String,
        "source_row": pl.Int64,
        "table": pl.String,
        "column": pl.String,
        "value": pl.String,
    }
)


def _missing_total(raw: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    missing = raw["tax_exclusive_amount"].is_null() & typed["tax_exclusive_amount"].is_null()
    return raw.filter(missing).select(
        "source_sha256",
        "source_row",
        pl.lit("ehf_document").alias("table"),
        pl.lit("tax_exclusive_amount").alias("column"),
        pl.lit(None, pl.String).alias("value"),
    )


def _with_line_sums(lines: pl.DataFrame, allowances: pl.DataFrame) -> pl.DataFrame:
    """Add the sums of each line's own allowances and charges."""
    sums = allowances.group_by("document_id", "source_row").agg(
        pl.col("amount").filter(~pl.col("is_charge")).sum().alias("line_allowance_amount"),
        pl.col("amount").filter(pl.col("is_charge")).sum().alias("line_charge_amount"),
    )
    money = POLARS_TYPES["money"]
    return lines.join(
        sums, on=["document_id", "source_row"], how="left", maintain_order="left"
    ).with_columns(
        pl.col("line_allowance_amount", "line_charge_amount").cast(money),
    )


def _with_differences(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Add a row of kind `difference` where a document's lines don't reach its total."""
    money = POLARS_TYPES["money"]
    sums = lines.group_by("document_id").agg(
        pl.col("amount").sum().alias("line_sum"), pl.col("source_row").max().alias("last_row")
    )
    differences = (
        documents.select("source_sha256", "document_id", "tax_exclusive_amount")
        .join(sums, on="document_id", how="left", maintain_order="left")
        .with_columns(
            (pl.col("tax_exclusive_amount") - pl.col("line_sum").fill_null(0))
            .cast(money)
            .alias("amount"),
            (pl.col("last_row").fill_null(0) + 1).alias("source_row"),
            pl.lit("difference").alias("line_kind"),
            pl.lit("Differanse mot dokumentets sum uten mva").alias("item_name"),
        )
        .filter(pl.col("amount") != 0)
        .select("source_sha256", "source_row", "document_id", "line_kind", "amount", "item_name")
    )
    return pl.concat([lines, differences], how="diagonal")


def _with_rounding_flag(typed: dict[str, pl.DataFrame]) -> pl.DataFrame:
    rounded = pl.concat(
        [
            typed[name].filter(pl.col(_ROUNDED)).select("document_id")
            for name in ("ehf_document", "ehf_line", "ehf_line_allowance", "ehf_tax_subtotal")
        ]
    )["document_id"].unique()
    return typed["ehf_document"].with_columns(
        pl.col("document_id").is_in(rounded.to_list()).alias("has_rounded_amounts")
    )


def _facts(typed: dict[str, pl.DataFrame], rejected: list[str]) -> list[FileFacts]:
    """Return rows and amount in and accepted per file; a document stands or falls as a whole."""
    rows = typed["ehf_line"].group_by("document_id").len("rows")
    documents = (
        typed["ehf_document"]
        .join(rows, on="document_id", how="left", maintain_order="left")
        .select(
            "source_sha256",
            pl.col("rows").fill_null(0).cast(pl.Int64),
            "currency",
            pl.col("tax_exclusive_amount").alias("amount"),
            pl.col("source_sha256").is_in(rejected).alias("is_rejected"),
        )
    )
    return [FileFacts.of_document(*row) for row in documents.iter_rows()]


_WORDS = {
    "money": "et beløp",
    "quantity": "et tall",
    "price": "en pris",
    "rate": "et tall",
}
_XML_PLACES = {
    "ehf_document": "dokumentet",
    "ehf_line": "linje {row}",
    "ehf_line_classification": "linje {row}",
    "ehf_line_allowance": "linje {row}, rabatt eller gebyr",
    "ehf_tax_subtotal": "mva-gruppe {row}",
    "ehf_billing_reference": "fakturareferanse {row}",
}


def _rejections_of(bad: pl.DataFrame) -> list[Rejection]:
    ordered = bad.unique(maintain_order=True).sort("source_sha256", "table", "source_row", "column")
    return [_rejection(*row) for row in ordered.iter_rows()]


def _rejection(sha256: str, row: int, table: str, column: str, value: str | None) -> Rejection:
    contract = next(c for c in _CONTRACTS[table].columns if c.name == column)
    element = re.split(r"[,;(]", contract.description)[0].strip()
    place = _XML_PLACES[table].format(row=row)
    if column == "amount" and table == "ehf_line":
        element = "LineExtensionAmount"
    if value is None:
        return Rejection(sha256, place, f"mangler {element}", "", kind="ehf_invoice")
    expected = "en dato (ÅÅÅÅ-MM-DD)" if contract.type == "date" else _WORDS[contract.type]
    if contract.type == "money" and re.match(_NUMBER, value):
        expected = "et beløp under 1 000 milliarder"
    return Rejection(
        sha256,
        place,
        f"{element}: forventet {expected}, fant «{shortened(value)}»",
        value,
        kind="ehf_invoice",
    )
