"""Reading the sealed database of a build: one read-only connection, small results as rows.

Queries stand beside the figures that need them. Everything over big tables is computed by DuckDB;
what comes out of here is small enough to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
# In the order of the question marks, or by the name after the dollar sign.
Parameters = Sequence[object] | dict[str, object]


class Reader:
    """Runs queries on one open connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, parameters: Parameters = ()) -> list[Row]:
        """Return the result as rows, column name to value."""
        given = parameters if isinstance(parameters, dict) else list(parameters)
        result = self._connection.execute(query, given)
        names = [column[0] for column in result.description]
        return [dict(zip(names, values, strict=True)) for values in result.fetchall()]

    def run(self, statement: str) -> None:
        """Run a statement without a result, such as making a temporary view."""
        self._connection.execute(statement)

    def scoped(self, query: str, scope: Mapping[str, object]) -> list[Row]:
        """Return the rows, given those of the scope's values that the query names ($year …)."""
        return self.rows(query, {name: scope[name] for name in scope if f"${name}" in query})

    def one(self, query: str, parameters: Parameters = ()) -> Row:
        """Return the only row of a result that always has exactly one."""
        (row,) = self.rows(query, parameters)
        return row


@contextmanager
def opened(database: Path) -> Iterator[Reader]:
    """Open a sealed database read-only for as long as the block lasts."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        yield Reader(connection)
    finally:
        connection.close()
