"""How far long work has come: rate and time left, on one line of a terminal.

Elsewhere than on a terminal nothing is drawn; there the logs of a run say it in plain lines.
"""

from __future__ import annotations

import sys
import time
from typing import TextIO

_EVERY = 0.2


class Meter:
    """Draws «leser inn: 1 200 av 75 000 filer, 38,1 MiB/s, 2 min igjen» again and again.

    `unit` is what is counted (Norwegian, plural). Sizes in bytes decide rate and time left where
    they are given, else the counts.
    """

    def __init__(self, what: str, unit: str, out: TextIO | None = None) -> None:
        self._what, self._unit = what, unit
        self._out = out if out is not None else sys.stderr
        self._is_drawn = self._out.isatty()
        self._start = time.monotonic()
        self._last = 0.0
        self._width = 0

    def show(self, done: int, total: int, size_done: int = 0, size_total: int = 0) -> None:
        """Draw where the work stands, at most five times a second and always at its end."""
        now = time.monotonic()
        if not self._is_drawn or (now - self._last < _EVERY and done < total):
            return
        self._last = now
        self._draw(
            f"{self._what}: "
            + described(done, total, self._unit, now - self._start, size_done, size_total)
        )
        if done >= total:
            self.close()

    def close(self) -> None:
        """Leave the line, so that what is printed next begins on one of its own."""
        if self._width:
            self._out.write("\n")
            self._out.flush()
            self._width = 0

    def _draw(self, text: str) -> None:
        self._out.write(f"\r  {text}{' ' * max(self._width - len(text), 0)}")
        self._out.flush()
        self._width = len(text)


def described(
    done: int, total: int, unit: str, seconds: float, size_done: int = 0, size_total: int = 0
) -> str:
    """Return how far, how fast and how long yet, in words; rate and time from the second on."""
    text = f"{_number(done)} av {_number(total)} {unit}"
    if seconds < 1 or not done:
        return text
    if done >= seconds:
        text += f", {_number(round(done / seconds))} {unit}/s"
    if size_done:
        mib = f"{size_done / 2**20 / seconds:.1f}".replace(".", ",")
        text += f", {mib} MiB/s"
    left = (size_total - size_done) / size_done if size_done else (total - done) / done
    return text if done >= total else f"{text}, {_time(left * seconds)} igjen"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} t".replace(".", ",")
