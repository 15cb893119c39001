"""mart_threshold_watch (E07): which windows are published, and what they consist of.

The windows are those of `tests.threshold_oracle`; the thresholds are a seed, read as data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.integration.loyalty_oracle import Piece
from tests.oracle import texts
from tests.oracle.lake import Lake
from tests.oracle.periods import FIRST_DAY
from tests.oracle.registers import UNKNOWN
from tests.oracle.spend import nok
from tests.threshold_oracle import Key, Limit, Line, Window, watch

_CLASSES = ("no_agreement", "outside_period", "off_agreement")
_LAST = dt.date(9999, 12, 30)


def limits(threshold_type: str) -> dict[str, list[Limit]]:
    """Return the thresholds of a type by kind; one without an amount says that none is known."""
    found: dict[str, list[Limit]] = {}
    for row in texts.seed("threshold"):
        if row["threshold_type"] == threshold_type and row["threshold_nok"]:
            first = dt.date.fromisoformat(row["valid_from"]) if row["valid_from"] else FIRST_DAY
            last = dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else _LAST
            ore = int(Decimal(row["threshold_nok"]) * 100)
            found.setdefault(row["kind"], []).append(Limit(first, last, ore))
    return found


def mart_threshold_watch(
    lake: Lake,
) -> dict[tuple[str, str | None, str, dt.date], dict[str, Any]]:
    """Return the figures by (scope, supplier, category, first day)."""
    pieces = [
        piece
        for piece in lake.pieces
        if piece.judgement.loyalty_class in _CLASSES and piece.category_id != UNKNOWN
    ]
    lines = _days(pieces)
    kinds = {category: row["kind"] for category, row in lake.categories.items()}
    found = watch(lines, limits("national"), limits("eea"), kinds)
    return {
        (*key, start): _figures(lake, key, start, window, pieces)
        for (key, start), window in found.items()
    }


def _days(pieces: Sequence[Piece]) -> list[Line]:
    """Return the lines as the windows want them."""
    return [
        Line(
            piece.category_id,
            piece.line["supplier_id"],
            piece.line["decisive_date"],
            int(piece.amount * 100),
        )
        for piece in pieces
    ]


def _figures(
    lake: Lake, key: Key, start: dt.date, window: Window, pieces: Sequence[Piece]
) -> dict[str, Any]:
    scope, supplier, category = key
    kind = lake.categories[category]["kind"]
    inside = [
        piece
        for piece in pieces
        if piece.category_id == category
        and (supplier is None or piece.line["supplier_id"] == supplier)
        and start <= piece.line["decisive_date"] < window.end
    ]
    today = lake.settings["as_of_date"]
    eea = _limit("eea", kind, start)
    sellers = {piece.line["supplier_id"] for piece in inside} - {UNKNOWN}
    at_eea = None if eea is None else window.ore >= eea
    is_known = scope == "supplier" or window.is_peak
    return {
        "kind": kind,
        "window_end": window.end,
        "is_complete": window.end <= today + dt.timedelta(days=1),
        "is_peak": window.is_peak,
        "spend_without_agreement_nok": nok(window.ore),
        **{f"{name}_nok": _sum(inside, name) for name in _CLASSES},
        "line_count": len({piece.line["spend_line_id"] for piece in inside}),
        "unit_count": len({piece.unit_id for piece in inside}),
        "supplier_count": len(sellers) if is_known else None,
        "threshold_nok": nok(window.limit),
        "threshold_now_nok": nok(_limit("national", kind, today)),
        "is_at_or_above": window.is_at_or_above,
        "eea_threshold_nok": nok(eea),
        "eea_threshold_now_nok": nok(_limit("eea", kind, today)),
        "is_at_or_above_eea": at_eea,
        "responsible": {True: "central_purchasing", False: "sector"}.get(
            window.is_at_or_above  # type: ignore[arg-type]
        ),
        "is_to_be_looked_into": bool(window.is_at_or_above or at_eea),
    }


def _limit(threshold_type: str, kind: str, day: dt.date) -> int | None:
    found = [
        limit.ore
        for limit in limits(threshold_type).get(kind, [])
        if limit.first <= day <= limit.last
    ]
    return found[0] if found else None


def _sum(pieces: Sequence[Piece], loyalty_class: str) -> Decimal:
    own = [piece.amount for piece in pieces if piece.judgement.loyalty_class == loyalty_class]
    return sum(own, Decimal(0))
