"""The registers as the definitions use them: units, agreements, lots, exemptions (A01-A04, D01).

Everything here is worked out from rows of the lake's `reg_*` tables. Who is on a lot, with
handovers and subcontractors, is worked out by `loyalty_oracle.suppliers_on_lots`, day by day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.integration import loyalty_oracle
from tests.oracle import texts
from tests.oracle.periods import OPEN_END, Row, common, extended, half_open, joined

Tables = Mapping[str, Sequence[Row]]
UNKNOWN = "unknown"
LEVELS = 5


def units(tables: Tables) -> list[dict[str, Any]]:
    """Return the units, one row per period; a period ends where the unit's next one begins."""
    rows = [half_open(row) for row in tables["reg_unit"]]
    known = {row["unit_id"] for row in rows}
    found = []
    for row in rows:
        later = [
            r["valid_from"]
            for r in rows
            if r["unit_id"] == row["unit_id"] and r["valid_from"] > row["valid_from"]
        ]
        parent = row.get("parent_unit_id")
        is_parent = parent in known and parent != row["unit_id"]
        row |= {
            "valid_to": min([row["valid_to"], *later]),
            "parent_unit_id": parent if is_parent else None,
            "sector": row.get("sector") or "Uten sektor",
        }
        if row["valid_from"] < row["valid_to"] and row["unit_id"] != UNKNOWN:
            found.append(row)
    return found


def ancestors(tables: Tables) -> list[dict[str, Any]]:
    """Return who is above whom (itself included), and when."""
    rows = units(tables)
    found: list[dict[str, Any]] = []
    level = [
        (row["unit_id"], row, {key: row[key] for key in ("valid_from", "valid_to")}) for row in rows
    ]
    for _ in range(LEVELS + 1):
        found += [
            {"unit_id": unit, "ancestor": above["unit_id"], **period}
            for unit, above, period in level
        ]
        level = [
            (unit, higher, shared)
            for unit, above, period in level
            for higher in rows
            if higher["unit_id"] == above["parent_unit_id"]
            and higher["unit_id"] != unit
            and (shared := common(period, higher)) is not None
        ]
    return found


def agreements(tables: Tables) -> list[dict[str, Any]]:
    """Return the agreements with a usable period, the options in force added to their ends."""
    found = []
    for row in tables["reg_agreement"]:
        end = row.get("end_date") or OPEN_END
        if row["valid_from"] > end:
            continue
        if end < OPEN_END:
            months = sum(_exercised(row["agreement_id"], tables))
            end = extended(end, months)
        day_after = end if end >= OPEN_END else end + timedelta(days=1)
        found.append(dict(row) | {"end_date": end, "valid_to": day_after})
    return found


def _exercised(agreement_id: str, tables: Tables) -> Iterator[int]:
    """Yield the months of its options, up to the first that is not exercised."""
    own = [
        row
        for row in tables["reg_agreement_option"]
        if row["agreement_id"] == agreement_id and (row["length_months"] or 0) > 0
    ]
    for row in sorted(own, key=lambda row: row["option_number"]):
        if not row["is_exercised"]:
            return
        yield row["length_months"]


def lots(tables: Tables) -> list[dict[str, Any]]:
    """Return the lots of known agreements with the agreements' periods."""
    known = {row["agreement_id"]: row for row in agreements(tables)}
    return [
        {
            "agreement_id": row["agreement_id"],
            "lot": row["lot"],
            "valid_from": known[row["agreement_id"]]["valid_from"],
            "valid_to": known[row["agreement_id"]]["valid_to"],
        }
        for row in tables["reg_agreement_lot"]
        if row["agreement_id"] in known
    ]


def lot_units(tables: Tables) -> list[dict[str, Any]]:
    """Return the units of every lot, those below and «*» included (D02, D03)."""
    found = []
    for row, lot in _on_lots(tables, "reg_lot_unit"):
        for below in _reached(row["unit_id"], tables):
            period = common(row, lot, below)
            if period:
                found.append(
                    {"agreement_id": lot["agreement_id"], "lot": lot["lot"]}
                    | {"unit_id": below["unit_id"], **period}
                )
    return joined(found, ("agreement_id", "lot", "unit_id"))


def _reached(unit_id: str, tables: Tables) -> list[dict[str, Any]]:
    """Return the units that a register's unit stands for, and when."""
    everyone = ancestors(tables)
    if unit_id == "*":
        return [row for row in everyone if row["unit_id"] == row["ancestor"]]
    return [row for row in everyone if row["ancestor"] == unit_id]


def lot_categories(tables: Tables) -> list[dict[str, Any]]:
    """Return the scope of every lot in known categories."""
    known = {row["category_id"] for row in tables["reg_category"]} - {UNKNOWN}
    found = []
    for row, lot in _on_lots(tables, "reg_lot_category"):
        period = common(row, lot)
        if period and row["category_id"] in known:
            found.append(
                {"agreement_id": lot["agreement_id"], "lot": lot["lot"]}
                | {"category_id": row["category_id"], **period}
            )
    return joined(found, ("agreement_id", "lot", "category_id"))


def _on_lots(tables: Tables, name: str) -> Iterator[tuple[dict[str, Any], Row]]:
    known = {(row["agreement_id"], row["lot"]): row for row in lots(tables)}
    for row in tables[name]:
        lot = known.get((row["agreement_id"], row["lot"]))
        if lot is not None:
            yield half_open(row), lot


def lot_suppliers(tables: Tables) -> list[dict[str, Any]]:
    """Return who may be bought from on every lot, by rank, handovers followed (D02, E13)."""
    registered = [
        half_open(row)
        | {
            "supplier_role": row.get("supplier_role") or "supplier",
            "direct_call_off_allowed": bool(row.get("direct_call_off_allowed")),
        }
        for row in tables["reg_lot_supplier"]
    ]
    successions = [
        dict(row) | {"agreement_id": row.get("agreement_id") or "*"}
        for row in tables["reg_supplier_succession"]
        if row["successor_orgnr"] != row["orgnr"]
    ]
    return loyalty_oracle.suppliers_on_lots(registered, lots(tables), successions)


def exemptions(tables: Tables) -> list[dict[str, Any]]:
    """Return which units are let off which agreements, and when (A03)."""
    known = {row["agreement_id"] for row in agreements(tables)}
    found = []
    for row in map(half_open, tables["reg_exemption"]):
        for below in _reached(row["unit_id"], tables):
            period = common(row, below)
            if period and row["agreement_id"] in known:
                found.append(
                    {"agreement_id": row["agreement_id"], "unit_id": below["unit_id"], **period}
                )
    return joined(found, ("agreement_id", "unit_id"))


def references(tables: Tables) -> list[dict[str, str]]:
    """Return the numbers that name an agreement: its ID and its contract numbers (A02)."""
    words = {texts.letters_and_digits(word) for word in texts.PLACEHOLDERS}
    found = []
    for row in agreements(tables):
        for written in [row["agreement_id"], *(row.get("contract_references") or "").split(";")]:
            plain = texts.letters_and_digits(written)
            if plain and plain not in words and not texts.is_filler(written.strip()):
                found.append({"agreement_id": row["agreement_id"], "reference_normalised": plain})
    # One or two characters are found on too many invoices to name an agreement.
    return [row for row in found if len(row["reference_normalised"]) >= 3]


def registers(tables: Tables, settings: Row) -> loyalty_oracle.Registers:
    """Return what lines are judged by."""
    return loyalty_oracle.Registers(
        agreements(tables),
        lot_suppliers(tables),
        lot_units(tables),
        lot_categories(tables),
        references(tables),
        exemptions(tables),
        loyalty_oracle.Settings(
            settings["outside_period_months"],
            Decimal(str(settings["weak_classified_share"])),
            settings["weak_min_lines"],
            Decimal(settings["weak_min_nok"]),
        ),
    )


def single_units_of_orgnr(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Return the units by their own organisation number."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in units(tables):
        if row.get("orgnr"):
            found[row["orgnr"]].append(row)
    return found
