"""The gate: runs every suite on a sealed build and gives the verdict.

It judges only what is sealed, by the limits in the build's settings (`run_context`), and never
raises for what it finds: an exception anywhere is the verdict "errored", which blocks. Started
alone it is a process of its own, since connections to a DuckDB file within one process must share
their configuration:

    python -m data_quality.gate BUILD_DIR      exit status 0 passed, 4 failed, 1 errored
"""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_quality.checks import Check, Suite
from data_quality.page import write_page
from data_quality.suites import SUITES, reconciliation
from data_quality.version import suite_version
from pipelines.publication.seal import DATABASE_NAME, INTERNAL, Seal
from pipelines.publication.verdict import (
    PAGE_NAME,
    QUALITY,
    VERDICT_NAME,
    Result,
    Status,
    Verdict,
    decide,
)

if TYPE_CHECKING:
    from data_quality.context import Outcome, SealedDatabase

RUN_CONTEXT = Path("inputs", "run_context.parquet")
EXIT_STATUS: Mapping[Status, int] = {"passed": 0, "failed": 4, "errored": 1}


def run_gate(build_dir: Path, suites: Mapping[str, Suite] = SUITES) -> Verdict:
    """Judge a sealed build; write quality/verdict.json and quality/index.html; return the verdict.

    `suites` is published table → suite. Raises only where the verdict itself can't be written.
    """
    for name in (VERDICT_NAME, PAGE_NAME):
        (build_dir / QUALITY / name).unlink(missing_ok=True)
    verdict = _judge(build_dir, suites)
    write_page(verdict, build_dir)
    verdict.write(build_dir)
    return verdict


def _judge(build_dir: Path, suites: Mapping[str, Suite]) -> Verdict:
    version = suite_version()
    seal: Seal | None = None
    try:
        seal = Seal.load(build_dir)
        seal.verify(build_dir)
        if faults := (*_faults(seal, suites), *_missing_settings(build_dir)):
            return _verdict(version, seal, (), faults)
        return _verdict(version, seal, _evaluate(build_dir, suites), ())
    except Exception as error:
        # Whatever went wrong, the answer is "errored": it blocks, and says what it was.
        traceback.print_exc()
        return _verdict(version, seal, (), (f"{type(error).__name__}: {error}",))


def _faults(seal: Seal, suites: Mapping[str, Suite]) -> tuple[str, ...]:
    missing = [
        f"Tabellen {table} skal kontrolleres, men er ikke i bygget."
        for table in suites
        if table not in seal.tables
    ]
    missing += [
        f"Tabellen {table} er i bygget, men har ingen kontroller."
        for table in seal.tables
        if table not in suites
    ]
    missing += [
        f"Tabellen {table} har en kontroll uten innhold."
        for table, suite in suites.items()
        if not suite.checks
    ]
    return tuple(missing)


def _missing_settings(build_dir: Path) -> tuple[str, ...]:
    if (build_dir / RUN_CONTEXT).is_file():
        return ()
    return (
        f"Byggets innstillinger skal ligge i {RUN_CONTEXT.as_posix()}, men filen finnes ikke, så "
        "lojalitetens status kan ikke kontrolleres. Lag bygget på nytt.",
    )


def _verdict(
    version: str, seal: Seal | None, results: tuple[Result, ...], errors: tuple[str, ...]
) -> Verdict:
    return Verdict(
        status=decide(results, errors),
        seal_hash=seal.seal_hash if seal else None,
        database_sha256=seal.database_sha256 if seal else None,
        table_hashes={name: t.sha256 for name, t in seal.tables.items()} if seal else {},
        suite_version=version,
        results=results,
        errors=errors,
    )


def _evaluate(build_dir: Path, suites: Mapping[str, Suite]) -> tuple[Result, ...]:
    # Great Expectations takes seconds to import, and importing this module should not.
    from data_quality.context import sealed_database

    with sealed_database(build_dir / INTERNAL / DATABASE_NAME, build_dir / RUN_CONTEXT) as database:
        results = [
            result
            for table, suite in suites.items()
            for result in _evaluate_suite(database, table, suite)
        ]
        across = reconciliation.suite(suites.values())
        return (*results, *_evaluate_suite(database, reconciliation.NAME, across))


def _evaluate_suite(database: SealedDatabase, name: str, suite: Suite) -> Iterable[Result]:
    outcomes = database.validate(name, suite.table, suite.checks)
    for check in suite.checks:
        # A check that the engine left out has not been evaluated, and that is no pass.
        yield _result(database, name, check, outcomes.get(check.id))


def _result(database: SealedDatabase, suite: str, check: Check, outcome: Outcome | None) -> Result:
    def result(success: bool | None, **found: Any) -> Result:
        return Result(
            suite,
            check.id,
            check.rule_id,
            check.severity,
            check.description,
            success,
            **found,
        )

    if outcome is None:
        return result(None, error="the engine returned no result for this expectation")
    if outcome.success is None:
        return result(None, error=outcome.error)
    found = {"observed": _text(outcome.observed), "unexpected": outcome.unexpected}
    if outcome.success:
        return result(True, **found)
    return _with_sample(result, database, check, found)


def _with_sample(
    result: Callable[..., Result],
    database: SealedDatabase,
    check: Check,
    found: Mapping[str, Any],
) -> Result:
    columns, rows = database.rows(check.bad_rows)
    sample = tuple(tuple(_text(value) for value in row) for row in rows)
    return result(False, **found, sample_columns=columns, sample=sample)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | Decimal | int | float):
        return str(value)
    return repr(value)


def main(arguments: list[str] | None = None) -> int:
    """Run the gate on a build and print the verdict in one line; return the exit status."""
    parser = argparse.ArgumentParser(description="Kvalitetskontroll av et forseglet bygg")
    parser.add_argument("build_dir", type=Path, help="byggets mappe")
    build_dir: Path = parser.parse_args(arguments).build_dir
    verdict = run_gate(build_dir)
    print(
        f"{verdict.status}: {len(verdict.results)} evaluated, {len(verdict.failed)} failed, "
        f"{len(verdict.errored) + len(verdict.errors)} errored, {len(verdict.warnings)} warnings"
    )
    return EXIT_STATUS[verdict.status]


if __name__ == "__main__":
    raise SystemExit(main())
