"""The demo's licences as a whole: files into landing, and what must come of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.demo.licence_exports import refused_file, write_exports
from pipelines.demo.licence_people import make_people
from pipelines.demo.licence_registers import seats_of, write_licence_registers
from pipelines.demo.licence_truth import licence_truth

# File name's beginning → the kind of extract that it is.
_KINDS = {
    "m365_brukere": "m365_user",
    "m365_abonnementer": "m365_sku",
    "m365_": "m365_usage",
    "produktliste": "m365_product_plan",
}


@dataclass(frozen=True)
class Licences:
    """What was written: files and accepted rows by kind, files with a refused row, the truth."""

    extracts: dict[str, dict[str, int]]
    quarantined: list[dict[str, str]]
    truth: dict[str, Any]


def write_licences(landing: Path, scale: str, seed: int) -> Licences:
    """Write all files of licences into `landing/lisenser`; the same arguments, the same bytes."""
    people = make_people(scale, seed)
    seats = seats_of(people)
    rows = write_exports(landing, people, seats)
    nameless = {
        "name": "konto_uten_brukernavn",
        "file_name": refused_file(),
        "reason_keyword": "userPrincipalName",
    }
    refused = write_licence_registers(landing, people, seats)
    return Licences(_by_kind(rows), [nameless, *refused], licence_truth(people, seats))


def _by_kind(rows: dict[str, int]) -> dict[str, dict[str, int]]:
    files: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for name, count in rows.items():
        kind = next(kind for start, kind in _KINDS.items() if name.startswith(start))
        files[kind] += 1
        accepted[kind] += count
    return {kind: {"files": files[kind], "rows": accepted[kind]} for kind in files}
