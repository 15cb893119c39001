"""The licence plan for 60 000 users and 40 SKUs, against a greedy plan on the same candidates.

An invented municipality: Microsoft's suites with bundles and add-ons, other publishers, 60 units,
one of them with its own seats; floors, reduction and true-up dates, prices that change, a reserve
and products that can't be transferred.
"""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from pipelines.licences.candidates import Catalogue
from pipelines.licences.classes import classes_of
from pipelines.licences.greedy import greedy_cost
from pipelines.licences.problem import Frames, Problem, empty_frame, problem_of
from pipelines.licences.seats import seat_table
from pipelines.licences.solve import solve

USERS = 60_000
UNITS = 60
SECONDS = 60.0
_FIRST = date(2026, 1, 1)
_HORIZON = 12
_CHANGES = 25_000

_BASIC = "exchange_std sharepoint_std teams yammer office_web onedrive_std"
_FULL = f"{_BASIC} exchange_ent sharepoint_ent onedrive_ent office_apps"
_SAFE = "intune aad_p1 aip_p1"
_MORE = f"{_SAFE} aad_p2 aip_p2 cloud_apps identity"
_KIOSK = "exchange_kiosk sharepoint_std teams yammer office_web onedrive_kiosk"
# SKU: price in NOK a month, plans, prerequisites
_SKUS: dict[str, tuple[int, str, str]] = {
    "e1": (84, _BASIC, ""),
    "e3": (238, _FULL, ""),
    "e5": (392, f"{_FULL} phone audio bi defender1 defender2", ""),
    "o365_f3": (42, _KIOSK, ""),
    "m365_f1": (24, f"teams sharepoint_std yammer {_SAFE}", ""),
    "m365_f3": (86, f"{_KIOSK} {_SAFE}", ""),
    "m365_e3": (372, f"{_FULL} {_SAFE} windows", ""),
    "m365_e5": (590, f"{_FULL} {_MORE} windows phone audio bi defender1 defender2 purview", ""),
    "ems_e3": (94, _SAFE, ""),
    "ems_e5": (152, _MORE, ""),
    "exchange_p1": (42, "exchange_std", ""),
    "exchange_p2": (84, "exchange_std exchange_ent", ""),
    "sharepoint_p1": (52, "sharepoint_std onedrive_std", ""),
    "sharepoint_p2": (104, "sharepoint_std sharepoint_ent onedrive_std onedrive_ent", ""),
    "apps": (124, "office_apps office_web onedrive_std onedrive_ent", ""),
    "intune": (78, "intune", ""),
    "entra_p1": (62, "aad_p1", ""),
    "entra_p2": (92, "aad_p1 aad_p2", ""),
    "defender_p1": (20, "defender1", ""),
    "defender_p2": (52, "defender1 defender2", ""),
    "security": (122, "aad_p2 cloud_apps identity defender1 defender2", "m365_e3;ems_e3;ems_e5"),
    "purview": (122, "purview aip_p2", "m365_e3;e3;e5"),
    "phone": (82, "phone", "e1;e3;m365_e3;m365_f3;o365_f3"),
    "audio": (0, "audio", ""),
    "bi_pro": (104, "bi", ""),
    "bi_premium": (206, "bi bi_premium", ""),
    "visio1": (52, "visio_web", ""),
    "visio2": (154, "visio_web visio", ""),
    "project1": (104, "project_web", ""),
    "project3": (308, "project_web project", ""),
    "project5": (566, "project_web project portfolio", ""),
    "copilot": (312, "copilot", "e3;e5;m365_e3;m365_e5"),
    "power_apps": (206, "apps_premium", ""),
    "acrobat": (158, "acrobat", ""),
    "photoshop": (262, "photoshop", ""),
    "creative": (612, "acrobat photoshop indesign", ""),
    "gis_view": (95, "gis_view", ""),
    "gis_edit": (640, "gis_view gis_edit", ""),
    "case_basic": (120, "case_read", ""),
    "case_full": (310, "case_read case_write", ""),
}
_PROFILES = (  # share, has today, uses
    (0.34, "e1 ems_e3", "exchange_std teams"),
    (0.16, "e3 ems_e3", "exchange_std office_apps teams"),
    (0.10, "m365_e3", "office_apps sharepoint_std"),
    (0.10, "m365_e5", "exchange_ent office_apps bi"),
    (0.06, "e5 ems_e5", "exchange_std phone"),
    (0.14, "m365_f3", "teams exchange_kiosk"),
    (0.10, "e1", "exchange_std"),
)
_STANDARD = f"{_BASIC} {_SAFE}".split()
_OTHERS = [sku for sku in list(_SKUS)[18:] if sku not in ("security", "purview", "phone", "audio")]


def _has_given(skus: list[str]) -> list[str]:
    return sorted({plan for sku in skus for plan in _SKUS[sku][1].split()})


def _user(rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return what an invented user has and needs."""
    shares = np.array([share for share, _, _ in _PROFILES])
    _, has, uses = _PROFILES[int(rng.choice(len(_PROFILES), p=shares / shares.sum()))]
    skus, extra = (
        has.split(),
        rng.choice(_OTHERS, size=int(rng.choice(4, p=[0.7, 0.2, 0.07, 0.03]))),
    )
    skus = sorted({*skus, *extra.tolist()})
    kind = rng.random()
    if kind < 0.08:
        return skus, []
    if kind < 0.13:
        return skus, _has_given(skus)
    needs = {plan for plan in uses.split() if rng.random() < 0.85}
    needs |= {"exchange_kiosk"} & set(_has_given(skus))
    needs |= {p for sku in extra.tolist() for p in _SKUS[sku][1].split() if rng.random() < 0.6}
    if has != "m365_f3":
        needs |= set(_STANDARD)
    return skus, sorted(needs - {"exchange_kiosk"} if has != "m365_f3" else needs)


def _terms(rng: np.random.Generator, today: dict[str, int]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, (sku, (_, _, requires)) in enumerate(_SKUS.items()):
        used = today.get(sku, 0)
        rows.append(
            {
                "pool_id": "felles",
                "sku_id": sku,
                "held": int(used * (0.97 + 0.12 * rng.random())),
                "reserve": used // 200,
                "floor": int(used * 0.85) if number % 3 == 0 else 0,
                "floor_until": date(2026, 9, 30) if number % 2 else None,
                "reduction_date": date(2026, 2 + number % 7, 1) if number % 5 else None,
                "true_up_date": date(2026, 4, 1) if number % 4 == 0 else None,
                "is_transferable": number % 6 != 5,
                "requires": requires,
                "is_standard": sku in ("e1", "ems_e3"),
            }
        )
    own = [row | {"pool_id": "unit07", "held": row["held"] // 50, "floor": 0} for row in rows[:10]]
    return pl.DataFrame([*rows, *own], infer_schema_length=None)


def demo(users: int = USERS, seed: int = 5) -> Problem:
    """Return the invented municipality."""
    rng = np.random.default_rng(seed)
    keys = [f"a{number:06}" for number in range(users)]
    pairs = [_user(rng) for _ in keys]
    units = [f"unit{number:02}" for number in rng.integers(0, UNITS, size=users)]
    frame = pl.DataFrame({"account_key": keys, "unit_id": units, "pool_id": units})
    frame = frame.with_columns(activity_rank=pl.Series(rng.integers(1, 6, size=users)))
    present = frame.with_columns(sku_id=pl.Series([has for has, _ in pairs])).explode("sku_id")
    needs = frame.with_columns(
        plan_id=pl.Series([need for _, need in pairs], dtype=pl.List(pl.String)),
        need_kind=pl.lit("used"),
    ).explode("plan_id", empty_as_null=False)
    prices = [
        (sku, date(2026, month, 1), Decimal(price) + (Decimal("1.50") if month > 6 else 0))
        for sku, (price, _, _) in _SKUS.items()
        for month in range(1, _HORIZON + 1)
    ]
    frames = Frames(
        users=frame,
        needs=needs.select("account_key", "plan_id", "need_kind"),
        present=present.select("account_key", "sku_id"),
        findings=empty_frame("findings"),
        skus=_terms(rng, dict(present.group_by("sku_id").len().iter_rows())),
        prices=pl.DataFrame(
            prices,
            schema={"sku_id": pl.String, "month": pl.Date, "unit_price_nok": pl.Decimal(18, 2)},
            orient="row",
        ),
        sku_plans=pl.DataFrame(
            [(sku, plan) for sku in _SKUS for plan in _has_given([sku])],
            schema=["sku_id", "plan_id"],
            orient="row",
        ),
    )
    return problem_of(frames, first_month=_FIRST, horizon=_HORIZON, max_changes=_CHANGES)


def measured(problem: Problem) -> list[dict[str, Any]]:
    """Return the measures: seconds, gap, and the greedy plan's cost against the plan's."""
    begun = time.perf_counter()
    catalogue = Catalogue(problem, seat_table(problem))
    classes = classes_of(problem)
    found = solve(catalogue, classes, problem.max_changes, SECONDS * 3)
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    greedy = greedy_cost(catalogue, classes, problem.max_changes)
    greedy_seconds = time.perf_counter() - begun
    size = f"{problem.frames.users.height:,} users, {len(_SKUS)} SKUs, {len(classes):,} classes"
    gap = (found.cost - found.bound) / found.cost * 100
    proof = "proven" if found.is_proven else "NOT PROVEN"
    return [
        {
            "name": "licences: seconds to the proven plan",
            "value": seconds,
            "detail": f"{size}, {len(found.columns.sets):,} candidates, {proof}",
            "at_most": SECONDS,
        },
        {
            "name": "licences: optimality gap, per cent",
            "value": gap,
            "detail": f"{found.cost / 100:,.2f} NOK, {found.changes:,} changes",
            "at_most": 0.01,
        },
        {
            "name": "licences: greedy plan's cost / the plan's",
            "value": greedy / found.cost,
            "detail": f"{greedy / 100:,.2f} NOK in {greedy_seconds:,.1f} s",
            "at_least": 1.0,
        },
    ]


def main() -> None:
    """Print the measures as JSON."""
    print(json.dumps(measured(demo())))


if __name__ == "__main__":
    main()
