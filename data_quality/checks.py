"""The words that suites are written in: a suite, its checks, and builders of the usual checks.

A check is data: which expectation of Great Expectations, with which arguments, and the SQL that
shows the rows that break it. Nothing here imports Great Expectations (`context` does) or runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warn"]
Kind = Literal["text", "date", "integer", "boolean", "money", "share", "any"]

BAD_ROWS = "NoBadRows"
# In SQL, the settings of the build as a table of one row; `context` puts the file there.
RUN_CONTEXT = "$run_context"

DATA_TYPES: Mapping[Kind, tuple[str, ...]] = {
    "text": ("VARCHAR",),
    "date": ("DATE",),
    "integer": ("BIGINT", "INTEGER", "SMALLINT"),
    "boolean": ("BOOLEAN",),
    "money": ("DECIMAL(18,2)",),
    "share": ("DOUBLE",),
    "any": (),
}


@dataclass(frozen=True)
class Check:
    """One expectation.

    `expectation` is the name of a Great Expectations class, or BAD_ROWS: then `bad_rows` must
    return nothing. `description` says in Norwegian what is wrong, and for whom, when it does not
    hold. `bad_rows` is SQL that selects the rows that are wrong.
    """

    id: str
    description: str
    bad_rows: str
    expectation: str = BAD_ROWS
    arguments: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
    rule_id: str | None = None


@dataclass(frozen=True)
class SumsTo:
    """Which spend lines a mart's amounts add up to, per group, to the øre.

    Both statements select the columns of `groups` and an amount `nok`; rows need not be grouped.
    """

    id: str
    description: str
    groups: tuple[str, ...]
    mart: str
    lines: str
    rule_id: str | None = None

    def check(self) -> Check:
        """Return the check that both sides are equal in every group; null is a group too."""
        groups = ", ".join(self.groups)
        by = f"{groups}, " if groups else ""
        grouping = f"group by {groups} " if groups else ""
        return Check(
            self.id,
            self.description,
            f"select {by}sum(mart_nok) as mart_nok, sum(lines_nok) as lines_nok, "
            "sum(mart_nok) - sum(lines_nok) as difference_nok from ("
            f"select {by}nok as mart_nok, cast(0 as decimal(18, 2)) as lines_nok "
            f"from ({self.mart}) as mart_side union all "
            f"select {by}cast(0 as decimal(18, 2)) as mart_nok, nok as lines_nok "
            f"from ({self.lines}) as lines_side) as sides "
            f"{grouping}having sum(mart_nok) <> sum(lines_nok)",
            rule_id=self.rule_id,
        )


@dataclass(frozen=True)
class Suite:
    """The checks of one published table; `sums_to` is where its amounts come from.

    `no_sum` says why a table has no such declaration.
    """

    table: str
    checks: tuple[Check, ...]
    sums_to: tuple[SumsTo, ...] = ()
    no_sum: str | None = None


def columns(table: str, kinds: Mapping[str, Kind]) -> Check:
    """Every column is there, and of the kind that readers count on."""
    wanted = ", ".join(
        f"('{name}', '{'|'.join(DATA_TYPES[kind])}')" for name, kind in kinds.items()
    )
    return Check(
        f"{table}.columns",
        "Kolonner mangler eller har feil type, så regneark og notatbøker som leser tabellen, "
        "ville stoppe eller regne feil.",
        "select wanted.column_name, wanted.expected_type, found.data_type as found_type "
        f"from (values {wanted}) as wanted(column_name, expected_type) "
        "left join information_schema.columns as found "
        f"on found.table_schema = 'main' and found.table_name = '{table}' "
        "and found.column_name = wanted.column_name "
        "where found.data_type is null or (wanted.expected_type <> '' "
        "and not list_contains(string_split(wanted.expected_type, '|'), found.data_type))",
    )


def key(table: str, *names: str) -> tuple[Check, ...]:
    """The key is unique and none of its columns is null."""
    joined = ", ".join(names)
    unique = Check(
        f"{table}.key_unique",
        f"To eller flere rader har samme nøkkel ({joined}), så summer ville telle dobbelt.",
        f"select * from (select *, count(*) over (partition by {joined}) as rows_with_this_key "
        f"from {table}) as keyed where rows_with_this_key > 1",
        "ExpectColumnValuesToBeUnique" if len(names) == 1 else "ExpectCompoundColumnsToBeUnique",
        {"column": names[0]} if len(names) == 1 else {"column_list": list(names)},
    )
    return (unique, *(not_null(table, name) for name in names))


def not_null(
    table: str,
    column: str,
    description: str | None = None,
    *,
    severity: Severity = "error",
    rule_id: str | None = None,
) -> Check:
    """A column has a value in every row."""
    return Check(
        f"{table}.{column}_not_null",
        description or f"«{column}» mangler verdi.",
        f"select * from {table} where {column} is null",
        "ExpectColumnValuesToNotBeNull",
        {"column": column},
        severity,
        rule_id,
    )


def in_set(table: str, column: str, values: Sequence[str], *, rule_id: str | None = None) -> Check:
    """A column holds only known codes (null passes)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(
        f"{table}.{column}_known",
        f"«{column}» har en verdi som ingen av leserne kjenner.",
        f"select * from {table} where {column} not in ({listed})",
        "ExpectColumnValuesToBeInSet",
        {"column": column, "value_set": list(values)},
        rule_id=rule_id,
    )


def between(
    table: str, column: str, low: float | None, high: float | None, description: str | None = None
) -> Check:
    """A column lies in an interval, both ends included (null passes)."""
    outside = [f"{column} < {low}"] if low is not None else []
    outside += [f"{column} > {high}"] if high is not None else []
    span = f"{'' if low is None else low} … {'' if high is None else high}"
    return Check(
        f"{table}.{column}_range",
        description or f"«{column}» ligger utenfor {span}.",
        f"select * from {table} where {' or '.join(outside)}",
        "ExpectColumnValuesToBeBetween",
        {"column": column, "min_value": low, "max_value": high},
    )


def share(table: str, column: str) -> Check:
    """A share lies in 0..1."""
    return between(table, column, 0, 1, f"Andelen «{column}» er under 0 eller over 1.")


def rows(
    check_id: str,
    description: str,
    sql: str,
    *,
    severity: Severity = "error",
    rule_id: str | None = None,
) -> Check:
    """The SQL must select nothing."""
    return Check(check_id, description, " ".join(sql.split()), severity=severity, rule_id=rule_id)


def no_orphans(table: str, column: str, parent: str, parent_column: str | None = None) -> Check:
    """Every value of a column exists in the parent table (null passes)."""
    other = parent_column or column
    return Check(
        f"{table}.{column}_exists",
        f"«{column}» viser til noe som ikke finnes i {parent}, så raden faller ut når tabellene "
        "kobles.",
        f"select * from {table} where {column} is not null and {column} not in "
        f"(select {other} from {parent} where {other} is not null)",
    )


def ore(amount: str) -> str:
    """Return SQL for an amount in whole øre; widened, since DuckDB keeps a product at 18 digits."""
    return f"cast(cast({amount} as decimal(30, 2)) * 100 as hugeint)"


def median_ore(source: str, groups: Sequence[str], amount: str) -> str:
    """Return SQL for the exact median of an amount per group, in whole øre.

    Columns: `groups`, `counted` and `median_ore` (half an øre goes away from zero).
    """
    by = ", ".join(groups)
    return (
        f"select {by}, counted, cast(sign(sum(ore)) * "
        "((2 * abs(sum(ore)) + count(*)) // (2 * count(*))) as hugeint) as median_ore "
        f"from (select {by}, {ore(amount)} as ore, "
        f"row_number() over (partition by {by} order by {amount}) as place, "
        f"count(*) over (partition by {by}) as counted from {source}) as placed "
        f"where 2 * place between counted and counted + 2 group by {by}, counted"
    )


def half_open(table: str, *per: str) -> tuple[Check, ...]:
    """`valid_from` lies before `valid_to`, and the periods of one thing don't overlap."""
    joined = ", ".join(per)
    order = ", ".join([joined, "valid_from", "valid_to"])
    ordered = rows(
        f"{table}.valid_from_before_valid_to",
        "Gyldig fra er ikke før gyldig til, så raden gjelder aldri.",
        f"select * from {table} where valid_from is null or valid_to is null "
        "or valid_from >= valid_to",
    )
    apart = rows(
        f"{table}.periods_apart",
        f"To perioder for samme {joined} overlapper, så en dag i dem ville telle to ganger.",
        f"select * from (select *, lead(valid_from) over (partition by {joined} "
        f"order by {order}) as next_valid_from from {table}) as dated "
        "where next_valid_from < valid_to",
    )
    return ordered, apart
