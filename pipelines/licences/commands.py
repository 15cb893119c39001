"""What `samkjop licences` does and says, in Norwegian: the lines to print and the exit status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.licences.lists import PlanLists, check_file, write_lists
from pipelines.licences.names import join_names
from pipelines.licences.published import (
    published_causes,
    published_input,
    published_plan,
    sku_codes,
)
from pipelines.licences.scenario import apply_scenario, read_scenario
from pipelines.licences.tables import planned
from pipelines.licences.words import CAUSES, INTERNAL, STATUSES, word
from pipelines.reporting.formats import day, nok, number, percent
from pipelines.settings import Settings

_PLAN, _SCENARIO = "planen", "scenarioet"


def plan(settings: Settings, scenario: Path | None, out: Path | None) -> tuple[list[str], int]:
    """Show the current plan, beside the scenario's where one is given; write its lists to `out`.

    Raises UsageError where nothing is published or `out` can't be written, ScenarioError.
    """
    if out is not None:
        check_file(out)
    shown = published_plan(settings)
    lines = [f"Lisensplan for lisensene {day(shown.summary['as_of_date'])}", ""]
    if scenario is None:
        lines += _table([(_PLAN, shown.summary)])
        causes = published_causes(settings)
    else:
        tables = _solved(settings, scenario)
        before, shown = shown.summary, _lists_of(shown, tables)
        lines += _table([(_PLAN, before), (_SCENARIO, shown.summary)])
        causes = tables["licence_plan_cause"].sort("cause_order", "cause")
    lines += ["", *_causes(causes)]
    if out is not None:
        lines += ["", *_written(out, shown)]
    return lines, 0


def list_(settings: Settings, out: Path) -> tuple[list[str], int]:
    """Write the lists of the current plan; raises UsageError."""
    check_file(out)
    return _written(out, published_plan(settings)), 0


def names(settings: Settings, source: Path, target: Path) -> tuple[list[str], int]:
    """Write a copy of a list with names; raises UsageError as `names.join_names` does."""
    joined = join_names(settings, source, target)
    lines = [
        f"{name}: kan ikke leses fra arkivet, så navn som bare står der, mangler"
        for name in joined.unread
    ]
    lines += [
        f"skrevet: {target}, {number(joined.rows)} rader. Fant {number(joined.found)} kontoer, "
        f"fant ikke {number(joined.not_found)}.",
        "Filen har navn: bare du kan lese den. Slett den når den er brukt. Bruken er logget i "
        "logg/innsyn.jsonl.",
    ]
    return lines, 0


def _solved(settings: Settings, scenario: Path) -> dict[str, pl.DataFrame]:
    wanted = read_scenario(scenario)
    given = published_input(settings)
    problem = apply_scenario(given.problem, wanted, sku_codes(settings))
    return planned(replace(given, problem=problem), with_constraints=False)


def _lists_of(shown: PlanLists, tables: Mapping[str, pl.DataFrame]) -> PlanLists:
    return replace(
        shown,
        accounts=tables["licence_plan_account"],
        actions=tables["licence_plan_action"],
        summary=tables["licence_plan_summary"].row(0, named=True),
    )


def _written(out: Path, shown: PlanLists) -> list[str]:
    accounts, seats = write_lists(out, shown)
    return [
        f"skrevet: {out}, {number(accounts)} kontoer og {number(seats)} tiltak på plasser",
        INTERNAL,
    ]


def _table(plans: list[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Return the plans side by side, one figure a line."""
    rows = [("", [name for name, _ in plans])]
    rows += [(name, [figure(plan) for _, plan in plans]) for name, figure in _FIGURES]
    first = max(len(name) for name, _ in rows)
    width = max(len(cell) for _, cells in rows for cell in cells)
    padded = [[name.ljust(first), *(cell.rjust(width) for cell in cells)] for name, cells in rows]
    return ["  ".join(cells) for cells in padded]


def _saving(plan: Mapping[str, Any]) -> str:
    return nok(plan["baseline_nok"] - plan["plan_nok"])


_FIGURES = (
    ("Måneder", lambda plan: number(plan["horizon_months"])),
    ("Kontoer med i planen", lambda plan: number(plan["account_count"])),
    ("Kontoer som endres", lambda plan: number(plan["changed_count"])),
    ("Uten endringer", lambda plan: nok(plan["baseline_nok"])),
    ("Med planen", lambda plan: nok(plan["plan_nok"])),
    ("Spart", _saving),
    ("Enkel plan uten optimering", lambda plan: nok(plan["greedy_nok"])),
    ("Planen er", lambda plan: word(STATUSES, plan["status"])),
    ("Avstand til nedre grense", lambda plan: percent(plan["gap_share"], 3)),
    ("Kontoer som mangler noe", lambda plan: number(plan["uncovered_count"])),
    ("Produkter uten pris", lambda plan: number(plan["unpriced_sku_count"])),
)


def _causes(causes: pl.DataFrame) -> list[str]:
    """Return a line per cause that changes or saves anything."""
    rows = [
        (word(CAUSES, cause), number(count), nok(saving))
        for cause, count, saving in causes.select(
            "cause", "changed_count", "horizon_saving_nok"
        ).iter_rows()
        if count or saving
    ]
    if not rows:
        return ["Ingenting å spare."]
    rows = [("Årsak", "kontoer", "spart"), *rows]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    return [
        f"{name.ljust(widths[0])}  {count.rjust(widths[1])}  {saving.rjust(widths[2])}"
        for name, count, saving in rows
    ]
