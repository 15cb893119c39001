"""A sensible plan without a solver, to compare with: what a careful spreadsheet would do.

Each class takes its cheapest set at list price over the horizon (all seats as if each could be
ended at once), the greatest saving per user first until the limit on changes; a class that lacks
needed plans is changed before the others. Seats are then counted by the same rules as the plan's.
"""

from __future__ import annotations

import numpy as np

from pipelines.licences.candidates import Catalogue, choices_of
from pipelines.licences.classes import Classes
from pipelines.licences.solve import columns_of, exact_cost


def greedy_cost(catalogue: Catalogue, classes: Classes, limit: int | None) -> int:
    """Return what the greedy plan costs over the horizon, in øre."""
    table = catalogue.table
    choices = choices_of(catalogue, classes)
    columns = columns_of(catalogue, classes, choices)
    dear = columns.assigned.T @ table.price.sum(axis=1)
    counts = np.zeros(len(columns.sets), dtype=np.int64)
    starts = np.searchsorted(columns.group, np.arange(len(columns.size) + 1))
    steps: list[tuple[bool, int, int, int, int]] = []
    for number, choice in enumerate(choices):
        low, high = int(starts[number]), int(starts[number + 1])
        best = low + int(np.argmin(dear[low:high]))
        saving = int(dear[low] - dear[best]) if choice.keeps else 0
        steps.append((not choice.is_forced, -saving, number, low, best))
    left = int(columns.size.sum()) if limit is None else limit
    for voluntary, negative, number, low, best in sorted(steps):
        size = int(columns.size[number])
        is_change = bool(columns.is_change[best]) and (negative < 0 or not voluntary)
        moved = min(size, max(0, left)) if is_change and voluntary else size
        left -= moved if is_change else 0
        counts[best if is_change else low] += moved
        counts[low] += size - moved
    return exact_cost(table, columns, counts)
