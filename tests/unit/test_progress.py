"""How far long work has come, in words and on a terminal."""

from __future__ import annotations

import io

import pytest

from pipelines.progress import Meter, described


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0, 10, "filer", 5.0), "0 av 10 filer"),
        ((5, 10, "filer", 0.5), "5 av 10 filer"),
        # 1 000 in 10 s; 3 000 left take 30 s
        (
            (1000, 4000, "filer", 10.0),
            "1\N{NO-BREAK SPACE}000 av 4\N{NO-BREAK SPACE}000 filer, 100 filer/s, 30 s igjen",
        ),
        # by size: a quarter of the bytes in 60 s, so 180 s are left
        (
            (1, 2, "filer", 60.0, 2**20 * 60, 2**20 * 240),
            "1 av 2 filer, 1,0 MiB/s, 3 min igjen",
        ),
        ((1, 100, "filer", 100.0), "1 av 100 filer, 2,8 t igjen"),
        ((4, 4, "filer", 2.0), "4 av 4 filer, 2 filer/s"),
    ],
)
def test_rate_and_time_left(arguments: tuple[int, int, str, float], expected: str) -> None:
    assert described(*arguments) == expected


def test_a_terminal_gets_one_line_that_is_drawn_over() -> None:
    out = Terminal()
    meter = Meter("leser inn", "filer", out)
    meter.show(1, 3)
    meter.show(2, 3)  # too soon after the first
    meter.show(3, 3)
    assert out.getvalue() == "\r  leser inn: 1 av 3 filer\r  leser inn: 3 av 3 filer\n"


def test_elsewhere_nothing_is_drawn() -> None:
    out = io.StringIO()
    meter = Meter("leser inn", "filer", out)
    meter.show(3, 3)
    meter.close()
    assert out.getvalue() == ""
