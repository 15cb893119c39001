"""What every extract hands over beside its tables: facts per file and rejections.

How they are written to the lake and to quarantine stands in `pipelines.lake`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl

RAW_LIMIT = 2_000


@dataclass(frozen=True)
class Rejection:
    """A file or a row that can't be taken in: where, why, and the text itself (shortened)."""

    source_sha256: str
    place: str
    reason: str
    raw: str
    kind: str = "unknown"
    is_whole_file: bool = True

    def __post_init__(self) -> None:
        if len(self.raw) > RAW_LIMIT:
            object.__setattr__(self, "raw", self.raw[:RAW_LIMIT] + "…")


class FileFacts(NamedTuple):
    """Rows and money of one file: in = accepted + quarantined + duplicate + left out.

    Duplicate is what the file itself repeats, left out what is no data (control totals, rows that
    a mapping leaves out). Money None = nothing readable.
    """

    source_sha256: str
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    currency: str | None = None
    amount_in: Decimal | None = None
    amount_accepted: Decimal | None = None
    amount_quarantined: Decimal | None = None
    rows_duplicate: int = 0
    rows_left_out: int = 0
    amount_duplicate: Decimal | None = None
    amount_left_out: Decimal | None = None

    @classmethod
    def of_document(
        cls,
        sha256: str,
        rows: int,
        currency: str | None,
        amount: Decimal | None,
        is_rejected: bool,
    ) -> FileFacts:
        """Return the facts of a file with one document, which stands or falls as a whole.

        It counts as one row at least, so that it is visible.
        """
        zero = Decimal("0.00")
        rows = max(rows, 1)
        if is_rejected:
            lost = None if amount is None else amount
            return cls(sha256, rows, 0, rows, currency, amount, amount and zero, lost)
        return cls(sha256, rows, rows, 0, currency, amount, amount, zero)

    @classmethod
    def unreadable(cls, sha256: str) -> FileFacts:
        """Return the facts of a file of which nothing could be read: one row, no amount."""
        return cls(sha256, 1, 0, 1)


@dataclass
class Extracted:
    """What a number of source files became, before it is written.

    `kinds`, `effective_dates`, `registers` (their names), `notes` and `facts` are per SHA-256;
    `spilled` are Parquet files with rows of a table that were too many to keep in memory.
    """

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    spilled: dict[str, list[Path]] = field(default_factory=dict)
    facts: dict[str, FileFacts] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    effective_dates: dict[str, date] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    registers: dict[str, list[str]] = field(default_factory=dict)

    def add_table(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows of a lake table."""
        if frame.height:
            self.tables.setdefault(name, []).append(frame)

    def refuse(self, sha256: str, place: str, reason: str, raw: str = "") -> None:
        """Note a file that can't be read at all."""
        self.kinds[sha256] = "unknown"
        self.facts[sha256] = FileFacts.unreadable(sha256)
        self.rejections.append(Rejection(sha256, place, reason, raw))

    def merge(self, other: Extracted) -> None:
        """Take over what other files became."""
        for name, frames in other.tables.items():
            self.tables.setdefault(name, []).extend(frames)
        for name, paths in other.spilled.items():
            self.spilled.setdefault(name, []).extend(paths)
        self.facts |= other.facts
        self.kinds |= other.kinds
        self.effective_dates |= other.effective_dates
        self.rejections += other.rejections
        self.notes |= other.notes
        self.registers |= other.registers
