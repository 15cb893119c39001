"""From the raw text of UBL documents to typed columns, and what is wrong with them as rejections.

Shared by invoices, orders, despatch advices and catalogues. Which elements are read stands in each
extractor, how the elements are walked in `ubl_walk`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

import polars as pl

from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, ColumnType, Table
from pipelines.extracts.result import Rejection
from pipelines.extracts.ubl_walk import shortened

SIGN = "_sign"
ROUNDED = "_rounded"
# No document reaches it, and sums and conversions of what is below fit DECIMAL(38).
AMOUNT_LIMIT = Decimal(10) ** 12
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
MAX_TEXT = 100_000  # characters in one element; attachments are not read
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
_INTEGER = r"^[+-]?[0-9]+$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$"
_THIRD_DECIMAL = r"\.[0-9]{2}[0-9]*[1-9]"
_NUMERIC: tuple[ColumnType, ...] = ("money", "quantity", "price", "rate")
_TRUE, _FALSE = ["true", "1"], ["false", "0"]


class Rows:
    """Raw text of one table, row by row, as documents are read.

    `given` are the columns that the caller hands over beside what was read, already typed;
    `native` those that it puts into what was read, already typed; `derived` come later. `_sign`
    among the given ones turns money and the quantity round where it is negative.
    """

    def __init__(
        self,
        table: Table,
        given: Sequence[str],
        *,
        native: Sequence[str] = (),
        derived: Sequence[str] = (),
    ) -> None:
        left_out = {*given, *derived}
        taken = [column.name for column in table.columns if column.name not in left_out]
        own = {column.name: column.type for column in table.columns}
        typed = {name: POLARS_TYPES[own[name]] for name in (*given, *native) if name in own}
        self.table = table
        self.names = [*given, *taken]
        self._types: dict[str, Any] = {SIGN: pl.Int8(), **typed}
        self._rows: list[tuple[Any, ...]] = []
        self._take = itemgetter(*taken)

    def append(self, read: dict[str, Any], given: tuple[Any, ...]) -> None:
        """Add one row."""
        self._rows.append(given + self._take(read))

    def extend(
        self, read: Iterable[dict[str, Any]], key: tuple[Any, ...], after: tuple[Any, ...] = ()
    ) -> None:
        """Add rows numbered from 1; what is given of each is `key`, its number, and `after`."""
        take = self._take
        self._rows += [(*key, n, *after, *take(row)) for n, row in enumerate(read, 1)]

    def frame(self) -> pl.DataFrame:
        """Return what was added; what was read is text still."""
        columns: Iterable[Sequence[Any]]
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self.names)
        return pl.DataFrame(
            [
                _series(name, values, self._types.get(name, pl.String()))
                for name, values in zip(self.names, columns, strict=True)
            ]
        )


def _series(name: str, values: Sequence[Any], dtype: Any) -> pl.Series:
    """Return a column; of text that no document has, most of the contract's, nothing is built."""
    if dtype == pl.String and not any(values):
        return pl.Series(name, [None], dtype=dtype).new_from_index(0, len(values))
    return pl.Series(name, values, dtype=dtype)


NO_PROBLEMS = pl.DataFrame(
    schema={
        "source_sha256": pl.String,
        "source_row": pl.Int64,
        "table": pl.String,
        "column": pl.String,
        "value": pl.String,
        "reason": pl.String,
    }
)


def typed(raw: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with the contract's types, and the values that break it.

    The second frame has the columns of NO_PROBLEMS (value null: missing; reason null: wrong type).
    `_rounded` says whether money had a third decimal that was rounded away.
    """
    schema = raw.schema
    present = [column for column in table.columns if column.name in schema]
    text = [column for column in present if schema[column.name] == pl.String]
    filled = [column for column in text if raw[column.name].null_count() < raw.height]
    empty = [column for column in text if raw[column.name].null_count() == raw.height]
    names = [column.name for column in filled]
    trimmed = raw.with_columns(pl.col(names).str.strip_chars())
    stripped = trimmed.with_columns(pl.when(pl.col(names) != "").then(pl.col(names)))
    signed = SIGN in schema
    money = [column.name for column in filled if column.type == "money"]
    rounded = pl.any_horizontal(pl.col(money).str.contains(_THIRD_DECIMAL)).fill_null(False)
    result = stripped.with_columns(
        *(_converted(column, signed=signed) for column in filled if column.type != "text"),
        *(pl.lit(None, POLARS_TYPES[column.type]).alias(column.name) for column in empty),
        (rounded if money else pl.lit(False)).alias(ROUNDED),
    )
    bad = pl.concat([_problems(stripped, result, present, table), _too_long(raw, names, table)])
    return result, bad


def _too_long(raw: pl.DataFrame, names: list[str], table: Table) -> pl.DataFrame:
    """Return the values that are longer than any text is; they would fill the lake."""
    reason = pl.lit(f"teksten er lengre enn {MAX_TEXT:,} tegn".replace(",", " "))
    found = [NO_PROBLEMS]
    if not names:
        return found[0]
    longest = raw.select(pl.col(names).str.len_bytes().max())
    for name, length in zip(names, longest.row(0), strict=True):
        if length is not None and length > MAX_TEXT:
            rows = raw.filter(pl.col(name).str.len_chars() > MAX_TEXT)
            found.append(problems_at(rows, table, name, pl.col(name).str.head(100), reason))
    return pl.concat(found)


def _converted(column: Column, *, signed: bool) -> pl.Expr:
    value = pl.col(column.name)
    if column.type == "date":
        valid = pl.when(value.str.contains(_DATE)).then(value.str.slice(0, 10))
        day = valid.str.to_date("%Y-%m-%d", strict=False)
        if column.name == "issue_date":
            day = pl.when(day.is_between(FIRST_DAY, LAST_DAY)).then(day)
        return day.alias(column.name)
    if column.type in _NUMERIC:
        number = pl.when(value.str.contains(NUMBER)).then(value)
        amount = number.cast(POLARS_TYPES[column.type], strict=False)
        if column.type == "money":
            amount = pl.when(amount.abs() < AMOUNT_LIMIT).then(amount)
        if signed and (column.type == "money" or column.name == "quantity"):
            amount = pl.when(pl.col(SIGN) < 0).then(-amount).otherwise(amount)
        return amount.alias(column.name)
    if column.type == "integer":
        whole = pl.when(value.str.contains(_INTEGER)).then(value)
        return whole.cast(pl.Int64, strict=False).alias(column.name)
    yes = pl.when(value.is_in(_TRUE)).then(True)
    return yes.when(value.is_in(_FALSE)).then(False).alias(column.name)


def _problems(
    raw: pl.DataFrame, result: pl.DataFrame, present: list[Column], table: Table
) -> pl.DataFrame:
    found = [NO_PROBLEMS]
    for column in present:
        own = result[column.name].null_count()
        if own == (0 if column.required else raw[column.name].null_count()):
            continue
        lost = result[column.name].is_null()
        if not column.required:
            lost &= raw[column.name].is_not_null()
        found.append(problems_at(raw.filter(lost), table, column.name, pl.col(column.name)))
    return pl.concat(found)


def problems_at(
    rows: pl.DataFrame,
    table: Table,
    column: str,
    value: pl.Expr | None = None,
    reason: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return `rows` as problems of one column; without value it is missing."""
    nothing = pl.lit(None, pl.String)
    place = "source_row" if "source_row" in rows.columns else "position"
    return rows.select(
        "source_sha256",
        pl.col(place).alias("source_row"),
        pl.lit(table.name).alias("table"),
        pl.lit(column).alias("column"),
        (nothing if value is None else value.cast(pl.String)).alias("value"),
        (nothing if reason is None else reason).alias("reason"),
    )


_EXPECTED: dict[ColumnType, str] = {
    "money": "et beløp",
    "quantity": "et tall",
    "price": "en pris",
    "rate": "et tall",
    "date": "en dato (ÅÅÅÅ-MM-DD)",
    "integer": "et heltall",
    "boolean": "true eller false",
}


def rejections_of(
    bad: pl.DataFrame,
    tables: dict[str, Table],
    places: dict[str, str],
    kind: str,
    *,
    is_whole_file: bool = True,
) -> list[Rejection]:
    """Return the problems as rejections, in a stable order.

    `places` says per table in Norwegian where a row stands ('linje {row}').
    """
    order = ("source_sha256", "table", "source_row", "column", "value", "reason")
    ordered = bad.unique(maintain_order=True).sort(order, nulls_last=True)
    return [
        Rejection(
            sha256,
            places[table].format(row=row),
            reason or _reason(tables[table], column, value),
            value or "",
            kind,
            is_whole_file,
        )
        for sha256, row, table, column, value, reason in ordered.iter_rows()
    ]


def _reason(table: Table, column: str, value: str | None) -> str:
    contract = next(item for item in table.columns if item.name == column)
    element = re.split(r"[,;(]|: ", contract.description)[0].strip()
    if value is None:
        return f"mangler {element}"
    expected = _EXPECTED[contract.type]
    if contract.type == "money" and re.match(NUMBER, value):
        expected = "et beløp under 1 000 milliarder"
    if contract.name == "issue_date" and re.match(_DATE, value):
        expected = f"en dato som finnes, fra {FIRST_DAY.year} til {LAST_DAY.year}"
    return f"{element}: forventet {expected}, fant «{shortened(value)}»"


def without_rejected(frames: dict[str, pl.DataFrame], bad: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the frames without any row of a file that has a problem."""
    if bad.is_empty():
        return dict(frames)
    rejected = bad["source_sha256"].unique().to_list()
    keep = ~pl.col("source_sha256").is_in(rejected)
    return {name: frame.filter(keep) for name, frame in frames.items()}


def with_rounding_flag(documents: pl.DataFrame, *others: pl.DataFrame) -> pl.DataFrame:
    """Add whether any amount of the document was rounded to the nearest øre."""
    rounded = pl.concat(
        [frame.filter(pl.col(ROUNDED)).select("document_id") for frame in (documents, *others)]
    )["document_id"].unique()
    flag = pl.col("document_id").is_in(rounded.to_list())
    return documents.with_columns(flag.alias("has_rounded_amounts"))


def with_allowance_sums(lines: pl.DataFrame, allowances: pl.DataFrame) -> pl.DataFrame:
    """Add the sums of each line's own allowances and charges; a sum too large is null."""
    sums = allowances.group_by("document_id", "source_row").agg(
        pl.col("amount").filter(~pl.col("is_charge")).sum().alias("line_allowance_amount"),
        pl.col("amount").filter(pl.col("is_charge")).sum().alias("line_charge_amount"),
    )
    joined = lines.join(sums, on=["document_id", "source_row"], how="left", maintain_order="left")
    names = ("line_allowance_amount", "line_charge_amount")
    return joined.with_columns(pl.col(*names).cast(POLARS_TYPES["money"], strict=False))
