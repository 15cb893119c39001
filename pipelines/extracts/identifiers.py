"""Identifiers of parties: Norwegian organisation numbers and pseudonyms of private persons.

Which supplier a party is, is decided in dbt; here only what its own text says.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache
from typing import Any

_ORGNR_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_ORGNR_SCHEMES = frozenset({"0192", "9908", "NO:ORGNR"})
_VAT_SCHEMES = frozenset({"VAT", "NO:VAT", "9909"})
_VAT_NUMBER = re.compile(r"(?:NO)?(\d{9})MVA", re.IGNORECASE)
# Day (a D-number's is 40 higher), month (test persons' 40 or 80 higher), year, five digits more.
_BIRTH_NUMBER = re.compile(r"(?:[04][1-9]|[1256]\d|[37][01])(?:[048][1-9]|[159][0-2])\d{2}\s?\d{5}")
_PERSON_WORD = re.compile(r"[A-ZÆØÅÄÖ][a-zæøåäöéü]+(?:-[A-ZÆØÅÄÖ][a-zæøåäöéü]+)?\.?|[A-ZÆØÅ]\.")


@lru_cache(maxsize=100_000)
def is_orgnr(number: str) -> bool:
    """Return whether the text is nine digits with a valid check digit (mod 11)."""
    if len(number) != 9 or not number.isascii() or not number.isdigit():
        return False
    rest = sum(int(d) * w for d, w in zip(number, _ORGNR_WEIGHTS, strict=False)) % 11
    return rest != 1 and int(number[8]) == (11 - rest) % 11


def norwegian_orgnr(*identifiers: tuple[str | None, str | None]) -> str | None:
    """Return the first identifier that its scheme says is an organisation number and that is one.

    Each argument is (value, scheme). Nine digits without such a scheme are not taken for one: other
    countries have nine-digit numbers too. A VAT number counts where it is written NO…MVA.
    """
    for value, scheme in identifiers:
        number = _orgnr_in(value, scheme) if value and scheme else None
        if number is not None:
            return number
    return None


@lru_cache(maxsize=100_000)
def _orgnr_in(value: str, scheme: str) -> str | None:
    number = re.sub(r"\s", "", value)
    name = scheme.strip().upper()
    if name in _VAT_SCHEMES:
        match = _VAT_NUMBER.fullmatch(number)
        number = match.group(1) if match else ""
    elif name not in _ORGNR_SCHEMES:
        return None
    return number if is_orgnr(number) else None


_SELLER_IDS = (
    ("seller_legal_id", "seller_legal_id_scheme"),
    ("seller_party_id", "seller_party_id_scheme"),
    ("seller_endpoint_id", "seller_endpoint_scheme"),
    ("seller_vat_id", None),
)


def private_person(row: dict[str, Any], key: bytes) -> dict[str, Any] | None:
    """Return a pseudonym's columns where the seller is a private person, else None.

    A private person has an identifier shaped like a birth number, of a Norwegian scheme or none, or
    no identifier at all and a name shaped like a person's (spend.md, "Private persons"). The
    pseudonym is an HMAC-SHA256 of identifier or name, so that one person stays one supplier.
    """
    if row.get("seller_orgnr"):
        return None
    pairs = [((row.get(name) or "").strip(), row.get(scheme or "")) for name, scheme in _SELLER_IDS]
    number = next((v for v, s in pairs if _is_birth_number(v, s)), None)
    stated = any(value for value, _ in pairs)
    if number is None and (stated or not _shaped_like_a_person(row.get("seller_name"))):
        return None
    text = number.replace(" ", "") if number else str(row["seller_name"]).strip().casefold()
    token = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]
    hidden = {name: None for name in row if name.startswith("seller_") and row[name] is not None}
    return hidden | {
        "seller_is_private_person": True,
        "seller_party_id": token,
        "seller_party_id_scheme": "PERSON",
        "seller_name": f"Privatperson {token[:6]}",
        "payee_name": None,
        "payee_party_id": None,
        "payee_legal_id": None,
        "payee_legal_id_scheme": None,
    }


def _is_birth_number(value: str, scheme: str | None) -> bool:
    name = (scheme or "").strip().upper()
    is_norwegian = not name or name in _ORGNR_SCHEMES or name.startswith("NO")
    return is_norwegian and _BIRTH_NUMBER.fullmatch(value) is not None


def _shaped_like_a_person(name: str | None) -> bool:
    words = (name or "").split()
    return 2 <= len(words) <= 4 and all(_PERSON_WORD.fullmatch(word) for word in words)
