"""What a lake table's contract is made of: column, type, classification, table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

ColumnType = Literal["text", "date", "integer", "boolean", "money", "quantity", "price", "rate"]
Classification = Literal["public", "internal", "personal"]

POLARS_TYPES: dict[ColumnType, pl.DataType] = {
    "text": pl.String(),
    "date": pl.Date(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "money": pl.Decimal(18, 2),
    "quantity": pl.Decimal(18, 6),
    "price": pl.Decimal(20, 8),
    "rate": pl.Decimal(18, 8),
}


@dataclass(frozen=True)
class Column:
    """One column of a lake table.

    `aliases` are the headings under which people's register files name it, the one that our own
    templates use first; only registers have them. `required` means a row without it is
    quarantined. The value of a register's column with `pseudonym` becomes an HMAC key of that kind
    while it is read; one with `is_activity` is a date in the file and a coarse bucket in the lake
    (`licences.ACTIVITY`).
    """

    name: str
    type: ColumnType
    description: str
    required: bool = False
    classification: Classification = "internal"
    aliases: tuple[str, ...] = ()
    default: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    pseudonym: Literal["account", "person"] | None = None
    is_activity: bool = False


@dataclass(frozen=True)
class Table:
    """One lake table: its grain in words, its key and its columns in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    register: str | None = None

    def schema(self) -> dict[str, pl.DataType]:
        """Return the Polars schema, column name to type, in the contract's order."""
        return {column.name: POLARS_TYPES[column.type] for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """Return the table without rows, so that no glob over batches is ever without a file."""
        return pl.DataFrame(schema=self.schema())


def text_column(name: str, description: str, **options: object) -> Column:
    return Column(name, "text", description, **options)  # type: ignore[arg-type]


def date_column(name: str, description: str, **options: object) -> Column:
    return Column(name, "date", description, **options)  # type: ignore[arg-type]


def money_column(name: str, description: str, **options: object) -> Column:
    return Column(name, "money", description, **options)  # type: ignore[arg-type]


SOURCE_SHA256 = text_column(
    "source_sha256",
    "SHA-256 av filens byte, 64 heksadesimale tegn med små bokstaver",
    required=True,
)
SOURCE_ROW = Column(
    "source_row",
    "integer",
    "Plassen i filen, fra 1: elementets nummer i XML, linjen eller raden i tabeller, posten i YAML",
    required=True,
)
DOCUMENT_ID = text_column(
    "document_id", "Samkjøps nøkkel for dokumentet: «D» og de 20 første tegnene av filens SHA-256"
)
