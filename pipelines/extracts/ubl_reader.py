"""One UBL document after the other into rows, all of them into typed tables at the end.

What differs between invoices, orders, despatch advices and catalogues stands in their own modules.
No files are written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

import polars as pl

from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.identifiers import private_person
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.ubl_tables import (
    NO_PROBLEMS,
    Rows,
    rejections_of,
    typed,
    without_rejected,
)
from pipelines.extracts.ubl_walk import (
    Compiled,
    Party,
    blank_row,
    complete_party,
    document_in,
    profile_of,
    refusal,
    walk,
)
from pipelines.extracts.xml import XmlProblem, parse_xml

KEY = ("source_sha256", "document_id")


@dataclass(frozen=True)
class UblResult:
    """What a number of files became: lake tables, facts per file, rejections, notes per SHA-256."""

    tables: dict[str, pl.DataFrame]
    facts: list[FileFacts] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)


class UblReader(ABC):
    """Reads files of a kind one by one and turns them into tables all at once.

    The walk over the elements is Python, what is done with the values is Polars over all documents,
    so that many small files cost little more than parsing them. Use: `add` (or `add_root`, where
    the caller has parsed the file to see what it is) many times, then `finish` once.

    A kind says in class attributes which root elements it reads and what to expect (for a reason),
    its tables (documents first, lines second), where their rows stand in Norwegian, what is read,
    the parties to be completed, and the column with the document's amount, if it states money.
    """

    kind: ClassVar[str]
    roots: ClassVar[dict[str, str]]
    expected: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]
    places: ClassVar[dict[str, str]]
    spec: ClassVar[Compiled]
    parties: ClassVar[tuple[Party, ...]]
    amount: ClassVar[str | None] = None
    _blank: ClassVar[dict[str, Any]]

    def __init_subclass__(cls) -> None:
        cls._blank = blank_row(cls.spec)

    def __init__(self, pseudonym_key: bytes) -> None:
        self._pseudonym_key = pseudonym_key
        self._rows: dict[str, Rows] = {rows.table.name: rows for rows in self._new_rows()}
        self._findings: list[tuple[Any, ...]] = []
        self._refused: list[Rejection] = []
        self._refused_facts: list[FileFacts] = []
        self._notes: dict[str, list[str]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, data: bytes, sha256: str) -> None:
        """Read one file; what can't be read is remembered as a rejection."""
        try:
            root = document_in(parse_xml(data))
        except XmlProblem as problem:
            self._count += 1
            self._refuse(problem, FileFacts.unreadable(sha256), "unknown")
        else:
            self.add_root(root, sha256)

    def add_root(self, root: Any, sha256: str) -> None:
        """Read one parsed document (see `document_in`)."""
        self._count += 1
        kind = self.roots.get(root.tag)
        if kind is None:
            problem = refusal(root, self.expected)
            self._refuse(problem, FileFacts.unreadable(sha256), "unknown")
            return
        row = self._blank.copy()
        walk(root, self.spec, row)
        row["profile"] = profile_of((row["customization_id"] or "").strip())
        try:
            self._add_document(row, (sha256, "D" + sha256[:20]), kind)
        except XmlProblem as problem:
            self._refuse(problem, self._facts_of_refused(row, sha256, kind), self.kind)

    def finish(self) -> UblResult:
        """Return typed tables of what keeps its contract, facts per file, and rejections."""
        frames: dict[str, pl.DataFrame] = {}
        problems = [pl.DataFrame(self._findings, schema=NO_PROBLEMS.schema, orient="row")]
        for name, rows in self._rows.items():
            frames[name], bad = typed(rows.frame(), rows.table)
            problems.append(bad)
        frames, more = self._completed(frames)
        kept, facts, rejections = self._judged(frames, pl.concat([*problems, more]))
        result = {
            table.name: kept[table.name].select(list(table.schema())) for table in self.tables
        }
        rejections = self._refused + rejections
        return UblResult(result, facts + self._refused_facts, rejections, self._notes)

    def _refuse(self, problem: XmlProblem, facts: FileFacts, kind: str) -> None:
        rejection = Rejection(facts.source_sha256, problem.place, problem.reason, problem.raw, kind)
        self._refused.append(rejection)
        self._refused_facts.append(facts)

    def _complete_parties(self, row: dict[str, Any]) -> None:
        """Complete each party, and replace the seller by a pseudonym where it is a private person.

        Who is one: spend.md, "Private persons".
        """
        for party in self.parties:
            complete_party(row, party)
        row["seller_is_private_person"] = False
        pseudonym = private_person(row, self._pseudonym_key)
        if pseudonym is not None:
            row.update(pseudonym)

    @abstractmethod
    def _new_rows(self) -> tuple[Rows, ...]:
        """Return the empty rows of each table."""

    @abstractmethod
    def _add_document(self, row: dict[str, Any], key: tuple[str, str], kind: str) -> None:
        """Add what was read of one document to the rows; XmlProblem where it can't be taken in."""

    def _facts_of_refused(self, row: dict[str, Any], sha256: str, kind: str) -> FileFacts:
        """Return the facts of a document that was refused before its values were judged."""
        return FileFacts.unreadable(sha256)

    def _completed(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
        """Add the derived columns; return also what is wrong between columns."""
        return frames, NO_PROBLEMS

    def _judged(
        self, frames: dict[str, pl.DataFrame], bad: pl.DataFrame
    ) -> tuple[dict[str, pl.DataFrame], list[FileFacts], list[Rejection]]:
        """Leave out what is bad; return what is kept, facts per file, and rejections.

        A document stands or falls as a whole, unless a kind says otherwise.
        """
        facts = self._facts(frames, set(bad["source_sha256"].to_list()))
        return without_rejected(frames, bad), facts, self._rejections(bad)

    def _rejections(self, bad: pl.DataFrame, *, is_whole_file: bool = True) -> list[Rejection]:
        tables = {table.name: table for table in self.tables}
        return rejections_of(bad, tables, self.places, self.kind, is_whole_file=is_whole_file)

    def _facts(self, frames: dict[str, pl.DataFrame], rejected: set[str]) -> list[FileFacts]:
        """Return the facts of each document; one without lines counts as a row all the same."""
        documents, lines = (frames[table.name] for table in self.tables[:2])
        counts = lines.group_by("document_id").len("rows")
        nothing = pl.lit(None, pl.String)
        facts = documents.join(counts, on="document_id", how="left", maintain_order="left").select(
            "source_sha256",
            pl.col("rows").fill_null(0).clip(1),
            (pl.col("currency") if self.amount else nothing).alias("currency"),
            (pl.col(self.amount) if self.amount else nothing).alias("amount"),
        )
        return [
            _facts(sha256, rows, currency, amount, sha256 in rejected)
            for sha256, rows, currency, amount in facts.iter_rows()
        ]


def _facts(
    sha256: str, rows: int, currency: str | None, amount: Any, is_rejected: bool
) -> FileFacts:
    if amount is None and not is_rejected:
        return FileFacts(sha256, rows, rows, 0, currency)
    return FileFacts.of_document(sha256, rows, currency, amount, is_rejected)
