"""From counts per class back to accounts, and the steps each account takes.

Within a class those with findings change first, then the least active, then by account_key; sets
are given out in stable order, the present one last. So the same input gives the same accounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.licences.candidates import Catalogue, Skus
from pipelines.licences.classes import Classes, first_findings
from pipelines.licences.problem import Problem
from pipelines.licences.solve import Solution

SHELF_WARE, CHEAPER_SET, MISSING_STANDARD = "shelf_ware", "cheaper_set", "missing_standard"
RESERVE, TRUE_UP = "reserve", "true_up"
CAUSE_RULES = {
    SHELF_WARE: "A08",
    CHEAPER_SET: "A07",
    MISSING_STANDARD: "B06",
    RESERVE: "A07",
    TRUE_UP: "A07",
}


@dataclass(frozen=True)
class Outcome:
    """Per account: `accounts` (what from, what to), `pieces` (its steps), `uncovered`."""

    accounts: pl.DataFrame
    pieces: pl.DataFrame
    uncovered: pl.DataFrame


def outcome_of(
    problem: Problem, catalogue: Catalogue, classes: Classes, solution: Solution
) -> Outcome:
    """Hand the solution back to the accounts.

    accounts: account_key, unit_id, from_skus, to_skus, is_changed, cause, rule_id
    pieces: account_key, unit_id, pool_id, action, from_sku_id, to_sku_id, cause, rule_id
    uncovered: account_key, reason (no_sku: nothing covers the needs; max_changes: no change left)
    """
    placed = _placed(problem, classes, solution).join(
        _columns(catalogue, classes, solution), on="column", how="left"
    )
    pieces = _with_causes(problem, placed, _steps(catalogue, classes, solution))
    first = pieces.sort("account_key", "finding_order", "cause", "from_sku_id").unique(
        "account_key", keep="first", maintain_order=True
    )
    accounts = placed.join(
        first.select("account_key", "cause", "rule_id"), on="account_key", how="left"
    ).sort("account_key")
    reason = pl.when(pl.col("is_uncovered")).then(pl.lit("no_sku")).otherwise(pl.lit("max_changes"))
    lacking = pl.col("is_uncovered") | (pl.col("is_forced") & ~pl.col("is_changed"))
    return Outcome(
        accounts.select(
            "account_key", "unit_id", "from_skus", "to_skus", "is_changed", "cause", "rule_id"
        ),
        pieces.drop("finding_order").sort("account_key", "action", "from_sku_id", "to_sku_id"),
        accounts.filter(lacking).select("account_key", reason.alias("reason")),
    )


def _placed(problem: Problem, classes: Classes, solution: Solution) -> pl.DataFrame:
    """Return each account with its column of the solution."""
    columns = solution.columns
    order = np.lexsort((1 - columns.is_change, columns.group))
    given = np.repeat(order, solution.counts[order])
    members = classes.members.sort("class_no", "place")
    users = problem.frames.users.select("account_key", "unit_id", "pool_id")
    return members.with_columns(column=pl.Series(given, dtype=pl.Int64)).join(
        users, on="account_key"
    )


def _columns(catalogue: Catalogue, classes: Classes, solution: Solution) -> pl.DataFrame:
    """Return each used column: the sets before and after, and the class's standing."""
    columns = solution.columns
    used = np.flatnonzero(solution.counts).tolist()
    groups = columns.group[used].tolist()
    standing = {group: catalogue.choice(classes.classes[group]) for group in set(groups)}
    lists = pl.List(pl.String)
    return pl.DataFrame(
        {
            "column": pl.Series(used, dtype=pl.Int64),
            "from_skus": pl.Series([list(classes.classes[g].present) for g in groups], dtype=lists),
            "to_skus": pl.Series([list(columns.sets[column]) for column in used], dtype=lists),
            "is_changed": pl.Series(columns.is_change[used] == 1, dtype=pl.Boolean),
            "is_forced": pl.Series([standing[g].is_forced for g in groups], dtype=pl.Boolean),
            "is_uncovered": pl.Series([standing[g].is_uncovered for g in groups], dtype=pl.Boolean),
        }
    )


def _steps(catalogue: Catalogue, classes: Classes, solution: Solution) -> pl.DataFrame:
    """Return the steps of each used column (column, action, from_sku_id, to_sku_id)."""
    columns = solution.columns
    rows: list[tuple[int, str, str | None, str | None]] = []
    for column in np.flatnonzero(solution.counts * columns.is_change).tolist():
        one = classes.classes[columns.group[column]]
        rows += [
            (column, *step)
            for step in steps(catalogue, one.pool, one.present, columns.sets[column])
        ]
    schema = {"column": pl.Int64} | dict.fromkeys(("action", "from_sku_id", "to_sku_id"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def steps(
    catalogue: Catalogue, pool: str, present: Skus, target: Skus
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (action, from, to): the removed and the added SKUs, paired where they give the same.

    An added SKU replaces the removed one that shares most plans with it (then the dearest).
    """
    price = catalogue.table.price.sum(axis=1)
    rows = catalogue.rows(pool)
    removed = sorted(set(present) - set(target))
    added = sorted(set(target) - set(present), key=lambda sku: (-price[rows[sku]], sku))
    for new in added:
        shared = {
            old: len(catalogue.given_by((old,)) & catalogue.given_by((new,))) for old in removed
        }
        best = min(removed, key=lambda old: (-shared[old], -price[rows[old]], old), default=None)
        if best is None or not shared[best]:
            yield "assign", None, new
            continue
        removed.remove(best)
        is_dearer = price[rows[new]] > price[rows[best]]
        yield "upgrade" if is_dearer else "downgrade", best, new
    for old in removed:
        yield "remove", old, None


def _with_causes(problem: Problem, placed: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts' steps with their causes.

    A step's cause is the first finding on the SKU it takes away; else missing_standard where the
    account lacks plans; else, for a SKU only added, the account's first finding; else cheaper_set.
    """
    found = first_findings(problem).select(
        "account_key", "finding", "finding_order", "rule_id", from_sku_id="sku_id"
    )
    steps_of = placed.join(moves, on="column").join(
        found, on=["account_key", "from_sku_id"], how="left"
    )
    own = steps_of.filter(pl.col("finding").is_not_null()).sort(
        "account_key", "finding_order", "finding", "from_sku_id"
    )
    firsts = own.unique("account_key", keep="first", maintain_order=True).select(
        "account_key",
        account_finding="finding",
        account_order="finding_order",
        account_rule="rule_id",
    )
    alone = pl.col("finding").is_null() & pl.col("from_sku_id").is_null() & ~pl.col("is_forced")
    names = {
        "finding": "account_finding",
        "finding_order": "account_order",
        "rule_id": "account_rule",
    }
    joined = steps_of.join(firsts, on="account_key", how="left").with_columns(
        pl.when(alone).then(pl.col(other)).otherwise(pl.col(name)).alias(name)
        for name, other in names.items()
    )
    plain = pl.when("is_forced").then(pl.lit(MISSING_STANDARD)).otherwise(pl.lit(CHEAPER_SET))
    cause = pl.col("finding").fill_null(plain).alias("cause")
    rule = pl.when(pl.col("finding").is_null()).then(
        cause.replace_strict(CAUSE_RULES, default=None)
    )
    return joined.with_columns(cause, rule.otherwise(pl.col("rule_id")).alias("rule_id")).select(
        "account_key",
        "unit_id",
        "pool_id",
        "action",
        "from_sku_id",
        "to_sku_id",
        "cause",
        "rule_id",
        pl.col("finding_order").fill_null(2**62),
    )
