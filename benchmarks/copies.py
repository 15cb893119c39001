"""A lake of many spend lines: the small demo's documents over and over, no two alike.

The documents are copied as tables, never through the readers. A copy has hashes, identities and
numbers of its own, earlier dates, greater amounts and other words; suppliers without an agreement
become several, as a larger municipality has more of them, so that keys grow as they would there.
Registers, ledger and catalogues stay as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.builds import write_inputs
from pipelines.demo.generate import write_demo
from pipelines.demo.identifiers import OrgnrSource
from pipelines.derived.contracts import write_empty
from pipelines.extracts.tables import TABLES
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings

AS_OF = date(2024, 12, 31)
_COPIED = ("ehf_", "peppol_order", "peppol_despatch")
_DAYS = 61  # dates of a copy lie up to so many days before the original's
_FACTORS = 3  # amounts of a copy are the original's, twice or three times as large
_FIRST_ORGNR = 87_000_000  # the demo's own numbers come before


@dataclass(frozen=True)
class Home:
    """Where dbt finds its sources, and how many EHF lines the lake has."""

    folder: Path
    lines: int

    @property
    def lake(self) -> Path:
        """The batches."""
        return self.folder / "lake"

    @property
    def environment(self) -> dict[str, str]:
        """What the dbt project reads from the environment, but for the warehouse."""
        return {
            "SAMKJOP_LAKE": str(self.lake),
            "SAMKJOP_INPUTS": str(self.folder / "inputs"),
            "SAMKJOP_DERIVED": str(self.folder / "derived"),
        }


def demo_home(folder: Path) -> Settings:
    """Read the small demo into a lake, write a build's inputs, and return the home's settings."""
    settings = Settings(home=folder, settle_seconds=0, extract_processes=1)
    make_home(settings)
    write_demo(settings.landing, "small", 7)
    extract(settings)
    write_inputs(settings, folder / "build", AS_OF)
    return settings


def many_lines(demo: Settings, folder: Path, lines: int) -> Home:
    """Write a lake of at least `lines` EHF lines, made of the demo's, and what else dbt reads."""
    home = Home(folder, lines)
    batch = home.lake / "copies"
    for place in (batch, folder / "inputs"):
        place.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        tables = _demo_tables(connection, demo)
        copies = math.ceil(lines / _count(connection, "ehf_line"))
        _make_plan(connection, copies)
        for name in tables:
            connection.execute(f"copy ({_copied(connection, name)}) to '{batch}/{name}.parquet'")
        connection.execute(
            f"copy ({_copied(connection, 'source_file')}) to '{folder}/inputs/source_file.parquet'"
        )
        context = f"from '{demo.home}/build/inputs/run_context.parquet'"
        connection.execute(f"copy ({context}) to '{folder}/inputs/run_context.parquet'")
        home = replace(home, lines=copies * _count(connection, "ehf_line"))
    write_empty(folder / "derived", overwrite=False)
    return home


def _demo_tables(connection: duckdb.DuckDBPyConnection, demo: Settings) -> list[str]:
    """Load every table of the lake, empty where the demo has none, and the list of source files."""
    for table in TABLES.values():
        empty = table.empty().to_arrow()
        connection.register("empty", empty)
        connection.execute(f"create table {table.name} as from empty")
        if list(demo.lake.glob(f"*/{table.name}.parquet")):
            files = f"read_parquet('{demo.lake}/*/{table.name}.parquet', union_by_name = true)"
            connection.execute(f"insert into {table.name} by name from {files}")
    sources = f"{demo.home}/build/inputs/source_file.parquet"
    connection.execute(f"create table source_file as from '{sources}'")
    return list(TABLES)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def _make_plan(connection: duckdb.DuckDBPyConnection, copies: int) -> None:
    """Make the tables of copies, of sellers' other numbers, and of what is copied at all.

    A supplier without an agreement has as many variants as the square root of the copies.
    """
    variants = math.isqrt(copies)
    connection.execute(
        f"""
        create table copies as
        select
            number,
            case when number = 0 then '' else printf('%04d', number) end as ending,
            number % {_DAYS} as days,
            1 + number % {_FACTORS} as factor,
            number % {variants} as variant
        from range({copies}) as numbers (number)
        """
    )
    sellers = connection.execute(
        """
        select distinct seller_orgnr from ehf_document
        where seller_orgnr not in (select orgnr from reg_lot_supplier where orgnr is not null)
        order by 1
        """
    ).fetchall()
    numbers = OrgnrSource(start=_FIRST_ORGNR)
    others = [(own, each, numbers.take()) for (own,) in sellers for each in range(1, variants)]
    connection.execute("create table sellers (orgnr varchar, variant bigint, other varchar)")
    if others:
        connection.executemany("insert into sellers values (?, ?, ?)", others)
    connection.execute(
        """
        create table order_numbers as select distinct document_number from peppol_order
        """
    )
    hashes = " union ".join(
        f"select source_sha256 from {name}" for name in TABLES if name.startswith(_COPIED)
    )
    connection.execute(f"create table copied_files as {hashes}")


def _copied(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the query of a table's rows in all copies; those that aren't copied stand once."""
    columns = [
        (str(name), str(kind), _in_a_copy(str(name), str(kind)))
        for name, kind, *_ in connection.execute(f"describe {table}").fetchall()
    ]
    if table != "source_file" and not table.startswith(_COPIED):
        return f"from {table}"
    names = {name for name, _, _ in columns}
    chosen = ", ".join(f'cast({made} as {kind}) as "{name}"' for name, kind, made in columns)
    query = f"select {chosen} from {table} as original cross join copies"
    if "seller_orgnr" in names:
        query += (
            " left join sellers on sellers.orgnr = original.seller_orgnr"
            " and sellers.variant = copies.variant"
        )
    if "order_reference" in names:
        query += (
            " left join order_numbers on order_numbers.document_number = original.order_reference"
        )
    if table == "source_file":
        once = "original.source_sha256 not in (from copied_files)"
        query += f" where copies.number = 0 or not ({once})"
    return query


def _in_a_copy(name: str, kind: str) -> str:
    """Return the expression of a column in a copy; copy number 0 is the original itself."""
    own = f'original."{name}"'
    first = f"case when copies.number = 0 then {own} else"
    if name == "source_sha256":
        return f"{first} sha256({own} || copies.ending) end"
    if name == "document_id":
        return f"{first} 'D' || substr(sha256({own} || copies.ending), 1, 20) end"
    if name in ("document_number", "referenced_number", "payment_id", "file_name"):
        return f"{own} || copies.ending"
    if name == "order_reference":
        is_known = "order_numbers.document_number is not null"
        return f"case when {is_known} then {own} || copies.ending else {own} end"
    if name in ("seller_name", "seller_trading_name"):
        return f"{own} || case when sellers.other is null then '' else ' ' || copies.variant end"
    if name.startswith("seller_") and kind == "VARCHAR":
        return f"coalesce(replace({own}, original.seller_orgnr, sellers.other), {own})"
    if name == "item_name":
        return f"{own} || case when copies.variant = 0 then '' else ' ' || copies.variant end"
    if kind == "DATE":
        return f"{own} - cast(copies.days as integer)"
    if kind in ("DECIMAL(18,2)", "DECIMAL(20,8)"):
        return f"{own} * copies.factor"
    return own
