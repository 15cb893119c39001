"""Keys for accounts and persons, and coarse activity: what of a person the lake may hold.

A key is the first 20 hexadecimal characters of an HMAC-SHA256 with the home's secret key. Accounts
and persons have keys of their own, so that an account named as an employee number is not a person.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Literal

import polars as pl

Pseudonym = Literal["account", "person"]
KEY_LENGTH = 20
HIDDEN = "(skjult)"
# An address or a birth number somewhere in a text, as Polars reads it.
PERSONAL = r"@|(^|[^0-9])[0-9]{6} ?[0-9]{5}([^0-9]|$)"
_LIKE_DATA = re.compile(r"@|\d{5}")
_BUCKETS = ((30, "d30"), (90, "d90"), (180, "d180"))  # days since, at most
_OLDEST = "older"
NEVER = "never"


def account_key(name: str | None, key: bytes) -> str | None:
    """Return the key of an account by its sign-in name; case and spaces around it don't count."""
    return _token("account", name, key)


def person_key(number: str | None, key: bytes) -> str | None:
    """Return the key of a person by the employee number."""
    return _token("person", number, key)


def pseudonyms(texts: pl.Series, kind: Pseudonym, key: bytes) -> pl.Series:
    """Return a column's keys, null where a value is null or blank."""
    known = key_of_each(texts.drop_nulls().unique().to_list(), kind, key)
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def key_of_each(texts: Iterable[str], kind: Pseudonym, key: bytes) -> dict[str, str | None]:
    """Return text → key, for distinct texts."""
    return {text: _token(kind, text, key) for text in texts}


def shown_headings(cells: Iterable[str | None]) -> str:
    """Return headings for a reason that people read; a row that looks like data is not shown.

    A file of persons without headings would else put its first person into logs.
    """
    texts = [cell for cell in cells if cell]
    if any(_LIKE_DATA.search(text) for text in texts):
        return f"«{HIDDEN}»"
    return ", ".join(f"«{text}»" for text in texts)


def activity_buckets(last: pl.Expr, counted_to: date | pl.Expr) -> pl.Expr:
    """Return how long ago the last activity was; a day after `counted_to` is d30, none is never."""
    until = counted_to if isinstance(counted_to, pl.Expr) else pl.lit(counted_to)
    days = (until - last).dt.total_days()
    buckets = [pl.when(days <= most).then(pl.lit(name)) for most, name in _BUCKETS]
    never = pl.when(last.is_null()).then(pl.lit(NEVER))
    return pl.coalesce(never, *buckets, pl.lit(_OLDEST))


def _token(kind: Pseudonym, text: str | None, key: bytes) -> str | None:
    plain = unicodedata.normalize("NFC", text or "").strip().casefold()
    if not plain:
        return None
    return hmac.new(key, f"{kind}:{plain}".encode(), hashlib.sha256).hexdigest()[:KEY_LENGTH]
