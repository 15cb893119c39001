"""The files that a licence figure rests on: exports, reports and registers, not lines of spend.

A licence figure is counted over accounts, and these are keys in the lake. So the answer names the
files, which an auditor can check by SHA-256, and shows no row of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.extracts.contracts.licences import LICENCE_REGISTERS
from pipelines.lake.manifests import files, reading
from pipelines.reporting.database import Reader, Row
from pipelines.reporting.labels import file_kind
from pipelines.settings import Settings

NOTE = (
    "tallet er regnet av lisenser, ikke av linjer med kjøp; det hviler på filene under. Av et "
    "register gjelder den nyeste utgaven. Radene i filene vises ikke, for de gjelder personer"
)
_TABLES = ("mart_licence_", "mart_charge", "fct_licence_charge", "mart_sku_issue", "dim_sku")
_MONTHLY = ("m365_user", "m365_sku", "m365_usage")  # the product list is always the newest
_REGISTERS = {"reg_unit": "enheter"} | {
    table.name: table.register or table.name for table in LICENCE_REGISTERS
}


@dataclass(frozen=True)
class BasisFile:
    """An accepted file: what it is in Norwegian, its name below landing/, SHA-256, and its day."""

    kind: str
    name: str
    sha256: str
    effective_date: date | None


def rests_on_files(table: str) -> bool:
    """Return whether a published table is of licences, and so has no lines of spend."""
    return table.startswith(_TABLES)


def licence_files(settings: Settings, reader: Reader, row: Row) -> list[BasisFile]:
    """Return the snapshot's accepted licence files, by kind and name.

    Of a row with a month or an as-of date: that month's export of users, and the other exports and
    reports until its end. Registers, the product list and files without a date always.
    """
    accepted = {
        one["source_sha256"]
        for one in reader.rows(
            "select source_sha256 from mart_reconciliation "
            "where rows_accepted > 0 and not is_withdrawn"
        )
    }
    with reading(settings.lake):
        entries = reader.rows(
            "select f.sha256 as sha256, min(f.name) as name, min(f.kind) as kind, "
            "min(f.effective_date) as effective_date "
            f"from {files(settings.lake)} group by f.sha256"
        )
        registers = _registers_of(settings, reader)
    day = row.get("as_of_date") or row.get("month")
    found = [
        BasisFile(kind, one["name"], one["sha256"], one["effective_date"])
        for one in entries
        if one["sha256"] in accepted
        for kind in _kinds(one, registers)
        if _is_of(one, day)
    ]
    return sorted(found, key=lambda file: (file.kind, file.name, file.sha256))


def _registers_of(settings: Settings, reader: Reader) -> dict[str, list[str]]:
    """Return SHA-256 → the registers of licences, in words, that have rows from the file."""
    found: dict[str, list[str]] = {}
    for table, name in _REGISTERS.items():
        paths = [str(path) for path in sorted(settings.lake.glob(f"*/{table}.parquet"))]
        if paths:
            rows = reader.rows(
                "select distinct source_sha256 from read_parquet($paths)", {"paths": paths}
            )
            for row in rows:
                found.setdefault(row["source_sha256"], []).append(f"Register: {name}")
    return found


def _kinds(entry: Row, registers: Mapping[str, list[str]]) -> list[str]:
    if entry["kind"].startswith("m365_"):
        return [file_kind(entry["kind"])]
    return registers.get(entry["sha256"], [])


def _is_of(entry: Row, day: date | None) -> bool:
    effective = entry["effective_date"]
    if day is None or effective is None or entry["kind"] not in _MONTHLY:
        return True
    month, own = (day.year, day.month), (effective.year, effective.month)
    return own == month if entry["kind"] == "m365_user" else own <= month
