"""Thresholds (E07) worked out once more in plain Python, straight from `spend.md`.

No SQL and nothing of the models: each window is summed by looking at every line again, which is
slow and easy to believe. Amounts are whole øre. What counts as a line without an agreement is the
caller's to say.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Key = tuple[str, str | None, str]  # scope, supplier, category


@dataclass(frozen=True)
class Line:
    """One spend line without an agreement."""

    category: str
    supplier: str
    date: dt.date
    ore: int


@dataclass(frozen=True)
class Limit:
    """A threshold from its first to its last day, both included."""

    first: dt.date
    last: dt.date
    ore: int | None


@dataclass(frozen=True)
class Window:
    """A published window: its sum, the threshold on its first day, and the verdict."""

    end: dt.date
    ore: int
    limit: int | None
    is_at_or_above: bool | None
    is_peak: bool


def year_later(day: dt.date) -> dt.date:
    """Return the same day twelve months later; 29 February becomes the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return dt.date(day.year + 1, day.month, last)


def _limit(limits: Iterable[Limit], day: dt.date) -> Limit | None:
    found = [limit for limit in limits if limit.first <= day <= limit.last]
    assert len(found) <= 1, f"two thresholds on {day}"
    return found[0] if found else None


def _windows(lines: list[Line], limits: list[Limit], higher: list[Limit]) -> dict[dt.date, Window]:
    starts = sorted({line.date for line in lines if line.ore > 0})
    every: dict[dt.date, Window] = {}
    for start in starts:
        end = year_later(start)
        ore = sum(line.ore for line in lines if start <= line.date < end)
        limit = _limit(limits, start)
        value = limit.ore if limit else None
        every[start] = Window(end, ore, value, None if value is None else ore >= value, False)
    if not every:
        return {}
    peak = min(every, key=lambda start: (-every[start].ore, start))
    months: dict[tuple[int, int, Limit | None, Limit | None], dt.date] = {}
    for start in starts:
        month = (start.year, start.month, _limit(limits, start), _limit(higher, start))
        if month not in months or every[start].ore > every[months[month]].ore:
            months[month] = start
    kept = {start for start in months.values() if every[start].is_at_or_above} | {peak}
    return {
        start: Window(
            every[start].end,
            every[start].ore,
            every[start].limit,
            every[start].is_at_or_above,
            start == peak,
        )
        for start in kept
    }


def watch(
    lines: Iterable[Line],
    limits: dict[str, list[Limit]],
    higher: dict[str, list[Limit]],
    kinds: dict[str, str],
) -> dict[tuple[Key, dt.date], Window]:
    """Return the published windows by key and first day.

    `limits` has the national thresholds of each kind, `higher` the EEA's (they only part the
    months); `kinds` the kind of each category. The supplier `unknown` is watched in the
    municipality only.
    """
    groups: defaultdict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        groups["municipality", None, line.category].append(line)
        if line.supplier != "unknown":
            groups["supplier", line.supplier, line.category].append(line)
    return {
        (key, start): window
        for key, group in groups.items()
        for start, window in _windows(
            group, limits.get(kinds[key[2]], []), higher.get(kinds[key[2]], [])
        ).items()
    }
