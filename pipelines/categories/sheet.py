"""What the sheet of questions looks like, for those who write it and those who read it back."""

from __future__ import annotations

import hashlib
from datetime import datetime

QUESTIONS_SHEET = "spørsmål"
CATEGORIES_SHEET = "kategorier"
INTERNAL = (
    "Internt for kommunen: arket har leverandører, varetekster og beløp som ikke er med i den "
    "offentlige utgaven."
)
HOW_TO = (
    "Velg en kategori i den første kolonnen der dere vet den, og la resten stå tomme. Ikke endre "
    "de andre kolonnene. Les svarene inn med «samkjop categories import FIL»."
)
ANSWER, SUPPLIER_ID, ITEM_TEXT, ACCOUNT, KEY = (
    "Kategori",
    "Leverandør-ID",
    "Varetekst",
    "Konto",
    "Nøkkel",
)
# The same workbook has the same bytes.
FIXED_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet has no time zone
CONFIDENCE, AMOUNT, LINES = "Sikkerhet", "Kroner uten mva.", "Linjer"
HEADINGS = (
    ANSWER,
    "Forslag",
    CONFIDENCE,
    "Leverandør",
    ITEM_TEXT,
    ACCOUNT,
    "KOSTRA-art",
    AMOUNT,
    LINES,
    "Eksempel: bilag",
    "Eksempel: dato",
    SUPPLIER_ID,
    KEY,
)


def category_key(item_text: str | None, supplier_id: str | None, account: str | None) -> str:
    """Return the key of a question: the same as dbt's macro `category_key`."""
    parts = "\n".join(part or "" for part in (item_text, supplier_id, account))
    return hashlib.md5(parts.encode(), usedforsecurity=False).hexdigest()


def choice(category_id: str, name: str) -> str:
    """Return a category as the drop-down shows it."""
    return f"{category_id} – {name}"
