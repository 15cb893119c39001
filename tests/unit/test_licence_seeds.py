"""The seeds of licences hold together: hierarchy of service plans, needs, findings, limits."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.rule("A07")
def test_the_hierarchy_is_closed_and_no_plan_is_above_itself() -> None:
    pairs = {(row["higher_plan"], row["lower_plan"]) for row in _seed("service_plan_hierarchy")}
    implied = {(a, d) for a, b in pairs for c, d in pairs if b == c}
    assert implied <= pairs
    assert not any(a == b for a, b in pairs)
    assert {
        ("EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_DESKLESS"),
        ("SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD"),
        ("AAD_PREMIUM_P2", "AAD_PREMIUM"),
    } <= pairs


@pytest.mark.rule("A08")
def test_every_need_has_one_plan_that_is_measured_by_its_service() -> None:
    measured = {(row["service_plan_name"], row["service"]) for row in _seed("service_plan_service")}
    needs = _seed("service_need")
    assert len({(row["service"], row["storage"], row["valid_from"]) for row in needs}) == len(needs)
    assert {(row["service_plan_name"], row["service"]) for row in needs} <= measured
    plans = {(row["service"], row["storage"]): row["service_plan_name"] for row in needs}
    assert plans["exchange", "under_50gb"] == "EXCHANGE_S_STANDARD"
    assert plans["exchange", "under_1tb"] == "EXCHANGE_S_ENTERPRISE"
    assert plans["onedrive", "unknown"] == "SHAREPOINTSTANDARD"


@pytest.mark.rule("A07", "A08", "B07", "B07x", "B08", "B08e", "B09")
def test_findings_stand_in_the_order_in_which_cost_counts() -> None:
    rows = sorted(_seed("licence_finding"), key=lambda row: int(row["finding_order"]))
    assert [row["finding"] for row in rows] == [
        *("disabled_over_60", "disabled", "never_used", "inactive", "direct_and_group"),
        *("contained_plan", "several_accounts", "external", "no_employment", "above_need"),
        *("beyond_standard", "free_addon"),
    ]


@pytest.mark.rule("B06", "B09")
def test_limits_are_dated_without_overlap() -> None:
    rows = sorted(_seed("licence_rule"), key=lambda row: (row["rule"], row["valid_from"]))
    assert {row["rule"] for row in rows} == {
        *("deactivated_days", "employment_end_days", "usage_report_days")
    }
    assert [row["value"] for row in rows if row["rule"] == "deactivated_days"][-1] == "60"
    for first, second in itertools.pairwise(rows):
        if first["rule"] == second["rule"]:
            last = dt.date.fromisoformat(first["valid_to"])
            assert last < dt.date.fromisoformat(second["valid_from"])
    standard = {row["sku_part_number"] for row in _seed("licence_standard_default")}
    assert standard == {"STANDARDPACK", "EMS"}
