"""What is hidden, on tables small enough to see through."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipelines.publication.suppression import Cells, SuppressionError, hidden_cells

MIN_CELL = 5


def table(counts: list[list[int]], *, limits: tuple[tuple[int, int], ...] = ()) -> Cells:
    """Return a table with the totals of its rows and columns; `limits` are cells (less, more)."""
    inner = np.array(counts, float)
    full = np.block([[inner, inner.sum(1, keepdims=True)], [inner.sum(0), inner.sum()]])
    place = np.arange(full.size).reshape(full.shape)
    rows = [*place, *place.T]
    relations = np.zeros((len(rows) + len(limits), full.size))
    for number, members in enumerate(rows):
        relations[number, members] = [1] * (len(members) - 1) + [-1]
    for number, (less, more) in enumerate(limits, len(rows)):
        relations[number, [less, more]] = (1, -1)
    values = full.ravel()
    return Cells(
        values=values,
        relations=csr_array(relations),
        is_equation=np.arange(len(relations)) < len(rows),
        small=(values > 0) & (values < MIN_CELL),
        extra=np.zeros(values.size, dtype=bool),
    )


def shown(cells: Cells) -> list[str]:
    hidden = hidden_cells(cells, MIN_CELL)
    return ["x" if out else f"{n:.0f}" for n, out in zip(cells.values, hidden, strict=True)]


def test_nothing_small_nothing_hidden() -> None:
    assert shown(table([[5, 0], [20, 7]])) == ["5", "0", "5", "20", "7", "27", "25", "7", "32"]


def test_a_small_count_takes_the_smallest_that_close_a_rectangle() -> None:
    # 3 needs another in its row and in its column, and those need the one where they cross
    cells = table([[3, 40, 60], [10, 50, 70], [80, 90, 95]])
    assert shown(cells) == [
        *("x", "x", "60", "103"),
        *("x", "x", "70", "130"),
        *("80", "90", "95", "265"),
        *("93", "180", "225", "498"),
    ]


def test_a_zero_is_shown_and_never_used_to_hide_others() -> None:
    hidden = hidden_cells(table([[3, 0, 60], [10, 0, 70], [80, 0, 95]]), MIN_CELL)
    assert not hidden.reshape(4, 4)[:, 1].any()


def test_two_small_counts_do_not_hide_each_other() -> None:
    # 2 + 1 = 3 would be known within 0 to 3
    hidden = hidden_cells(table([[2, 1, 30], [20, 30, 40]]), MIN_CELL).reshape(3, 4)
    assert hidden[0].sum() >= 3


def test_where_everything_is_small_everything_is_hidden() -> None:
    assert shown(table([[3, 0], [0, 0]])) == ["x", "0", "x", "0", "0", "0", "x", "0", "x"]


def test_a_limit_from_another_table_counts() -> None:
    # cells 0 and 3 are 4 and 6 of a column of 10; cell 1 (7, shown) can't be more than cell 3
    counts = [[4, 7], [7, 8]]
    free = hidden_cells(table(counts), MIN_CELL)
    tied = hidden_cells(table(counts, limits=((1, 3),)), MIN_CELL)
    assert tied.sum() >= free.sum()
    assert tied[0] and tied[3]


def test_extra_cells_are_hidden_whatever_they_are() -> None:
    cells = table([[9, 9], [9, 9]])
    cells.extra[0] = True
    hidden = hidden_cells(cells, MIN_CELL)
    assert hidden[0]
    assert hidden.sum() == 4


def test_counts_that_do_not_add_up_are_refused() -> None:
    cells = table([[3, 4], [5, 6]])
    cells.values[0] = 30
    with pytest.raises(SuppressionError, match="fant 2 sammenhenger"):
        hidden_cells(cells, MIN_CELL)


def test_the_same_cells_are_hidden_every_time() -> None:
    chance = np.random.default_rng(7)
    counts = chance.poisson(9, (8, 6)).tolist()
    once = hidden_cells(table(counts), MIN_CELL)
    assert (hidden_cells(table(counts), MIN_CELL) == once).all()


@pytest.mark.slow
def test_sixty_units_and_forty_products_take_seconds() -> None:
    chance = np.random.default_rng(1)
    sizes = np.outer(chance.lognormal(4, 1.2, 60), np.sort(chance.beta(0.3, 2, 40))[::-1])
    started = time.process_time()
    hidden = hidden_cells(table(chance.poisson(sizes).tolist()), MIN_CELL)
    assert time.process_time() - started < 60
    assert hidden.any()
