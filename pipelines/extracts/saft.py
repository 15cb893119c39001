"""SAF-T Financial (Norwegian, 1.10 to 1.30), read as a stream: chunks of rows out, memory flat.

Which elements are read stands in `saft_elements`, what a row looks like in
`pipelines.extracts.contracts.saft`. Whether the file's own control totals hold is known only at
its end, so the caller must throw away what a rejected file yielded. No files are written here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

import polars as pl

from pipelines.extracts.contracts import saft as contracts
from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, Table
from pipelines.extracts.identifiers import norwegian_orgnr
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.saft_elements import AUDIT_FILE, BALANCE, HEADER, PARTY, Row, element_names
from pipelines.extracts.saft_persons import Persons
from pipelines.extracts.saft_tables import (
    BALANCES,
    FREE_TEXTS,
    LEDGER,
    LINE_ELEMENTS,
    MASTERS,
    NESTED,
    PARTIES,
    PARTY_DERIVED,
    PARTY_IDS,
    PARTY_WORDS,
    SIDES,
    TRANSACTION_ELEMENTS,
    Bad,
    Lines,
    balances_of,
    columns_but,
    exact_sum,
    money_columns,
    nested_frame,
    prepared_party,
    reason_of,
    text_frame,
    typed_frame,
    typed_lines,
    typed_transactions,
    with_sign_of_line,
)
from pipelines.extracts.saft_walk import NAMESPACE, Node, Parser, Refused, compiled, is_saft

__all__ = ["KIND", "NAMESPACE", "SaftReader", "SaftResult", "is_saft", "read_saft"]

KIND = "saft_financial"
MAX_BAD_LINES = 10_000
_SHOWN = 20
_ZERO = Decimal("0.00")
_TOO_LARGE = Decimal(10) ** 16  # the contract's money is DECIMAL(18,2)
_VERSION = re.compile(r"\s*(\d+)(?:\.(\d+))?")
_TOTALS = {"total_debit": "TotalDebit", "total_credit": "TotalCredit"}


@dataclass(frozen=True)
class SaftResult:
    """What a SAF-T file became.

    `tables` is empty where the rows were handed over in chunks. `rejections` with
    `is_whole_file` mean that nothing of the file counts.
    """

    tables: dict[str, pl.DataFrame]
    facts: FileFacts
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether the file as a whole is rejected: what it yielded must be thrown away."""
        return any(rejection.is_whole_file for rejection in self.rejections)


class _Found:
    """Sums over the ledger as it goes by, in the header's currency; exact, with two decimals."""

    def __init__(self) -> None:
        self.lines = self.rejected_lines = 0
        self.debit = self.credit = self.rejected_debit = _ZERO
        self.rounded = 0
        self.unbalanced = 0
        self.unbalanced_ids: list[str] = []

    def add(self, lines: pl.DataFrame, is_bad: pl.Series) -> None:
        self.lines += lines.height
        self.rejected_lines += int(is_bad.sum())
        self.debit += exact_sum(lines["debit_amount"])
        self.credit += exact_sum(lines["credit_amount"])
        self.rejected_debit += exact_sum(lines["debit_amount"].filter(is_bad))
        self.rounded += int(lines["is_rounded"].sum())

    def add_transactions(self, lines: pl.DataFrame) -> None:
        unbalanced = lines.filter(~pl.col("is_transaction_balanced")).unique(
            "transaction_row", keep="first", maintain_order=True
        )
        self.unbalanced += unbalanced.height
        room = _SHOWN - len(self.unbalanced_ids)
        self.unbalanced_ids += [str(name) for name in unbalanced["transaction_id"].head(room)]


class SaftReader:
    """Reads one SAF-T file as a stream.

    Go through `chunks()` to its end, then look at `result`. Amounts are those of the header's
    currency, debit positive; rows of the file are its ledger lines (one where it has none), its
    amount the sum of debits.
    """

    def __init__(
        self, source: BinaryIO, sha256: str, pseudonym_key: bytes, chunk_lines: int = 25_000
    ) -> None:
        self._sha256 = sha256
        self._chunk_lines = chunk_lines
        self._persons = Persons(pseudonym_key)
        self._records: dict[str, Node] = {}
        self._totals: Row = {}
        self._notes: list[str] = []
        self._rejections: list[Rejection] = []
        self._left_out_notes = 0
        self._left_out_lines = 0
        self._found = _Found()
        self._open: list[pl.DataFrame] = []
        top = compiled(AUDIT_FILE, self._records)
        self._parser = Parser(source, top, self._totals, self._notes)
        self._result: SaftResult | None = None

    @property
    def result(self) -> SaftResult:
        """The verdict on the file; only after `chunks()` has come to its end."""
        if self._result is None:
            raise RuntimeError("chunks() has not come to its end")
        return self._result

    def chunks(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield (table name, rows with the contract's schema); memory holds one chunk at a time.

        Never raises for what the file contains. Whether the control totals hold is known only at
        the end: where `result.is_rejected`, throw away all that was yielded.
        """
        problem: Refused | None = None
        is_last = False
        while not is_last and problem is None:
            try:
                is_last = self._parser.feed()
                self._check_version()
                self._check_bad_lines()
            except Refused as refused:
                problem, is_last = refused, True
            if is_last or self._waiting() >= self._chunk_lines:
                yield from self._flush(is_last)
        problem = problem or self._disproof()
        self._result = self._verdict(problem)
        if problem is None:
            yield "saft_header", self._header_frame()

    def _waiting(self) -> int:
        return sum(len(node.rows) for node in self._records.values() if node.rows)

    def _flush(self, is_last: bool) -> Iterator[tuple[str, pl.DataFrame]]:
        for kind in PARTIES:
            yield from self._parties(kind, self._masters_read(kind))
        for kind in MASTERS:
            yield from self._masters(kind, self._masters_read(kind))
        yield from self._ledger(self._lines_read(), is_last)

    def _masters_read(self, record: str) -> list[Row]:
        """Return the finished master records of a kind with their positions, and forget them."""
        lines = self._lines_read(record)
        for number, row in enumerate(lines.rows, lines.first):
            row["source_row"] = number
        if record == "tax_code":
            for row, entry in zip(lines.rows, lines.transactions, strict=True):
                row["tax_type"] = entry.get("tax_type")
                row["base_rates"] = ";".join(rate[""].strip() for rate in row.get("rates", ()))
        return lines.rows

    def _lines_read(self, record: str = "line") -> Lines:
        """Return the finished records of a kind with the record around each, and forget them."""
        node = self._records[record]
        assert node.rows is not None
        lines = Lines(node.rows.copy(), node.parents.copy(), node.taken + 1)
        node.taken += len(lines.rows)
        node.rows.clear()
        node.parents.clear()
        return lines

    # master files

    def _masters(self, kind: str, rows: list[Row]) -> Iterator[tuple[str, pl.DataFrame]]:
        if not rows:
            return
        table, columns, word, elements = MASTERS[kind]
        typed, bad = typed_frame(text_frame(rows, columns), columns)
        self._note_bad(bad, rows, word, elements)
        if kind == "account":
            typed = typed.with_columns(BALANCES)
        if kind == "analysis_code":
            typed = typed.with_columns(self._persons.masked("analysis_id_description"))
        yield table.name, self._finished(typed, table, rows)

    def _parties(self, kind: str, rows: list[Row]) -> Iterator[tuple[str, pl.DataFrame]]:
        if not rows:
            return
        table = PARTIES[kind]
        word, elements = PARTY_WORDS[kind], element_names(PARTY)
        parties = [prepared_party(row, kind, self._persons) for row in rows]
        columns = columns_but(table, *PARTY_DERIVED)
        typed, bad = typed_frame(text_frame(parties, columns), columns)
        self._note_bad(bad, rows, word, elements)
        typed = typed.with_columns(
            pl.Series("source_row", [row["source_row"] for row in rows], dtype=pl.Int64)
        )
        balances = self._party_balances(parties, kind)
        sums = balances.group_by("source_row", maintain_order=True).agg(
            pl.col("account_id").first(),
            pl.col("opening_balance", "closing_balance")
            .sum()
            .cast(POLARS_TYPES["money"], strict=False),
        )
        typed = typed.join(sums, on="source_row", how="left", maintain_order="left")
        yield table.name, self._finished(typed, table, rows)
        yield contracts.SAFT_PARTY_BALANCE.name, balances

    def _party_balances(self, parties: list[Row], kind: str) -> pl.DataFrame:
        table = contracts.SAFT_PARTY_BALANCE
        rows = [balance for party in parties for balance in balances_of(party, kind)]
        columns = (Column("account_id", "text", ""), Column("party_id", "text", ""), *SIDES)
        typed, bad = typed_frame(text_frame(rows, columns), columns)
        self._note_bad(bad, rows, PARTY_WORDS[kind], element_names(BALANCE))
        typed = typed.with_columns(
            *BALANCES,
            pl.lit(kind).alias("party_kind"),
            pl.Series("position", [row["position"] for row in rows], dtype=pl.Int64),
        )
        return self._finished(typed, table, rows)

    def _finished(
        self, typed: pl.DataFrame, table: Table, rows: list[Row] | None = None
    ) -> pl.DataFrame:
        """Return the frame with the contract's columns in its order."""
        if rows is not None:
            numbers = [row["source_row"] for row in rows]
            typed = typed.with_columns(pl.Series("source_row", numbers, dtype=pl.Int64))
        typed = typed.with_columns(pl.lit(self._sha256).alias("source_sha256"))
        return typed.select(pl.col(name).cast(dtype) for name, dtype in table.schema().items())

    def _note_bad(
        self, bad: list[Bad], rows: list[Row], word: str, elements: dict[str, str]
    ) -> None:
        """Note values of master files that can't be read: the row stays, the value is empty."""
        for index, column, value in bad:
            if len(self._notes) >= _SHOWN * 5:
                self._left_out_notes += 1
                continue
            self._notes.append(
                f"{word} nr. {rows[index]['source_row']}: {reason_of(column, value, elements)}; "
                "feltet er tomt"
            )

    # the ledger

    def _ledger(self, lines: Lines, is_last: bool) -> Iterator[tuple[str, pl.DataFrame]]:
        if lines.rows and not (is_last and self._is_skeleton(lines)):
            yield from self._line_chunk(lines)
        complete = self._balanced(is_last)
        if complete is not None:
            self._found.add_transactions(complete)
            accepted = complete.filter(~pl.col("is_bad"))
            yield LEDGER.name, self._finished(accepted, LEDGER)

    def _line_chunk(self, lines: Lines) -> Iterator[tuple[str, pl.DataFrame]]:
        """Type the lines, keep them until their transaction is whole, yield what hangs on them."""
        typed, bad = typed_lines(lines)
        transactions, bad_of_transactions, numbers = typed_transactions(lines)
        frame = typed.join(transactions, on="transaction_row", how="left", maintain_order="left")
        frame = frame.with_columns(
            *(self._persons.masked(column) for column in FREE_TEXTS),
            *(self._persons.masked_ids(frame[column]) for column in PARTY_IDS),
        )
        reasons: dict[int, str] = {}
        self._collect(
            reasons, bad, range(lines.first, lines.first + len(lines.rows)), LINE_ELEMENTS
        )
        self._collect_of_transactions(reasons, bad_of_transactions, numbers, frame)
        self._collect_missing_amounts(reasons, frame)
        nested = {name: nested_frame(lines, name) for name in NESTED}
        for name, (_, bad_nested, rows) in nested.items():
            self._collect(reasons, bad_nested, rows, NESTED[name][3])
        is_bad = frame["source_row"].is_in(list(reasons)).alias("is_bad")
        self._found.add(frame, is_bad)
        self._reject_lines(reasons, frame.filter(is_bad))
        self._open.append(frame.with_columns(is_bad))
        good = frame.filter(~is_bad)
        for name, (items, _, _) in nested.items():
            table, _, amount, _ = NESTED[name]
            if items.height:
                signed = with_sign_of_line(items, good, amount)
                yield table.name, self._finished(signed, table)

    def _balanced(self, is_last: bool) -> pl.DataFrame | None:
        """Return the lines of transactions that are whole, with their balance."""
        if not self._open:
            return None
        last = self._records["transaction"].count
        if not is_last and self._open[-1]["transaction_row"][0] == last:
            return None
        lines = pl.concat(self._open)
        self._open = []
        if not is_last:
            still_open = pl.col("transaction_row") == last
            self._open = [frame for frame in (lines.filter(still_open),) if frame.height]
            lines = lines.filter(~still_open)
        balance = pl.col("amount").sum().over("transaction_row")
        return lines.with_columns(
            balance.cast(POLARS_TYPES["money"], strict=False).alias("transaction_balance"),
            (balance == 0).alias("is_transaction_balanced"),
        )

    @staticmethod
    def _collect(
        reasons: dict[int, str], bad: list[Bad], rows: Sequence[int], elements: dict[str, str]
    ) -> None:
        for index, column, value in bad:
            reasons.setdefault(rows[index], reason_of(column, value, elements))

    @staticmethod
    def _collect_of_transactions(
        reasons: dict[int, str], bad: list[Bad], numbers: list[int], frame: pl.DataFrame
    ) -> None:
        """A value of the transaction that breaks the contract breaks it for all its lines."""
        for index, column, value in bad:
            reason = reason_of(column, value, TRANSACTION_ELEMENTS)
            lines = frame.filter(pl.col("transaction_row") == numbers[index])["source_row"]
            for row in lines:
                reasons.setdefault(row, reason)

    @staticmethod
    def _collect_missing_amounts(reasons: dict[int, str], frame: pl.DataFrame) -> None:
        for row in frame.filter(pl.col("amount").is_null())["source_row"]:
            reasons.setdefault(row, "mangler DebitAmount/Amount eller CreditAmount/Amount")

    def _reject_lines(self, reasons: dict[int, str], bad: pl.DataFrame) -> None:
        names = ("source_row", "transaction_id", "record_id", "account_id", "amount")
        for row, transaction, record, account, amount in bad.select(names).iter_rows():
            place = f"hovedboken, linje nr. {row} (TransactionID {transaction}, RecordID {record})"
            raw = f"AccountID {account}; {'' if amount is None else amount}"
            self._rejections.append(
                Rejection(self._sha256, place, reasons[row], raw, KIND, is_whole_file=False)
            )

    def _is_skeleton(self, lines: Lines) -> bool:
        """Whether the file declares an empty ledger and has only placeholders without amounts."""
        declared, _ = self._declared()
        if self._found.lines or declared != (0, _ZERO, _ZERO):
            return False
        typed, bad = typed_lines(lines)
        if bad or typed["amount"].null_count() or (typed["amount"] != 0).any():
            return False
        self._left_out_lines = len(lines.rows)
        self._notes.append(
            f"filen oppgir en tom hovedbok (0 bilag); {len(lines.rows)} linje(r) uten beløp er "
            "eksempler og er utelatt"
        )
        return True

    # the verdict

    def _header(self) -> Row:
        rows = self._records["header"].rows
        return rows[0] if rows else {}

    def _check_version(self) -> None:
        """Refuse a version that is known not to be this format. Raises Refused."""
        version = self._header().get("audit_file_version")
        match = _VERSION.match(version or "")
        if match and match.group(1) != "1":
            raise Refused(
                "Header/AuditFileVersion",
                f"versjonen er «{(version or '')[:40]}», forventet 1.10 til 1.30; eksporter "
                "regnskapet i en av dem",
            )

    def _check_bad_lines(self) -> None:
        if self._found.rejected_lines > MAX_BAD_LINES:
            first = self._rejections[0]
            raise Refused(
                "hovedboken",
                f"mer enn {MAX_BAD_LINES} linjer bryter formatet. Den første: {first.place}: "
                f"{first.reason}",
            )

    def _declared(self) -> tuple[tuple[int | None, Decimal | None, Decimal | None], list[str]]:
        """Return NumberOfEntries, TotalDebit and TotalCredit, and what is wrong with their text."""
        columns = (Column("number_of_entries", "integer", ""), *money_columns(*_TOTALS))
        typed, bad = typed_frame(text_frame([self._totals], columns), columns)
        names = {"number_of_entries": "NumberOfEntries", **_TOTALS}
        wrong = [reason_of(column, value, names) for _, column, value in bad]
        count, debit, credit = typed.row(0)
        return (count, debit, credit), wrong

    def _has_ledger(self) -> bool:
        return bool(self._found.lines or self._records["journal"].count or self._totals)

    def _disproof(self) -> Refused | None:
        """Return why the file's control totals reject it, with both numbers; None: they hold."""
        header = self._header()
        if not (header.get("currency") or "").strip():
            return Refused("Header", "mangler DefaultCurrencyCode, så beløpene er uten valuta")
        if not self._has_ledger():
            return None
        if max(abs(self._found.debit), abs(self._found.credit)) >= _TOO_LARGE:
            return Refused("GeneralLedgerEntries", "summene har mer enn 16 sifre foran komma")
        declared, wrong = self._declared()
        found = (self._records["transaction"].count, self._found.debit, self._found.credit)
        if declared == (0, _ZERO, _ZERO) and not self._found.lines:
            return None
        for name, text, number in zip(
            ("NumberOfEntries", "TotalDebit", "TotalCredit"), declared, found, strict=True
        ):
            if text is None and not any(reason.startswith(name) for reason in wrong):
                wrong.append(f"{name}: mangler, funnet {number}")
            elif text is not None and text != number and not self._counts_lines(name, text):
                wrong.append(f"{name}: oppgitt {text}, funnet {number}")
        if not wrong:
            return None
        reason = "kontrollsummene stemmer ikke: " + "; ".join(wrong)
        return Refused(
            "GeneralLedgerEntries", reason + ". Eksporter filen på nytt, helt og uendret"
        )

    def _counts_lines(self, name: str, declared: int | Decimal) -> bool:
        """Some systems count lines, not transactions, in NumberOfEntries; the sums prove the file.

        That counts only where there are more lines than transactions and none is lacking.
        """
        return name == "NumberOfEntries" and declared == self._found.lines

    def _verdict(self, problem: Refused | None) -> SaftResult:
        found, currency = self._found, (self._header().get("currency") or "").strip() or None
        if problem is not None:
            self._notes.append(f"{problem.place}: {problem.reason}")
            rejection = Rejection(self._sha256, problem.place, problem.reason, problem.raw, KIND)
            amount = found.debit if abs(found.debit) < _TOO_LARGE else None
            facts = (
                FileFacts.of_document(self._sha256, found.lines, currency, amount, True)
                if found.lines
                else FileFacts.unreadable(self._sha256)
            )
            return SaftResult({}, facts, [rejection, *self._rejections], self._notes)
        self._add_notes()
        rows = max(found.lines, 1)  # a file of master data alone counts as a row
        facts = FileFacts(
            self._sha256,
            rows + self._left_out_lines,
            rows - found.rejected_lines,
            found.rejected_lines,
            currency,
            found.debit,
            found.debit - found.rejected_debit,
            found.rejected_debit,
            rows_left_out=self._left_out_lines,
        )
        return SaftResult({}, facts, self._rejections, self._notes)

    def _add_notes(self) -> None:
        found, notes = self._found, self._notes
        version = (self._header().get("audit_file_version") or "").strip()
        if version not in ("1.10", "1.20", "1.30"):
            notes.append(
                f"AuditFileVersion er «{version[:40]}», ikke 1.10, 1.20 eller 1.30; lest etter "
                "elementenes navn"
            )
        if not found.lines:
            notes.append("filen har ingen hovedboksposteringer (GeneralLedgerEntries)")
        declared, _ = self._declared()
        if found.lines and declared[0] != self._records["transaction"].count:
            notes.append(f"NumberOfEntries ({declared[0]}) teller linjer, ikke bilag")
        if found.unbalanced:
            notes.append(
                f"{found.unbalanced} bilag går ikke i null og er merket: "
                + ", ".join(found.unbalanced_ids)
            )
        if found.rounded:
            notes.append(f"{found.rounded} linjer hadde mer enn to desimaler og er avrundet")
        if self._persons.count:
            notes.append(f"{self._persons.count} privatpersoner er pseudonymisert")
        if self._left_out_notes:
            notes.append(f"{self._left_out_notes} merknader til er ikke vist")

    def _header_frame(self) -> pl.DataFrame:
        header, found = self._header(), self._found
        names = element_names(HEADER)
        columns = tuple(c for c in contracts.SAFT_HEADER.columns if c.name in names)
        typed, bad = typed_frame(text_frame([header], columns), columns)
        self._note_bad(bad, [{"source_row": 1}], "Header", names)
        number = header.get("company_registration_number")
        vat = header.get("company_vat_number")
        declared, _ = self._declared()
        worked_out: dict[str, Any] = {
            "source_row": 1,
            "company_orgnr": norwegian_orgnr((number, "NO:ORGNR"), (vat, "VAT")),
            "number_of_entries": declared[0],
            "total_debit": declared[1],
            "total_credit": declared[2],
            "transaction_count": self._records["transaction"].count,
            "line_count": found.lines,
            "debit_found": found.debit,
            "credit_found": found.credit,
            "unbalanced_count": found.unbalanced,
        }
        schema = contracts.SAFT_HEADER.schema()
        series = [pl.Series(n, [v], dtype=schema[n]) for n, v in worked_out.items()]
        return self._finished(typed.with_columns(series), contracts.SAFT_HEADER)


def read_saft(data: bytes, sha256: str, pseudonym_key: bytes) -> SaftResult:
    """Read a whole SAF-T file from memory; for large files use `SaftReader`.

    Every table of the contract is there, also the empty ones; all are empty where the file is
    rejected.
    """
    reader = SaftReader(io.BytesIO(data), sha256, pseudonym_key)
    frames: dict[str, list[pl.DataFrame]] = {}
    for name, frame in reader.chunks():
        frames.setdefault(name, []).append(frame)
    result = reader.result
    if result.is_rejected:
        frames = {}
    tables = {
        table.name: pl.concat([table.empty(), *frames.get(table.name, [])])
        for table in contracts.SAFT_TABLES
    }
    return SaftResult(tables, result.facts, result.rejections, result.notes)
