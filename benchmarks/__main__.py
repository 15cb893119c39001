"""`make bench`: every measure beside what it is compared with, as a ratio with its limit.

Each measure runs in a process of its own, so that one does not warm up the other.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

MEASURES = ("ehf", "licences", "models", "orders", "runs", "saft", "tables")


@dataclass(frozen=True)
class Measure:
    """One ratio: `at_least` or `at_most` is its limit, None where it is only shown."""

    name: str
    value: float
    detail: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its limit."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.at_most is None or self.value <= self.at_most

    def line(self) -> str:
        """Return the measure as a line of text."""
        limit = "" if self.at_least is None else f"at least {self.at_least:g}"
        limit = limit if self.at_most is None else f"at most {self.at_most:g}"
        mark = "ok " if self.holds else "BAD"
        return f"{mark} {self.name:<44} {self.value:7.2f}  {limit:<14} {self.detail}"


def measured(module: str) -> Iterator[Measure]:
    """Run `python -m benchmarks.<module>` and yield what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for item in json.loads(done.stdout.splitlines()[-1]):
        yield Measure(**item)


def main() -> int:
    """Run the measures named on the command line, or all; exit 1 where a limit is passed."""
    bad = 0
    for module in sys.argv[1:] or MEASURES:
        for measure in measured(module):
            print(measure.line(), flush=True)
            bad += not measure.holds
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
