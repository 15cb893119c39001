"""Private persons among the suppliers of an exported table: found and replaced by pseudonyms.

The rule for a single party stands in `identifiers.private_person`; here it is used on whole
columns, where a table has neither schemes nor, often, registration numbers.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.extracts.identifiers import private_person

_ORGANISATION_WORD = (
    r"(?i)(^|[^a-zæøåäö])(as|asa|ans|da|sa|ks|iks|kf|fkf|ba|nuf|ab|hb|kb|aps|a/s|oy|oyj|ltd|limited|"
    r"plc|llp|llc|inc|corp|co|company|gmbh|bv|cic|kommune|fylkeskommune|kommun|region|council|"
    r"borough|city|county|university|universitet|college|school|skole|skola|barnehage|nursery|"
    r"academy|trust|foundation|stiftelse|stiftelsen|association|society|forening|lag|church|"
    r"kirke|hospital|sykehus|surgery|clinic|klinikk|legesenter|hotel|hotell|services?|solutions|"
    r"systems|group|gruppen|holding|partners|partnership|consult\w*|bygg|elektro|transport|"
    r"eiendom|marked|butikk|senter|centre|center|bank|forsikring|insurance|police|politi|"
    r"media|software|data|energi|energy|housing|homes?|care|agency|store|shop|club|klubb)"
    r"($|[^a-zæøåäö])"
)
_PERSON_SHAPE = r"^\S+(\s+\S+){1,3}$"
_BIRTH_NUMBER = r"^\d{6}\s?\d{5}$"
_PRIVATE = "supplier_is_private_person"
_IDENTIFYING = ("supplier_id", "supplier_legal_id", "supplier_name")
_KEYS = [*_IDENTIFYING, "supplier_orgnr"]


def pseudonymised(table: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Replace private persons among the suppliers (spend.md, «Private persons»).

    A private person has an eleven-digit identifier, or no registration number and a name shaped
    like a person's in which no word tells of an organisation. The posting's free text goes too.
    """
    present = [name for name in _IDENTIFYING if name in table.columns]
    if not present:
        return table
    missing = [pl.lit(None, pl.String).alias(n) for n in _KEYS if n not in table.columns]
    table = table.with_columns(missing)
    found = _private_persons(table.select(_KEYS).unique(maintain_order=True), key)
    if found.is_empty():
        return table.with_columns(pl.lit(False).alias(_PRIVATE))
    joined = table.join(found, on=_KEYS, how="left", nulls_equal=True, maintain_order="left")
    is_person = pl.col("_token").is_not_null()
    hidden = [
        pl.coalesce("_token", "supplier_id").alias("supplier_id"),
        pl.coalesce("_alias", "supplier_name").alias("supplier_name"),
        pl.when(~is_person).then(pl.col("supplier_legal_id")).alias("supplier_legal_id"),
        is_person.alias(_PRIVATE),
    ]
    if "text" in table.columns:
        hidden.append(pl.when(~is_person).then(pl.col("text")).alias("text"))
    return joined.with_columns(hidden).drop("_token", "_alias")


def _private_persons(suppliers: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Return those of the distinct suppliers that are private persons, with token and alias."""
    number = pl.coalesce(
        *[
            pl.when(pl.col(n).str.contains(_BIRTH_NUMBER)).then(pl.col(n))
            for n in ("supplier_legal_id", "supplier_id")
        ]
    )
    name = pl.col("supplier_name")
    shaped = (
        pl.col("supplier_orgnr").is_null()
        & pl.col("supplier_legal_id").is_null()
        & name.str.contains(_PERSON_SHAPE)
        & ~name.str.contains(_ORGANISATION_WORD)
    ).fill_null(False)
    suspects = suppliers.with_columns(number.alias("_number")).filter(
        shaped | pl.col("_number").is_not_null()
    )
    pairs = suspects.select("_number", "supplier_name").iter_rows()
    tokens = [_pseudonym(written, called, key) for written, called in pairs]
    return suspects.drop("_number").with_columns(
        pl.Series("_token", [t and t["seller_party_id"] for t in tokens], dtype=pl.String),
        pl.Series("_alias", [t and t["seller_name"] for t in tokens], dtype=pl.String),
    )


def _pseudonym(number: str | None, name: str | None, key: bytes) -> dict[str, Any] | None:
    row = {"seller_name": name, "seller_party_id": number}
    return private_person(row, key)
