"""The demo's exchange rates: invented, on working days, for some currencies and not for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST_DAY, LAST_DAY = date(2022, 12, 19), date(2024, 12, 31)
MAX_AGE_DAYS = 7

# currency, units that the rate is for, first rate in ten-thousandths of a krone
_CURRENCIES = (("EUR", 1, 105_000), ("SEK", 100, 951_000), ("USD", 1, 99_000))


@dataclass(frozen=True)
class Rate:
    """What so many units of a currency cost on a day, in ten-thousandths of a krone."""

    currency: str
    day: date
    units: int
    ten_thousandths: int


def _walk(currency: str, units: int, value: int, random: Random) -> Iterator[Rate]:
    day = FIRST_DAY
    while day <= LAST_DAY:
        if day.weekday() < 5:
            yield Rate(currency, day, units, value)
            value += random.randrange(-value // 250, value // 240)
        day += timedelta(days=1)


class Rates:
    """Rates by currency and day; a day without one takes the latest, at most a week old."""

    def __init__(self, seed: int) -> None:
        random = Random(f"rates:{seed}")
        self.rows: list[Rate] = [
            rate for currency in _CURRENCIES for rate in _walk(*currency, random)
        ]
        self._by_day = {(r.currency, r.day): r for r in self.rows}

    def find(self, currency: str, day: date) -> Rate | None:
        """Return the rate that counts on a day, None where there is none."""
        for age in range(MAX_AGE_DAYS + 1):
            found = self._by_day.get((currency, day - timedelta(days=age)))
            if found is not None:
                return found
        return None

    def to_nok(self, amount: int, currency: str, day: date) -> int | None:
        """Convert øre or cents to øre, half up away from zero; None without a rate."""
        if currency == "NOK":
            return amount
        rate = self.find(currency, day)
        if rate is None:
            return None
        divisor = 10_000 * rate.units
        converted = (2 * abs(amount) * rate.ten_thousandths + divisor) // (2 * divisor)
        return converted if amount >= 0 else -converted
