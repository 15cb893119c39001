"""Users with the same pool, needs and present SKUs, as one class: the plan counts, not names them.

The unit does not matter for the cost, so it is no part of the class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.licences.problem import Problem

_LAST_RANK = 2**62


@dataclass(frozen=True)
class UserClass:
    """One class: how many, and what they need and have (sorted)."""

    pool: str
    needs: tuple[str, ...]
    present: tuple[str, ...]
    may_keep: bool
    count: int


@dataclass(frozen=True)
class Classes:
    """The classes in stable order, and `members` (account_key, class_no, place).

    `place` is the account's place in its class: those with findings first, then the least active.
    """

    classes: list[UserClass]
    members: pl.DataFrame

    def __iter__(self) -> Iterator[UserClass]:
        return iter(self.classes)

    def __len__(self) -> int:
        return len(self.classes)


def _sets(frame: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    grouped = frame.group_by("account_key").agg(pl.col(column).unique().sort())
    return grouped.select("account_key", pl.col(column).list.join("\x1f").alias(name))


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("\x1f")) if text else ()


def first_findings(problem: Problem) -> pl.DataFrame:
    """Return the first finding of each account × SKU (account_key, sku_id, finding …)."""
    order = ("account_key", "sku_id", "finding_order", "finding")
    found = problem.frames.findings.sort(order, nulls_last=True)
    return found.unique(("account_key", "sku_id"), keep="first", maintain_order=True)


def classes_of(problem: Problem) -> Classes:
    """Group the users into classes."""
    frames = problem.frames
    first = first_findings(problem).group_by("account_key").agg(pl.col("finding_order").min())
    users = (
        frames.users.join(_sets(frames.needs, "plan_id", "needs"), on="account_key", how="left")
        .join(_sets(frames.present, "sku_id", "present"), on="account_key", how="left")
        .join(first, on="account_key", how="left")
        .with_columns(
            pl.col("needs", "present").fill_null(""),
            pl.col("finding_order", "activity_rank").fill_null(_LAST_RANK),
            may_keep=pl.col("account_key").is_in(sorted(problem.may_keep)),
        )
    )
    key = ["pool_id", "needs", "present", "may_keep"]
    counted = users.group_by(key).len().sort(key).with_row_index("class_no")
    users = users.join(counted, on=key).sort(
        "class_no", "finding_order", "activity_rank", "account_key"
    )
    place = pl.int_range(pl.len()).over("class_no").cast(pl.Int64).alias("place")
    members = users.select("account_key", pl.col("class_no").cast(pl.Int64), place)
    classes = [
        UserClass(pool, _split(needs), _split(present), may_keep, count)
        for pool, needs, present, may_keep, count in counted.select(*key, "len").iter_rows()
    ]
    return Classes(classes, members)
