"""Norwegian number and date formats for everything that a reader meets.

Only values in and text out live here; words for codes are in `labels`, figures in `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "–"

Number = Decimal | float | int

MONTHS = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)


def number(value: Number | None, decimals: int = 0) -> str:
    """Return `1 234,5`: no-break space between thousands, decimal comma, half rounded up."""
    if value is None:
        return MISSING
    rounded = _rounded(value, decimals)
    whole, _, rest = f"{abs(rounded):,.{decimals}f}".partition(".")
    text = whole.replace(",", NBSP) + (f",{rest}" if rest else "")
    return f"{MINUS}{text}" if rounded < 0 else text


def nok(value: Number | None) -> str:
    """Return an amount in whole kroner: `1 234 567 kr`."""
    return MISSING if value is None else f"{number(value)}{NBSP}kr"


def mnok(value: Number | None) -> str:
    """Return an amount in words of its size: `812,3 mill. kr`, in kroner below one million."""
    millions = Decimal(str(value or 0)) / 1_000_000
    if value is None or abs(millions) < 1:
        return nok(value)
    return f"{number(millions, 1)}{NBSP}mill.{NBSP}kr"


def percent(share: float | Decimal | None, decimals: int = 1) -> str:
    """Return a share in 0..1 as `66,7 %`."""
    if share is None:
        return MISSING
    return f"{number(Decimal(str(share)) * 100, decimals)}{NBSP}%"


def interval(low: float | None, high: float | None) -> str:
    """Return a pair of shares as `63,8–68,8 %`, or one figure where both ends look the same."""
    if low is None or high is None:
        return MISSING
    if percent(low) == percent(high):
        return percent(low)
    return f"{number(Decimal(str(low)) * 100, 1)}–{percent(high)}"


def day(value: date | None) -> str:
    """Return `31.12.2024`."""
    return MISSING if value is None else f"{value:%d.%m.%Y}"


def month(value: date) -> str:
    """Return `januar 2024`."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def listed(words: Iterable[str]) -> str:
    """Return `a, b og c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} og {items[-1]}"


def counted(count: int, one: str, many: str) -> str:
    """Return `1 fil` or `2 000 filer`."""
    return f"{number(count)}{NBSP}{one if count == 1 else many}"


def shortened(text: str, length: int) -> str:
    """Return the text cut to at most `length` characters, the last one then an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _rounded(value: Number, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    return Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
