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


def pseudonymised(table: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Replace private persons among the suppliers (spend.md, «Private persons»).

    A private person has an eleven-digit identifier, or no registration number and a name shaped
    like a person's in which no word tells of an organisation. The posting's free text goes too.
    """
    present = [name for name in _IDENTIFYING if name in table.columns]
    if not present:
        return table
    missing = [
        pl.lit(None, pl.String).alias(n)
        for n in (*_IDENTIFYING, "supplier_orgnr")
        if n not in table.columns
    ]
    table = table.with_columns(missing)
    number = pl.coalesce(
        *[
            pl.when(pl.col(n).str.contains(_BIRTH_NUMBER)).then(pl.col(n))
            for n in ("supplier_legal_id", "supplier_id")
        ]
    )
    written = pl.col("supplier_name")
    shaped = (
        pl.col("supplier_orgnr").is_null()
        & pl.col("supplier_legal_id").is_null()
        & written.str.contains(_PERSON_SHAPE)
        & ~written.str.contains(_ORGANISATION_WORD)
    )
    table = table.with_columns(
        number.alias("_number"),
        pl.when(shaped | number.is_not_null()).then(written).alias("_person"),
    )
    suspects = table.select("_number", "_person").unique(maintain_order=True)
    suspects = suspects.filter(pl.col("_number").is_not_null() | pl.col("_person").is_not_null())
    tokens = [_pseudonym(number, name, key) for number, name in suspects.iter_rows()]
    found = suspects.with_columns(
        pl.Series("_token", [t and t["seller_party_id"] for t in tokens], dtype=pl.String),
        pl.Series("_alias", [t and t["seller_name"] for t in tokens], dtype=pl.String),
    )
    joined = table.join(
        found, on=["_number", "_person"], how="left", nulls_equal=True, maintain_order="left"
    )
    is_person = pl.col("_token").is_not_null()
    hidden = [
        pl.when(is_person)
        .then(pl.col("_token"))
        .otherwise(pl.col("supplier_id"))
        .alias("supplier_id"),
        pl.when(is_person).then(pl.col("_alias")).otherwise(written).alias("supplier_name"),
        pl.when(~is_person).then(pl.col("supplier_legal_id")).alias("supplier_legal_id"),
        is_person.alias(_PRIVATE),
    ]
    if "text" in table.columns:
        hidden.append(pl.when(~is_person).then(pl.col("text")).alias("text"))
    return joined.with_columns(hidden).drop("_number", "_person", "_token", "_alias")


def _pseudonym(number: str | None, name: str | None, key: bytes) -> dict[str, Any] | None:
    row = {"seller_name": name, "seller_party_id": number}
    return private_person(row, key)
