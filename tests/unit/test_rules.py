"""The rules page finds what bears a rule's ID, wherever it stands."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipelines.dbt_manifest import manifest_path
from pipelines.reporting.rules import Rule, rules

# The kinds whose rules have a model and a test each (the others are not computed yet).
KINDS = (
    *("loyalty", "zone", "spend", "contract", "threshold", "ehandel", "saving", "register"),
    *("coop", "report", "social", "env", "control", "licence", "cost"),
)
ALONE = {"A05", "A06", "A13", "A14", "B02", "B12", "D09"}  # of kinds not all computed yet


@pytest.fixture(scope="module")
def found() -> list[Rule]:
    return rules(json.loads(manifest_path().read_text("utf-8")))


def test_no_rule_is_without_a_model(found: list[Rule]) -> None:
    assert [rule.rule_id for rule in found if not rule.models] == []


def test_no_rule_is_without_a_test(found: list[Rule]) -> None:
    assert [rule.rule_id for rule in found if not rule.tests] == []


def test_every_rule_of_these_kinds_is_there(found: list[Rule], shared_data: Path) -> None:
    with (shared_data.parent / "domain" / "requirements.csv").open(encoding="utf-8") as handle:
        wanted = {row["rule_id"]: row["kind"] for row in csv.DictReader(handle)}
    assert {rule.rule_id: rule.kind for rule in found} == {
        rule_id: kind for rule_id, kind in wanted.items() if kind in KINDS or rule_id in ALONE
    }


def test_ids_are_read_from_names_markers_and_modules(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(
        "import pytest\n"
        "pytestmark = [pytest.mark.slow, pytest.mark.rule('A15')]\n"
        "@pytest.mark.rule('E07', 'E12')\n"
        "def test_one(): ...\n"
        "def test_d03_two(): ...\n"
        "def helper_e16(): ...\n",
        encoding="utf-8",
    )
    manifest = {
        "nodes": {
            "m": {
                "resource_type": "model",
                "name": "mart_x",
                "description": "Én rad per x (E07, UE08).",
                "config": {"meta": {"rules": ["E12"]}},
            }
        },
        "unit_tests": {"u": {"name": "E16_says_so"}},
    }
    by_id = {rule.rule_id: rule for rule in rules(manifest, tmp_path)}
    assert by_id["E07"].models == {"mart_x"} == by_id["E12"].models
    assert by_id["E08"].models == set()
    assert by_id["E07"].tests == {"test_x.test_one"} == by_id["E12"].tests
    assert by_id["D03"].tests == {"test_x.test_d03_two"}
    assert by_id["E16"].tests == {"E16_says_so"}
    assert by_id["A15"].tests == {"test_x.test_one", "test_x.test_d03_two"}
