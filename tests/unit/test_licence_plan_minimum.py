"""The plan's cost is the true minimum: 300 random problems solved a second time by trying all."""

from __future__ import annotations

import pytest

from pipelines.licences.plan import OPTIMAL, make_plan
from tests.unit.licence_problems import minimum, random_case

_BATCHES = 10
_PER_BATCH = 30


@pytest.mark.parametrize("batch", range(_BATCHES))
def test_the_plan_costs_the_true_minimum(batch: int) -> None:
    for seed in range(batch * _PER_BATCH, (batch + 1) * _PER_BATCH):
        case = random_case(seed)
        plan = make_plan(case.problem(), with_constraints=False)
        cost, changes = minimum(case)
        assert (seed, plan.cost_ore, plan.changes) == (seed, cost, changes)
        assert (plan.status, plan.gap) == (OPTIMAL, 0.0)
