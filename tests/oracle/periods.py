"""Half-open periods of rows of registers: [valid_from, valid_to)."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Row = Mapping[str, Any]
FIRST_DAY, OPEN_END = date(1900, 1, 1), date(9999, 12, 31)


def half_open(row: Row) -> dict[str, Any]:
    """Return the register's row with its last day turned into the day after; no date is open."""
    last = row.get("valid_to")
    return dict(row) | {
        "valid_from": row.get("valid_from") or FIRST_DAY,
        "valid_to": OPEN_END if last is None or last >= OPEN_END else last + timedelta(days=1),
    }


def holds(row: Row, day: date) -> bool:
    """Whether the period has the day."""
    return bool(row["valid_from"] <= day < row["valid_to"])


def common(*rows: Row) -> dict[str, date] | None:
    """Return the period that all rows have in common; None where there is none."""
    start = max(row["valid_from"] for row in rows)
    end = min(row["valid_to"] for row in rows)
    return {"valid_from": start, "valid_to": end} if start < end else None


def joined(rows: Iterable[Row], key: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of each key with overlapping and adjoining periods made one."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in key)].append(row)
    result: list[dict[str, Any]] = []
    for values, found in groups.items():
        spans: list[list[date]] = []
        for start, end in sorted((row["valid_from"], row["valid_to"]) for row in found):
            if spans and start <= spans[-1][1]:
                spans[-1][1] = max(spans[-1][1], end)
            else:
                spans.append([start, end])
        result += [
            dict(zip(key, values, strict=True)) | {"valid_from": start, "valid_to": end}
            for start, end in spans
        ]
    return result


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def extended(end: date, months: int) -> date:
    """Return an end so many months later; the last day of a month stays the last day (D01)."""
    later = months_after(end, months)
    if end.day == calendar.monthrange(end.year, end.month)[1]:
        return later.replace(day=calendar.monthrange(later.year, later.month)[1])
    return later
