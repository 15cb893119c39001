"""A listing: one table of the report, read from one published table by one query, with its words.

How a listing is described, read and turned into text is here. Which listings there are stands in
the module of each domain: `strategy`, `spending`, `adherence`, `agreements`, `thresholds`,
`savings`, `risk`, `categories`, `licences` and `licence_plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.reporting.charts import Chart, RowsChart
from pipelines.reporting.database import Reader, Row
from pipelines.reporting.formats import MISSING, day, nok, number, percent
from pipelines.reporting.tables import Column, Table

NO_END = date(9999, 12, 31)
HIDDEN = "skjult"
SMALL = "between 1 and $min_cell - 1"  # a count too small to be shown, in a query
Scope = dict[str, object]  # what a query may ask for: $year, $definition, $min_cell


@dataclass(frozen=True)
class Field:
    """A column of a listing: its heading, how a row's cell is written, set right if a number."""

    heading: str
    show: Callable[[Row], str]
    is_number: bool = True


@dataclass(frozen=True)
class Listing:
    """A table of the report.

    `query` is without order; `order` tells all rows apart. `source` is the published table that
    the figures are in, so that a reader can ask `samkjop explain`. At most `top` rows are shown.
    `empty` is the sentence that stands in the table's place where there are no rows.
    """

    table_id: str
    caption: str
    source: str
    query: str
    order: str
    fields: tuple[Field, ...]
    empty: str
    top: int | None = None
    totals: tuple[str, ...] = ()
    chart: RowsChart | None = None


@dataclass(frozen=True)
class Listed:
    """A listing that has been read: the rows shown, how many there are, and what the page shows."""

    rows: list[Row]
    row_count: int
    table: Table | None
    empty: str
    chart: Chart | None = None


def load(reader: Reader, listings: Mapping[str, Listing], scope: Scope) -> dict[str, Listed]:
    """Read all listings; a query is given those parameters of the scope that it names."""
    return {name: _read(reader, listing, scope) for name, listing in listings.items()}


def _read(reader: Reader, listing: Listing, scope: Scope) -> Listed:
    limit = f"limit {listing.top}" if listing.top else ""
    sums = "".join(f", sum({name}) over () as total_{name}" for name in listing.totals)
    query = (
        f"with listed as ({listing.query}) select *, count(*) over () as row_count{sums} "
        f"from listed order by {listing.order} {limit}"
    )
    rows = reader.scoped(query, scope)
    if not rows:
        return Listed([], 0, None, listing.empty)
    chart = listing.chart(rows) if listing.chart else None
    return Listed(rows, rows[0]["row_count"], _table(listing, rows), listing.empty, chart)


def _table(listing: Listing, rows: list[Row]) -> Table:
    shown, count = len(rows), rows[0]["row_count"]
    caption = listing.caption.format(year=rows[0].get("year"))
    if count > shown:
        caption += f", de {number(shown)} første av {number(count)}"
    return Table(
        listing.table_id,
        caption,
        tuple(Column(one.heading, one.is_number) for one in listing.fields),
        [tuple(one.show(row) for one in listing.fields) for row in rows],
        _total(listing, rows[0]),
        listing.source,
    )


def _total(listing: Listing, first: Row) -> tuple[str, ...] | None:
    """Return the sums of all rows, those that aren't shown too."""
    if not listing.totals:
        return None
    sums = {name: first[f"total_{name}"] for name in listing.totals}
    blank: Row = dict.fromkeys(first)
    cells = [one.show(blank | sums) if one.is_number else "" for one in listing.fields]
    cells = ["" if cell == MISSING else cell for cell in cells]
    label = "Sum av alle" if first["row_count"] > 1 else "Sum"
    return (label, *cells[1:])


def text(heading: str, column: str) -> Field:
    """Return a column of text from data."""
    return Field(heading, lambda row: str(row[column] or MISSING), is_number=False)


def coded(heading: str, column: str, words: Mapping[str, str]) -> Field:
    """Return a column of codes in words; a code without words stands as it is."""
    return Field(
        heading, lambda row: words.get(row[column], row[column] or MISSING), is_number=False
    )


def flag(heading: str, column: str, yes: str = "ja", no: str = "nei") -> Field:
    """Return a column of yes, no, or not known."""
    words = {True: yes, False: no, None: MISSING}
    return Field(heading, lambda row: words[row[column]], is_number=False)


def made(heading: str, show: Callable[[Row], str], *, is_number: bool = False) -> Field:
    """Return a column that is written from the whole row."""
    return Field(heading, show, is_number)


def money(heading: str, column: str) -> Field:
    """Return a column of amounts in whole kroner."""
    return Field(heading, lambda row: nok(row[column]))


def count(heading: str, column: str, decimals: int = 0) -> Field:
    """Return a column of numbers."""
    return Field(heading, lambda row: number(row[column], decimals))


def hideable(heading: str, column: str, show: Callable[..., str] = number) -> Field:
    """Return a column of numbers in which an empty one is hidden, not missing."""
    return Field(heading, lambda row: HIDDEN if row[column] is None else show(row[column]))


def share(heading: str, column: str) -> Field:
    """Return a column of shares in 0..1 (or changes) as percentages."""
    return Field(heading, lambda row: percent(row[column]))


def dated(heading: str, column: str) -> Field:
    """Return a column of days; the register's last day of all means that there is no end."""
    return Field(
        heading,
        lambda row: "inntil videre" if row[column] == NO_END else day(row[column]),
        is_number=False,
    )
