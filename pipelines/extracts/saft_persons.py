"""Private persons in a SAF-T file: customers and suppliers as pseudonyms, free text masked.

Who is one stands in `identifiers` (spend.md, "Private persons").
"""

from __future__ import annotations

import hashlib
import hmac
import re

import polars as pl

from pipelines.extracts.identifiers import private_person
from pipelines.extracts.saft_elements import Row

_BIRTH_ID = r"^\d{6}\s?\d{5}$"
# Day (+ 40 in a D number), month (+ 40 or + 80 in synthetic numbers), year, five digits.
_BIRTH_NUMBER_IN_TEXT = (
    r"\b(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|8[1-9]|9[0-2])"
    r"\d{2}\s?\d{5}\b"
)
_HIDDEN_OF_PERSONS = (
    "registration_number",
    "vat_number",
    "street",
    "street_number",
    "address_detail",
    "postal_code",
)


class Persons:
    """Pseudonyms of the private persons of one file (spend.md, "Private persons")."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._names: dict[str, str] = {}
        self.count = 0

    def token(self, text: str) -> str:
        """Return the pseudonym of a birth number or a name."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]

    def party_id(self, value: str | None) -> str | None:
        """Return a customer's or supplier's ID, as a pseudonym where it is a birth number."""
        text = (value or "").strip()
        return self.token(re.sub(r"\s", "", text)) if re.match(_BIRTH_ID, text) else value

    def hide(self, row: Row, party_id: str) -> None:
        """Replace what identifies a private person in a customer's or supplier's row."""
        key = self._key_of(row, row.get(party_id))
        row[party_id] = self.party_id(row.get(party_id))
        row["is_private_person"] = "false" if key is None else "true"
        if key is None:
            return
        self.count += 1
        row["person_key"] = key
        pseudonym = f"Privatperson {key[:6]}"
        self._remember((row.get("name") or "").strip(), pseudonym)
        row.update(dict.fromkeys(_HIDDEN_OF_PERSONS), name=pseudonym)

    def _key_of(self, row: Row, party_id: str | None) -> str | None:
        is_number = re.match(_BIRTH_ID, (party_id or "").strip())
        seller = {
            "seller_orgnr": row["orgnr"],
            "seller_legal_id": row.get("registration_number"),
            "seller_vat_id": row.get("vat_number"),
            "seller_party_id": party_id if is_number else None,
            "seller_name": row.get("name"),
        }
        pseudonym = private_person(seller, self._key)
        if pseudonym is not None:
            return str(pseudonym["seller_party_id"])
        is_private = (row.get("party_type") or "").strip() == "Private" and not row["orgnr"]
        name = (row.get("name") or party_id or "").strip()
        return self.token(name.casefold()) if is_private else None

    def _remember(self, name: str, pseudonym: str) -> None:
        words = name.split()
        if len(words) < 2:
            return
        last_first = f"{words[-1]} {' '.join(words[:-1])}"
        for form in (name, last_first, last_first.replace(" ", ", ", 1)):
            self._names[form] = self._names[form.upper()] = pseudonym

    def masked(self, column: str) -> pl.Expr:
        """Return free text without birth numbers and the names of this file's private persons."""
        text = pl.col(column).str.replace_all(_BIRTH_NUMBER_IN_TEXT, "[fødselsnummer]")
        if self._names:
            old, new = list(self._names), list(self._names.values())
            text = text.str.replace_many(old, new, ascii_case_insensitive=True)
        return text

    def masked_ids(self, ids: pl.Series) -> pl.Series:
        """Return party IDs of lines, as pseudonyms where they are birth numbers."""
        found = ids.filter(ids.str.contains(_BIRTH_ID)).unique().to_list()
        return ids.replace({value: self.party_id(value) for value in found}) if found else ids
