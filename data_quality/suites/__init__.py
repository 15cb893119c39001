"""The suites: one module per published table, and `reconciliation` across them.

`SUITES` is table → suite. A published table without a suite can't be published. A module whose
name begins with an underscore holds what several suites share.
"""

from __future__ import annotations

import importlib
import pkgutil

from data_quality.checks import Suite


def _suites() -> dict[str, Suite]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names if name[0] != "_")
    found: list[Suite] = [module.SUITE for module in modules if hasattr(module, "SUITE")]
    return {suite.table: suite for suite in found}


SUITES: dict[str, Suite] = _suites()
