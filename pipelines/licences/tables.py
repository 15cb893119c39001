"""Between the models and the plan: the problem of a build's tables, and the plan as tables."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from pipelines.derived.contracts import LICENCE_PLAN_TABLES
from pipelines.licences.candidates import Catalogue
from pipelines.licences.classes import classes_of
from pipelines.licences.greedy import greedy_cost
from pipelines.licences.plan import Plan, make_plan
from pipelines.licences.problem import SHARED_POOL, Frames, Problem, problem_of
from pipelines.licences.seats import seat_table

WHOLE = "alle"  # a constraint of the whole plan, not of one product
NO_DATA = "no_data"
CHANGES = "change"  # several kinds of steps on one account
KEEP = "keep"


@dataclass(frozen=True)
class PlanInput:
    """What a plan is made of: the problem, its as-of date, and who must have the standard.

    `standard` is account_key and must_have_standard.
    """

    problem: Problem
    as_of: date
    standard: pl.DataFrame


def input_of(models: Mapping[str, pl.DataFrame], *, horizon: int, max_changes: int) -> PlanInput:
    """Return the plan's input from the models PLAN_INPUTS by name; 0 changes is no limit."""
    as_of: date = models["int_licence_snapshots"].filter("is_latest")["as_of_date"].item()
    users = models["int_plan_users"]
    required = (
        models["int_plan_requirements"]
        .group_by("sku_id")
        .agg(requires=pl.col("required_sku_id").sort())
    )
    skus = models["int_plan_skus"].join(required, on="sku_id", how="left")
    frames = Frames(
        users=users,
        needs=models["int_plan_needs"],
        present=models["int_plan_present"],
        findings=models["int_plan_findings"],
        skus=skus,
        prices=models["int_plan_prices"],
        sku_plans=models["int_sku_plans"],
    )
    problem = problem_of(
        frames,
        first_month=next_month(as_of),
        horizon=horizon,
        max_changes=max_changes or None,
    )
    return PlanInput(problem, as_of, users.select("account_key", "must_have_standard"))


def next_month(day: date) -> date:
    """Return the first day of the month after the day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def planned(given: PlanInput, *, with_constraints: bool = True) -> dict[str, pl.DataFrame]:
    """Make the plan and return its tables by name, as in pipelines.derived.contracts."""
    plan = make_plan(given.problem, with_constraints=with_constraints)
    needs = _need_sets(given.problem)
    tables = {
        "licence_plan_account": _accounts(given, plan, needs),
        "licence_plan_need": needs.select("need_set_id", "needs")
        .unique()
        .explode("needs")
        .unnest("needs"),
        "licence_plan_action": plan.actions.with_row_index("action_number", offset=1),
        "licence_plan_seat": _seats(given.problem, plan),
        "licence_plan_cause": _causes(plan),
        "licence_plan_constraint": _constraints(plan),
        "licence_plan_summary": _summary(given, plan),
    }
    return {table.name: table.checked(tables[table.name]) for table in LICENCE_PLAN_TABLES}


def _need_sets(problem: Problem) -> pl.DataFrame:
    """Return account_key, need_set_id and needs (a list) of each account that needs something."""
    need = pl.struct("plan_id", "need_kind")
    sets = problem.frames.needs.group_by("account_key").agg(need.sort().alias("needs"))
    text = pl.col("needs").list.eval(
        pl.concat_str(
            pl.element().struct.field("plan_id"),
            pl.element().struct.field("need_kind"),
            separator="\t",
        )
    )
    sets = sets.with_columns(text.list.join("\n").alias("text"))
    texts = sets["text"].unique()
    named = pl.DataFrame(
        {"text": texts, "need_set_id": [_digest(one) for one in texts]},
        schema={"text": pl.String, "need_set_id": pl.String},
    )
    return sets.join(named, on="text").select("account_key", "need_set_id", "needs")


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _accounts(given: PlanInput, plan: Plan, needs: pl.DataFrame) -> pl.DataFrame:
    first = given.problem.first_month
    kinds = plan.pieces.group_by("account_key").agg(
        pl.when(pl.col("action").n_unique() == 1)
        .then(pl.col("action").first())
        .otherwise(pl.lit(CHANGES))
        .alias("action")
    )
    return (
        plan.accounts.join(kinds, on="account_key", how="left")
        .join(given.problem.frames.users.select("account_key", "activity_rank"), on="account_key")
        .join(needs.select("account_key", "need_set_id"), on="account_key", how="left")
        .join(given.standard, on="account_key", how="left")
        .join(
            plan.uncovered.select("account_key", uncovered_reason="reason"),
            on="account_key",
            how="left",
        )
        .with_columns(
            pl.col("from_skus").list.join(";").alias("from_sku_ids"),
            pl.col("to_skus").list.join(";").alias("to_sku_ids"),
            pl.col("action").fill_null(KEEP),
            pl.col("need_set_id").fill_null(_digest("")),
            pl.col("must_have_standard").fill_null(False),
            pl.when("is_changed").then(pl.lit(first)).alias("change_date"),
        )
    )


def _used(problem: Problem, plan: Plan, column: str, name: str) -> pl.DataFrame:
    """Return how many accounts have each product, in the pool whose seats they use."""
    pools = problem.frames.skus.select("pool_id", "sku_id").with_columns(is_own=pl.lit(True))
    having = (
        plan.accounts.select("account_key", sku_id=column)
        .explode("sku_id")
        .drop_nulls("sku_id")
        .join(problem.frames.users.select("account_key", "pool_id"), on="account_key")
        .join(pools, on=["pool_id", "sku_id"], how="left")
    )
    pool = pl.when("is_own").then("pool_id").otherwise(pl.lit(SHARED_POOL)).alias("pool_id")
    return having.with_columns(pool).group_by("pool_id", "sku_id").len(name)


def _seats(problem: Problem, plan: Plan) -> pl.DataFrame:
    key = ["pool_id", "sku_id"]
    first, last = pl.col("first_month"), pl.col("last_month")
    months = (last.dt.year() - first.dt.year()) * 12 + last.dt.month() - first.dt.month() + 1
    price = pl.col("unit_price_nok").cast(pl.Decimal(38, 2)) * 100
    ore = price.cast(pl.Int64) * months.cast(pl.Int64)
    totals = (
        plan.seats.sort(*key, "first_month")
        .group_by(key)
        .agg(
            _money((ore * pl.col("baseline_seats")).sum()).alias("baseline_nok"),
            _money((ore * pl.col("plan_seats")).sum()).alias("plan_nok"),
            pl.col("unit_price_nok").is_null().any().alias("is_unpriced"),
            pl.col("plan_seats").last().alias("planned_seats"),
        )
    )
    steps = plan.actions.with_columns(pl.coalesce("from_sku_id", "to_sku_id").alias("sku_id"))
    is_end = pl.col("action").is_in(["terminate", "do_not_renew"])
    moved = steps.group_by(key).agg(
        pl.col("quantity").filter(is_end).sum().alias("ended"),
        pl.col("quantity").filter(pl.col("action") == "buy").sum().alias("bought"),
    )
    joined = problem.frames.skus.select(*key, "held", "requires").join(totals, on=key)
    for frame in (
        moved,
        _used(problem, plan, "from_skus", "assigned"),
        _used(problem, plan, "to_skus", "planned_assigned"),
    ):
        joined = joined.join(frame, on=key, how="left")
    priced = [pl.when(~pl.col("is_unpriced")).then(name).alias(name) for name in _COSTS]
    return joined.with_columns(
        pl.col("ended", "bought", "assigned", "planned_assigned").fill_null(0),
        pl.when(pl.col("requires").list.len() > 0)
        .then(pl.col("requires").list.join(";"))
        .alias("requires"),
        *priced,
    )


_COSTS = ("baseline_nok", "plan_nok")


def _money(ore: pl.Expr) -> pl.Expr:
    whole = ore.cast(pl.Decimal(38, 2)) / pl.lit(100, pl.Decimal(38, 2))
    return whole.cast(pl.Decimal(18, 2))


def _causes(plan: Plan) -> pl.DataFrame:
    changed = plan.accounts.filter("is_changed").group_by("cause").len("changed_count").drop_nulls()
    return plan.causes.join(changed, on="cause", how="left").with_columns(
        pl.col("changed_count").fill_null(0),
        pl.col("finding_order").alias("cause_order"),
        pl.col("saving_nok").alias("horizon_saving_nok"),
    )


def _constraints(plan: Plan) -> pl.DataFrame:
    return plan.constraints.with_columns(
        pl.col("kind").alias("constraint_name"),
        pl.col("pool_id", "sku_id").fill_null(WHOLE),
    )


def _summary(given: PlanInput, plan: Plan) -> pl.DataFrame:
    problem = given.problem
    table = seat_table(problem)
    greedy = greedy_cost(Catalogue(problem, table), classes_of(problem), problem.max_changes)
    used = plan.seats.filter(
        pl.col("unit_price_nok").is_null()
        & ((pl.col("baseline_seats") > 0) | (pl.col("plan_seats") > 0))
    )
    is_empty = not plan.accounts.height and not plan.baseline_ore
    return pl.DataFrame(
        {
            "as_of_date": [given.as_of],
            "status": [NO_DATA if is_empty else plan.status],
            "horizon_months": [problem.horizon],
            "max_changes": [problem.max_changes or 0],
            "account_count": [plan.accounts.height],
            "group_count": [plan.class_count],
            "changed_count": [plan.changes],
            "uncovered_count": [plan.uncovered.height],
            "unpriced_sku_count": [used["sku_id"].n_unique()],
            "baseline_nok": [_decimal(plan.baseline_ore)],
            "plan_nok": [_decimal(plan.cost_ore)],
            "lower_bound_nok": [_decimal(min(math.floor(plan.bound_ore), plan.cost_ore))],
            "greedy_nok": [_decimal(greedy)],
            "gap_share": [max(0.0, float(plan.gap))],
        }
    )


def _decimal(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)
