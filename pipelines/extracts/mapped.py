"""An exported table and its mapping become rows of a lake table: exact, counted, nothing dropped.

Finding the cells is `tabular`, reading single values `cell_values`; here columns are put together,
control totals are checked and left out, and rows that break the contract are quarantined.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from pipelines.extracts import cell_values
from pipelines.extracts.contracts.columns import POLARS_TYPES, Column
from pipelines.extracts.control_totals import (
    NUMERIC_SCALES,
    ZERO,
    ControlTotal,
    TotalsFinder,
    sum_of,
)
from pipelines.extracts.identifiers import is_orgnr
from pipelines.extracts.mapping import COMPUTED, AmountColumn, Mapping, Rule
from pipelines.extracts.pseudonyms import shown_headings
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.supplier_privacy import pseudonymised
from pipelines.extracts.tabular import (
    ROW,
    Header,
    RawTable,
    TableProblem,
    find_header,
    plain_heading,
    raw_tables,
    sections,
)

_MONEY = POLARS_TYPES["money"]
_NEAR = 2  # headings in common; a table with fewer is another table
_DATE_WORDS = "forventet en dato, fant «{}»"


@dataclass(frozen=True)
class TabularResult:
    """What an exported table became.

    `facts` counts rows and their `amount`: in = accepted + quarantined + left out, where left out
    is what is no data (control totals, rows that the mapping leaves out, empty cells of one of
    several amount columns).
    """

    tables: dict[str, pl.DataFrame]
    facts: FileFacts
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    control_totals: list[ControlTotal] = field(default_factory=list)

    @property
    def left_out_rows(self) -> int:
        """Rows that are no data."""
        return self.facts.rows_left_out

    @property
    def left_out_amount(self) -> Decimal:
        """The money in them, for control totals the sum that they state."""
        return self.facts.amount_left_out or ZERO


def read_mapped(
    data: bytes, sha256: str, mapping: Mapping, pseudonym_key: bytes, max_cells: int = 20_000_000
) -> TabularResult:
    """Read a table (text or workbook) by a mapping.

    A file that is no table or lacks a column of the mapping is rejected as a whole. Of a workbook
    every sheet with the mapping's columns is read.
    """
    try:
        tables = raw_tables(data, max_cells)
    except TableProblem as problem:
        return _unreadable(problem, sha256, mapping.table.name)
    return _read(tables, sha256, mapping, pseudonym_key)


def read_table(
    data: bytes,
    sha256: str,
    mappings: list[Mapping],
    pseudonym_key: bytes,
    max_cells: int = 20_000_000,
) -> tuple[Mapping | None, TabularResult]:
    """Read a table by the mapping that fits it best, parsing the file once.

    The result is what `fits` and then `read_mapped` would give. Without a mapping that fits it is
    a rejection of the file, which names the mapping that comes closest and what it lacks.
    """
    try:
        tables = raw_tables(data, max_cells)
    except TableProblem as problem:
        return None, _unreadable(problem, sha256, "unknown")
    mapping = _best(tables, mappings)
    if mapping is None:
        return None, _unreadable(_nearest(tables, mappings), sha256, "unknown")
    return mapping, _read(tables, sha256, mapping, pseudonym_key)


def _unreadable(problem: TableProblem, sha256: str, kind: str) -> TabularResult:
    rejection = Rejection(sha256, problem.place, problem.reason, problem.raw, kind)
    return TabularResult({}, FileFacts.unreadable(sha256), [rejection])


def _read(
    tables: list[RawTable], sha256: str, mapping: Mapping, pseudonym_key: bytes
) -> TabularResult:
    try:
        found, unread = _fitting(tables, mapping)
    except TableProblem as problem:
        return _unreadable(problem, sha256, mapping.table.name)
    parts = [
        _Part(piece, named, mapping, amount)
        for raw, header in found
        for piece, named in sections(raw, header, lambda h: _has_required(h, mapping))
        for amount in _amounts(mapping, named)
    ]
    for part in parts:
        part.read()
    result = _result(parts, sha256, mapping, pseudonym_key)
    return _with_unread(result, unread, mapping.table.name) if unread else result


def _with_unread(result: TabularResult, unread: list[TableProblem], kind: str) -> TabularResult:
    """Count each sheet that could not be read as one row in quarantine."""
    facts = result.facts
    rejections = [
        Rejection(facts.source_sha256, sheet.place, sheet.reason, sheet.raw, kind, False)
        for sheet in unread
    ]
    counted = facts._replace(
        rows_in=facts.rows_in + len(unread),
        rows_quarantined=facts.rows_quarantined + len(unread),
    )
    return replace(result, facts=counted, rejections=result.rejections + rejections)


def fits(data: bytes, mappings: list[Mapping], max_cells: int = 20_000_000) -> Mapping | None:
    """Return the mapping whose columns a file has, None where none fits.

    Of several the one with most of its columns in the file wins, then the first.
    """
    try:
        tables = raw_tables(data, max_cells)
    except TableProblem:
        return None
    return _best(tables, mappings)


def _best(tables: list[RawTable], mappings: list[Mapping]) -> Mapping | None:
    best: tuple[int, Mapping] | None = None
    for mapping in mappings:
        try:
            found, _ = _fitting(tables, mapping)
        except TableProblem:
            continue
        known = sum(len(_columns_of(header, mapping)) for _, header in found)
        if best is None or known > best[0]:
            best = known, mapping
    return None if best is None else best[1]


def _nearest(tables: list[RawTable], mappings: list[Mapping]) -> TableProblem:
    """Return why no mapping fits, by the one of which most headings are there."""
    present = {plain_heading(cell) for raw in tables for row in raw.head() for cell in row if cell}

    def common(mapping: Mapping) -> int:
        wanted = {plain_heading(name.partition("#")[0]) for name in mapping.headings}
        return len(wanted & present)

    def share(mapping: Mapping) -> float:
        return common(mapping) / len(mapping.headings)

    nearest = max(mappings, key=share, default=None)
    what = "ingen mapping passer; lag et utkast med «samkjop mapping suggest»"
    if nearest is None or common(nearest) < _NEAR:
        row = next((row for row in tables[0].head() if any(row)), ())
        found = shown_headings(row)[:300]
        return TableProblem(tables[0].place, f"{what}; første rad er {found}")
    try:
        _fitting(tables, nearest)
    except TableProblem as problem:
        return TableProblem(problem.place, f"{what}. Nærmest: {problem.reason}", problem.raw)
    raise AssertionError("a mapping that fits is never the nearest of none")


# --- which columns ------------------------------------------------------------------------------


def _fitting(
    tables: list[RawTable], mapping: Mapping
) -> tuple[list[tuple[RawTable, Header]], list[TableProblem]]:
    """Return the sheets that the mapping can read, and why others that look like them can't be.

    Raises TableProblem where there is none.
    """
    found: list[tuple[RawTable, Header]] = []
    unread: list[TableProblem] = []
    problems: list[TableProblem] = []
    wanted = {plain_heading(heading.partition("#")[0]) for heading in mapping.headings}

    def known(cell: str) -> float:
        plain = plain_heading(cell)
        if plain in wanted:
            return 1.0
        return 0.2 if plain and any(f" {plain} " in f" {name} " for name in wanted) else 0.0

    for raw in tables:
        header = find_header(raw, known)
        if header is None:
            problems.append(_no_header(raw, mapping))
            continue
        try:
            _columns_of(header, mapping)
            _check_complete(raw, header, mapping)
        except TableProblem as problem:
            problems.append(TableProblem(raw.place, problem.reason))
            if len(_columns_of(header, mapping, is_strict=False)) > 1:
                unread.append(problems[-1])
        else:
            found.append((raw, header))
    if not found:
        raise problems[0]
    return found, unread


def _no_header(raw: RawTable, mapping: Mapping) -> TableProblem:
    first = next((row for row in raw.head() if any(row)), ())
    found = shown_headings(first)[:300]
    names = ", ".join(f"«{name}»" for name in sorted(mapping.headings)[:6])
    return TableProblem(
        raw.place,
        f"fant ingen overskriftsrad for mappingen «{mapping.name}»: forventet {names}, "
        f"første rad er {found or 'tom'}",
    )


def _column(header: Header, name: str) -> str | None:
    found = header.find(name)
    if len(found) > 1:
        raise TableProblem(
            "",
            f"kolonnen «{name}» står {len(found)} ganger; "
            f"skriv «{name}#1» for den første i mappingen",
        )
    return found[0].column if found else None


def _rule_columns(header: Header, rule: Rule) -> list[str] | None:
    """Return the cell columns that a rule reads, None where the file lacks one that it must have.

    A source reads the first of its names that is there; debit comes before credit.
    """
    found = [_column(header, name) for name in rule.headings]
    if rule.kind == "source":
        return [c for c in found if c is not None][:1] or None
    if rule.kind == "debit_credit":
        credit = [_column(header, name) for name in rule.credit]
        sides = [[c for c in side if c is not None][:1] for side in (found, credit)]
        return [*sides[0], *sides[1]] if all(sides) else None
    present = [c for c in found if c is not None]
    return present if present and (rule.is_optional or len(present) == len(found)) else None


def _lacking(header: Header, rule: Rule) -> list[str]:
    """Return the headings that a rule must have and the file has not; of aliases the first."""
    if rule.kind == "source":
        return [rule.headings[0]]
    if rule.kind == "debit_credit":
        sides = (rule.headings, rule.credit)
        return [side[0] for side in sides if not any(_column(header, name) for name in side)]
    return [name for name in rule.headings if _column(header, name) is None]


def _columns_of(
    header: Header, mapping: Mapping, *, is_strict: bool = True
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, rule in mapping.columns.items():
        try:
            columns = _rule_columns(header, rule)
        except TableProblem:
            if is_strict:
                raise
            continue
        if columns is not None:
            found[name] = columns
    return found


def _has_required(header: Header, mapping: Mapping) -> bool:
    """Return whether the columns without which there are no rows are under some headings."""
    present = _columns_of(header, mapping, is_strict=False)
    required = [c.name for c in mapping.table.columns if c.required and c.name in mapping.columns]
    return all(name in present for name in required) and bool(_amounts(mapping, header))


def _check_complete(raw: RawTable, header: Header, mapping: Mapping) -> None:
    present = _columns_of(header, mapping)
    missing = [
        heading
        for name, rule in mapping.columns.items()
        if name not in present and not rule.is_optional
        for heading in _lacking(header, rule)
    ]
    missing += [
        amount.heading
        for amount in mapping.amounts
        if not amount.is_optional and _column(header, amount.heading) is None
    ]
    missing += [rule.heading for rule in mapping.leave_out if _column(header, rule.heading) is None]
    if missing or (mapping.amounts and not _amounts(mapping, header)):
        names = ", ".join(f"«{name}»" for name in missing) or "beløp"
        found = ", ".join(f"«{h.display}»" for h in header.headings)
        raise TableProblem(
            raw.place,
            f"mangler kolonnen {names}, som mappingen «{mapping.name}» leser; fant {found[:500]}. "
            "Rett eksporten, eller gi det nye navnet i mappingen",
        )


def _amounts(mapping: Mapping, header: Header) -> list[tuple[int, AmountColumn] | None]:
    if not mapping.amounts:
        return [None]
    return [
        (position, amount)
        for position, amount in enumerate(mapping.amounts, 1)
        if _column(header, amount.heading) is not None
    ]


# --- one table and one amount column ------------------------------------------------------------


class _Part:
    """A table's rows with one amount: read, judged and counted."""

    def __init__(
        self,
        raw: RawTable,
        header: Header,
        mapping: Mapping,
        amount: tuple[int, AmountColumn] | None,
    ) -> None:
        self.raw, self.header, self.mapping = raw, header, mapping
        self.position = amount[0] if amount else None
        self.constants = mapping.constants | (amount[1].constants if amount else {})
        self.rules = dict(mapping.columns)
        if amount:
            self.rules["amount"] = Rule("source", (amount[1].heading,), values=amount[1].values)
        self.sources = {
            name: columns
            for name, rule in self.rules.items()
            if (columns := _rule_columns(header, rule)) is not None
        }
        self.types = {column.name: column for column in mapping.table.columns}
        self.measure = "amount" if "amount" in self.types else ""
        self.notes: list[str] = []
        self.control_totals: list[ControlTotal] = []
        self.typed = pl.DataFrame()
        self.cells = pl.DataFrame()
        self.clean = pl.DataFrame()

    def read(self) -> None:
        """Fill `typed`: our columns, `row`, `_reason` (null: accepted) and `_left_out`."""
        cells = self.raw.cells
        nothing = cells.select(pl.all_horizontal(pl.col(self.raw.columns).is_null())).to_series()
        self.cells = self._without_blank(cells.filter(~nothing) if nothing.any() else cells)
        self.clean = self._stripped()
        numbers = self.cells.select(ROW)
        text = numbers.hstack(
            self.clean.select(self._text(name).alias(name) for name in self._plain())
        )
        columns, reasons = self._converted(text)
        self.typed = text.select(ROW).with_columns(columns)
        self._judge(reasons)

    def _stripped(self) -> pl.DataFrame:
        """Return the columns that are read without spaces around values, null where empty."""
        used = dict.fromkeys(column for columns in self.sources.values() for column in columns)
        stripped = self.cells.select(pl.col(column).str.strip_chars() for column in used)
        return stripped.select(
            pl.when(pl.col(column) != "").then(pl.col(column)).alias(column) for column in used
        )

    def _without_blank(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Leave out rows that hold nothing but spaces."""
        key = pl.col(self.sources[self._required()][0])
        suspect = cells.filter(key.is_null() | (key.str.strip_chars() == ""))
        blank = pl.all_horizontal(pl.col(self.raw.columns).str.strip_chars().fill_null("") == "")
        empty = suspect.filter(blank)[ROW]
        return cells.filter(~pl.col(ROW).is_in(empty.implode())) if len(empty) else cells

    def _required(self) -> str:
        required = [c.name for c in self.mapping.table.columns if c.required]
        return next(name for name in required if name in self.sources)

    def _plain(self) -> list[str]:
        return [
            name
            for name, rule in self.rules.items()
            if name in self.sources and rule.kind not in COMPUTED
        ]

    def _text(self, name: str) -> pl.Expr:
        rule, columns = self.rules[name], self.sources[name]
        parts = [_cleaned(column, rule) for column in columns]
        if rule.kind == "first":
            value = pl.coalesce(*parts)
        elif rule.kind == "join":
            joined = pl.concat_str(*parts, separator=rule.separator, ignore_nulls=True)
            value = pl.when(joined != "").then(joined)
        else:
            value = parts[0]
        if rule.extract is not None:
            value = value.str.extract(rule.extract)
        if rule.values:
            value = value.replace(dict(rule.values))
        return value

    def _heading(self, name: str) -> str:
        column = self.sources[name][0]
        return next(h.display for h in self.header.headings if h.column == column)

    def _converted(self, text: pl.DataFrame) -> tuple[list[pl.Series], list[pl.Series]]:
        columns: list[pl.Series] = []
        reasons: list[pl.Series] = []
        file_mark = self._file_mark()
        for name in self.sources:
            column = self.types[name]
            if column.type in NUMERIC_SCALES:
                found = self._number(name, column, file_mark)
            elif column.type == "date":
                found = self._date(text[name], name)
            elif column.type == "integer":
                found = _integer(text[name])
            else:
                columns.append(text[name])
                continue
            columns.append(found.values.alias(name))
            if found.reasons.null_count() < len(found.reasons):
                reasons.append(_with_heading(found.reasons, self._heading(name)))
        return columns, reasons

    def _number_texts(self, name: str) -> list[pl.Series]:
        rule = self.rules[name]
        if rule.kind in COMPUTED:
            texts = [self.clean.select(_cleaned(c, rule)).to_series() for c in self.sources[name]]
        else:
            texts = [self.clean.select(self._text(name)).to_series()]
        mark = rule.decimal or self.mapping.decimal
        if self.raw.is_native and mark == ",":  # which is how people type, not a number's own point
            return [text.str.replace(r"^(-?\d+)\.(\d+)$", "$1,$2") for text in texts]
        return texts

    def _file_mark(self) -> str | None:
        """Return the decimal mark that all amounts of the table prove together, if they must."""
        if self.mapping.decimal is not None:
            return self.mapping.decimal
        texts = {
            name: self._number_texts(name)
            for name in self.sources
            if self.types[name].type in NUMERIC_SCALES and self.rules[name].decimal is None
        }
        if not any(cell_values.has_two_ways(t) for group in texts.values() for t in group):
            return None
        mark = cell_values.proven_mark([t for group in texts.values() for t in group])
        if mark is not None:
            self.notes.append(f"{self.raw.place}: tallene viser at desimaltegnet er «{mark}»")
        return mark

    def _number(self, name: str, column: Column, file_mark: str | None) -> cell_values.Converted:
        rule = self.rules[name]
        mark = file_mark if rule.decimal is None else rule.decimal
        mark = None if mark == "auto" else mark
        scale = NUMERIC_SCALES[column.type]
        dtype = POLARS_TYPES[column.type]
        if rule.kind == "product":
            factor = pl.Decimal(38, 8)
            parts = [cell_values.amounts(t, factor, mark, 8) for t in self._number_texts(name)]
        elif self.mapping.is_rounded and column.type == "money":
            parts = [
                cell_values.rounded_amounts(text, dtype, mark) for text in self._number_texts(name)
            ]
        else:
            parts = [
                cell_values.amounts(text, dtype, mark, scale) for text in self._number_texts(name)
            ]
        value, reason = _combined(parts, rule, dtype)
        is_reversed = self.mapping.is_reversed if rule.is_reversed is None else rule.is_reversed
        if is_reversed and column.type == "money":
            value = -value
        return cell_values.Converted(value.cast(dtype), reason)

    def _date(self, text: pl.Series, name: str) -> cell_values.Converted:
        formats = self.rules[name].dates or self.mapping.dates
        if not formats:
            formats, _ = cell_values.guess_formats(text)
            if not formats and text.null_count() < len(text):
                formats = ("%Y-%m-%d",)
        if formats:
            values = cell_values.dates(text, formats)
        else:
            values = pl.Series(name, [None], dtype=pl.Date).new_from_index(0, len(text))
        return cell_values.Converted(values, _lost(text, values, _DATE_WORDS))

    def column(self, name: str) -> str | None:
        """Return the cell column of a heading."""
        return _column(self.header, name)

    # --- judging the rows -----------------------------------------------------------------------

    def _judge(self, reasons: list[pl.Series]) -> None:
        typed = self.typed
        for column in self.mapping.table.columns:
            if column.required and column.name in self.sources:
                unsaid = typed[column.name].is_null()
                for reason in reasons:
                    unsaid = unsaid & reason.is_null()
                if unsaid.any():
                    missing = f"kolonnen «{self._heading(column.name)}»: mangler verdi"
                    reasons.append(_where(unsaid, missing))
        spilled = self._spilled()
        if spilled is not None:
            reasons.append(spilled)
        left_out = self._left_out_rows()
        totals, refused = self._control_totals(left_out)
        if refused is not None:
            reasons.append(refused)
        reason = (
            pl.select(pl.concat_str(reasons, separator="; ", ignore_nulls=True)).to_series()
            if reasons
            else _nothing(typed.height)
        )
        reason = pl.select(pl.when(reason != "").then(reason)).to_series()
        is_out = left_out | totals
        reason = pl.select(pl.when(~is_out).then(reason)).to_series()
        self.typed = typed.with_columns(reason.alias("_reason"), is_out.alias("_left_out"))

    def _spilled(self) -> pl.Series | None:
        """Return a reason for rows with more fields than headings: their cells have moved."""
        last = max(self.raw.columns.index(h.column) for h in self.header.headings)
        beyond = self.raw.columns[last + 1 :]
        if not beyond:
            return None
        filled = self.cells.select((pl.col(c).str.contains(r"\S")).fill_null(False) for c in beyond)
        total = int(filled.select(pl.any_horizontal(pl.all())).to_series().sum())
        next_to = filled[beyond[0]]
        if next_to.any() and next_to.sum() * 2 <= self.cells.height:
            moved = next_to & self._may_have_moved(self.raw.columns[last], beyond[0], next_to)
            if moved.any():
                reason = "raden har flere felt enn overskriften: feltene kan være forskjøvet"
                return _where(moved, reason)
        if total:
            self.notes.append(
                f"{self.raw.place}: {total} rader har verdier i kolonner uten overskrift; "
                "de er ikke lest"
            )
        return None

    def _may_have_moved(self, last: str, beyond: str, spilled: pl.Series) -> pl.Series:
        """Tell a row whose cells have moved from one with a remark beside the table.

        Where the last column holds words only, a lone number beyond it never came from there.
        """
        usual = self.cells.filter(~spilled)[last].str.strip_chars()
        usual = usual.filter((usual != "").fill_null(False))
        number = self.cells[beyond].str.contains(r"^\s*[\d.,]+\s*$").fill_null(False)
        kept = self.cells[last].str.contains(r"[^\W\d_]{2}").fill_null(False)
        if len(usual) and usual.str.contains(r"[^\W\d_]{2}").all():
            return ~(number & kept)
        return pl.Series([True], dtype=pl.Boolean).new_from_index(0, self.cells.height)

    def _left_out_rows(self) -> pl.Series:
        out = pl.Series([False], dtype=pl.Boolean).new_from_index(0, self.cells.height)
        if self.position is not None:
            out = ~self.cells[self.sources["amount"][0]].str.contains(r"\S").fill_null(False)
            if out.any():
                heading = self._heading("amount")
                self.notes.append(f"{self.raw.place}: {out.sum()} rader uten beløp i «{heading}»")
        for rule in self.mapping.leave_out:
            column = _column(self.header, rule.heading)
            assert column is not None
            hit = self.cells[column].str.strip_chars().is_in(list(rule.values)).fill_null(False)
            if hit.any():
                self.notes.append(f"{self.raw.place}: {hit.sum()} rader utelatt: {rule.reason}")
            out = out | hit
        return out

    def _control_totals(self, left_out: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        none = pl.Series([False], dtype=pl.Boolean).new_from_index(0, self.cells.height)
        if not self.mapping.totals.find or not self.measure or self.measure not in self.sources:
            return none, None
        finder = TotalsFinder(self, left_out)
        rows, refused = finder.find()
        self.control_totals = finder.found
        self.notes += finder.notes
        if not rows and not refused:
            return none, None
        index = pl.int_range(self.cells.height, eager=True)
        reason = index.replace_strict(
            list(refused), list(refused.values()), default=None, return_dtype=pl.String
        )
        return index.is_in(rows), reason if refused else None


def _cleaned(column: str, rule: Rule) -> pl.Expr:
    value = pl.col(column)
    return pl.when(~value.is_in(list(rule.empty))).then(value) if rule.empty else value


def _combined(
    parts: list[cell_values.Converted], rule: Rule, dtype: pl.DataType
) -> tuple[pl.Series, pl.Series]:
    if len(parts) == 1:
        return parts[0]
    frame = pl.DataFrame({f"v{i}": part.values for i, part in enumerate(parts)})
    frame = frame.with_columns(pl.Series(f"r{i}", p.reasons) for i, p in enumerate(parts))
    terms = [pl.col(f"v{i}").fill_null(0) for i in range(len(parts))]
    if rule.kind == "debit_credit":
        total = terms[0] - terms[1]
    elif rule.kind == "product":
        rounded = cell_values.half_up(frame["v0"] * frame["v1"]).cast(dtype)
        return rounded, frame.select(pl.coalesce("r0", "r1")).to_series()
    else:
        total = terms[0]
        for term in terms[1:]:
            total = total + term
    bad = pl.any_horizontal(pl.col(f"r{i}").is_not_null() for i in range(len(parts)))
    nothing = pl.all_horizontal(pl.col(f"v{i}").is_null() for i in range(len(parts)))
    value = pl.when(~bad & ~nothing).then(total.cast(dtype))
    reason = pl.coalesce(*[pl.col(f"r{i}") for i in range(len(parts))])
    done = frame.select(value.alias("v"), reason.alias("r"))
    return done["v"], done["r"]


def _integer(text: pl.Series) -> cell_values.Converted:
    whole = text.str.extract(r"^([+-]?\d{1,15})(?:[.,]0+)?$").cast(pl.Int64, strict=False)
    return cell_values.Converted(whole, _lost(text, whole, "forventet et helt tall, fant «{}»"))


def _lost(text: pl.Series, values: pl.Series, words: str) -> pl.Series:
    lost = text.is_not_null() & values.is_null()
    if not lost.any():
        return _nothing(len(text))
    return pl.select(pl.when(lost).then(pl.format(words, text))).to_series()


def _with_heading(reasons: pl.Series, heading: str) -> pl.Series:
    said = pl.concat_str(pl.lit(f"kolonnen «{heading}»: "), reasons)
    return pl.select(pl.when(reasons.is_not_null()).then(said)).to_series()


def _where(mask: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(mask).then(pl.lit(reason))).to_series()


def _nothing(height: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, height)


# --- putting the parts together -----------------------------------------------------------------


def _result(parts: list[_Part], sha256: str, mapping: Mapping, key: bytes) -> TabularResult:
    frames, rejections, notes, totals = [], [], [], []
    for part in parts:
        frames.append(_accepted(part))
        rejections += _rejections(part, sha256)
        notes += part.notes + _column_notes(part)
        totals += part.control_totals
    table = pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]
    order = [name for name in mapping.table.key if name in table.columns and name != ROW]
    if len(parts) > 1:
        table = table.sort([ROW, *[n for n in order if n == "value_position"]])
    repeated = sum(_repeated(part) for part in parts if part.position in (None, 1))
    if repeated:
        notes.append(f"{repeated} rader er like en tidligere rad; de er ekte linjer og beholdt")
    table = _completed(table, sha256, mapping, key)
    counted = _Counted(parts)
    currencies = table["currency"].drop_nulls().unique().to_list() if table.height else []
    currency = mapping.constants.get("currency") or (
        currencies[0] if len(currencies) == 1 else None
    )
    return TabularResult(
        {mapping.table.name: table} if table.height else {},
        counted.facts(sha256, currency),
        rejections,
        list(dict.fromkeys(notes)),
        totals,
    )


class _Counted:
    """Rows and money of all parts: in, accepted, quarantined, left out."""

    def __init__(self, parts: list[_Part]) -> None:
        self._rows = {"all": 0, "bad": 0, "out": 0}
        self._money = {"all": ZERO, "bad": ZERO, "out": ZERO}
        self._has_money = False
        for part in parts:
            typed = part.typed
            self._rows["all"] += typed.height
            bad, out = typed["_reason"].is_not_null(), typed["_left_out"]
            self._rows["bad"] += int(bad.sum())
            self._rows["out"] += int(out.sum())
            if part.measure in typed.columns:
                self._has_money = True
                amount = typed[part.measure].cast(pl.Decimal(38, 2))
                self._money["all"] += sum_of(amount)
                self._money["bad"] += sum_of(amount.filter(bad))
                self._money["out"] += sum_of(amount.filter(out))

    def facts(self, sha256: str, currency: str | None) -> FileFacts:
        """Return the facts: in = accepted + quarantined + left out."""
        rows, bad, out = self._rows["all"], self._rows["bad"], self._rows["out"]
        facts = FileFacts(sha256, rows, rows - bad - out, bad, rows_left_out=out)
        if not self._has_money:
            return facts
        amount, lost, aside = self._money["all"], self._money["bad"], self._money["out"]
        return facts._replace(
            currency=currency,
            amount_in=amount,
            amount_accepted=amount - lost - aside,
            amount_quarantined=lost,
            amount_left_out=aside,
        )


def _accepted(part: _Part) -> pl.DataFrame:
    good = part.typed.filter(pl.col("_reason").is_null() & ~pl.col("_left_out"))
    frame = good.drop("_reason", "_left_out")
    constants = [
        pl.lit(value).cast(POLARS_TYPES[part.types[name].type]).alias(name)
        for name, value in part.constants.items()
    ]
    if part.position is not None:
        constants.append(pl.lit(part.position, pl.Int64).alias("value_position"))
    return frame.with_columns(constants)


def _rejections(part: _Part, sha256: str) -> list[Rejection]:
    if part.typed["_reason"].null_count() == part.typed.height:
        return []
    bad = part.typed.filter(pl.col("_reason").is_not_null()).select(ROW, "_reason")
    raw = part.cells.join(bad, on=ROW, how="inner", maintain_order="left")
    text = pl.concat_str(
        [pl.col(c).fill_null("") for c in part.raw.columns], separator=";"
    ).str.strip_chars_end(";")
    return [
        Rejection(sha256, part.raw.place_of(row), reason, line, part.mapping.table.name, False)
        for row, reason, line in raw.select(ROW, "_reason", text.alias("_raw")).iter_rows()
    ]


def _column_notes(part: _Part) -> list[str]:
    read = {column for columns in part.sources.values() for column in columns}
    read |= {c for a in part.mapping.amounts if (c := _column(part.header, a.heading)) is not None}
    unread = [h.display for h in part.header.headings if h.column not in read]
    absent = [rule.headings[0] for name, rule in part.rules.items() if name not in part.sources]
    absent += [
        amount.heading
        for amount in part.mapping.amounts
        if _column(part.header, amount.heading) is None
    ]
    notes = []
    for words, headings in (("ikke lest", unread), ("står ikke i eksporten", absent)):
        if headings:
            listed = ", ".join(f"«{name}»" for name in headings[:60])
            notes.append(f"{part.raw.place}: {words}: {listed}")
    return notes


def _repeated(part: _Part) -> int:
    """Return how many accepted rows are in every cell like an earlier one."""
    good = part.typed["_reason"].is_null() & ~part.typed["_left_out"]
    cells = part.cells if good.all() else part.cells.filter(good)
    hashes = cells.drop(ROW).hash_rows(seed=0)
    return len(hashes) - hashes.n_unique()


def _completed(table: pl.DataFrame, sha256: str, mapping: Mapping, key: bytes) -> pl.DataFrame:
    """Return the rows with the contract's columns, derived ones included."""
    table = table.rename({ROW: "source_row"}).with_columns(pl.lit(sha256).alias("source_sha256"))
    schema = mapping.table.schema()
    if "supplier_name" in schema:
        table = _with_orgnr(table, "supplier_orgnr", "supplier_legal_id")
        table = pseudonymised(table, key)
    if "entity_orgnr" in schema:
        table = _with_orgnr(table, "entity_orgnr", "entity_id")
    if mapping.table.name == "ledger_line":
        table = _with_year(table)
    missing = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
        if name not in table.columns
    ]
    return table.with_columns(missing).select(pl.col(n).cast(d) for n, d in schema.items())


def _with_orgnr(table: pl.DataFrame, orgnr: str, written: str) -> pl.DataFrame:
    """Keep an organisation number only where it is one; what was written is kept beside it."""
    if orgnr not in table.columns:
        return table
    text = table[orgnr]
    known = text.drop_nulls().unique()
    clean = known.str.replace_all(r"(?i)[\s\u00a0.-]|^NO|MVA$|\.0$", "").to_list()
    valid = pl.Series([number if is_orgnr(number) else None for number in clean], dtype=pl.String)
    value = text.replace_strict(known, valid, default=None, return_dtype=pl.String)
    both = [written, orgnr] if written in table.columns else [orgnr]
    as_written = pl.coalesce(both).alias(written)
    return table.with_columns(as_written, value.alias(orgnr))


def _years_of(periods: pl.Series) -> pl.Series:
    """Return the year that a period begins with: 202413, 2024-01, 2024/1."""
    known = periods.drop_nulls().unique()
    years = known.str.extract(r"^((?:19|20)\d{2})[-./ ]?\d{0,2}$").cast(pl.Int64, strict=False)
    return periods.replace_strict(known, years, default=None, return_dtype=pl.Int64)


def _with_year(table: pl.DataFrame) -> pl.DataFrame:
    years = [pl.col("year")] if "year" in table.columns else []
    if "period" in table.columns:
        years.append(pl.lit(_years_of(table["period"])))
    years += [
        pl.col(name).dt.year().cast(pl.Int64)
        for name in ("posting_date", "invoice_date", "payment_date")
        if name in table.columns
    ]
    return table.with_columns(pl.coalesce(*years).alias("year")) if years else table
