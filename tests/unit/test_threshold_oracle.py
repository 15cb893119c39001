"""The independent computation of thresholds, on cases worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.threshold_oracle import Limit, Line, watch, year_later

pytestmark = pytest.mark.rule("E07")

ALWAYS = (dt.date(1900, 1, 1), dt.date(9999, 12, 30))
LIMITS = {"works": [Limit(*ALWAYS, 100)], "special": [Limit(*ALWAYS, None)]}
KINDS = {"vei": "works", "råd": "special"}
START = dt.date(2023, 3, 1)


def _line(day: dt.date, ore: int, supplier: str = "a", category: str = "vei") -> Line:
    return Line(category, supplier, day, ore)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (dt.date(2023, 3, 1), dt.date(2024, 3, 1)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
        (dt.date(2023, 2, 28), dt.date(2024, 2, 28)),
    ],
)
def test_twelve_months_later(day: dt.date, later: dt.date) -> None:
    assert year_later(day) == later


@pytest.mark.parametrize(
    ("day", "ore", "expected"),
    [
        (dt.date(2024, 2, 29), 40, True),  # the 366th day, exactly at
        (dt.date(2024, 2, 29), 39, False),  # one øre under
        (dt.date(2024, 3, 1), 40, False),  # the day after the window
    ],
)
def test_equal_is_above_and_the_last_day_is_the_one_before(
    day: dt.date, ore: int, expected: bool
) -> None:
    found = watch([_line(START, 60), _line(day, ore)], LIMITS, {}, KINDS)
    assert any(window.is_at_or_above for window in found.values()) is expected


def test_a_credit_lowers_and_begins_no_window() -> None:
    lines = [_line(START, 100), _line(dt.date(2023, 3, 2), -1)]
    found = watch(lines, LIMITS, {}, KINDS)
    assert {(key[0], start, window.ore) for (key, start), window in found.items()} == {
        ("municipality", START, 99),
        ("supplier", START, 99),
    }


def test_a_purchase_split_between_suppliers_is_one_for_the_municipality() -> None:
    found = watch([_line(START, 50), _line(START, 50, "b")], LIMITS, {}, KINDS)
    assert {key: window.is_at_or_above for (key, _), window in found.items()} == {
        ("municipality", None, "vei"): True,
        ("supplier", "a", "vei"): False,
        ("supplier", "b", "vei"): False,
    }


def test_where_no_threshold_is_known_nothing_is_said() -> None:
    found = watch([_line(START, 10**9, category="råd")], LIMITS, {}, KINDS)
    assert {window.is_at_or_above for window in found.values()} == {None}
