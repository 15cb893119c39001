"""The plan's input: typed frames, checked once, in an order that doesn't depend on the rows' own.

Faults here are faults of our own models, so they are plain `ProblemError`, not user errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

SHARED_POOL = "felles"
_MONEY = pl.Decimal(18, 2)
_TYPES: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "users": {
        "account_key": pl.String,
        "unit_id": pl.String,
        "pool_id": pl.String,
        "activity_rank": pl.Int64,
    },
    "needs": {"account_key": pl.String, "plan_id": pl.String, "need_kind": pl.String},
    "present": {"account_key": pl.String, "sku_id": pl.String},
    "findings": {
        "account_key": pl.String,
        "sku_id": pl.String,
        "finding": pl.String,
        "finding_order": pl.Int64,
        "rule_id": pl.String,
    },
    "skus": {
        "pool_id": pl.String,
        "sku_id": pl.String,
        "held": pl.Int64,
        "reserve": pl.Int64,
        "floor": pl.Int64,
        "floor_until": pl.Date,
        "reduction_date": pl.Date,
        "true_up_date": pl.Date,
        "is_transferable": pl.Boolean,
        "requires": pl.List(pl.String),
        "is_standard": pl.Boolean,
    },
    "prices": {"sku_id": pl.String, "month": pl.Date, "unit_price_nok": _MONEY},
    "sku_plans": {"sku_id": pl.String, "plan_id": pl.String},
}
_KEYS: dict[str, tuple[str, ...]] = {
    "users": ("account_key",),
    "needs": ("account_key", "plan_id", "need_kind"),
    "present": ("account_key", "sku_id"),
    "findings": ("account_key", "sku_id", "finding"),
    "skus": ("pool_id", "sku_id"),
    "prices": ("sku_id", "month"),
    "sku_plans": ("sku_id", "plan_id"),
}


class ProblemError(ValueError):
    """The input frames contradict what the plan is promised."""


@dataclass(frozen=True)
class Frames:
    """The seven input frames, as the models give them; see `_TYPES` for the columns."""

    users: pl.DataFrame
    needs: pl.DataFrame
    present: pl.DataFrame
    findings: pl.DataFrame
    skus: pl.DataFrame
    prices: pl.DataFrame
    sku_plans: pl.DataFrame


@dataclass(frozen=True)
class Problem:
    """Checked frames, the months of the horizon and the limit on changes (None = no limit).

    `may_keep`: accounts that may keep what they have although it does not cover their needs.
    """

    frames: Frames
    first_month: date
    horizon: int
    max_changes: int | None = None
    may_keep: frozenset[str] = frozenset()

    @property
    def months(self) -> list[date]:
        """The first day of every month of the horizon."""
        year, month = self.first_month.year, self.first_month.month - 1
        numbers = range(year * 12 + month, year * 12 + month + self.horizon)
        return [date(number // 12, number % 12 + 1, 1) for number in numbers]

    def with_frames(self, **frames: pl.DataFrame) -> Problem:
        """Return the problem with some frames replaced (already in the checked form)."""
        return replace(self, frames=replace(self.frames, **frames))


def empty_frame(name: str) -> pl.DataFrame:
    """Return the input frame of that name without rows."""
    return pl.DataFrame(schema=_TYPES[name])


def _checked(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its columns typed, sorted by its key."""
    types, key = _TYPES[name], list(_KEYS[name])
    missing = sorted(set(types) - set(frame.columns))
    if missing:
        raise ProblemError(f"{name}: missing columns {missing}")
    if name == "skus" and frame.schema["requires"] != pl.List(pl.String):
        frame = frame.with_columns(pl.col("requires").cast(pl.String).str.split(";"))
    if name == "prices":
        _check_whole_ore(frame)
    frame = frame.select(pl.col(column).cast(kind) for column, kind in types.items())
    if frame.select(pl.any_horizontal(pl.col(key).is_null().any())).item():
        raise ProblemError(f"{name}: a null in the key {key}")
    if frame.select(pl.struct(key).is_duplicated().any()).item():
        raise ProblemError(f"{name}: rows with the same {key}")
    return frame.sort(key)


def _check_whole_ore(prices: pl.DataFrame) -> None:
    value = pl.col("unit_price_nok")
    changed = prices.filter(value.cast(pl.Decimal(38, 8)) != value.cast(_MONEY))
    if changed.height:
        raise ProblemError("prices: a price that is not in whole øre")


def _terms(skus: pl.DataFrame) -> pl.DataFrame:
    """Return the terms with nulls of counts and flags replaced, `requires` trimmed and sorted."""
    counts = ("held", "reserve", "floor")
    if skus.select(pl.any_horizontal((pl.col(counts) < 0).any())).item():
        raise ProblemError("skus: a negative number of seats")
    trimmed = pl.col("requires").list.eval(pl.element().str.strip_chars())
    return skus.with_columns(
        pl.col(counts).fill_null(0),
        pl.col("is_transferable").fill_null(True),
        pl.col("is_standard").fill_null(False),
        trimmed.list.eval(pl.element().filter(pl.element() != ""))
        .list.unique()
        .list.sort()
        .fill_null(pl.lit([], pl.List(pl.String))),
    )


def _with_present(users: pl.DataFrame, skus: pl.DataFrame, present: pl.DataFrame) -> pl.DataFrame:
    """Return the terms with a row without seats for what accounts have but nobody describes."""
    pools = users.select("account_key", "pool_id")
    own = present.join(pools, on="account_key").join(skus, on=["pool_id", "sku_id"], how="anti")
    lacking = own.select("sku_id").unique().with_columns(pool_id=pl.lit(SHARED_POOL))
    lacking = lacking.join(skus, on=["pool_id", "sku_id"], how="anti")
    added = lacking.with_columns(
        pl.lit(0, pl.Int64).alias("held"),
        pl.lit(0, pl.Int64).alias("reserve"),
        pl.lit(0, pl.Int64).alias("floor"),
        pl.lit(True).alias("is_transferable"),
        pl.lit(False).alias("is_standard"),
        pl.lit([], pl.List(pl.String)).alias("requires"),
    )
    return pl.concat([skus, added], how="diagonal").sort("pool_id", "sku_id")


def problem_of(
    frames: Frames, *, first_month: date, horizon: int, max_changes: int | None = None
) -> Problem:
    """Check the frames and return the problem; raise `ProblemError` where a promise is broken.

    A user whose pool has no terms of its own uses the shared pool. What an account has without
    terms anywhere gets a row in the shared pool: no seats held, transferable, no prerequisites.
    Rows of accounts that are not in `users` are left out.
    """
    if horizon < 1 or first_month.day != 1 or (max_changes is not None and max_changes < 0):
        raise ProblemError(f"settings: {first_month}, {horizon} months, {max_changes} changes")
    checked = {name: _checked(name, getattr(frames, name)) for name in _TYPES}
    if checked["prices"].select((pl.col("unit_price_nok") < 0).any()).item():
        raise ProblemError("prices: a negative price")
    skus = _terms(checked["skus"])
    pool = pl.col("pool_id")
    pools = skus["pool_id"].unique().to_list()
    users = checked["users"].with_columns(
        pl.when(pool.is_in(pools)).then(pool).otherwise(pl.lit(SHARED_POOL)).alias("pool_id"),
        pl.col("unit_id").fill_null("unknown"),
    )
    known = {
        name: checked[name].join(users.select("account_key"), on="account_key", how="semi")
        for name in ("needs", "present", "findings")
    }
    known = {name: frame.sort(_KEYS[name]) for name, frame in known.items()}
    return Problem(
        Frames(
            users=users,
            skus=_with_present(users, skus, known["present"]),
            prices=checked["prices"],
            sku_plans=checked["sku_plans"],
            **known,
        ),
        first_month,
        horizon,
        max_changes,
    )
