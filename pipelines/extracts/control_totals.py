"""Control totals in exported tables: rows that are sums of others, found, checked and set apart."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import polars as pl

from pipelines.extracts.contracts.columns import Column, ColumnType
from pipelines.extracts.mapping import Mapping
from pipelines.extracts.tabular import ROW, RawTable

NUMERIC_SCALES: dict[ColumnType, int] = {"money": 2, "quantity": 6, "price": 8, "rate": 8}
ZERO = Decimal("0.00")
_WORD = r"(grand[ -]?total|sub[ -]?total|total(t|t sum|sum|er|s)?|sum(ma|mer|s)?( total)?|delsum|"
_WORD += r"sluttsum|i alt|tilsammen|totalsumma|total sum)"
_LABEL = rf"(?i)^{_WORD}[ :.]*$"
_LABEL_START = rf"(?i)^{_WORD}\b.{{0,60}}$"
_NUMBER_CELL = r"^[-+(]?[£$€]? ?\d[\d .,'\u00a0\u202f]*[-)]?$"
_OWN_IDENTITY = ("posting_date", "invoice_date", "payment_date", "voucher_number", "invoice_number")


@dataclass(frozen=True)
class ControlTotal:
    """A total that the export states, beside the sum of the lines that it is for."""

    place: str
    stated: Decimal
    computed: Decimal


class _Rows(Protocol):
    """What is needed of the rows looked at: cells, our columns and where they come from."""

    raw: RawTable
    mapping: Mapping
    cells: pl.DataFrame
    typed: pl.DataFrame
    sources: dict[str, list[str]]
    types: dict[str, Column]
    measure: str

    def column(self, name: str) -> str | None:
        """Return the cell column of a heading."""


class TotalsFinder:
    """Finds the rows of a table that are sums of others.

    A candidate has a total's label, or nothing but amounts. It is a total where it equals the sum
    of lines above it (back to the start or to an earlier total) or of all lines. A row with the
    bare label that does not is refused, and so is one with nothing but amounts; a longer text that
    only begins like a label (a supplier «Total …») is then an ordinary line.
    """

    def __init__(self, part: _Rows, left_out: pl.Series) -> None:
        self._part = part
        self._left_out = left_out
        self.found: list[ControlTotal] = []
        self.notes: list[str] = []

    def _candidates(self) -> pl.DataFrame:
        """Return `index, kind` (label, like_label, bare) of the rows that may be totals."""
        part = self._part
        nothing = pl.DataFrame(schema={"index": pl.UInt32, "kind": pl.String})
        known = [name for name in _OWN_IDENTITY if name in part.sources]
        unnamed = (
            part.typed.select(pl.all_horizontal(pl.col(known).is_null())).to_series()
            if known
            else None
        )
        if unnamed is not None and not unnamed.any():
            return nothing
        cells = part.cells.drop(ROW)
        filled = cells.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
        typical = filled.median() or 0
        sparse = filled < typical
        assert isinstance(typical, float | int)
        if unnamed is not None:
            sparse = sparse & unnamed
        frame = cells.with_row_index("index").filter(sparse & ~self._left_out)
        if frame.is_empty():
            return nothing
        return frame.select("index", self._kind(list(cells.columns)).alias("kind")).drop_nulls()

    def _kind(self, columns: list[str]) -> pl.Expr:
        part = self._part
        labels = part.mapping.totals.labels
        label_column = part.mapping.totals.heading
        looked = [part.column(label_column)] if label_column else []
        where = [c for c in looked if c] or columns
        numeric = {
            c for n in part.sources if part.types[n].type in NUMERIC_SCALES for c in part.sources[n]
        }
        text = {c: pl.col(c).str.strip_chars().fill_null("") for c in columns}
        word = {c: (text[c] != "") & ~text[c].str.contains(_NUMBER_CELL) for c in columns}
        words = pl.sum_horizontal(word.values())
        own = [c for n in part.sources for c in part.sources[n] if c not in numeric]
        bare = (words == 0) & pl.all_horizontal([text[c] == "" for c in own] or [pl.lit(True)])
        exact = pl.any_horizontal(
            [text[c].str.contains(_LABEL) | text[c].is_in(list(labels)) for c in where]
        )
        like = pl.any_horizontal([text[c].str.contains(_LABEL_START) for c in where])
        few = words <= 2
        return (
            pl.when(exact & few)
            .then(pl.lit("label"))
            .when(like & few)
            .then(pl.lit("like_label"))
            .when(bare)
            .then(pl.lit("bare"))
        )

    def find(self) -> tuple[list[int], dict[int, str]]:
        """Return the indices of totals, and of refused rows with the reason."""
        candidates = self._candidates()
        totals: list[int] = []
        refused: dict[int, str] = {}
        if candidates.is_empty():
            return totals, refused
        doubtful = candidates["index"]
        amount = self._part.typed[self._part.measure].fill_null(0)
        index = pl.int_range(len(amount), eager=True, dtype=pl.UInt32)
        is_line = ~index.is_in(doubtful.implode()) & ~self._left_out
        lines = pl.select(pl.when(is_line).then(amount).otherwise(0)).to_series()
        lines = lines.cast(pl.Decimal(38, 2))
        before, count = lines.cum_sum(), is_line.cum_sum()
        whole = sum_of(lines)
        bounds: list[Decimal] = [ZERO]
        extra = ZERO
        for position, kind in candidates.iter_rows():
            stated = self._part.typed[self._part.measure][position]
            if stated is None or not count[-1]:
                continue
            above = before[position] + extra
            tolerance = ZERO if kind == "bare" else self._part.mapping.totals.tolerance
            computed = _matching(stated, above, whole + extra, bounds, tolerance)
            if computed is not None and (stated or kind != "like_label"):
                totals.append(position)
                self._note(position, stated, computed)
                bisect.insort(bounds, above)
            elif kind == "like_label":
                extra += stated
            else:
                refused[position] = self._refusal(kind, stated, above)
        return totals, refused

    def _note(self, position: int, stated: Decimal, computed: Decimal) -> None:
        part = self._part
        place = part.raw.place_of(part.cells[ROW][position])
        self.found.append(ControlTotal(place, stated, computed))
        if len(self.found) > 20:
            return
        words = f"{place}: kontrollsum {_kroner(stated)}, "
        if stated == computed:
            self.notes.append(words + "lik summen av linjene; utelatt")
        else:
            self.notes.append(
                words + f"linjene gir {_kroner(computed)} (avvik {_kroner(stated - computed)}); "
                "innenfor toleransen, utelatt"
            )

    def _refusal(self, kind: str, stated: Decimal, above: Decimal) -> str:
        if kind == "bare":
            return (
                f"raden har bare beløpet {_kroner(stated)}: ingen leverandør, konto, dato eller "
                "tekst, og det er ikke summen av linjene over"
            )
        return (
            f"kontrollsummen er {_kroner(stated)}, men linjene over gir {_kroner(above)} "
            f"(avvik {_kroner(stated - above)}); se om linjer mangler i eksporten"
        )


def _matching(
    stated: Decimal, above: Decimal, whole: Decimal, bounds: list[Decimal], tolerance: Decimal
) -> Decimal | None:
    """Return the sum that a total is for, None where there is none."""
    position = bisect.bisect_left(bounds, above - stated - tolerance)
    near = [
        above - bound
        for bound in bounds[position : position + 2]
        if abs(above - bound - stated) <= tolerance
    ]
    if near:
        return min(near, key=lambda value: abs(value - stated))
    return whole if abs(whole - stated) <= tolerance else None


def _kroner(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",")


def sum_of(amounts: pl.Series) -> Decimal:
    """Return the exact sum of a decimal column, 0.00 for none."""
    total = amounts.sum()
    assert isinstance(total, Decimal | int)
    return ZERO + total
