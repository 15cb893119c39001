"""How texts are compared: names, references, codes and signs, as the documentation says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a reference table that comes with the program."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PLACEHOLDERS = {row["value"].strip().upper() for row in seed("placeholder_reference")}


def text(value: str | None) -> str | None:
    """Return the text trimmed, in capitals, with single blanks; None where nothing is left."""
    return " ".join(value.split()).upper() or None if value is not None else None


def is_filler(value: str) -> bool:
    """Whether the text is only signs, zeros or x-es, which is written where there is nothing."""
    return re.fullmatch(r"[-_./*?#0 ]+|X+", value.upper()) is not None


def real(value: str | None) -> str | None:
    """Return the reference in capitals; None where it is a placeholder («NA», «qwerty», «---»)."""
    written = (value or "").strip().upper()
    return None if written in PLACEHOLDERS or is_filler(written) else written or None


def letters_and_digits(value: str | None) -> str | None:
    """Return a reference without signs and blanks, in capitals."""
    return re.sub(r"[^0-9A-ZÆØÅÄÖ]", "", (value or "").upper()) or None


def code(value: str) -> str:
    """Return a classification code without blanks, dots and CPV's check digit."""
    return re.sub(r"[\s.]|-[0-9]\s*$", "", value.upper())


def words(value: str) -> list[str]:
    """Return the words of a text in small letters."""
    return re.findall(r"[^\W_]+", value.lower())


def sign(kind: str, value: str | None) -> str | None:
    """Return a sign of a unit as it is compared; numbers without blanks and without scheme."""
    if value is None:
        return None
    if kind in ("orgnr", "gln", "endpoint"):
        return re.sub(r"^\s*[0-9]{4}:|\s", "", value.upper()) or None
    return value.strip().upper() or None
