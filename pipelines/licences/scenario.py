"""What if: a TOML file that changes prices, terms, the standard, the horizon or the limit.

    horizon_months = 24              # later months get each SKU's last known price
    max_changes = 500                # 0 is no limit, as in the settings
    standard = ["E3", "EMS"]         # instead of today's standard, for all who need it

    [sku.E3]                         # the tenant's code, Microsoft's GUID or the register's code
    unit_price_nok = 251.50          # every month of the horizon
    held = 900
    floor = 100                      # floor_until, reduction_date, true_up_date are dates,
    floor_until = 2027-06-30         # or "" for none
    reserve = 20
    is_transferable = false

Terms change in every pool that has the SKU. What the file does not name stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import SamkjopError
from pipelines.licences.problem import Problem

_COUNTS = ("held", "floor", "reserve")
_DATES = ("floor_until", "reduction_date", "true_up_date")
_TERMS = (*_COUNTS, *_DATES, "is_transferable", "unit_price_nok")
_NAMES = ("horizon_months", "max_changes", "standard", "sku")
_MAX_HORIZON = 120


class ScenarioError(SamkjopError):
    """The scenario file can't be used."""

    exit_status = 2


@dataclass(frozen=True)
class Scenario:
    """What the file changes; None and empty = as it is. `source` is the file's name in errors."""

    source: str
    horizon: int | None = None
    max_changes: int | None = None
    standard: tuple[str, ...] | None = None
    terms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; raise `ScenarioError` where it can't be used."""
    if not path.is_file():
        raise ScenarioError(
            f"{path}: forventet en TOML-fil, fant ingen; rett stien. «samkjop licences plan "
            "--help» viser et eksempel."
        )
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"{path}: filen skal være en lesbar tekst i UTF-8, men kan ikke leses; rett stien "
            "eller lagre filen på nytt."
        ) from error
    return scenario_of(text, str(path))


def scenario_of(text: str, source: str) -> Scenario:
    """Return the scenario in a text; raise `ScenarioError` where it can't be used."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(
            f"{source}: {_line(error)}filen skal være TOML, linjer som «horizon_months = 24», men "
            "kan ikke leses som det; rett linjen."
        ) from error
    _check_names(source, "", values, _NAMES)
    skus = values.get("sku", {})
    if not isinstance(skus, dict) or not all(isinstance(terms, dict) for terms in skus.values()):
        _wrong(source, "sku", "tabeller som [sku.E3]", skus)
    for name, terms in skus.items():
        _check_names(source, f"sku.{name}.", terms, _TERMS)
    horizon, changes = values.get("horizon_months"), values.get("max_changes")
    return Scenario(
        source,
        None if horizon is None else _whole(source, "horizon_months", horizon, 1, _MAX_HORIZON),
        None if changes is None else _whole(source, "max_changes", changes, 0),
        _standard(source, values.get("standard")),
        {name: _terms(source, name, terms) for name, terms in skus.items()},
    )


def _line(error: tomllib.TOMLDecodeError) -> str:
    """Return the place that the parser names, in Norwegian; empty where it names none."""
    found = re.search(r"line (\d+)", str(error))
    return f"linje {found[1]}: " if found else ""


def _check_names(
    source: str, prefix: str, values: Mapping[str, Any], allowed: tuple[str, ...]
) -> None:
    for name in values:
        if name not in allowed:
            raise ScenarioError(
                f"{source}: «{prefix}{name}» er ikke kjent; bruk en av {', '.join(allowed)}."
            )


def _wrong(source: str, name: str, expected: str, value: object) -> None:
    shown = str(value) if isinstance(value, Decimal) else repr(value)
    raise ScenarioError(f"{source}: «{name}» skal være {expected}, men er {shown}; rett verdien.")


def _whole(source: str, name: str, value: object, least: int, most: int | None = None) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or int(str(value)) < least or (most is not None and int(str(value)) > most):
        limit = f"minst {least}" if most is None else f"fra {least} til {most}"
        _wrong(source, name, f"et helt tall, {limit}", value)
    return int(str(value))


def _standard(source: str, value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        _wrong(source, "standard", "en liste med produkter", value)
        return None
    return tuple(value)


def _terms(source: str, sku: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms of one SKU, typed; a date that is cleared becomes None."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        place = f"sku.{sku}.{name}"
        if name in _COUNTS:
            found[name] = _whole(source, place, value, 0)
        elif name in _DATES:
            if value != "" and (not isinstance(value, date) or isinstance(value, datetime)):
                _wrong(source, place, 'en dato som 2027-01-31, eller ""', value)
            found[name] = value or None
        elif name == "is_transferable":
            if not isinstance(value, bool):
                _wrong(source, place, "true eller false", value)
            found[name] = value
        else:
            found[name] = _price(source, place, value)
    return found


def _price(source: str, place: str, value: object) -> Decimal:
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    price = Decimal(str(value)) if is_number else Decimal(-1)
    if not price.is_finite() or price < 0 or price != round(price, 2) or price > 10**9:
        _wrong(source, place, "kroner og hele øre, minst 0", value)
    return round(price, 2)


def apply_scenario(
    problem: Problem, scenario: Scenario, names: Mapping[str, str] | None = None
) -> Problem:
    """Return the problem as the scenario wants it.

    `names` resolves what the file calls a SKU, in lower case, to sku_id; sku_id itself always
    works. Raises `ScenarioError` for a SKU that the municipality has no terms for.
    """
    known = {sku.lower(): sku for sku in problem.frames.skus["sku_id"].to_list()}
    known = {
        name.lower(): sku for name, sku in (names or {}).items() if sku in known.values()
    } | known
    if scenario.horizon is not None:
        problem = _longer(problem, scenario.horizon)
    if scenario.max_changes is not None:
        problem = replace(problem, max_changes=scenario.max_changes or None)
    for name, terms in scenario.terms.items():
        problem = _changed(problem, _known(scenario, known, f"sku.{name}", name), terms)
    if scenario.standard is not None:
        skus = [_known(scenario, known, "standard", name) for name in scenario.standard]
        problem = _other_standard(problem, skus)
    return problem


def _known(scenario: Scenario, known: Mapping[str, str], place: str, name: str) -> str:
    found = known.get(name.strip().lower())
    if found is None:
        raise ScenarioError(
            f"{scenario.source}: «{place}» skal nevne et produkt som kommunen har vilkår for, men "
            f"«{name}» finnes ikke; bruk GUID-en eller koden i lisensvilkårene."
        )
    return found


def _longer(problem: Problem, horizon: int) -> Problem:
    """Return the problem with another horizon; later months get the SKU's last known price."""
    longer = replace(problem, horizon=horizon)
    prices = problem.frames.prices.filter(pl.col("month").is_in(problem.months))
    last = prices.sort("sku_id", "month").group_by("sku_id", maintain_order=True).last()
    at_end = last.filter(pl.col("month") == problem.months[-1]).drop("month")
    later = [month for month in longer.months if month not in problem.months]
    added = at_end.join(pl.DataFrame({"month": later}, schema={"month": pl.Date}), how="cross")
    every = pl.concat([prices, added.select(prices.columns)]).sort("sku_id", "month")
    return longer.with_frames(prices=every)


def _changed(problem: Problem, sku: str, terms: Mapping[str, Any]) -> Problem:
    """Return the problem with other terms of one SKU in every pool."""
    skus = problem.frames.skus
    here = pl.col("sku_id") == sku
    skus = skus.with_columns(
        pl.when(here).then(pl.lit(value, skus.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in terms.items()
        if name != "unit_price_nok"
    )
    prices = problem.frames.prices
    if "unit_price_nok" in terms:
        price = pl.lit(terms["unit_price_nok"], prices.schema["unit_price_nok"])
        own = pl.DataFrame({"month": problem.months}, schema={"month": pl.Date}).with_columns(
            sku_id=pl.lit(sku), unit_price_nok=price
        )
        others = prices.filter(pl.col("sku_id") != sku)
        prices = pl.concat([others, own.select(prices.columns)]).sort("sku_id", "month")
    return problem.with_frames(skus=skus, prices=prices)


def _other_standard(problem: Problem, skus: list[str]) -> Problem:
    """Return the problem where those who need the standard need what these SKUs give instead."""
    needs, plans = problem.frames.needs, problem.frames.sku_plans
    is_standard = pl.col("need_kind") == "standard"
    accounts = needs.filter(is_standard).select("account_key").unique()
    bare = [sku for sku in skus if sku not in set(plans["sku_id"])]
    given = plans.filter(pl.col("sku_id").is_in(skus))["plan_id"].to_list()
    wanted = pl.DataFrame({"plan_id": sorted({*given, *bare})}, schema={"plan_id": pl.String})
    added = accounts.join(wanted, how="cross").with_columns(need_kind=pl.lit("standard"))
    every = pl.concat([needs.filter(~is_standard), added.select(needs.columns)])
    marked = pl.col("sku_id").is_in(skus).alias("is_standard")
    return problem.with_frames(
        needs=every.sort("account_key", "plan_id", "need_kind"),
        skus=problem.frames.skus.with_columns(marked),
    )
