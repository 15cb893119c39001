"""Contracts of what tables by mapping become: postings, budgets, order lines, receipts and prices.

Only columns stand here. How a table is read stands in `pipelines.extracts.tabular`, which of its
columns is which in a mapping. SAF-T's own tables are elsewhere.
"""

from __future__ import annotations

from pipelines.extracts.contracts.columns import (
    SOURCE_ROW,
    SOURCE_SHA256,
    Column,
    Table,
)


def _text(name: str, description: str, *, personal: bool = False) -> Column:
    return Column(name, "text", description, classification="personal" if personal else "internal")


def _date(name: str, description: str) -> Column:
    return Column(name, "date", description)


def _money(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name, "money", description, required=required)


_ENTITY = (
    _text("entity_id", "Buying legal entity's identifier as exported (company or client code)"),
    _text("entity_orgnr", "Its Norwegian organisation number, where the identifier is one"),
    _text("entity_name", "Buying legal entity's name as exported"),
)
_SUPPLIER = (
    _text("supplier_id", "The supplier's number in the exporting system"),
    _text("supplier_legal_id", "The supplier's registration number as exported, any country"),
    _text("supplier_orgnr", "Its Norwegian organisation number: nine digits, valid check digit"),
    _text("supplier_name", "The supplier's name; a pseudonym for a private person"),
    Column(
        "supplier_is_private_person",
        "boolean",
        "True where the supplier is a private person: id and name are then a pseudonym",
    ),
)
_DIMENSIONS = (
    _text("department", "Sector, department or directorate, code or name as exported"),
    _text("department_name", "Its name, where code and name are two columns"),
    _text("responsibility", "Ansvar or cost centre, code or name as exported"),
    _text("responsibility_name", "Its name, where code and name are two columns"),
    _text("kostra_function", "KOSTRA function or service (tjeneste), as exported"),
    _text("kostra_function_name", "Its name"),
    _text("project", "Project, as exported"),
    _text("project_name", "Its name"),
    _text("dimension_1", "Another dimension, as exported; the mapping says which"),
    _text("dimension_2", "Another dimension, as exported; the mapping says which"),
    _text("dimension_3", "Another dimension, as exported; the mapping says which"),
)
_ACCOUNT = (
    _text("account", "Account, code or name as exported"),
    _text("account_name", "Its name, where code and name are two columns"),
    _text("kostra_art", "KOSTRA art, where the export has it as a column"),
)
_CURRENCY = _text("currency", "ISO 4217 code of the amounts: a column of the export or a constant")

LEDGER_LINE = Table(
    "ledger_line",
    "One row per posting line as exported; genuine duplicates are kept",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        _text("ledger_kind", "general_ledger, supplier_ledger or payments, from the mapping"),
        *_ENTITY,
        Column(
            "year",
            "integer",
            "Accounting year: the export's own, else of the period, else of the posting, invoice "
            "or payment date, first found",
        ),
        _text("period", "Accounting period as exported, e.g. 202413"),
        _date("posting_date", "Posting or voucher date"),
        _date("invoice_date", "Invoice date"),
        _date("due_date", "Due date"),
        _date("payment_date", "Payment date"),
        _text("voucher_number", "Voucher, transaction or document number"),
        _text("voucher_type", "Voucher type as exported"),
        _text("line_number", "The line's number within the voucher or invoice"),
        _text("invoice_number", "The supplier's invoice number"),
        _text("order_number", "Purchase order that the posting names"),
        _text("contract_reference", "Agreement that the posting names"),
        *_SUPPLIER,
        *_ACCOUNT,
        *_DIMENSIONS,
        _text("item_class", "Item or procurement classification, as exported"),
        _text("vat_code", "VAT code as exported"),
        Column(
            "text",
            "text",
            "Free text of the posting; empty where the supplier is a private person",
            classification="personal",
        ),
        _money(
            "amount",
            "Signed amount in `currency`; cost positive, by the mapping's sign convention",
            required=True,
        ),
        _text("amount_basis", "net, gross or unknown: whether `amount` is without VAT"),
        _money("gross_amount", "With VAT, where the export has it"),
        _money("vat_amount", "VAT, where the export has it; signed as the amount"),
        _money("currency_amount", "The amount in `transaction_currency`"),
        _text("transaction_currency", "The invoice's own currency, where it is another"),
        _CURRENCY,
    ),
)

BUDGET_LINE = Table(
    "budget_line",
    "One row per budget line and amount column (year or version) as exported",
    ("source_sha256", "source_row", "value_position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("value_position", "integer", "Order of the amount column in the mapping, from 1"),
        *_ENTITY,
        Column("year", "integer", "Budget year"),
        _text("period", "Period as exported, where the budget has periods"),
        _text("budget_kind", "budget, revised_budget, plan or actual"),
        *_ACCOUNT,
        *_DIMENSIONS,
        _text("income_or_expense", "Income or expense, as exported"),
        Column("text", "text", "Free text of the line", classification="personal"),
        _money("amount", "Signed; cost positive, by the mapping's convention", required=True),
        _CURRENCY,
    ),
)

ORDER_TABLE_LINE = Table(
    "order_table_line",
    "One row per order line as exported from an e-handel or ERP system",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        *_ENTITY,
        _text("order_number", "Purchase order number"),
        _text("line_number", "The line's number within the order"),
        _date("order_date", "Order date"),
        _date("delivery_date", "Requested or promised delivery"),
        *_SUPPLIER,
        _text("channel", "How it was ordered, as exported"),
        _text("contract_reference", "Agreement that the line names"),
        _text("requisitioner", "Who ordered, as exported", personal=True),
        *_ACCOUNT,
        *_DIMENSIONS,
        _text("item_id", "The supplier's item number"),
        _text("item_name", "Item name"),
        _text("item_class", "Item classification, as exported"),
        Column("quantity", "quantity", "Ordered quantity"),
        _text("unit_code", "Unit of the quantity, as exported"),
        Column("price", "price", "Price per unit, in `currency`"),
        Column("text", "text", "Free text of the line", classification="personal"),
        _money("amount", "Signed amount of the line, in `currency`", required=True),
        _text("amount_basis", "net, gross or unknown: whether `amount` is without VAT"),
        _CURRENCY,
    ),
)

RECEIPT_TABLE_LINE = Table(
    "receipt_table_line",
    "One row per goods receipt line as exported",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        *_ENTITY,
        _text("receipt_number", "Goods receipt number"),
        _text("order_number", "Purchase order number"),
        _text("line_number", "The order line's number"),
        _date("receipt_date", "When the goods came"),
        *_SUPPLIER,
        *_DIMENSIONS,
        _text("item_id", "The supplier's item number"),
        _text("item_name", "Item name"),
        Column("quantity", "quantity", "Received quantity", required=True),
        _text("unit_code", "Unit of the quantity, as exported"),
        Column("text", "text", "Free text of the line", classification="personal"),
        _money("amount", "Value of what came, in `currency`, where the export has it"),
        _CURRENCY,
    ),
)

PRICE_TABLE_ITEM = Table(
    "price_table_item",
    "One row per item of a price list as exported",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        *_SUPPLIER,
        _text("contract_reference", "Agreement that the price is of"),
        _text("item_id", "The supplier's item number"),
        _text("gtin", "Standard item number (GTIN)"),
        _text("item_name", "Item name"),
        _text("item_class", "Item classification, as exported"),
        _text("unit_code", "Unit that the price is for, as exported"),
        Column("base_quantity", "quantity", "Number of units that the price is for"),
        Column("price", "price", "Agreed price without VAT, in `currency`", required=True),
        Column("list_price", "price", "List price without VAT, in `currency`"),
        Column("discount_percent", "rate", "Discount in per cent, as exported"),
        _date("valid_from", "First day of the price"),
        _date("valid_to", "Last day of the price, inclusive"),
        _CURRENCY,
    ),
)

TARGETS: dict[str, Table] = {
    table.name: table
    for table in (
        LEDGER_LINE,
        BUDGET_LINE,
        ORDER_TABLE_LINE,
        RECEIPT_TABLE_LINE,
        PRICE_TABLE_ITEM,
    )
}
