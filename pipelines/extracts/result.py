"""What every extract hands over beside its tables: facts per file and rejections.

How they are written to the lake and to quarantine stands in `pipelines.lake`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

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
    """Rows and money of one file: in = accepted + quarantined. Money None = nothing readable."""

    source_sha256: str
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    currency: str | None = None
    amount_in: Decimal | None = None
    amount_accepted: Decimal | None = None
    amount_quarantined: Decimal | None = None

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
