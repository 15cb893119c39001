"""What somebody outside can find out from `public/`, computed without the program that hides.

The attacker has the files of `public/` and knows how the numbers hang together: parts and totals of
the account, totals of the findings, charged licences and the account of the same month, and that
nobody is found more often than there are licences. A hidden number may be anything from 0.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import coo_array

Cell = tuple[str, ...]
MEASURES = ("assigned", "active", "unused", "unknown_activity")


def published_cells(public: Path) -> dict[Cell, int | None]:
    """Return every count in public/; None is hidden."""
    cells: dict[Cell, int | None] = {}
    for row in pl.read_parquet(public / "lisensregnskap.parquet").iter_rows(named=True):
        for measure in MEASURES:
            cells["account", measure, row["unit_id"], row["sku_id"]] = row[measure]
    for row in pl.read_parquet(public / "lisensfunn.parquet").iter_rows(named=True):
        cells["finding", row["unit_id"], row["finding"]] = row["accounts"]
    for row in pl.read_parquet(public / "fakturagrunnlag.parquet").iter_rows(named=True):
        if row["service"] != "licence_audit":
            cells["charge", row["unit_id"], row["service"], row["financing"]] = row["quantity"]
    return cells


def true_counts(database: Path) -> dict[Cell, int]:
    """Return the same counts from the internal tables, added up here."""
    truth: dict[Cell, int] = defaultdict(int)
    with duckdb.connect(str(database), read_only=True) as connection:
        for unit, sku, *counts in connection.execute(
            "select unit_id, sku_id, assigned, active, unused, unknown_activity "
            "from mart_licence_account "
            "where as_of_date = (select max(as_of_date) from mart_licence_account)"
        ).fetchall():
            for at in ((unit, sku), (unit, "*"), ("*", sku), ("*", "*")):
                for measure, count in zip(MEASURES, counts, strict=True):
                    truth["account", measure, *at] += count
        for unit, finding, _ in set(
            connection.execute(
                "select unit_id, finding, user_key from mart_licence_finding"
            ).fetchall()
        ):
            truth["finding", unit, finding] += 1
            truth["finding", "*", finding] += 1
        for unit, service, financing, quantity in connection.execute(
            "select unit_id, service, financing, quantity from mart_charge "
            "where month = (select max(month) from mart_charge)"
        ).fetchall():
            truth["charge", unit, service, financing] += int(quantity)
            if service not in ("workplace", "licence_audit"):
                for at in ((unit, "*"), ("*", service), ("*", "*")):
                    truth["charge", *at, financing] += int(quantity)
    return truth


def _relations(
    cells: dict[Cell, int | None],
) -> tuple[list[dict[Cell, int]], list[dict[Cell, int]]]:
    """Return what adds up to 0, and what adds up to at most 0."""
    sums: dict[tuple[str, ...], dict[Cell, int]] = defaultdict(dict)
    limits: list[dict[Cell, int]] = []
    for cell in cells:
        if cell[0] == "account":
            _, measure, unit, sku = cell
            sums["parts", unit, sku][cell] = -1 if measure == "assigned" else 1
            sums["units", measure, sku][cell] = -1 if unit == "*" else 1
            sums["skus", measure, unit][cell] = -1 if sku == "*" else 1
        elif cell[0] == "finding":
            _, unit, finding = cell
            sums["found", finding][cell] = -1 if unit == "*" else 1
            limits.append({cell: 1, ("account", "assigned", unit, "*"): -1})
            if finding in ("never_used", "inactive"):
                limits.append({cell: 1, ("account", "unused", unit, "*"): -1})
        else:
            _, unit, service, financing = cell
            if service == "workplace":
                continue
            sums["charged units", service, financing][cell] = -1 if unit == "*" else 1
            sums["charged services", unit, financing][cell] = -1 if service == "*" else 1
            account = ("account", "assigned", unit, service)
            if account in cells:
                sums["charged", unit, service] |= {cell: 1, account: -1}
    return list(sums.values()), limits


class Attack:
    """The programme of all tables that fit what is published."""

    def __init__(self, cells: dict[Cell, int | None]) -> None:
        self.hidden = {cell: n for n, cell in enumerate(c for c in cells if cells[c] is None)}
        equations, limits = _relations(cells)
        self.equations = self._rows(cells, equations)
        self.limits = self._rows(cells, limits)

    def _rows(self, cells: dict[Cell, int | None], relations: list[dict[Cell, int]]) -> Any:
        entries: list[tuple[int, int, int]] = []
        known: list[int] = []
        for relation in relations:
            here = [(c, k) for c, k in relation.items() if c in self.hidden]
            if not here:
                continue
            entries += [(len(known), self.hidden[c], k) for c, k in here]
            known.append(-sum(k * (cells[c] or 0) for c, k in relation.items()))
        if not known:
            return None, None
        row, column, value = zip(*entries, strict=True)
        shape = (len(known), len(self.hidden))
        return coo_array((np.array(value, float), (row, column)), shape).tocsr(), np.array(known)

    def bounds(self, cell: Cell) -> tuple[float, float]:
        """Return the least and the greatest value that a hidden cell can have."""
        aim = np.zeros(len(self.hidden))
        aim[self.hidden[cell]] = 1.0
        found = []
        for sign in (1.0, -1.0):
            result = linprog(
                sign * aim,
                A_eq=self.equations[0],
                b_eq=self.equations[1],
                A_ub=self.limits[0],
                b_ub=self.limits[1],
                bounds=(0, None),
                method="highs",
            )
            assert result.status in (0, 3), result.message
            found.append(float("inf") if result.status == 3 else sign * result.fun)
        return found[0], found[1]


def told(public: Path, database: Path, min_cell: int) -> list[str]:
    """Return the small counts that somebody outside can tell, each with what he can tell."""
    cells, truth = published_cells(public), true_counts(database)
    wrong = [f"{c}: {n}, not {truth[c]}" for c, n in cells.items() if n not in (None, truth[c])]
    small = [cell for cell in cells if 1 <= truth[cell] < min_cell]
    wrong += [f"{cell}: {cells[cell]} is shown" for cell in small if cells[cell] is not None]
    attack = Attack(cells)
    for cell in small:
        if cell in attack.hidden:
            least, greatest = attack.bounds(cell)
            if greatest - least < min_cell - 1e-4:
                wrong.append(f"{cell}: {truth[cell]} is {least} to {greatest}")
    return wrong
