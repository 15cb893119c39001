"""The only place that sets up Great Expectations.

It opens the sealed DuckDB file read-only through SQLAlchemy and turns our checks into
expectations. What is checked stands in `suites`; what a result means for publishing, in `gate`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import duckdb_engine
from sqlalchemy import Engine
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from data_quality.checks import BAD_ROWS, RUN_CONTEXT, Check

# Before the import: the library reads it then, and would report home.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

with warnings.catch_warnings():
    # The library imports a module that Python has deprecated.
    warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.compatibility import pydantic
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.core.unexpected_rows_expectation import (
        UnexpectedRowsExpectation,
    )
    from great_expectations.expectations.metadata_types import FailureSeverity

SAMPLE_ROWS = 20

_OwnExecutionContext: Any = duckdb_engine.Dialect.execution_ctx_cls


class BufferedExecutionContext(_OwnExecutionContext):  # type: ignore[misc]
    """Reads the whole result while the connection is still ours.

    Great Expectations reads a result after its connection went back to the pool; the pool's
    rollback has then cleared DuckDB's result, and every expectation fails with "list index out of
    range" (great_expectations issues 10738 and 11579).
    """

    def post_exec(self) -> None:
        """Buffer the rows of anything that returns rows."""
        super().post_exec()
        if description := self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, alternate_description=description
            )


class NoBadRows(UnexpectedRowsExpectation):
    """An UnexpectedRowsExpectation that counts only.

    The rows themselves are fetched afterwards, in a fixed order and at most SAMPLE_ROWS, so that
    a check that millions of rows break needs no memory for them.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    @pydantic.validator("unexpected_rows_query", allow_reuse=True)
    def _validate_query(cls, query: str) -> str:  # noqa: N805 (a pydantic validator)
        # The library's own prints a warning for SQL over several tables, which ours is.
        return query

    def _validate(
        self,
        metrics: Mapping[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: object | None = None,
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


@dataclass(frozen=True)
class Outcome:
    """What the engine said about one check.

    `success` is None and `error` set where it raised; `unexpected` is None where it does not
    count.
    """

    success: bool | None
    observed: Any = None
    unexpected: int | None = None
    error: str | None = None


class SealedDatabase:
    """The sealed DuckDB file, open read-only, with Great Expectations on it."""

    def __init__(self, datasource: Any, engine: Engine, run_context: Path) -> None:
        self._datasource = datasource
        self._engine = engine
        source = str(run_context).replace("'", "''")
        self._run_context = f"read_parquet('{source}')"

    def rows(self, sql: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Return column names and at most SAMPLE_ROWS rows, sorted by all columns."""
        with self._engine.connect() as connection:
            result = connection.exec_driver_sql(
                f"select * from ({self._sql(sql)}) as bad_rows order by all limit {SAMPLE_ROWS}"
            )
            return tuple(result.keys()), [tuple(row) for row in result.fetchall()]

    def _sql(self, sql: str) -> str:
        return sql.replace(RUN_CONTEXT, self._run_context)

    def tables(self) -> set[str]:
        """Return the names of the tables in the file."""
        with self._engine.connect() as connection:
            found = connection.exec_driver_sql(
                "select table_name from information_schema.tables where table_schema = 'main'"
            ).fetchall()
        return {str(name) for (name,) in found}

    def validate(self, name: str, table: str, checks: Sequence[Check]) -> dict[str, Outcome]:
        """Evaluate the checks on a table in one validation; return check ID → outcome.

        `name` is the suite's, once only in a database.
        """
        asset = self._datasource.add_table_asset(name, table_name=table)
        batch = asset.get_batch(asset.build_batch_request())
        suite = gx.ExpectationSuite(
            name=name,
            expectations=[_expectation(check, self._sql(check.bad_rows)) for check in checks],
        )
        validation = batch.validate(suite, result_format="SUMMARY")
        return {
            result.expectation_config.meta["check"]: _outcome(result)
            for result in validation.results
        }


@contextmanager
def sealed_database(path: Path, run_context: Path) -> Iterator[SealedDatabase]:
    """Open the sealed DuckDB file; one context, one connection pool, closed at the end.

    `run_context` is the Parquet file with the settings of the build.
    """
    _patch_duckdb_engine()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    sources: Any = context.data_sources  # its stub lacks `kwargs`
    datasource = sources.add_sql(
        "sealed",
        connection_string=f"duckdb:///{path}",
        kwargs={"connect_args": {"read_only": True}},
    )
    engine: Engine = datasource.get_engine()
    try:
        yield SealedDatabase(datasource, engine, run_context)
    finally:
        engine.dispose()


def _patch_duckdb_engine() -> None:
    duckdb_engine.Dialect.execution_ctx_cls = BufferedExecutionContext


def _expectation(check: Check, bad_rows: str) -> Any:
    meta = {"check": check.id}
    severity = FailureSeverity.CRITICAL if check.severity == "error" else FailureSeverity.WARNING
    if check.expectation == BAD_ROWS:
        query = bad_rows.replace("{", "{{").replace("}", "}}")
        return NoBadRows(unexpected_rows_query=query, meta=meta, severity=severity)
    expectation = getattr(gxe, check.expectation)
    return expectation(**check.arguments, meta=meta, severity=severity)


def _outcome(result: Any) -> Outcome:
    if messages := _raised(result.exception_info):
        return Outcome(None, error="; ".join(dict.fromkeys(messages)))
    found = result.result
    if result.success is None or not found:
        return Outcome(None, error="the expectation gave no result")
    if "unexpected_count" in found:
        return Outcome(bool(result.success), found.get("element_count"), found["unexpected_count"])
    return Outcome(bool(result.success), found["observed_value"], found["observed_value"])


def _raised(info: Any) -> list[str]:
    """Return the messages in `exception_info`, which is flat or one level deep by metric."""
    if not isinstance(info, Mapping):
        return []
    if info.get("raised_exception"):
        return [str(info.get("exception_message"))]
    return [message for value in info.values() for message in _raised(value)]
