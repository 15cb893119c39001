"""What must hold of everything that a reader makes of a file, whatever the file is.

Rows and money are worked out anew here from the tables, by each kind's own grain.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from pipelines.extracts.result import Extracted, FileFacts
from pipelines.extracts.tables import REGISTERS, TABLES

ZERO = Decimal("0.00")
_BY_MAPPING = (
    "ledger_line",
    "budget_line",
    "order_table_line",
    "receipt_table_line",
    "price_table_item",
)
_REGISTER_TABLES = tuple(table.name for table in REGISTERS.values())
# The tables whose rows are a kind's rows.
_GRAIN = {
    "ehf_invoice": ("ehf_line",),
    "peppol_order": ("peppol_order_line",),
    "peppol_despatch": ("peppol_despatch_line",),
    "peppol_catalogue": ("peppol_catalogue_line",),
    "saft_financial": ("saft_journal_line",),
    "code_list": ("code_list_entry",),
    "enhetsregisteret": ("brreg_entity",),
    "m365_sku": ("m365_sku",),
    "m365_user": ("m365_user",),
    "m365_usage": ("m365_usage", "m365_usage_count"),
    "m365_product_plan": ("m365_product_plan",),
    "register": _REGISTER_TABLES,
    **{name: (name,) for name in _BY_MAPPING},
}
# One row of the file may be several of the table: services, or plans.
_SEVERAL = ("m365_usage", "m365_product_plan")
# A document counts as one row where it has no lines.
_DOCUMENT = {
    "ehf_invoice": "ehf_document",
    "peppol_order": "peppol_order",
    "peppol_despatch": "peppol_despatch",
    "peppol_catalogue": "peppol_catalogue",
}


class Tables:
    """All rows of what was read, from memory and from the files for what didn't fit there."""

    def __init__(self, extracted: Extracted) -> None:
        frames = {name: list(found) for name, found in extracted.tables.items()}
        for name, paths in extracted.spilled.items():
            frames.setdefault(name, []).extend(pl.read_parquet(path) for path in paths)
        self.problems = [
            f"{name}: the columns are not the contract's"
            for name, found in frames.items()
            if any(dict(frame.schema) != TABLES[name].schema() for frame in found)
        ]
        self._frames = {} if self.problems else {n: pl.concat(f) for n, f in frames.items() if f}

    def of(self, name: str, sha256: str) -> pl.DataFrame:
        """Return a file's rows of a table."""
        frame = self._frames.get(name)
        if frame is None:
            return TABLES[name].empty() if name in TABLES else pl.DataFrame()
        return frame.filter(pl.col("source_sha256") == sha256)

    def heights(self, sha256: str) -> dict[str, int]:
        """Return how many rows a file has in each table that has any."""
        found = {name: self.of(name, sha256).height for name in self._frames}
        return {name: height for name, height in found.items() if height}


def problems_of(extracted: Extracted, files: Iterable[str]) -> dict[str, list[str]]:
    """Return what does not hold, by the file's SHA-256; empty where everything does."""
    tables = Tables(extracted)
    known = set(files)
    found: dict[str, list[str]] = {}
    if tables.problems:
        found["all"] = tables.problems
    if set(extracted.facts) != known or set(extracted.kinds) != known:
        lacking = known ^ set(extracted.facts)
        found.setdefault("all", []).append(f"not exactly one entry of facts: {lacking}")
    strays = {r.source_sha256 for r in extracted.rejections} - known
    if strays:
        found.setdefault("all", []).append(f"rejections of other files: {strays}")
    for sha256 in known & set(extracted.facts):
        problems = list(_problems_of_file(extracted, tables, sha256))
        if problems:
            found[sha256] = problems
    return found


def _problems_of_file(extracted: Extracted, tables: Tables, sha256: str) -> Iterable[str]:
    facts, kind = extracted.facts[sha256], extracted.kinds[sha256]
    if facts.source_sha256 != sha256:
        yield "the facts are of another file"
    yield from _rows(facts)
    yield from _money(facts)
    yield from _rejected(extracted, facts)
    heights = tables.heights(sha256)
    if kind not in _GRAIN:
        if heights or facts.rows_accepted:
            yield f"rows of the unknown kind {kind}: {heights}, {facts}"
        return
    yield from _tables_agree(tables, kind, facts)


def _rows(facts: FileFacts) -> Iterable[str]:
    parts = (
        facts.rows_accepted,
        facts.rows_quarantined,
        facts.rows_duplicate,
        facts.rows_left_out,
    )
    if min(parts) < 0 or facts.rows_in != sum(parts):
        yield f"rows in are not the sum of their parts: {facts}"


def _money(facts: FileFacts) -> Iterable[str]:
    amounts = {
        "in": facts.amount_in,
        "accepted": facts.amount_accepted,
        "quarantined": facts.amount_quarantined,
        "duplicate": facts.amount_duplicate,
        "left out": facts.amount_left_out,
    }
    for name, amount in amounts.items():
        if amount is None:
            continue
        if not isinstance(amount, Decimal) or not amount.is_finite():
            yield f"{name} is no exact amount: {amount!r}"
            return
        if amount != amount.quantize(ZERO) or abs(amount) >= Decimal(10) ** 16:
            yield f"{name} does not fit DECIMAL(18,2): {amount}"
    if facts.amount_in is None:
        if any(amount is not None for amount in amounts.values()):
            yield f"money that never came in: {facts}"
    elif facts.amount_in != sum(amounts[name] or ZERO for name in list(amounts)[1:]):
        yield f"money in is not the sum of its parts: {facts}"


def _rejected(extracted: Extracted, facts: FileFacts) -> Iterable[str]:
    own = [r for r in extracted.rejections if r.source_sha256 == facts.source_sha256]
    if facts.rows_quarantined and not own:
        yield "rows in quarantine without a reason"
    is_said = own or extracted.notes.get(facts.source_sha256)
    if not facts.rows_in and not is_said:
        yield "nothing came of the file, and nothing says why"
    if any(r.is_whole_file for r in own) and facts.rows_accepted:
        yield "a file that is refused as a whole has accepted rows"
    for rejection in own:
        if not rejection.place.strip() or not rejection.reason.strip():
            yield f"a rejection without place or reason: {rejection}"
        if len(rejection.raw) > 2_100 or len(rejection.reason) > 2_000:
            yield f"a rejection that quotes too much: {len(rejection.reason)}"


def _tables_agree(tables: Tables, kind: str, facts: FileFacts) -> Iterable[str]:
    sha256 = facts.source_sha256
    lines = [tables.of(name, sha256) for name in _GRAIN[kind]]
    rows = sum(frame.height for frame in lines)
    if kind == "ehf_invoice":
        rows = lines[0].filter(pl.col("line_kind") != "difference").height
    if kind in _SEVERAL:
        rows = sum(frame["source_row"].n_unique() for frame in lines)
    if kind in _DOCUMENT:
        rows = max(rows, tables.of(_DOCUMENT[kind], sha256).height)
    if rows != facts.rows_accepted:
        yield f"{rows} rows in the tables, {facts.rows_accepted} accepted"
    if not facts.rows_accepted and kind != "saft_financial" and tables.heights(sha256):
        yield f"rows of a file of which nothing is accepted: {tables.heights(sha256)}"
    amount = _amount(tables, kind, sha256, facts.amount_in is not None)
    if facts.rows_accepted and facts.amount_accepted != amount:
        yield f"{amount} in the tables, {facts.amount_accepted} accepted"
    if not facts.rows_accepted and facts.amount_accepted:
        yield f"no row, but {facts.amount_accepted} accepted"


def _amount(tables: Tables, kind: str, sha256: str, has_money: bool) -> Decimal | None:
    """Return the money in the tables, None where the kind or the file states none.

    Only receipts may lack the column of money (`has_money`); without it there must be none.
    """
    if kind == "ehf_invoice":
        # the lines and our difference line make up the document's total without VAT
        return _sum(tables.of("ehf_line", sha256)["amount"])
    if kind == "peppol_order":
        totals = tables.of("peppol_order", sha256)["total_amount"]
        return _sum(totals) if totals.null_count() < len(totals) else None
    if kind == "saft_financial":
        return _sum(tables.of("saft_journal_line", sha256)["debit_amount"])
    if kind in _BY_MAPPING and kind != "price_table_item":
        amounts = tables.of(kind, sha256)["amount"]
        is_absent = not has_money and amounts.null_count() == len(amounts)
        return None if is_absent else _sum(amounts)
    return None


def _sum(amounts: pl.Series) -> Decimal:
    total = amounts.cast(pl.Decimal(38, 2)).sum()
    return Decimal(str(total or 0)).quantize(ZERO)
