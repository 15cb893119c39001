"""The list of actions, applied to today's account, gives the plan's: seat by seat, øre by øre."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from pipelines.licences.plan import Plan, make_plan
from tests.unit.licence_problems import Case, User, random_case

_SEAT_LEVEL = ("terminate", "do_not_renew", "buy", "reuse")
_USER_LEVEL = ("remove", "downgrade", "upgrade", "assign")


def _larger(seed: int) -> Case:
    """A random problem with more users, so that units and causes meet."""
    case, rng = random_case(seed), random.Random(-seed)
    names = {sku.name for sku in case.skus}
    users = [rng.choice(case.users) for _ in range(rng.randint(0, 25))]
    users = [replace(user, unit=rng.choice(["u1", "u2", "u3"])) for user in users]
    users += [User("p", " ".join(sorted(names)[:2]), rank=1) for _ in range(rng.randint(0, 3))]
    limit = rng.choice([None, None, 5])
    return Case(case.skus, users, case.horizon, limit)


def _plan(seed: int) -> tuple[Case, Plan]:
    case = _larger(seed)
    return case, make_plan(case.problem(), with_constraints=False)


def _pool(case: Case, user: User, name: str) -> tuple[str, str]:
    own = any(sku.pool == user.pool and sku.name == name for sku in case.skus)
    return (user.pool if own else "felles", name)


def check_users(case: Case, plan: Plan) -> None:
    """Today's users - from + to = the plan's, per unit, pool and SKU."""
    have: Counter[tuple[str, str, str]] = Counter()
    want: Counter[tuple[str, str, str]] = Counter()
    ends = dict(plan.accounts.select("account_key", "to_skus").iter_rows())
    for number, user in enumerate(case.users):
        have.update((user.unit, *_pool(case, user, name)) for name in user.has.split())
        want.update((user.unit, *_pool(case, user, n)) for n in ends[f"a{number:03}"])
    for action in plan.actions.filter(pl.col("action").is_in(_USER_LEVEL)).iter_rows(named=True):
        pool = User("", "", pool=action["pool_id"])
        for side, sign in (("from_sku_id", -1), ("to_sku_id", 1)):
            if action[side] is not None:
                key = (action["unit_id"], *_pool(case, pool, action[side]))
                have[key] += sign * action["quantity"]
        assert action["quantity"] > 0
        assert action["horizon_saving_nok"] == action["yearly_saving_nok"] == 0
    assert +have == +want and min(have.values(), default=0) >= 0


def check_seats(case: Case, plan: Plan) -> None:
    """Held - ended + bought = the plan's seats in the last month; yearly money follows them."""
    last = plan.seats.filter(pl.col("last_month") == case.months()[-1])
    ends = {(row["pool_id"], row["sku_id"]): row for row in last.iter_rows(named=True)}
    rows = plan.actions.filter(pl.col("action").is_in(_SEAT_LEVEL)).to_dicts()
    for sku in case.skus:
        key, end = (sku.pool, sku.name), ends[sku.pool, sku.name]
        own = [r for r in rows if key == (r["pool_id"], r["from_sku_id"] or r["to_sku_id"])]
        ended = sum(r["quantity"] for r in own if r["action"] in ("terminate", "do_not_renew"))
        bought = sum(r["quantity"] for r in own if r["action"] == "buy")
        assert sku.held - ended + bought == end["plan_seats"], (key, own)
        yearly = sum(r["yearly_saving_nok"] for r in own)
        fewer = end["baseline_seats"] - end["plan_seats"]
        assert yearly == 12 * fewer * (end["unit_price_nok"] or 0), (key, own)


def check_money(case: Case, plan: Plan) -> None:
    """Rows sum to the saving, in all and per cause; the seats' course costs what the plan says."""
    saving = Decimal(plan.baseline_ore - plan.cost_ore) / 100
    assert sum(plan.actions["horizon_saving_nok"].to_list(), Decimal(0)) == saving
    assert sum(plan.causes["saving_nok"].to_list(), Decimal(0)) == saving
    sums = dict(plan.actions.group_by("cause").agg(pl.col("horizon_saving_nok").sum()).iter_rows())
    for cause, parts in plan.causes.select("cause", "saving_nok").iter_rows():
        assert sums.get(cause, Decimal(0)) == parts, cause
    for column, whole in (("baseline_seats", plan.baseline_ore), ("plan_seats", plan.cost_ore)):
        months = (
            (pl.col("last_month").dt.year() - pl.col("first_month").dt.year()) * 12
            + pl.col("last_month").dt.month()
            - pl.col("first_month").dt.month()
            + 1
        )
        runs = plan.seats.select(months.alias("n"), column, "unit_price_nok").iter_rows()
        assert sum(n * seats * (price or 0) for n, seats, price in runs) == Decimal(whole) / 100


@pytest.mark.rule("A08", "B09t")
def test_the_actions_applied_to_today_give_the_plan() -> None:
    for seed in range(1000, 1150):
        case, plan = _plan(seed)
        check_users(case, plan)
        check_seats(case, plan)
        check_money(case, plan)


def test_the_actions_are_dated_no_earlier_than_they_can_be_done() -> None:
    for seed in range(1000, 1060):
        case, plan = _plan(seed)
        terms = {(sku.pool, sku.name): sku for sku in case.skus}
        for row in plan.actions.filter(pl.col("action") == "terminate").iter_rows(named=True):
            sku = terms[row["pool_id"], row["from_sku_id"]]
            assert row["earliest_date"] >= (sku.reduction or case.months()[0])


def test_the_same_rows_in_another_order_give_the_same_plan() -> None:
    for seed in range(1000, 1020):
        case, plan = _plan(seed)
        again = make_plan(case.problem(shuffle=seed), with_constraints=False)
        for name in ("accounts", "pieces", "actions", "seats", "causes", "uncovered"):
            assert getattr(plan, name).equals(getattr(again, name)), (seed, name)


def test_each_account_ends_with_what_it_needs_or_is_listed() -> None:
    for seed in range(1000, 1060):
        case, plan = _plan(seed)
        listed = set(plan.uncovered["account_key"])
        gives = {sku.name: set(sku.plans.split()) for sku in case.skus}
        for key, ends in plan.accounts.select("account_key", "to_skus").iter_rows():
            needs = set(case.users[int(key[1:])].needs.split())
            given = set().union(*(gives[name] for name in ends)) if ends else set()
            assert (needs <= given) != (key in listed), (seed, key)
