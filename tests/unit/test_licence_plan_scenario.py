"""What-if files: what they change, and one Norwegian sentence for what they get wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.licences.plan import make_plan
from pipelines.licences.scenario import (
    ScenarioError,
    apply_scenario,
    read_scenario,
    scenario_of,
)
from tests.unit.licence_problems import Case, Sku, User

_CASE = Case(
    [
        Sku("guid-e1", 84, "p", held=3, floor=1),
        Sku("guid-ems", 94, "q", held=2, pool="felles"),
        Sku("guid-e3", [200] * 11 + [210], "p q r", held=1),
    ],
    [User("p q", "guid-e1 guid-ems", kinds="standard"), User("r", "guid-e3")],
)
_NAMES = {"Standard E1": "guid-e1", "E3": "guid-e3"}


def _cost(text: str) -> Decimal:
    problem = apply_scenario(_CASE.problem(), scenario_of(text, "hva.toml"), _NAMES)
    return Decimal(make_plan(problem, with_constraints=False).cost_ore) / 100


def test_an_empty_scenario_changes_nothing() -> None:
    assert _cost("") == (84 + 94) * 12 + 200 * 11 + 210


def test_prices_and_terms_of_a_named_sku_change() -> None:
    e1 = "[sku.'standard e1']\n"
    rest = 94 * 12 + 200 * 11 + 210
    assert _cost(e1 + "unit_price_nok = 90.50") == Decimal("90.50") * 12 + rest
    assert _cost(e1 + "floor = 3\nfloor_until = 2026-06-30") == 84 * (3 * 6 + 6) + rest
    assert _cost(e1 + "reserve = 1") == 84 * 24 + rest
    assert _cost(e1 + "reduction_date = 2026-03-01\nheld = 5") == 84 * (5 * 2 + 10) + rest
    changed = apply_scenario(
        _CASE.problem(),
        scenario_of("[sku.GUID-E1]\nis_transferable = false\nfloor_until = ''", "x"),
    )
    assert changed.frames.skus["is_transferable"].to_list() == [False, True, True]


def test_a_longer_horizon_has_the_last_known_price() -> None:
    assert _cost("horizon_months = 14") == (84 + 94) * 14 + 200 * 11 + 210 * 3
    assert _cost("horizon_months = 2") == (84 + 94) * 2 + 200 * 2


def test_another_standard_is_given_to_those_who_had_the_old() -> None:
    assert _cost('standard = ["standard e1"]') == 84 * 12 + 200 * 11 + 210
    assert _cost('standard = ["E3"]') == (200 * 11 + 210) * 2 + 84 * 12  # the floor of e1


def test_no_limit_is_zero() -> None:
    problem = apply_scenario(_CASE.problem(), scenario_of("max_changes = 7", "x"))
    assert problem.max_changes == 7
    assert apply_scenario(problem, scenario_of("max_changes = 0", "x")).max_changes is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("horisont = 3", "«horisont» er ikke kjent"),
        ("horizon_months = 0", "fra 1 til 120"),
        ("horizon_months = 12.5", "et helt tall"),
        ("max_changes = true", "et helt tall, minst 0, men er True"),
        ("max_changes = -1", "et helt tall, minst 0, men er -1"),
        ('standard = "E3"', "en liste med produkter"),
        ("sku = 3", "tabeller som"),
        ("[sku.E3]\npris = 3", "«sku.E3.pris» er ikke kjent"),
        ("[sku.E3]\nunit_price_nok = 1.234", "kroner og hele øre"),
        ("[sku.E3]\nunit_price_nok = -1", "kroner og hele øre"),
        ("[sku.E3]\nunit_price_nok = nan", "kroner og hele øre"),
        ("[sku.E3]\nfloor_until = 2026", "en dato"),
        ("[sku.E3]\nis_transferable = 'nei'", "true eller false"),
        ("[sku.E3\n", "TOML"),
    ],
)
def test_a_faulty_file_is_one_norwegian_sentence(text: str, found: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario_of(text, "hva.toml")
    sentence = str(error.value)
    assert sentence.startswith("hva.toml: ") and found in sentence
    assert sentence.endswith(".") and "\n" not in sentence and error.value.exit_status == 2


def test_a_sku_without_terms_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hva.toml"
    path.write_text('standard = ["E7"]', "utf-8")
    with pytest.raises(ScenarioError, match="«E7» finnes ikke"):
        apply_scenario(_CASE.problem(), read_scenario(path))
    with pytest.raises(ScenarioError, match="fant ingen"):
        read_scenario(tmp_path / "ingen.toml")
    assert _CASE.problem().first_month == date(2026, 1, 1)
