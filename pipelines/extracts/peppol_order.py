"""Orders and what is said about them: Peppol BIS 3 / EHF 3 and EHF 2, bytes in, tables out.

Order, OrderChange, OrderCancellation, OrderResponse (also as an order agreement) and
OrderResponseSimple. Which of them is in force is decided in dbt, not here. No files are written.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from pipelines.extracts.contracts import peppol
from pipelines.extracts.contracts.columns import POLARS_TYPES, Table
from pipelines.extracts.ubl_reader import KEY, UblReader
from pipelines.extracts.ubl_tables import (
    SIGN,
    Rows,
    problems_at,
    with_allowance_sums,
    with_rounding_flag,
)
from pipelines.extracts.ubl_walk import (
    ATTACHMENT,
    ITEM,
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

_ALLOWANCE_CHARGE = {
    "cbc:ChargeIndicator": "is_charge",
    "cbc:AllowanceChargeReasonCode": "reason_code",
    "cbc:AllowanceChargeReason": "reason",
    "cbc:MultiplierFactorNumeric": "percent",
    "cbc:Amount": leaf("amount", currencyID="amount_currency"),
    "cbc:BaseAmount": "base_amount",
    "cac:TaxCategory": TAX_CATEGORY,
}


def _role_spec(prefix: str) -> dict[str, Any]:
    return {
        "cac:PartyIdentification": {"cbc:ID": leaf(f"{prefix}_id", schemeID=f"{prefix}_id_scheme")},
        "cac:PartyName": {"cbc:Name": f"{prefix}_name"},
        "cac:Contact": {"cbc:Name": f"{prefix}_contact_name"},
    }


_DELIVERY = Group(
    "delivery",
    {
        "cbc:Quantity": leaf("delivery_quantity", unitCode="delivery_unit_code"),
        "cbc:ActualDeliveryDate": "actual_delivery_date",
        "cbc:LatestDeliveryDate": "latest_delivery_date",
        "cac:DeliveryLocation": {
            "cbc:ID": leaf("delivery_location_id", schemeID="delivery_location_scheme")
        },
        "cac:RequestedDeliveryPeriod": period_spec("requested_start", "requested_end"),
        "cac:PromisedDeliveryPeriod": period_spec("promised_start", "promised_end"),
        "cac:DeliveryParty": _role_spec("delivery_party"),
    },
)
# Columns of the first Delivery that the document and its lines repeat.
_DELIVERY_DATES = (
    "requested_start",
    "requested_end",
    "promised_start",
    "promised_end",
    "latest_delivery_date",
    "actual_delivery_date",
)
_DELIVERY_PLACE = (
    "delivery_location_id",
    "delivery_location_scheme",
    "delivery_party_id",
    "delivery_party_id_scheme",
    "delivery_party_name",
    "delivery_party_contact_name",
)

_SUBSTITUTE = {
    "cac:Item": {
        "cbc:Name": "substitute_name",
        "cac:SellersItemIdentification": {"cbc:ID": "substitute_sellers_item_id"},
        "cac:StandardItemIdentification": {"cbc:ID": "substitute_standard_item_id"},
    }
}

_LINE = {
    "cbc:Note": "note",
    "cac:LineItem": {
        "cbc:ID": "line_id",
        "cbc:SalesOrderID": "own_sales_order_line_id",
        "cbc:Note": "note",
        "cbc:LineStatusCode": "status_code",
        "cbc:Quantity": leaf("quantity", unitCode="unit_code"),
        "cbc:LineExtensionAmount": leaf("amount", currencyID="amount_currency"),
        "cbc:TotalTaxAmount": "tax_amount",
        "cbc:MaximumBackorderQuantity": "max_backorder_quantity",
        "cbc:PartialDeliveryIndicator": "partial_delivery_allowed",
        "cbc:AccountingCost": "accounting_cost",
        "cbc:AccountingCostCode": "accounting_cost",
        "cac:Delivery": _DELIVERY,
        "cac:OriginatorParty": _role_spec("originator"),
        "cac:AllowanceCharge": Group("allowance", _ALLOWANCE_CHARGE),
        "cac:Price": {
            "cbc:PriceAmount": "price_amount",
            "cbc:BaseQuantity": leaf("base_quantity", unitCode="base_quantity_unit"),
            "cbc:PriceType": "price_type",
            "cac:AllowanceCharge": {"cbc:BaseAmount": "price_base_amount"},
        },
        "cac:Item": {**ITEM, "cac:ClassifiedTaxCategory": TAX_CATEGORY},
    },
    "cac:SellerSubstitutedLineItem": _SUBSTITUTE,
    "cac:SellerProposedSubstituteLineItem": _SUBSTITUTE,
    "cac:BuyerProposedSubstituteLineItem": _SUBSTITUTE,
    "cac:CatalogueLineReference": {"cbc:LineID": "catalogue_line_reference"},
    "cac:OrderLineReference": {
        "cbc:LineID": "order_line_reference",
        "cbc:SalesOrderLineID": "sales_order_line_id",
        "cac:OrderReference": {"cbc:ID": "order_reference"},
    },
}

_TOTAL_CURRENCIES = {
    "tax_exclusive_amount": "tax_exclusive_currency",
    "line_extension_amount": "line_extension_currency",
    "payable_amount": "payable_currency",
}
_TOTAL = {
    f"cbc:{element}": leaf(name, currencyID=_TOTAL_CURRENCIES[name])
    if name in _TOTAL_CURRENCIES
    else name
    for name, element in peppol.ORDER_TOTALS
}

_DOCUMENT = compile_spec(
    {
        "cbc:CustomizationID": "customization_id",
        "cbc:ProfileID": "profile_id",
        "cbc:ID": "document_number",
        "cbc:SalesOrderID": "sales_order_number",
        "cbc:IssueDate": "issue_date",
        "cbc:IssueTime": "issue_time",
        "cbc:SequenceNumberID": "sequence_number",
        "cbc:OrderTypeCode": "type_code",
        "cbc:OrderResponseCode": "response_code",
        "cbc:AcceptedIndicator": "is_accepted",
        "cbc:RejectionNote": "rejection_note",
        "cbc:CancellationNote": "rejection_note",
        "cbc:Note": "note",
        "cbc:DocumentCurrencyCode": "currency",
        "cbc:CustomerReference": "buyer_reference",
        "cbc:AccountingCost": "accounting_cost",
        "cbc:AccountingCostCode": "accounting_cost",
        "cac:ValidityPeriod": period_spec("valid_from", "valid_to"),
        "cac:OrderReference": {"cbc:ID": "order_reference", "cbc:SalesOrderID": "answered_sales"},
        "cac:OrderChangeDocumentReference": {"cbc:ID": "order_change_reference"},
        "cac:OrderDocumentReference": {"cbc:ID": "earlier_order_reference"},
        "cac:Contract": {"cbc:ID": "contract_reference"},
        "cac:CatalogueReference": {"cbc:ID": "catalogue_reference"},
        "cac:QuotationDocumentReference": {"cbc:ID": "quotation_reference"},
        "cac:OriginatorDocumentReference": {"cbc:ID": "originator_reference"},
        "cac:ProjectReference": {"cbc:ID": "project_reference"},
        "cac:AdditionalDocumentReference": ATTACHMENT,
        "cac:SellerSupplierParty": {"cac:Party": party_spec("seller")},
        "cac:BuyerCustomerParty": {
            "cac:Party": party_spec("buyer"),
            "cac:DeliveryContact": {"cbc:Name": "buyer_delivery_contact_name"},
        },
        "cac:OriginatorCustomerParty": {"cac:Party": _role_spec("originator")},
        "cac:AccountingCustomerParty": {"cac:Party": party_spec("accounting_customer")},
        "cac:Delivery": _DELIVERY,
        "cac:AllowanceCharge": Group("allowance_charge", _ALLOWANCE_CHARGE),
        "cac:TaxTotal": {"cbc:TaxAmount": "tax_amount"},
        "cac:AnticipatedMonetaryTotal": _TOTAL,
        "cac:LegalMonetaryTotal": _TOTAL,
        "cac:OrderLine": Group("line", _LINE, own=("reason_code",)),
    }
)

_CURRENCY_COLUMNS = tuple(_TOTAL_CURRENCIES.values())
_INDICATORS = ("true", "1", "false", "0")
_BLANK_LINE = blank_row(compile_spec(_LINE)) | {"delivery_count": 0}
_AGREEMENT_MARKS = ("order_agreement", "biitrns110")
# LineStatusCode of lines that are deleted or not accepted; their amounts say nothing of the total.
_NOT_BOUGHT = ["2", "7"]


class OrderReader(UblReader):
    """Reads orders, their changes and cancellations, and the answers to them.

    A document stands or falls as a whole. Its amount is its total without VAT in its own currency
    (PEPPOL-T01-R011), None where it states none (a cancellation, most responses).
    """

    kind: ClassVar[str] = "peppol_order"
    roots: ClassVar[dict[str, str]] = {
        root_tag("Order"): "order",
        root_tag("OrderChange"): "order_change",
        root_tag("OrderCancellation"): "order_cancellation",
        root_tag("OrderResponse"): "order_response",
        root_tag("OrderResponseSimple"): "order_response",
    }
    expected: ClassVar[str] = (
        "en ordre, ordreendring, ordrekansellering eller ordrebekreftelse (UBL Order, OrderChange, "
        "OrderCancellation, OrderResponse)"
    )
    tables: ClassVar[tuple[Table, ...]] = peppol.ORDER_TABLES
    places: ClassVar[dict[str, str]] = {
        "peppol_order": "dokumentet",
        "peppol_order_line": "linje {row}",
        "peppol_order_line_classification": "linje {row}",
        "peppol_order_line_allowance": "linje {row}, rabatt eller gebyr",
        "peppol_order_delivery": "levering av linje {row} (0 er hele ordren)",
    }
    spec: ClassVar[Compiled] = _DOCUMENT
    parties: ClassVar[tuple[Party, ...]] = tuple(
        Party.of(prefix) for prefix in ("seller", "buyer", "accounting_customer")
    )
    amount: ClassVar[str | None] = "total_amount"

    def _new_rows(self) -> tuple[Rows, ...]:
        placed = (*KEY, "source_row", "position")
        return (
            Rows(
                peppol.PEPPOL_ORDER,
                (*KEY, "source_row", "document_kind", "line_count"),
                native=("attachment_count", "seller_is_private_person"),
                derived=(
                    "total_amount",
                    "total_evidence",
                    "lines_difference_amount",
                    "has_rounded_amounts",
                    *_DELIVERY_DATES,
                    *_DELIVERY_PLACE,
                ),
            ),
            Rows(
                peppol.PEPPOL_ORDER_LINE,
                (*KEY, SIGN, "source_row", "line_kind"),
                native=("delivery_count",),
                derived=("line_allowance_amount", "line_charge_amount", *_DELIVERY_DATES),
            ),
            Rows(peppol.PEPPOL_ORDER_LINE_CLASSIFICATION, placed),
            Rows(peppol.PEPPOL_ORDER_LINE_ALLOWANCE, placed),
            Rows(peppol.PEPPOL_ORDER_DELIVERY, placed),
        )

    def _add_document(self, row: dict[str, Any], key: tuple[str, str], kind: str) -> None:
        lines = row["line"]
        self._complete_parties(row)
        _complete_document(row)
        self._find_other_currencies(row, key[0])
        if kind == "order_response" and _is_agreement(row["customization_id"]):
            kind = "order_agreement"
        self._add_deliveries(row, (*key, 0))
        self._rows["peppol_order"].append(row, (*key, 1, kind, len(lines)))
        for number, line in enumerate(lines, 1):
            self._add_line(line, (*key, number))
        for number, charge in enumerate(row["allowance_charge"], len(lines) + 1):
            self._add_charge(charge, key, number)

    def _add_line(self, line: dict[str, Any], place: tuple[str, str, int]) -> None:
        sha256, document_id, number = place
        self._add_deliveries(line, place)
        line["sales_order_line_id"] = line["sales_order_line_id"] or line["own_sales_order_line_id"]
        self._rows["peppol_order_line"].append(line, (sha256, document_id, 1, number, "line"))
        if line["classification"]:
            self._rows["peppol_order_line_classification"].extend(line["classification"], place)
        if line["allowance"]:
            self._rows["peppol_order_line_allowance"].extend(line["allowance"], place)

    def _add_charge(self, charge: dict[str, Any], key: tuple[str, str], number: int) -> None:
        """Add an allowance or charge of the whole order as a row; an allowance counts negative."""
        row = _BLANK_LINE | charge
        row["item_name"] = charge["reason"]
        for reason in _charge_problems(charge):
            self._findings.append((key[0], number, "peppol_order_line", "amount", "", reason))
        sign, kind = (1, "charge") if is_true(charge["is_charge"]) else (-1, "allowance")
        self._rows["peppol_order_line"].append(row, (*key, sign, number, kind))

    def _add_deliveries(self, row: dict[str, Any], place: tuple[str, str, int]) -> None:
        """Add each Delivery as a row; the first one's columns are repeated in `_completed`."""
        row["delivery_count"] = len(row["delivery"])
        if row["delivery"]:
            self._rows["peppol_order_delivery"].extend(row["delivery"], place)

    def _find_other_currencies(self, row: dict[str, Any], sha256: str) -> None:
        """Find amounts that are not in the document's currency; they could not be added up."""
        own, rows = row["currency"], [*row["line"], *row["allowance_charge"]]
        found = {line["amount_currency"] for line in rows}
        if found.union(row[name] for name in _CURRENCY_COLUMNS) <= {own, None}:
            return
        amounts = [(1, "peppol_order", "currency", row[name]) for name in _CURRENCY_COLUMNS]
        amounts += [
            (number, "peppol_order_line", "amount", line["amount_currency"])
            for number, line in enumerate(rows, 1)
        ]
        for number, table, column, written in amounts:
            currency = (written or "").strip()
            if currency and currency != own:
                reason = (
                    f"beløpet er i {shortened(currency)}, mens dokumentets valuta er "
                    f"{shortened(own)}"
                )
                self._findings.append((sha256, number, table, column, currency, reason))

    def _completed(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
        allowances = frames["peppol_order_line_allowance"]
        first = frames["peppol_order_delivery"].filter(pl.col("position") == 1)
        lines = _with_first_delivery(frames["peppol_order_line"], first.drop(_DELIVERY_PLACE))
        documents = _with_first_delivery(
            _with_total(frames["peppol_order"], lines),
            first.with_columns(pl.col("source_row") + 1).filter(pl.col("source_row") == 1),
        )
        completed = {
            **frames,
            "peppol_order": with_rounding_flag(documents, lines, allowances),
            "peppol_order_line": with_allowance_sums(lines, allowances),
        }
        return completed, _total_problems(documents)


def _is_agreement(customization: str | None) -> bool:
    return any(mark in (customization or "") for mark in _AGREEMENT_MARKS)


def _charge_problems(charge: dict[str, Any]) -> list[str]:
    """Return why an allowance or charge can't be added up: its sign or its amount is not known."""
    problems = []
    indicator = (charge["is_charge"] or "").strip()
    if indicator not in _INDICATORS:
        found = shortened(indicator)
        problems.append(f"ChargeIndicator: forventet true eller false, fant «{found}»")
    if not (charge["amount"] or "").strip():
        problems.append("mangler Amount")
    return problems


def _complete_document(row: dict[str, Any]) -> None:
    """Add what follows from several elements: references, currency, attachments."""
    row["buyer_reference"] = row["buyer_reference"] or row["buyer_contact_id"]
    row["sales_order_number"] = row["sales_order_number"] or row["answered_sales"]
    row["attachment_count"] = sum(item[""] is not None for item in row["attachment"])
    row["currency"] = (row["currency"] or "").strip() or _currency_of_amounts(row)


def _currency_of_amounts(row: dict[str, Any]) -> str | None:
    written = [row[name] for name in _CURRENCY_COLUMNS]
    written += [line["amount_currency"] for line in [*row["line"], *row["allowance_charge"]]]
    return next((text.strip() for text in written if text and text.strip()), None)


def _with_first_delivery(rows: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Add what the first Delivery of each document or line says."""
    names = [name for name in (*_DELIVERY_DATES, *_DELIVERY_PLACE) if name in first.columns]
    place = ["document_id", "source_row"]
    return rows.join(first.select(*place, *names), on=place, how="left", maintain_order="left")


def _total_problems(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the documents that state a total in no currency, or one too large for the lake."""
    stated = documents.filter(pl.col("total_evidence").is_not_null())
    too_large = stated.filter(pl.col("total_amount").is_null())
    reason = pl.lit("summen uten mva er større enn 9 999 999 999 999 999,99")
    return pl.concat(
        [
            problems_at(
                stated.filter(pl.col("currency").is_null()), peppol.PEPPOL_ORDER, "currency"
            ),
            problems_at(too_large, peppol.PEPPOL_ORDER, "total_amount", reason=reason),
        ]
    )


def _with_total(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Add the total without VAT, what it was taken from, and how far the rows are from it.

    TaxExclusiveAmount; else LineExtensionAmount less allowances plus charges (PEPPOL-T01-R011);
    else the sum of the rows where each line has an amount and stands; else PayableAmount less the
    VAT that is stated.
    """
    is_line = pl.col("line_kind") == "line"
    counts = pl.col("amount").is_not_null() & ~pl.col("status_code").is_in(_NOT_BOUGHT)
    sums = lines.group_by("document_id").agg(
        pl.col("amount").filter(~is_line).sum().alias("_charges"),
        pl.col("amount").sum().alias("_rows"),
        (counts.fill_null(pl.col("amount").is_not_null()) | ~is_line).all().alias("_is_complete"),
    )
    joined = documents.join(sums, on="document_id", how="left", maintain_order="left")
    zero = pl.lit(0).cast(pl.Decimal(38, 2))

    def amount(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.Decimal(38, 2))

    stated_charges = amount("charge_total_amount").fill_null(zero) - amount(
        "allowance_total_amount"
    ).fill_null(zero)
    has_stated = pl.col("charge_total_amount", "allowance_total_amount").is_not_null()
    charges = (
        pl.when(pl.any_horizontal(has_stated))
        .then(stated_charges)
        .otherwise(amount("_charges").fill_null(zero))
    )
    ladder = {
        "tax_exclusive": amount("tax_exclusive_amount"),
        "line_extension": amount("line_extension_amount") + charges,
        "lines": pl.when(pl.col("_is_complete")).then(amount("_rows")),
        "payable": amount("payable_amount")
        + amount("prepaid_amount").fill_null(zero)
        - amount("payable_rounding_amount").fill_null(zero)
        - amount("tax_amount").fill_null(zero),
    }
    evidence = [pl.when(value.is_not_null()).then(pl.lit(key)) for key, value in ladder.items()]
    money = POLARS_TYPES["money"]
    total = pl.coalesce(*ladder.values())
    difference = pl.when(pl.col("_is_complete")).then(total - amount("_rows"))
    return joined.with_columns(
        total.cast(money, strict=False).alias("total_amount"),
        pl.coalesce(*evidence).alias("total_evidence"),
        difference.cast(money, strict=False).alias("lines_difference_amount"),
    )
