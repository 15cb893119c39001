"""From the text of SAF-T records to frames with the contract's types, and what is wrong with them.

One chunk at a time; what must be known of the whole file stands in `saft`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from pipelines.extracts.contracts import saft as contracts
from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, ColumnType, Table
from pipelines.extracts.identifiers import norwegian_orgnr
from pipelines.extracts.saft_elements import (
    ANALYSIS_TYPE_ENTRY,
    AUDIT_FILE,
    BALANCE,
    LINE,
    TAX_TABLE_ENTRY,
    TRANSACTION,
    Row,
    element_names,
)
from pipelines.extracts.saft_persons import Persons

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_INTEGER = r"^\+?\d{1,18}$"
_DATE = r"^\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?$"
THIRD_DECIMAL = r"\.\d{2}\d*[1-9]"
_EXPECTED: dict[ColumnType, str] = {
    "date": "en dato (åååå-mm-dd)",
    "integer": "et helt tall",
    "boolean": "true eller false",
    "money": "et beløp",
    "quantity": "et tall",
    "price": "et tall",
    "rate": "et tall",
}


class Bad(NamedTuple):
    """A value that is not of its column's type: row from 0, column, text (None: none)."""

    at: int
    column: Column
    value: str | None


def _converted(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    kind = POLARS_TYPES[column.type]
    if column.type == "date":
        valid = pl.when(value.str.contains(_DATE)).then(value.str.slice(0, 10))
        return valid.str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    if column.type == "boolean":
        known = {"true": True, "1": True, "false": False, "0": False}
        return value.replace_strict(known, default=None, return_dtype=kind)
    if column.type == "text":
        return value
    pattern = _INTEGER if column.type == "integer" else _NUMBER
    valid = pl.when(value.str.contains(pattern)).then(value)
    return valid.cast(kind, strict=False).alias(column.name)


def text_frame(rows: Sequence[Row], columns: Sequence[Column]) -> pl.DataFrame:
    """Return the columns' texts, trimmed; nothing is None."""
    present: set[str] = set().union(*rows)
    text = pl.DataFrame(
        [
            pl.Series(column.name, [row.get(column.name) for row in rows], dtype=pl.String)
            if column.name in present
            else pl.repeat(None, len(rows), dtype=pl.String, eager=True).alias(column.name)
            for column in columns
        ]
    )
    trimmed = text.select(pl.all().str.strip_chars())
    return trimmed.select(pl.when(pl.all() != "").then(pl.all()))


def typed_frame(text: pl.DataFrame, columns: Sequence[Column]) -> tuple[pl.DataFrame, list[Bad]]:
    """Return the typed columns, and every value that was lost or is missing though required."""
    typed = text.select(_converted(column) for column in columns)
    bad: list[Bad] = []
    for column in columns:
        gone = typed[column.name].null_count() - text[column.name].null_count()
        if column.required and typed[column.name].null_count():
            where = typed[column.name].is_null()
        elif gone:
            where = typed[column.name].is_null() & text[column.name].is_not_null()
        else:
            continue
        indices = where.arg_true()
        values = text[column.name].gather(indices)
        bad += map(Bad, indices.to_list(), [column] * len(indices), values.to_list())
    return typed, bad


def columns_but(table: Table, *names: str, extra: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    """Return the table's columns but those named, which are worked out, and some more."""
    left_out = {"source_sha256", "source_row", *names}
    return (*(c for c in table.columns if c.name not in left_out), *extra)


def money_columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "money", "") for name in names)


def exact_sum(amounts: pl.Series) -> Decimal:
    total = amounts.sum()
    assert isinstance(total, Decimal)
    return total


def difference_of(debit: str, credit: str) -> pl.Expr:
    """Return debit less credit; null where both are."""
    value = pl.col(debit).fill_null(0) - pl.col(credit).fill_null(0)
    either = pl.col(debit).is_not_null() | pl.col(credit).is_not_null()
    return pl.when(either).then(value).cast(POLARS_TYPES["money"], strict=False)


SIDES = money_columns("opening_debit", "opening_credit", "closing_debit", "closing_credit")
BALANCES = (
    difference_of("opening_debit", "opening_credit").alias("opening_balance"),
    difference_of("closing_debit", "closing_credit").alias("closing_balance"),
)


def reason_of(column: Column, value: str | None, elements: dict[str, str]) -> str:
    element = elements.get(column.name, column.name)
    if value is None:
        return f"mangler {element}"
    return f"{element}: forventet {_EXPECTED.get(column.type, 'en tekst')}, fant «{value[:80]}»"


# --- master files -------------------------------------------------------------------------------


def _with_address(row: Row) -> Row:
    """Return the party with its street address, else its first one."""
    addresses = row.get("addresses") or [{}]
    street = (a for a in addresses if (a.get("address_type") or "").strip() == "StreetAddress")
    return {**row, **next(street, addresses[0])}


def prepared_party(row: Row, kind: str, persons: Persons) -> Row:
    party = _with_address(row)
    party["vat_number"] = party.get("vat_number") or party.get("tax_number")
    country = (party.get("country") or "NO").strip().upper()
    number = (party.get("registration_number"), "NO:ORGNR" if country == "NO" else None)
    party["orgnr"] = norwegian_orgnr(number, (party["vat_number"], "VAT"))
    persons.hide(party, f"{kind}_id")
    return party


def balances_of(party: Row, kind: str) -> list[Row]:
    """Return a party's balance accounts: its own (1.10, 1.20), then BalanceAccount (1.30)."""
    own = {name: party.get(name) for name in BALANCE.values()}
    found = [own] if any(own.values()) else []
    key = {"source_row": party["source_row"], "party_id": party.get(f"{kind}_id")}
    return [
        {**balance, **key, "position": position}
        for position, balance in enumerate([*found, *party.get("balances", ())], 1)
    ]


PARTY_DERIVED = ("account_id", "opening_balance", "closing_balance")
MASTERS: dict[str, tuple[Table, tuple[Column, ...], str, dict[str, str]]] = {
    "account": (
        contracts.SAFT_ACCOUNT,
        columns_but(contracts.SAFT_ACCOUNT, "opening_balance", "closing_balance", extra=SIDES),
        "konto",
        element_names(AUDIT_FILE["MasterFiles"]["GeneralLedgerAccounts"]["Account"].spec),
    ),
    "tax_code": (
        contracts.SAFT_TAX_CODE,
        columns_but(contracts.SAFT_TAX_CODE),
        "avgiftskode",
        element_names(TAX_TABLE_ENTRY.spec["TaxCodeDetails"].spec),
    ),
    "analysis_code": (
        contracts.SAFT_ANALYSIS_CODE,
        columns_but(contracts.SAFT_ANALYSIS_CODE),
        "dimensjon",
        element_names(ANALYSIS_TYPE_ENTRY.spec),
    ),
}
PARTIES = {"customer": contracts.SAFT_CUSTOMER, "supplier": contracts.SAFT_SUPPLIER}
PARTY_WORDS = {"customer": "kunde", "supplier": "leverandør"}


# --- the ledger ---------------------------------------------------------------------------------

LEDGER = contracts.SAFT_JOURNAL_LINE
_JOURNAL_NAMES = ("journal_id", "journal_description", "journal_type")
_TRANSACTION_NAMES = tuple(element_names(TRANSACTION.spec))
_JOURNAL_COLUMNS = tuple(c for c in LEDGER.columns if c.name in _JOURNAL_NAMES)
_TRANSACTION_COLUMNS = tuple(c for c in LEDGER.columns if c.name in _TRANSACTION_NAMES)
_SIDED = ("debit_currency_amount", "credit_currency_amount")
_LINE_COLUMNS = (
    *columns_but(
        LEDGER,
        *_TRANSACTION_NAMES,
        *_JOURNAL_NAMES,
        "transaction_row",
        "transaction_balance",
        "is_transaction_balanced",
        "amount",
        "is_rounded",
        "currency",
        "currency_amount",
        "exchange_rate",
    ),
    *money_columns(*_SIDED),
    Column("debit_currency", "text", ""),
    Column("credit_currency", "text", ""),
    Column("debit_rate", "rate", ""),
    Column("credit_rate", "rate", ""),
)
LINE_ELEMENTS = element_names(LINE.spec)
TRANSACTION_ELEMENTS = element_names(TRANSACTION.spec)
PARTY_IDS = ("customer_id", "supplier_id", "transaction_customer_id", "transaction_supplier_id")
FREE_TEXTS = ("description", "transaction_description", "voucher_description")
_NESTED_SIDES = money_columns("unsigned_amount", "debit_amount", "credit_amount")
NESTED: dict[str, tuple[Table, tuple[Column, ...], str, dict[str, str]]] = {
    "analyses": (
        contracts.SAFT_LINE_ANALYSIS,
        columns_but(contracts.SAFT_LINE_ANALYSIS, "position", "amount", extra=_NESTED_SIDES),
        "amount",
        element_names(LINE.spec["Analysis"].spec, "Analysis/"),
    ),
    "taxes": (
        contracts.SAFT_LINE_TAX,
        columns_but(contracts.SAFT_LINE_TAX, "position", "tax_amount", extra=_NESTED_SIDES),
        "tax_amount",
        element_names(LINE.spec["TaxInformation"].spec, "TaxInformation/"),
    ),
}


class Lines(NamedTuple):
    """Lines as read, with the transaction of each; `first` is the number of the first."""

    rows: list[Row]
    transactions: list[Row]
    first: int

    def numbers(self) -> pl.Series:
        """Return the lines' positions in the file, which follow on each other."""
        return pl.int_range(
            self.first, self.first + len(self.rows), dtype=pl.Int64, eager=True
        ).alias("source_row")


def typed_lines(lines: Lines) -> tuple[pl.DataFrame, list[Bad]]:
    """Return the lines' own columns, and what in them is not as it should be."""
    text = text_frame(lines.rows, _LINE_COLUMNS)
    typed, bad = typed_frame(text, _LINE_COLUMNS)
    rounded = pl.any_horizontal(
        pl.col("debit_amount", "credit_amount", *_SIDED).str.contains(THIRD_DECIMAL)
    )
    flags = text.select(rounded.fill_null(False).alias("is_rounded"))
    transactions = [transaction["source_row"] for transaction in lines.transactions]
    typed = typed.with_columns(
        flags["is_rounded"],
        lines.numbers(),
        pl.Series("transaction_row", transactions, dtype=pl.Int64),
        difference_of("debit_amount", "credit_amount").alias("amount"),
        difference_of(*_SIDED).alias("currency_amount"),
        pl.coalesce("debit_currency", "credit_currency").alias("currency"),
        pl.coalesce("debit_rate", "credit_rate").alias("exchange_rate"),
    )
    return typed, bad


def typed_transactions(lines: Lines) -> tuple[pl.DataFrame, list[Bad], list[int]]:
    """Return the transactions of the lines with their journals' fields, one row each."""
    transactions = {row["source_row"]: row for row in lines.transactions}
    rows, numbers = list(transactions.values()), list(transactions)
    own = text_frame(rows, _TRANSACTION_COLUMNS)
    of_journal = text_frame([row[""] for row in rows], _JOURNAL_COLUMNS)
    columns = (*_TRANSACTION_COLUMNS, *_JOURNAL_COLUMNS)
    typed, bad = typed_frame(own.hstack(of_journal), columns)
    return typed.with_columns(pl.Series("transaction_row", numbers, dtype=pl.Int64)), bad, numbers


def nested_frame(lines: Lines, name: str) -> tuple[pl.DataFrame, list[Bad], list[int]]:
    """Return all Analysis or TaxInformation of the lines, and the line number of each."""
    _, columns, amount, _ = NESTED[name]
    numbers: list[int] = []
    positions: list[int] = []
    items: list[Row] = []
    for number, row in enumerate(lines.rows, lines.first):
        if name in row:
            own = row[name]
            items += own
            numbers += [number] * len(own)
            positions += range(1, len(own) + 1)
    typed, bad = typed_frame(text_frame(items, columns), columns)
    typed = typed.with_columns(
        pl.Series("source_row", numbers, dtype=pl.Int64),
        pl.Series("position", positions, dtype=pl.Int64),
        difference_of("debit_amount", "credit_amount").alias(amount),
    )
    return typed, bad, numbers


def with_sign_of_line(nested: pl.DataFrame, lines: pl.DataFrame, amount: str) -> pl.DataFrame:
    """Give an amount without a side (1.10, 1.20) the sign of its line's side."""
    is_credit = pl.col("debit_side").is_null() & pl.col("credit_side").is_not_null()
    unsigned = pl.col("unsigned_amount")
    sides = lines.select(
        "source_row",
        pl.col("debit_amount").alias("debit_side"),
        pl.col("credit_amount").alias("credit_side"),
    )
    return nested.join(sides, on="source_row", how="inner", maintain_order="left").with_columns(
        pl.coalesce(amount, pl.when(is_credit).then(-unsigned).otherwise(unsigned)).alias(amount)
    )
