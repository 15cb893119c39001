"""docs/rules.md: each rule, the models that compute it and what tests it.

The rules' words stand in `rules.yaml`. A model names its rules in `config.meta.rules` or in its
description; a dbt unit test in its name; a Python test by its name or by the marker `rule`; a
check of the gate by its `rule_id`.
"""

from __future__ import annotations

import ast
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from data_quality.suites import SUITES
from pipelines.dbt_manifest import PROJECT_ROOT
from pipelines.reporting import markdown

PAGE = "rules.md"
_ID = re.compile(r"(?<![A-Za-z0-9])([A-E]\d\d[a-z]?)(?![A-Za-z0-9])")

_INTRODUCTION = """# Regler

Laget av `make docs`; rett ordene i `pipelines/reporting/rules.yaml`, og resten der det står.

En regel har ID-en fra kilden den er lest ut av. For hver står modellene som regner den ut, og
prøvene som holder den: enhetsprøver i dbt, prøver i `tests/` og kontroller i kvalitetsporten.
"""


@dataclass(frozen=True)
class Rule:
    """A rule in our own words, what computes it and what tests it."""

    rule_id: str
    kind: str
    text: str
    models: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)


def rules(manifest: Mapping[str, Any], tests: Path = PROJECT_ROOT / "tests") -> list[Rule]:
    """Return the rules with the models, tests and checks that bear their IDs."""
    models, unit_tests = _models(manifest), _unit_tests(manifest)
    functions, checks = _functions(tests), _checks()
    return [
        Rule(
            rule_id,
            kind,
            text,
            models[rule_id],
            unit_tests[rule_id] | functions[rule_id],
            checks[rule_id],
        )
        for rule_id, (kind, text) in _words()["regler"].items()
    ]


def rules_page(manifest: Mapping[str, Any]) -> str:
    """Return docs/rules.md."""
    sources = _words()["kilder"]
    parts, found = [_INTRODUCTION], rules(manifest)
    for letter, source in sources.items():
        of_source = [rule for rule in found if rule.rule_id.startswith(letter)]
        if of_source:
            parts += [f"## {source}\n", _table(of_source)]
    return "\n".join(parts)


def _table(found: Sequence[Rule]) -> str:
    rows = [
        (
            rule.rule_id,
            rule.text,
            markdown.code(sorted(rule.models)),
            markdown.code(sorted(rule.tests)),
            markdown.code(sorted(rule.checks)),
        )
        for rule in found
    ]
    return markdown.table(("Regel", "Hva den sier", "Modeller", "Prøver", "Kvalitetsport"), rows)


def _words() -> dict[str, Any]:
    text = (
        importlib.resources.files("pipelines.reporting").joinpath("rules.yaml").read_text("utf-8")
    )
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def _by_rule(found: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    by_rule: defaultdict[str, set[str]] = defaultdict(set)
    for rule_id, name in found:
        by_rule[rule_id].add(name)
    return by_rule


def _models(manifest: Mapping[str, Any]) -> defaultdict[str, set[str]]:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return _by_rule(
        (rule_id, node["name"])
        for node in models
        for rule_id in (
            *node["config"].get("meta", {}).get("rules", []),
            *_ID.findall(node.get("description") or ""),
        )
    )


def _unit_tests(manifest: Mapping[str, Any]) -> defaultdict[str, set[str]]:
    return _by_rule(
        (rule_id, test["name"])
        for test in manifest.get("unit_tests", {}).values()
        for rule_id in _ids_of_name(test["name"])
    )


def _ids_of_name(name: str) -> list[str]:
    """Return the rule IDs in a test's name: `E07_...`, `test_d03_...`."""
    return [part.upper() for part in name.split("_") if re.fullmatch(r"[A-Ea-e]\d\d", part)]


def _checks() -> defaultdict[str, set[str]]:
    return _by_rule(
        (check.rule_id, check.id)
        for suite in SUITES.values()
        for check in (*suite.checks, *(sums.check() for sums in suite.sums_to))
        if check.rule_id
    )


def _functions(tests: Path) -> defaultdict[str, set[str]]:
    return _by_rule(
        found
        for path in sorted(tests.rglob("test_*.py"))
        for found in _of_module(ast.parse(path.read_text("utf-8")), path.stem)
    )


def _of_module(module: ast.Module, name: str) -> Iterator[tuple[str, str]]:
    everywhere = [mark for node in module.body for mark in _module_marks(node)]
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = [mark for decorator in node.decorator_list for mark in _marks(decorator)]
            for rule_id in {*everywhere, *marks, *_ids_of_name(node.name)}:
                yield rule_id, f"{name}.{node.name}"


def _module_marks(node: ast.stmt) -> list[str]:
    if not isinstance(node, ast.Assign):
        return []
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return _marks(node.value) if names == ["pytestmark"] else []


def _marks(node: ast.expr) -> list[str]:
    """Return the IDs of each `pytest.mark.rule(...)` in an expression."""
    calls = (found for found in ast.walk(node) if isinstance(found, ast.Call))
    return [
        argument.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "rule"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
