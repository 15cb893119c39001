"""Loyalty in pandas: each line's class, and credits and freight on what they belong to.

The rules of `domain/loyalty.md` as an analyst would write them: lines merged with the registers,
dates compared in whole columns, the first row that fits chosen by sorting.
"""

from __future__ import annotations

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

_Tables = dict[str, pd.DataFrame]
_LOT = ["agreement_id", "lot"]
_JUDGED_BY = ["line", "unit_id", "supplier_id", "category_id", "decisive_date"]
_CLASSES = {
    1: "on_agreement",
    2: "on_agreement",
    3: "wrong_zone",
    4: "off_agreement",
    5: "voluntary",
    6: "outside_period",
    7: "undetermined",
    8: "no_agreement",
}
_UNKNOWN = "unknown"
_SPREAD_KINDS = ["allowance", "charge", "difference"]
# What lines must have alike to be one target of a credit or a charge.
_JUDGEMENT = [
    "category_id",
    "category_evidence",
    "agreement_id",
    "lot",
    "supplier_rank",
    "supplier_basis",
    "loyalty_class",
    "loyalty_evidence",
    "reference_mismatch",
    "coverage",
]
_OUTSIDE = ["public_body", "internal", "internal_account", "transfers", "wages"]
_UNIT = ["unit_id", "unit_evidence"]


def in_force(rows: pd.DataFrame, day: str = "decisive_date") -> pd.DataFrame:
    """Return the rows whose half-open period (valid_from, valid_to) has the day."""
    return rows[(rows["valid_from"] <= rows[day]) & (rows["valid_to"] > rows[day])]


def judged(tables: _Tables) -> pd.DataFrame:
    """Return the lines of the population with class, evidence, lot, supplier and coverage."""
    lines = tables["int_spend_lines__enriched"]
    lines = lines[lines["is_in_population"]].reset_index(drop=True)
    lines["line"] = lines.index
    named = _named(lines, tables)
    covering = _covering(lines, tables)
    near = _near(lines[~lines["line"].isin(covering["line"])], tables)
    candidates = pd.concat(
        [
            _named_lots(lines, named, tables),
            covering[covering["is_binding"] | covering["has_supplier"]],
            near,
        ]
    )
    chosen = _first(candidates, lines, named, tables)
    lines = lines.merge(chosen, on="line", how="left")
    is_unknown = (lines["category_id"] == _UNKNOWN) | (lines["unit_id"] == _UNKNOWN)
    lines["rule_row"] = lines["rule_row"].fillna(pd.Series(np.where(is_unknown, 7, 8)))
    lines["loyalty_class"] = lines["rule_row"].map(_CLASSES)
    lines["loyalty_evidence"] = _evidence(lines)
    is_bound = covering.groupby("line")["is_binding"].max().reindex(lines["line"])
    lines["coverage"] = np.where(
        is_bound.isna(),
        "none",
        np.where(is_bound == True, "binding", "voluntary"),  # noqa: E712
    )
    lines["reference_mismatch"] = lines["line"].isin(named["line"]) & (lines["rule_row"] > 1)
    return _with_basis(lines, tables)


def _named(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Return the agreements that the lines' references name."""
    columns = ["contract_reference", "order_reference", "order_contract_reference"]
    written = lines.melt("line", columns, value_name="reference").dropna()
    named = written.merge(tables["int_references__named"], on="reference")
    named = named.merge(tables["int_agreement_references"], on="reference_normalised")
    return named[["line", "agreement_id"]].drop_duplicates()


def _named_lots(lines: pd.DataFrame, named: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Row 1: a reference names the agreement, whose lot has unit, supplier and category."""
    lots = named.merge(lines[_JUDGED_BY], on="line")
    lots = lots.merge(
        tables["int_lots__unit_suppliers"], on=["agreement_id", "unit_id", "supplier_id"]
    )
    lots = in_force(lots).drop(columns=["valid_from", "valid_to"])
    scope = tables["bridge_agreement_category"]
    in_scope = in_force(lots.merge(scope, on=[*_LOT, "category_id"]))
    lots = pd.concat([lots[lots["category_id"] == _UNKNOWN], in_scope])
    found = lots.groupby(["line", *_LOT, "decisive_date"], as_index=False)["supplier_rank"].min()
    return found.rename(columns={"decisive_date": "scope_date"}).assign(rule_row=1)


def _covering(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Rows 2-5: the lots that cover the lines, and where the supplier is on the agreement."""
    lots = lines[_JUDGED_BY].merge(tables["int_lots__coverings"], on=["unit_id", "category_id"])
    lots = in_force(lots)[["line", *_LOT, "is_binding", "decisive_date"]].drop_duplicates()
    scopes = tables["int_lots__supplier_scopes"]
    scopes = in_force(lines[_JUDGED_BY].merge(scopes, on=["supplier_id", "category_id"]))
    ranks = scopes.groupby(["line", *_LOT], as_index=False)["supplier_rank"].min()
    lots = lots.merge(ranks.assign(has_supplier=True), on=["line", *_LOT], how="left")
    agreements = ranks[["line", "agreement_id"]].drop_duplicates().assign(on_agreement=True)
    lots = lots.merge(agreements, on=["line", "agreement_id"], how="left")
    lots["has_supplier"] = lots["has_supplier"].notna()
    binding = lots["is_binding"]
    lots["rule_row"] = np.select(
        [binding & lots["has_supplier"], binding & lots["on_agreement"].notna(), binding],
        [2, 3, 4],
        5,
    )
    return lots.rename(columns={"decisive_date": "scope_date"}).drop(columns="on_agreement")


def _near(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Row 6: nothing covers the line, and a lot with all three ended or starts near its day."""
    lots = lines[_JUDGED_BY].merge(
        tables["int_lots__offers"], on=["unit_id", "supplier_id", "category_id"]
    )
    day = lots["decisive_date"]
    lots = lots[(lots["near_from"] <= day) & (lots["near_to"] > day)]
    day, has_ended = lots["decisive_date"], lots["valid_to"] <= lots["decisive_date"]
    last_day = lots["valid_to"] - pd.Timedelta(days=1)
    lots = lots.assign(
        scope_date=last_day.where(has_ended, lots["valid_from"]),
        is_in_force=(lots["valid_from"] <= day) & ~has_ended,
    )
    found = lots.groupby(["line", *_LOT], as_index=False).agg(
        supplier_rank=("supplier_rank", "min"),
        scope_date=("scope_date", "max"),
        is_in_force=("is_in_force", "max"),
    )
    return found[~found["is_in_force"]].drop(columns="is_in_force").assign(rule_row=6)


def _first(
    candidates: pd.DataFrame, lines: pd.DataFrame, named: pd.DataFrame, tables: _Tables
) -> pd.DataFrame:
    """Return each line's lot: the first row that fits, and the order among several in it."""
    candidates = candidates.reset_index(drop=True)
    candidates["candidate"] = candidates.index
    periods = in_force(candidates.merge(tables["int_lots__scope_periods"], on=_LOT), "scope_date")
    candidates = candidates.merge(
        periods[["candidate", "category_count"]], on="candidate", how="left"
    )
    candidates = candidates.merge(
        named.assign(is_named=True), on=["line", "agreement_id"], how="left"
    )
    candidates = candidates.merge(lines[["line", "price_list_agreement_id"]], on="line")
    agreements = tables["dim_agreement"][["agreement_id", "valid_from"]]
    candidates = candidates.merge(agreements, on="agreement_id")
    listed = candidates["price_list_agreement_id"]
    candidates["is_unnamed"] = candidates["is_named"].isna()
    candidates["is_unlisted"] = candidates["agreement_id"] != listed
    order = {
        "line": True,
        "rule_row": True,
        "is_unnamed": True,
        "is_unlisted": True,
        "category_count": True,
        "valid_from": False,
        "agreement_id": True,
        "lot": True,
    }
    first = candidates.sort_values(list(order), ascending=list(order.values()))
    first = first.drop_duplicates("line")
    return first[["line", "rule_row", *_LOT, "supplier_rank"]]


def _evidence(lines: pd.DataFrame) -> pd.Series:
    """Return the rung of evidence that decided."""
    row, is_listed = lines["rule_row"], lines["agreement_id"] == lines["price_list_agreement_id"]
    return pd.Series(
        np.select(
            [
                row == 1,
                row.isin([2, 5]) & is_listed,
                row.isin([2, 3, 5, 6]),
                row == 4,
                row == 8,
                lines["category_id"] != _UNKNOWN,
                lines["unit_id"] != _UNKNOWN,
            ],
            [
                "reference",
                "price_list",
                "supplier_category_zone_date",
                "category_zone_date",
                "no_lot_found",
                "unknown_unit",
                "unknown_category",
            ],
            "unknown_unit_and_category",
        ),
        index=lines.index,
    )


def _with_basis(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Add on which ground the supplier stands on the lot that decides."""
    suppliers = tables["bridge_agreement_supplier"]
    supplied = lines[lines["rule_row"].isin([1, 2, 5])]
    supplied = supplied[["line", *_LOT, "supplier_id", "decisive_date"]]
    basis = in_force(supplied.merge(suppliers, on=[*_LOT, "supplier_id"]))
    return lines.merge(basis[["line", "supplier_basis"]], on="line", how="left")


def spread(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Return fct_spend_line: judged lines, with credits and charges divided as what they concern.

    A piece has `is_piece` where its line has several.
    """
    lines = lines.assign(is_piece=False, piece_id=lines["spend_line_id"])
    credits = _credit_pieces(lines, tables)[lines.columns]
    settled = pd.concat([lines[~lines["line"].isin(credits["line"])], credits])
    charges = _charge_pieces(settled)[lines.columns]
    return pd.concat([settled[~settled["line"].isin(charges["line"])], charges])


def _credit_pieces(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Return credit lines divided over the lines of the invoices that their documents name."""
    own = lines[lines["line_kind"] == "line"]
    is_credit = (own["document_kind"] == "credit_note") | (own["amount_nok"] < 0)
    notes = _credited_documents(own, own[is_credit], tables)
    credited = notes.merge(own, left_on="credited_id", right_on="document_id")
    by_item = credited[credited["item_key"].notna() & (credited["item_key"] != "")]
    targets = pd.concat(
        [by_item.assign(target_item=by_item["item_key"]), credited.assign(target_item="")]
    )
    keys = ["note_id", "target_item"]
    targets = _weighed(targets, keys)
    found = targets[keys].drop_duplicates()
    lines = own[is_credit & own["document_id"].isin(notes["note_id"])]
    matched = lines.drop(columns=_JUDGEMENT).merge(
        found, left_on=["document_id", "item_key"], right_on=keys, how="left"
    )
    matched["target_item"] = matched["target_item"].fillna("")
    matched = matched.drop(columns="note_id").merge(
        targets[[*keys, *_JUDGEMENT, "unit_id", "weight", "first_row", "first_line_id"]],
        left_on=["document_id", "target_item"],
        right_on=keys,
        suffixes=("", "_credited"),
    )
    is_unknown = matched["unit_id"] == _UNKNOWN
    matched["unit_id"] = matched["unit_id"].where(~is_unknown, matched["unit_id_credited"])
    is_taken = is_unknown & (matched["unit_id"] != _UNKNOWN)
    matched["unit_evidence"] = matched["unit_evidence"].where(~is_taken, "credited_line")
    return _divided(matched, "credited_line")


def _credited_documents(own: pd.DataFrame, credit: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Return, per document with credits, the invoice that each of its references means."""
    columns = ["document_id", "document_number", "document_kind", "supplier_id", "issue_date"]
    documents = own[own["supplier_id"] != _UNKNOWN][columns].drop_duplicates()
    notes = documents[documents["document_id"].isin(credit["document_id"])]
    references = notes[["document_id", "supplier_id", "issue_date"]].merge(
        tables["stg_ehf__billing_references"], on="document_id"
    )
    references["named_date"] = references["referenced_date"].fillna(references["issue_date"])
    invoices = documents[documents["document_kind"] == "invoice"]
    found = references.merge(
        invoices.rename(columns={"document_id": "credited_id", "issue_date": "credited_date"}),
        left_on=["supplier_id", "referenced_number"],
        right_on=["supplier_id", "document_number"],
    )
    found = found[found["document_id"] != found["credited_id"]]
    is_before = found["credited_date"] <= found["named_date"]
    found = found.assign(
        is_after=~is_before, age=(found["named_date"] - found["credited_date"]).dt.days.abs()
    )
    found = found.sort_values(["is_after", "age", "credited_id"])
    found = found.drop_duplicates(["document_id", "referenced_number", "named_date"])
    found = found[["document_id", "credited_id"]].drop_duplicates()
    return found.rename(columns={"document_id": "note_id"})


def _charge_pieces(settled: pd.DataFrame) -> pd.DataFrame:
    """Return freight, fees and differences divided over their own documents' lines."""
    charges = settled[settled["line_kind"].isin(_SPREAD_KINDS)]
    own = settled[settled["line_kind"] == "line"]
    targets = _weighed(own[own["document_id"].isin(charges["document_id"])], ["document_id"])
    charges = charges.drop(columns=[*_JUDGEMENT, *_UNIT]).merge(targets, on="document_id")
    return _divided(charges, "spread_over_document")


def _weighed(lines: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the targets of each key: alike lines, with what they weigh."""
    lines = lines.assign(ore=(lines["amount_nok"] * 100).round().astype("int64"))
    whole = lines.groupby(keys)["ore"].transform("sum")
    weight = lines["ore"].abs().where(np.sign(lines["ore"]) == np.sign(whole), 0)
    lines = lines.assign(weight=weight.where(whole != 0, 100))
    lines = lines[lines["weight"] > 0]
    units = _UNIT if keys == ["document_id"] else _UNIT[:1]
    return lines.groupby([*keys, *units, *_JUDGEMENT], dropna=False, as_index=False).agg(
        weight=("weight", "sum"),
        first_row=("source_row", "min"),
        first_line_id=("piece_id", "min"),
    )


def _divided(shares: pd.DataFrame, evidence: str) -> pd.DataFrame:
    """Return the pieces of lines by the weight of their shares: whole øre, largest remainder."""
    shares = shares.groupby(
        [column for column in shares if column in ("line", *_UNIT, *_JUDGEMENT)],
        dropna=False,
        as_index=False,
    ).agg(
        **{
            column: (column, "first")
            for column in shares
            if column not in ("line", *_UNIT, *_JUDGEMENT, "weight", "first_row", "first_line_id")
        },
        weight=("weight", "sum"),
        first_row=("first_row", "min"),
        first_line_id=("first_line_id", "min"),
    )
    line_ore = (shares["amount_nok"].abs() * 100).round().astype("int64")
    by_line = shares.groupby("line")
    whole = by_line["weight"].transform("sum")
    floored = line_ore * shares["weight"] // whole
    shares["remainder"] = line_ore * shares["weight"] - floored * whole
    shares = shares.assign(
        floored=floored, lacking=line_ore - floored.groupby(shares["line"]).transform("sum")
    ).sort_values(
        ["line", "remainder", "weight", "first_row", "first_line_id"],
        ascending=[True, False, False, True, True],
    )
    by_line = shares.groupby("line")
    one_more = by_line.cumcount() < shares["lacking"]
    shares["amount_nok"] = np.sign(shares["amount_nok"]) * (shares["floored"] + one_more) / 100
    shares["is_piece"] = by_line["line"].transform("size") > 1
    shares = shares.sort_values(["line", "first_row", "first_line_id"])
    number = (shares.groupby("line").cumcount() + 1).astype(str)
    shares["piece_id"] = shares["spend_line_id"] + "-" + number
    return shares.assign(loyalty_evidence=evidence)


def classified(tables: _Tables) -> _Tables:
    """Add the tables of lines that the marts are sums of."""
    lines = spread(judged(tables), tables)
    made = {"fct_spend_line": lines, "measured": _measured(lines, tables)}
    return tables | made


def _measured(lines: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Return all lines with part of spend and VAT, and the VAT that the ledger tells apart."""
    every = tables["int_spend_lines__enriched"]
    outside = every[every["population_reason"].isin(_OUTSIDE)]
    lines = pd.concat([lines.assign(population_reason=None), outside])
    lines = lines.merge(tables["int_arts__judged"], on=["year", "kostra_art"], how="left")
    lines = lines.merge(
        tables["dim_category"][["category_id", "is_addressable"]], on="category_id", how="left"
    )
    is_investment = lines["is_investment"].eq(True)
    is_excluded = lines["is_excluded"].eq(True) | lines["is_addressable"].eq(False)
    part = pd.Series(np.where(is_investment, "investment", "purchase"))
    part = part + np.where(is_excluded, "_excluded", "")
    lines["component"] = lines["population_reason"].fillna(part)
    is_posting = lines["line_kind"].isin(["posting", "residual"])
    lines["invoice_row"] = lines["source_row"].where(~is_posting)
    invoice_lines = tables["stg_ehf__lines"].rename(columns={"source_row": "invoice_row"})
    lines = lines.merge(invoice_lines, on=["document_id", "invoice_row"], how="left")
    has_vat = lines["spend_source"].eq("invoice") & lines["vat_percent"].between(0, 100)
    percent = lines["vat_percent"].where(has_vat, 0)
    vat_ore = np.floor(lines["amount_nok"].abs() * percent + 0.5 + 1e-6)
    lines["vat_nok"] = np.sign(lines["amount_nok"]) * vat_ore / 100
    postings = tables["int_vat_postings__documented"].assign(amount_nok=0.0, is_vat_posting=True)
    measured = pd.concat([lines.assign(is_vat_posting=False), postings])
    return measured[
        [
            *("document_id", "document_number", "year", "supplier_id", "component"),
            *("amount_nok", "vat_nok", "is_vat_posting"),
        ]
    ]
