"""Numbers with check digits for invented parties: organisation numbers, GLN, GTIN and KID.

Only arithmetic belongs here. Who gets which number is decided in `suppliers` and `units`.
"""

from __future__ import annotations

_ORGNR_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)

# The register of legal entities hands out numbers in other ranges, so an invented company
# doesn't borrow the number of a real one.
FIRST_INVENTED = 85_000_000


def orgnr_check_digit(first_eight: str) -> int | None:
    """Return the mod-11 check digit of an organisation number, None where there is none."""
    total = sum(int(d) * w for d, w in zip(first_eight, _ORGNR_WEIGHTS, strict=True))
    digit = (11 - total % 11) % 11
    return None if digit == 10 else digit


def is_valid_orgnr(value: str) -> bool:
    """Tell whether a value is nine digits, starts with 8 or 9 and has the right check digit."""
    if len(value) != 9 or not (value.isascii() and value.isdigit()) or value[0] not in "89":
        return False
    return orgnr_check_digit(value[:8]) == int(value[8])


class OrgnrSource:
    """Hands out valid organisation numbers in a fixed order, each once."""

    def __init__(self, start: int = FIRST_INVENTED, step: int = 37) -> None:
        self._next = start
        self._step = step

    def take(self) -> str:
        """Return the next valid number."""
        while True:
            body = str(self._next)
            self._next += self._step
            digit = orgnr_check_digit(body)
            if digit is not None:
                return f"{body}{digit}"


def gs1(body: str) -> str:
    """Return a GLN or GTIN-13: twelve digits and their check digit (GS1 General Spec. 7.9)."""
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return f"{body}{-total % 10}"


def kid(body: str) -> str:
    """Return a payment reference (KID) with its mod-10 check digit."""
    total = 0
    for position, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"
