"""The answer to "where does this figure come from?": its row, its lines, and where they stand.

Reads a published snapshot and the originals; writes nothing but the log of its use, since it can
show what publication leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.explain.licence_files import NOTE, BasisFile, licence_files, rests_on_files
from pipelines.explain.lineage import KEYS, LINEAGE, LINES, Lineage
from pipelines.explain.originals import Original, originals
from pipelines.explain.places import Place, places
from pipelines.lake.access_log import log_access
from pipelines.publication.seal import DATABASE, Seal
from pipelines.reporting.database import Reader, Row, opened
from pipelines.settings import Settings

_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Question:
    """Which cell: a published table, a column (None: the whole row), and what its row is."""

    table: str
    column: str | None
    conditions: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A line that a figure rests on: the published row, and what stands in the original.

    `place` is None where the original, or the place in it, is not to be found; `problem` says why.
    """

    row: Row
    original: Original | None
    place: Place | None
    problem: str | None


@dataclass(frozen=True)
class Answer:
    """A figure with what it rests on; amounts in NOK without VAT.

    `line_count` and `lines_nok` are of all lines, `lines` the largest of them. `adds_up` says
    whether the lines are the figure; None where it is no sum of lines, or no condition of its own
    leads to them. `note` says in Norwegian what the lines are when they are not exactly the row's.
    `files` are what a figure of licences rests on instead of lines; None for all other tables.
    """

    question: Question
    snapshot: str
    row: Row
    key: tuple[str, ...]
    value: Any
    formula: str | None
    line_count: int
    file_count: int
    lines_nok: Decimal
    adds_up: bool | None
    note: str | None = None
    lines: list[Line] = field(default_factory=list)
    files: list[BasisFile] | None = None

    @property
    def is_complete(self) -> bool:
        """Return whether every original of the lines was found as it was read."""
        return all(line.problem is None for line in self.lines)


def explain(settings: Settings, question: Question, snapshot: str | None, limit: int) -> Answer:
    """Return what a figure rests on, with the `limit` largest lines and their originals.

    Its use is logged before anything is shown. Raises UsageError for an unknown table, column or
    snapshot, and where the conditions are those of no row or of more than one.
    """
    folder = _snapshot(settings, snapshot)
    with opened(folder / DATABASE) as reader:
        key = _key(folder, question.table)
        row = _row(reader, question, key)
        if rests_on_files(question.table):
            basis = licence_files(settings, reader, row)
            return _of_files(settings, question, folder.name, row, key, basis)
        own = LINEAGE.get(question.table)
        lineage = own or _by_keys(row)
        note = None if own else _note(row, key)
        query, parameters = _lines_of(lineage, question.column, row)
        total = reader.one(
            f"select count(*) as lines, count(distinct source_sha256) as files, "
            f"coalesce(sum(amount_nok), 0) as nok from ({query}) as rows",
            parameters,
        )
        found = reader.rows(
            f"select * from ({query}) as rows "
            f"order by abs(amount_nok) desc, spend_line_id limit {limit}",
            parameters,
        )
    if own is None and {"source_sha256", "source_row"} <= row.keys():
        found, note = [row], "raden selv står i denne filen"  # a register's row
    value = row[question.column] if question.column else None
    log_access(
        settings,
        snapshot=folder.name,
        table=question.table,
        column=question.column,
        row=dict(question.conditions),
        lines=total["lines"],
        files=total["files"],
    )
    return Answer(
        question,
        folder.name,
        row,
        key,
        value,
        lineage.formulas.get(question.column or ""),
        total["lines"],
        total["files"],
        total["nok"],
        _adds_up(question.column, value, total["nok"], lineage),
        note,
        list(_with_originals(settings, found)),
    )


def _of_files(
    settings: Settings,
    question: Question,
    snapshot: str,
    row: Row,
    key: tuple[str, ...],
    basis: list[BasisFile],
) -> Answer:
    """Return the answer for a table of licences, logged: the files and no line."""
    log_access(
        settings,
        snapshot=snapshot,
        table=question.table,
        column=question.column,
        row=dict(question.conditions),
        lines=0,
        files=len(basis),
    )
    value = row[question.column] if question.column else None
    return Answer(
        question,
        snapshot,
        row,
        key,
        value,
        formula=None,
        line_count=0,
        file_count=len({file.sha256 for file in basis}),
        lines_nok=Decimal(0),
        adds_up=None,
        note=NOTE,
        files=basis,
    )


def _snapshot(settings: Settings, name: str | None) -> Path:
    folder = settings.published / (name or "current")
    if Path(name or "current").name != (name or "current") or not (folder / DATABASE).is_file():
        found = sorted(p.name for p in settings.published.glob("2*") if p.is_dir())
        raise UsageError(
            f"{folder}: forventet et publisert øyeblikksbilde, fant ingen. "
            f"De som finnes: {', '.join(found) or 'ingen'}."
        )
    return folder.resolve()


def _row(reader: Reader, question: Question, key: tuple[str, ...]) -> Row:
    """Return the one row of the table that the conditions are those of."""
    columns = _columns(reader, question.table)
    for name in (*question.conditions, *([question.column] if question.column else [])):
        if name not in columns:
            raise UsageError(
                f"{question.table}: fant ingen kolonne «{name}». "
                f"Kolonnene er: {', '.join(columns)}."
            )
    where = " and ".join(f"cast({name} as varchar) = ?" for name in question.conditions) or "true"
    rows = reader.rows(
        f"select * from {question.table} where {where} limit 1000", [*question.conditions.values()]
    )
    if len(rows) == 1:
        return rows[0]
    given = ", ".join(f"{name}={value}" for name, value in question.conditions.items())
    told = f" med {given}" if given else ""
    if not rows:
        raise UsageError(f"{question.table}: forventet én rad{told}, fant ingen.")
    missing = [name for name in key if name not in question.conditions]
    raise UsageError(
        f"{question.table}: forventet én rad{told}, fant "
        f"{'minst 1000' if len(rows) == 1000 else len(rows)}. "
        f"Gi også {', '.join(f'{name}=…' for name in missing)}, f.eks. "
        f"{' '.join(f'{name}={rows[0][name]}' for name in missing)}."
    )


def _columns(reader: Reader, table: str) -> list[str]:
    rows = reader.rows(
        "select table_name, column_name from information_schema.columns "
        "order by table_name, ordinal_position"
    )
    columns = [row["column_name"] for row in rows if row["table_name"] == table]
    if not columns:
        tables = dict.fromkeys(row["table_name"] for row in rows)
        raise UsageError(f"«{table}» er ingen publisert tabell. Tabellene er: {', '.join(tables)}.")
    return columns


def _by_keys(row: Row) -> Lineage:
    """Return the lineage of a table without its own: the lines that have the row's keys."""
    keys = [name for name in KEYS if row.get(name) is not None]
    if not keys:
        return Lineage("false")
    inside = [] if "definition_id" in row else ["line.is_in_population"]
    return Lineage(" and ".join([*inside, *(f"line.{name} = ${name}" for name in keys)]))


def _lines_of(lineage: Lineage, column: str | None, row: Row) -> tuple[str, dict[str, Any]]:
    narrower = lineage.columns.get(column or "")
    where = lineage.rows if narrower is None else f"({lineage.rows}) and ({narrower})"
    query = f"{lineage.first} select line.* from ({LINES}) as line where {where}"
    return query, {name: row[name] for name in _PARAMETER.findall(where)}


def _key(folder: Path, table: str) -> tuple[str, ...]:
    sealed = Seal.load(folder).tables.get(table)
    return sealed.key if sealed is not None else ()


def _note(row: Row, key: tuple[str, ...]) -> str:
    """Return which lines a table without conditions of its own shows."""
    used = [name for name in KEYS if row.get(name) is not None]
    unused = [name for name in key if name not in used and row.get(name) is not None]
    if not used:
        return "tabellen har ingen sporing til linjer; raden bygger på registre eller innstillinger"
    told = f"linjene er de som har radens {', '.join(used)}"
    return told if not unused else f"{told}; {', '.join(unused)} er ikke brukt til å velge dem"


def _adds_up(column: str | None, value: Any, lines_nok: Decimal, lineage: Lineage) -> bool | None:
    if column is None or not isinstance(value, Decimal) or column in lineage.formulas:
        return None
    if value == lines_nok and column.endswith("_nok"):
        return True
    return False if column in lineage.columns else None


def _with_originals(settings: Settings, rows: Sequence[Row]) -> Iterator[Line]:
    wanted: dict[str, list[int]] = {}
    for row in rows:
        wanted.setdefault(row["source_sha256"], []).append(row["source_row"])
    found: dict[str, tuple[Original, dict[int, Place]]] = {}
    for original in originals(settings, wanted):
        numbers = wanted[original.sha256]
        found[original.sha256] = original, places(original, numbers, settings.max_table_cells)
    for row in rows:
        if row["source_sha256"] not in found:
            yield Line(row, None, None, "filen står ikke i lageret")
            continue
        original, of_file = found[row["source_sha256"]]
        place = of_file.get(row["source_row"])
        lacking = original.problem or f"plass nr. {row['source_row']} er ikke i originalen"
        yield Line(row, original, place, lacking if place is None else None)
