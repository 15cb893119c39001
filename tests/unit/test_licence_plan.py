"""The plan's rules, one by one, on cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.licences.candidates import Catalogue, Search
from pipelines.licences.classes import classes_of
from pipelines.licences.greedy import greedy_cost
from pipelines.licences.plan import NOT_PROVEN, OPTIMAL, Plan, make_plan
from pipelines.licences.problem import Problem, ProblemError, empty_frame, problem_of
from pipelines.licences.seats import seat_table
from tests.unit.licence_problems import Case, Sku, User, minimum, random_case

_JULY, _NEXT_YEAR = date(2026, 7, 1), date(2027, 1, 1)
_NEVER_USED = {"x": ("never_used", 3)}


def _plan(skus: list[Sku], users: list[User], **settings: Any) -> Plan:
    return make_plan(Case(skus, users, **settings).problem())


def _rows(plan: Plan, *columns: str) -> list[tuple[Any, ...]]:
    return plan.actions.select(columns).rows()


def _ends(plan: Plan) -> list[list[str]]:
    return plan.accounts.sort("account_key")["to_skus"].to_list()


def _cost_of(plan: Plan, kind: str) -> Any:
    found = plan.constraints.filter(pl.col("kind") == kind)
    assert found.height == 1
    return found["cost_nok"][0]


@pytest.mark.rule("A08")
def test_a_seat_that_can_be_transferred_serves_another_unit() -> None:
    x = Sku("x", 100, "p", held=1, reduction=_NEXT_YEAR)
    users = [User("", "x", "u1", findings=_NEVER_USED), User("p", "", "u2")]
    plan = _plan([x], users)
    assert (plan.cost_ore, plan.baseline_ore, plan.changes) == (120_000, 120_000, 2)
    assert _rows(plan, "action", "from_unit_id", "unit_id", "quantity", "rule_id") == [
        ("assign", None, "u2", 1, "B06"),
        ("move", "u1", "u2", 1, "A08"),
        ("remove", None, "u1", 1, "A08"),
    ]


@pytest.mark.rule("B09t")
def test_a_seat_that_cannot_be_transferred_is_ended_and_a_new_one_bought() -> None:
    x = Sku("x", 100, "p", held=1, reduction=_JULY, transferable=False)
    users = [User("", "x", "u1", findings=_NEVER_USED), User("p", "", "u2")]
    plan = _plan([x], users)
    # two seats for six months, then one: 6 * 2 * 100 + 6 * 100; as today: 12 * 100
    assert (plan.cost_ore, plan.baseline_ore) == (180_000, 120_000)
    assert plan.actions.filter(pl.col("action") == "move").is_empty()
    seats = plan.actions.filter(pl.col("action").is_in(["buy", "terminate"]))
    columns = ("action", "unit_id", "quantity", "earliest_date", "rule_id", "horizon_saving_nok")
    assert seats.select(*columns, "binding_constraint").rows() == [
        ("buy", "u2", 1, date(2026, 1, 1), "B06", Decimal(-1200), "transferability"),
        ("terminate", "u1", 1, _JULY, "B09t", Decimal(600), "transferability"),
    ]
    # could it be transferred, one seat would do: 1 200
    assert _cost_of(plan, "transferability") == Decimal(600)


@pytest.mark.rule("B09t")
def test_a_seat_nobody_has_serves_a_new_user_though_it_cannot_be_transferred() -> None:
    x = Sku("x", 100, "p", held=2, reduction=_NEXT_YEAR, transferable=False)
    plan = _plan([x], [User("p", "x"), User("p", "")])
    assert plan.cost_ore == plan.baseline_ore == 240_000
    assert plan.actions.filter(pl.col("action") == "buy").is_empty()


def test_a_floor_is_paid_until_it_ends() -> None:
    x = Sku("x", 100, "p", held=10, floor=8, floor_until=date(2026, 6, 30))
    plan = _plan([x], [User("p", "x")] * 5)
    # 8 seats for six months, then 5; as today: 10 for twelve
    assert (plan.cost_ore, plan.baseline_ore, plan.changes) == (780_000, 1_200_000, 0)
    assert _rows(plan, "action", "quantity", "earliest_date", "horizon_saving_nok", "cause") == [
        ("do_not_renew", 3, _JULY, Decimal(1800), "shelf_ware"),
        ("terminate", 2, date(2026, 1, 1), Decimal(2400), "shelf_ware"),
    ]
    assert _cost_of(plan, "floor") == Decimal(1800)  # 3 seats in six months


def test_seats_are_paid_until_the_reduction_date() -> None:
    plan = _plan([Sku("x", 100, "p", held=3, reduction=_JULY)], [User("p", "x")])
    assert plan.cost_ore == (6 * 3 + 6) * 10_000
    assert _rows(plan, "action", "quantity", "earliest_date", "binding_constraint") == [
        ("terminate", 2, _JULY, "reduction_date")
    ]
    assert _cost_of(plan, "reduction_date") == Decimal(1200)


def test_seats_beyond_the_holding_are_paid_from_the_true_up_on() -> None:
    x = Sku("x", 100, "p", held=2, reduction=_NEXT_YEAR, true_up=_JULY)
    users = [User("p", "x")] * 3 + [User("", "x", findings=_NEVER_USED)]
    plan = _plan([x], users)
    # two for six months; then four as today, three in the plan
    assert (plan.baseline_ore, plan.cost_ore) == (360_000, 300_000)
    seats = plan.actions.filter(pl.col("action") != "remove")
    columns = ("action", "quantity", "earliest_date", "horizon_saving_nok", "cause")
    assert seats.select(*columns).rows() == [
        ("buy", 1, _JULY, Decimal(0), "true_up"),
        ("reuse", 1, date(2026, 1, 1), Decimal(600), "never_used"),
    ]
    assert _cost_of(plan, "true_up") == Decimal(600)  # one seat in six months


def test_a_reserve_is_kept_from_free_seats_before_it_is_bought() -> None:
    kept = _plan([Sku("x", 100, "p", held=4, reserve=2)], [User("p", "x")])
    assert kept.cost_ore == 3 * 12 * 10_000
    assert dict(kept.causes.select("cause", "saving_nok").rows())["shelf_ware"] == Decimal(1200)
    bought = _plan([Sku("x", 100, "p", held=1, reserve=2)], [User("p", "x")])
    assert _rows(bought, "action", "quantity", "cause", "horizon_saving_nok") == [
        ("buy", 2, "reserve", Decimal(-2400))
    ]
    assert _cost_of(bought, "reserve") == Decimal(2400)


@pytest.mark.rule("B06")
def test_what_is_lacking_of_the_standard_is_given_though_it_costs() -> None:
    skus = [Sku("e1", 84, "p", held=1), Sku("ems", 94, "q", held=1)]
    plan = _plan(skus, [User("p q", "e1", kinds="standard"), User("p q", "e1 ems")])
    assert _ends(plan) == [["e1", "ems"], ["e1", "ems"]]
    causes = dict(plan.causes.select("cause", "saving_nok").rows())
    assert causes["missing_standard"] == Decimal(-94 * 12)
    assert _cost_of(plan, "standard") == Decimal((84 + 94) * 12)  # the first needs nothing then


def test_a_bundle_replaces_dearer_parts_and_seats_bought_already_cost_nothing_more() -> None:
    skus = [
        Sku("e1", 84, "p", held=1),
        Sku("ems", 94, "q", held=1),
        Sku("bundle", 150, "p q"),
    ]
    free = _plan(skus, [User("p q", "e1 ems")])
    assert (free.cost_ore, _ends(free)) == (150 * 1200, [["bundle"]])
    assert _rows(free, "action", "from_sku_id", "to_sku_id")[0] == ("buy", None, "bundle")
    locked = [replace(sku, reduction=_NEXT_YEAR) if sku.held else sku for sku in skus]
    stays = _plan(locked, [User("p q", "e1 ems")])
    assert (stays.cost_ore, stays.changes) == (178 * 1200, 0)


def test_an_add_on_brings_what_it_requires() -> None:
    skus = [Sku("base", 50, "p"), Sku("big", 80, "p q"), Sku("extra", 10, "r", requires="base big")]
    assert _ends(_plan(skus, [User("r", ""), User("q r", "")])) == [
        ["base", "extra"],
        ["big", "extra"],
    ]


def test_at_the_same_cost_nothing_is_changed() -> None:
    skus = [Sku("a", 50, "p", held=2), Sku("b", 50, "p", held=0)]
    plan = _plan(skus, [User("p", "a"), User("p", "b")])
    assert (plan.changes, _ends(plan)) == (0, [["a"], ["b"]])


def test_those_with_findings_change_first_then_the_least_active_then_by_key() -> None:
    users = [
        User("", "x", rank=3),
        User("", "x", rank=1),
        User("", "x", rank=2, findings=_NEVER_USED),
        User("", "x"),
    ]
    for limit, changed in ((1, [2]), (2, [1, 2]), (3, [0, 1, 2])):
        plan = _plan([Sku("x", 10, "p", held=4)], users, limit=limit)
        ends = plan.accounts.with_row_index().filter(pl.col("is_changed"))["index"].to_list()
        assert ends == changed
        assert _cost_of(plan, "max_changes") == Decimal(120 * (4 - limit))


def test_the_limit_on_changes_goes_first_to_those_who_lack_something() -> None:
    skus = [Sku("x", 10, "p", held=2), Sku("y", 500, "q")]
    users = [User("", "x"), User("", "x"), User("q", ""), User("q", "")]
    plan = _plan(skus, users, limit=1)
    assert _ends(plan) == [["x"], ["x"], ["y"], []]
    assert plan.uncovered.rows() == [("a003", "max_changes")]
    assert _cost_of(plan, "max_changes") is None  # the plan without the limit gives them more


def test_needs_that_nothing_covers_leave_the_account_as_it_is() -> None:
    plan = _plan([Sku("x", 10, "p", held=1)], [User("p nowhere", "x"), User("nowhere", "")])
    assert (plan.status, _ends(plan)) == (OPTIMAL, [["x"], []])
    assert plan.uncovered.rows() == [("a000", "no_sku"), ("a001", "no_sku")]


def test_a_sku_without_price_is_kept_and_never_given() -> None:
    skus = [Sku("dark", None, "p q", held=5), Sku("x", 10, "p"), Sku("y", 20, "q")]
    plan = _plan(skus, [User("", "dark"), User("p q", "dark x"), User("p q", "")])
    assert _ends(plan) == [["dark"], ["dark"], ["x", "y"]]
    dark = plan.seats.filter(pl.col("sku_id") == "dark")
    assert dark.select("plan_seats", "unit_price_nok").rows() == [(5, None)]


def test_a_free_sku_is_given_at_no_cost() -> None:
    plan = _plan([Sku("free", 0, "p"), Sku("x", 10, "p", held=1)], [User("p", "x")])
    assert (plan.cost_ore, _ends(plan)) == (0, [["free"]])
    assert plan.gap == 0.0


def test_a_unit_with_seats_of_its_own_uses_those_only() -> None:
    skus = [Sku("x", 10, "p", held=5), Sku("x", 10, "p", held=1, pool="u2")]
    plan = _plan(skus, [User("p", "x", "u2", "u2")] * 2 + [User("p", "x", "u3", "u3")])
    rows = plan.seats.select("pool_id", "sku_id", "plan_seats").rows()
    seats = {(pool, sku): count for pool, sku, count in rows}
    assert seats == {("felles", "x"): 1, ("u2", "x"): 2}


def test_a_price_that_changes_is_each_months_own() -> None:
    rising, flat = Sku("rising", [10] * 6 + [40] * 6, "p"), Sku("flat", 24, "p")
    plan = _plan([rising, flat], [User("p", "")])
    assert (plan.cost_ore, _ends(plan)) == (24 * 12 * 100, [["flat"]])


def test_nobody_and_nothing_are_a_plan_too() -> None:
    nothing = _plan([], [])
    assert (nothing.status, nothing.cost_ore, nothing.gap) == (OPTIMAL, 0, 0.0)
    shelf = _plan([Sku("x", 10, "p", held=3, reserve=1)], [])
    assert (shelf.cost_ore, shelf.baseline_ore) == (12_000, 36_000)
    assert _ends(_plan([], [User("", ""), User("", "unheard")])) == [[], ["unheard"]]


def test_a_search_that_is_cut_short_is_not_called_proven() -> None:
    case = Case(
        [Sku(f"s{n}", 10, "p", held=1, reduction=_NEXT_YEAR) for n in range(5)], [User("p", "")]
    )
    assert make_plan(case.problem()).status == OPTIMAL
    assert make_plan(case.problem(), set_limit=2).status == NOT_PROVEN


def test_covers_are_minimal_and_none_is_missing_where_seats_may_be_free() -> None:
    gives = {"a": frozenset("p"), "b": frozenset("q"), "c": frozenset("pq"), "d": frozenset()}
    costs = dict.fromkeys(gives, 10)
    search = Search(gives, {"b": frozenset("d")}, frozenset(), dict.fromkeys(gives, 0), costs)
    assert sorted(map(sorted, search.run(frozenset("pq")))) == [["a", "b", "d"], ["c"]]


@pytest.mark.rule("A08")
def test_no_more_seats_move_than_are_held() -> None:
    keeps, frees, wants = User("p", "x"), User("", "x"), User("p", "", "u2")
    x = Sku("x", 100, "p", held=2, reduction=_NEXT_YEAR)
    plan = _plan([x], [keeps, frees, frees, wants, wants])
    moves = plan.actions.filter(pl.col("action") == "move")
    assert moves["quantity"].to_list() == [1]  # three use two seats today, and one of them stays


def test_all_steps_of_a_cheaper_set_have_the_findings_cause() -> None:
    skus = [Sku("e5", 100, "p q r"), Sku("e3", 20, "p"), Sku("extra", 10, "q")]
    plan = _plan(skus, [User("p q", "e5", findings={"e5": ("above_need", 10)})])
    assert plan.pieces.select("action", "from_sku_id", "to_sku_id", "cause").rows() == [
        ("assign", None, "extra", "above_need"),
        ("downgrade", "e5", "e3", "above_need"),
    ]


def test_the_reduction_date_is_waived_from_the_true_up_on() -> None:
    x = Sku("x", 100, "p", held=3, reduction=_NEXT_YEAR, true_up=_JULY)
    plan = _plan([x], [User("p", "x")])
    assert plan.cost_ore == 360_000
    assert _cost_of(plan, "reduction_date") == Decimal(2 * 6 * 100)


def test_users_are_whole_where_halves_would_be_cheaper() -> None:
    parts = (("a", "1 2"), ("b", "2 3"), ("c", "1 3"))
    skus = [Sku(name, 100, plans, held=1, reduction=_NEXT_YEAR) for name, plans in parts]
    plan = _plan([*skus, Sku("all", 90, "1 2 3")], [User("1 2 3", "")] * 2)
    # halves would use the three seats for one user and a half; whole, one user needs "all"
    assert (plan.status, plan.cost_ore) == (OPTIMAL, (300 + 90) * 1200)
    assert sorted(map(len, _ends(plan))) == [1, 2]


def test_greedy_is_never_below_the_plan() -> None:
    for seed in range(60):
        problem = random_case(seed).problem()
        if problem.max_changes is None:
            catalogue = Catalogue(problem, seat_table(problem))
            cost = make_plan(problem, with_constraints=False).cost_ore
            assert greedy_cost(catalogue, classes_of(problem), None) >= cost


_WAIVED: dict[str, dict[str, Any]] = {
    "floor": {"floor": 0},
    "reserve": {"reserve": 0},
    "transferability": {"transferable": True},
}


def test_a_constraint_costs_what_the_minimum_without_it_saves() -> None:
    compared = 0
    for seed in range(300, 325):
        case = random_case(seed)
        plan = make_plan(case.problem())
        for kind, pool, sku, cost, is_binding in plan.constraints.rows():
            assert cost is None or cost >= 0
            assert is_binding == (cost != 0)
            if kind in _WAIVED and cost:
                skus = [
                    replace(s, **_WAIVED[kind]) if (s.pool, s.name) == (pool, sku) else s
                    for s in case.skus
                ]
                without, _ = minimum(replace(case, skus=skus))
                assert plan.cost_ore - without == cost * 100, (seed, kind, pool, sku)
                compared += 1
    assert compared >= 15


def _broken(problem: Problem, **frames: pl.DataFrame) -> Problem:
    changed = problem.with_frames(**frames).frames
    return problem_of(changed, first_month=date(2026, 1, 1), horizon=12)


def test_frames_that_break_their_promise_are_refused() -> None:
    problem = Case([Sku("x", 10, "p")], [User("p", "x")]).problem()
    frames = problem.frames
    seats = pl.lit(-1, pl.Int64).alias("held")
    broken: list[tuple[str, dict[str, pl.DataFrame]]] = [
        ("missing columns", {"users": frames.users.drop("unit_id")}),
        ("same", {"users": pl.concat([frames.users, frames.users])}),
        ("null", {"present": frames.present.with_columns(sku_id=pl.lit(None, pl.String))}),
        ("negative number", {"skus": frames.skus.with_columns(seats)}),
        ("negative price", {"prices": frames.prices.with_columns(pl.col("unit_price_nok") * -1)}),
        ("whole øre", {"prices": frames.prices.with_columns(unit_price_nok=pl.lit(0.125))}),
    ]
    for text, changed in broken:
        with pytest.raises(ProblemError, match=text):
            _broken(problem, **changed)
    with pytest.raises(ProblemError, match="0 months"):
        problem_of(frames, first_month=date(2026, 1, 1), horizon=0)
    assert empty_frame("needs").columns == ["account_key", "plan_id", "need_kind"]
