"""The five core marts in pandas, as an analyst would write them: merges, groupbys, whole columns.

From the tables that the SQL of the marts reads, on disk: classified spend lines, what undetermined
lines concern, lines with VAT and part of spend, and the small registers. Only the columns that are
compared are made, and only the level that `mart_loyalty` shows.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

TABLES = {
    "fct_spend_line": (
        "source_line_id, year, unit_id, supplier_id, category_id, agreement_id, coverage,"
        " loyalty_class, loyalty_evidence, supplier_basis, decisive_date, amount_nok"
    ),
    "int_undetermined__concerned": (
        "unit_id, supplier_id, category_id, decisive_date, year, agreement_id, is_positive"
    ),
    "int_spend_lines__measured": (
        "document_id, document_number, year, supplier_id, component, amount_nok, vat_nok,"
        " is_vat_posting"
    ),
    "int_documents__converted": "document_id, document_kind, supplier_name_id",
    "int_postings": "posting_document_id, spend_line_id, supplier_name_id",
    "int_lots__unit_periods": "unit_id, agreement_id, is_binding, valid_from, valid_to",
    "int_definitions__components": "definition_id, merges_suppliers, with_vat, component",
    "int_thresholds__dated": "threshold_type, kind, threshold_nok, valid_from, valid_to",
    "dim_spend_definition": "definition_id, active_rule, minimum_nok, trim_share",
    "dim_category": "category_id, is_addressable, kind",
}
_WATCHED = ["no_agreement", "outside_period", "off_agreement"]
_Tables = dict[str, pd.DataFrame]


def read(folder: Path) -> _Tables:
    """Read the tables that the marts are made of."""
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def coverage(tables: _Tables) -> pd.DataFrame:
    """Return mart_coverage: year and category."""
    lines = tables["fct_spend_line"].merge(tables["dim_category"], on="category_id")
    lines = lines[lines["is_addressable"] | (lines["category_id"] == "unknown")]
    by_category = lines.groupby(["year", "category_id"])
    sums = lines.pivot_table(
        index=["year", "category_id"], columns="coverage", values="amount_nok", aggfunc="sum"
    ).reindex(columns=["binding", "voluntary", "none"], fill_value=0.0)
    sums.columns = ["covered_nok", "voluntary_nok", "uncovered_nok"]
    sums["total_nok"] = by_category["amount_nok"].sum()
    sums["line_count"] = by_category["source_line_id"].nunique()
    return sums.fillna(0).reset_index()


def loyalty(tables: _Tables) -> pd.DataFrame:
    """Return mart_loyalty: year, unit and agreement, with its sums and the interval."""
    lines, keys = tables["fct_spend_line"], ["year", "unit_id", "agreement_id"]
    known = lines[lines["loyalty_class"].isin([*_WATCHED[1:], "on_agreement", "wrong_zone"])]
    known = known.assign(figure=known["loyalty_class"])
    line_key = ["unit_id", "supplier_id", "category_id", "decisive_date", "year"]
    concerned = (
        tables["int_undetermined__concerned"]
        .groupby([*line_key, "agreement_id"], as_index=False)["is_positive"]
        .max()
    )
    unknown = lines[lines["loyalty_class"] == "undetermined"].drop(columns="agreement_id")
    unknown = unknown.merge(concerned, on=line_key)
    unknown["figure"] = np.where(unknown["is_positive"], "positive", "negative")
    every = pd.concat([known, unknown.drop(columns="is_positive")])
    sums = every.pivot_table(index=keys, columns="figure", values="amount_nok", aggfunc="sum")
    sums = sums.reindex(
        columns=["on_agreement", "wrong_zone", *_WATCHED[1:], "positive", "negative"], fill_value=0
    )
    counted = every[every["figure"] != "outside_period"]
    sums["line_count"] = counted.groupby(keys)["source_line_id"].nunique()
    on = every[every["figure"] == "on_agreement"]
    for column in ("loyalty_evidence", "supplier_basis"):
        parts = on.pivot_table(index=keys, columns=column, values="amount_nok", aggfunc="sum")
        sums = sums.join(parts.add_prefix("on_by_"))
    return _with_interval(_with_bound(sums, tables, keys), lines)


def _with_bound(sums: pd.DataFrame, tables: _Tables, keys: list[str]) -> pd.DataFrame:
    """Add the agreements that bind a unit in a year but had no purchase."""
    years = pd.DataFrame({"year": tables["fct_spend_line"]["year"].unique()})
    periods = tables["int_lots__unit_periods"]
    bound = years.merge(periods[periods["is_binding"]], how="cross")
    begins = pd.to_datetime(bound["year"].astype(str) + "-01-01")
    ends = pd.to_datetime((bound["year"] + 1).astype(str) + "-01-01")
    from_day, to_day = pd.to_datetime(bound["valid_from"]), pd.to_datetime(bound["valid_to"])
    bound = bound[(from_day < ends) & (to_day > begins)][keys].drop_duplicates()
    return bound.merge(sums.reset_index(), on=keys, how="outer").fillna(0)


def _with_interval(sums: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Add what the unit bought in all, the share of it with a category, and low and high."""
    by_unit = ["year", "unit_id"]
    spent = lines.groupby(by_unit)["amount_nok"].sum().rename("spend_unit_nok")
    classified = (
        lines[lines["category_id"] != "unknown"]
        .groupby(by_unit)["amount_nok"]
        .sum()
        .rename("classified_nok")
    )
    sums = sums.merge(spent, on=by_unit, how="left").merge(classified, on=by_unit, how="left")
    sums["classified_share"] = sums["classified_nok"] / sums["spend_unit_nok"]
    past = sums["wrong_zone"] + sums["off_agreement"]
    low = sums["on_agreement"] + past + sums["negative"]
    high = sums["on_agreement"] + past + sums["positive"]
    sums["loyalty_low"] = sums["on_agreement"] / low.where(low != 0)
    sums["loyalty_high"] = (sums["on_agreement"] + sums["positive"]) / high.where(high != 0)
    weighs = sums[["on_agreement", "wrong_zone", *_WATCHED[1:], "positive", "negative"]].abs()
    return sums[(sums["unit_id"] != "unknown") | (weighs.sum(axis=1) > 0)]


def supplier_year(tables: _Tables) -> pd.DataFrame:
    """Return mart_supplier_year: year, definition and active supplier."""
    parts = _parts_of_documents(tables)
    components = tables["int_definitions__components"]
    marts = []
    for definition in tables["dim_spend_definition"].itertuples():
        chosen = components[components["definition_id"] == definition.definition_id]
        suppliers = _suppliers(parts, chosen)
        if definition.active_rule == "any_invoice":
            suppliers = suppliers[suppliers["invoice_count"] > 0]
        elif definition.active_rule == "above_minimum":
            suppliers = suppliers[suppliers["spend_nok"] >= float(definition.minimum_nok)]
        suppliers = suppliers.sort_values(
            ["year", "spend_nok", "supplier_id"], ascending=[True, False, True]
        )
        by_year = suppliers.groupby("year")["spend_nok"]
        marts.append(
            suppliers.assign(
                definition_id=definition.definition_id,
                spend_rank=by_year.cumcount() + 1,
                spend_share=suppliers["spend_nok"] / by_year.transform("sum"),
                cumulative_share=by_year.cumsum() / by_year.transform("sum"),
            )
        )
    return pd.concat(marts)


def _parts_of_documents(tables: _Tables) -> pd.DataFrame:
    """Return what each document holds of each part of spend, and what it is and from whom."""
    keys = ["year", "document_id", "supplier_id"]
    lines = tables["int_spend_lines__measured"]
    lines = lines.assign(has_purchase=~lines["is_vat_posting"])
    parts = lines.groupby([*keys, "component"], as_index=False).agg(
        amount_nok=("amount_nok", "sum"),
        vat_nok=("vat_nok", "sum"),
        has_purchase=("has_purchase", "max"),
    )
    whole = lines.groupby(keys, as_index=False).agg(
        document_number=("document_number", "max"), document_nok=("amount_nok", "sum")
    )
    postings = tables["int_postings"]
    posted = (
        postings.assign(
            document_id=postings["posting_document_id"].fillna(postings["spend_line_id"])
        )
        .groupby("document_id", as_index=False)
        .agg(posted_name_id=("supplier_name_id", "min"))
    )
    whole = whole.merge(tables["int_documents__converted"], on="document_id", how="left")
    whole = whole.merge(posted, on="document_id", how="left")
    is_invoice = whole["document_number"].notna() & (whole["document_nok"] > 0)
    guessed = pd.Series(np.where(is_invoice, "invoice", "posting"), index=whole.index)
    whole["document_kind"] = whole["document_kind"].fillna(guessed)
    whole["name_id"] = whole["supplier_name_id"].fillna(whole["posted_name_id"]).fillna("unknown")
    return parts.merge(whole[[*keys, "document_kind", "name_id"]], on=keys)


def _suppliers(parts: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return the suppliers' sums and median document under one definition."""
    first = chosen.iloc[0]
    own = parts[parts["component"].isin(chosen["component"])]
    own = own.assign(
        supplier_id=own["supplier_id"] if first["merges_suppliers"] else own["name_id"]
    )
    if not first["with_vat"]:
        whole = own.groupby(["year", "supplier_id", "component"])["has_purchase"]
        own = own[whole.transform("max")]
    own = own.assign(
        spend_nok=own["amount_nok"] + (own["vat_nok"] if first["with_vat"] else 0.0),
        investment_nok=own["amount_nok"].where(own["component"].str.startswith("investment"), 0.0),
    )
    documents = own.groupby(["year", "supplier_id", "document_id"], as_index=False).agg(
        spend_nok=("spend_nok", "sum"),
        vat_nok=("vat_nok", "sum"),
        investment_nok=("investment_nok", "sum"),
        is_document=("has_purchase", "max"),
        document_kind=("document_kind", "min"),
    )
    documents["is_invoice"] = documents["is_document"] & (documents["document_kind"] == "invoice")
    documents["document_nok"] = documents["spend_nok"].where(documents["is_document"])
    return documents.groupby(["year", "supplier_id"], as_index=False).agg(
        spend_nok=("spend_nok", "sum"),
        vat_nok=("vat_nok", "sum"),
        investment_nok=("investment_nok", "sum"),
        document_count=("is_document", "sum"),
        invoice_count=("is_invoice", "sum"),
        median_document_nok=("document_nok", "median"),
    )


def supplier_average(supplier_years: pd.DataFrame, tables: _Tables) -> pd.DataFrame:
    """Return mart_supplier_average: year and definition, of `supplier_year`."""
    keys = ["year", "definition_id"]
    by_year = supplier_years.groupby(keys)["spend_nok"]
    trims = supplier_years[["definition_id"]].merge(
        tables["dim_spend_definition"][["definition_id", "trim_share"]], on="definition_id"
    )["trim_share"]
    count = by_year.transform("size").to_numpy()
    cut = np.floor(count * trims.astype(float).to_numpy() + 1e-9)
    rank = supplier_years["spend_rank"].to_numpy()
    kept = supplier_years[(rank > cut) & (rank <= count - cut)].groupby(keys)["spend_nok"]
    figures = pd.DataFrame(
        {
            "numerator_nok": by_year.sum(),
            "denominator_suppliers": by_year.size(),
            "mean_nok": by_year.mean(),
            "median_nok": by_year.median(),
            "trimmed_mean_nok": kept.mean(),
        }
    )
    # A definition without an active supplier has its row too.
    definitions = tables["dim_spend_definition"]["definition_id"]
    every = pd.MultiIndex.from_product(
        [sorted(supplier_years["year"].unique()), definitions], names=keys
    )
    return figures.reindex(every).reset_index()


def threshold_watch(tables: _Tables) -> pd.DataFrame:
    """Return mart_threshold_watch: the greatest windows of 12 months, and what they consist of."""
    lines = tables["fct_spend_line"]
    lines = lines[lines["loyalty_class"].isin(_WATCHED) & (lines["category_id"] != "unknown")]
    lines = lines.merge(tables["dim_category"][["category_id", "kind"]], on="category_id")
    lines["day"] = pd.to_datetime(lines["decisive_date"])
    lines["is_purchase"] = lines["amount_nok"] > 0
    whole = lines.assign(supplier_id="*")
    each = lines[lines["supplier_id"] != "unknown"]
    windows = pd.concat([_windows(whole, "municipality"), _windows(each, "supplier")])
    chosen = _chosen(windows, tables["int_thresholds__dated"])
    return chosen.merge(_contents(chosen, whole, each), on="watch_id", how="left")


def _windows(lines: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Return every window that begins on a day with a purchase, with its sum."""
    keys = ["kind", "category_id", "supplier_id"]
    days = lines.groupby([*keys, "day"], as_index=False).agg(
        amount_nok=("amount_nok", "sum"), is_purchase=("is_purchase", "max")
    )
    days["window_end"] = days["day"] + pd.DateOffset(months=12)
    days["before"] = days.groupby(keys)["amount_nok"].cumsum() - days["amount_nok"]
    total = days.groupby(keys, as_index=False).agg(total=("amount_nok", "sum"))
    ends = pd.merge_asof(
        days.sort_values("window_end"),
        days[[*keys, "day", "before"]]
        .rename(columns={"before": "until", "day": "next_day"})
        .sort_values("next_day"),
        left_on="window_end",
        right_on="next_day",
        by=keys,
        direction="forward",
    ).merge(total, on=keys)
    ends["spend_nok"] = ends["until"].fillna(ends["total"]) - ends["before"]
    return ends[ends["is_purchase"]].assign(scope=scope)


def _chosen(windows: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """Return the greatest window of each key, and of each month where it reaches a threshold."""
    windows = windows.assign(row=np.arange(len(windows)))
    for kind in ("national", "eea"):
        dated = thresholds[thresholds["threshold_type"] == kind]
        limits = windows[["row", "kind", "day"]].merge(dated, on="kind")
        begins, ends = pd.to_datetime(limits["valid_from"]), pd.to_datetime(limits["valid_to"])
        limits = limits[(begins <= limits["day"]) & (limits["day"] < ends)]
        limits = limits.set_index("row")[["threshold_nok", "valid_from"]].add_prefix(f"{kind}_")
        windows = windows.join(limits, on="row")
        reached = windows["spend_nok"].round(2) >= windows[f"{kind}_threshold_nok"].astype(float)
        windows[f"at_{kind}"] = reached
    keys = ["scope", "kind", "category_id", "supplier_id"]
    windows["month"] = windows["day"].dt.to_period("M").astype(str)
    windows["spend_nok"] = windows["spend_nok"].round(2)
    windows = windows.sort_values(["spend_nok", "day"], ascending=[False, True])
    peaks = ~windows.duplicated(keys)
    months = ~windows.duplicated([*keys, "month", "national_valid_from", "eea_valid_from"])
    chosen = windows[peaks | (months & (windows["at_national"] | windows["at_eea"]))]
    watch_id = chosen["scope"].str.cat(
        [chosen["kind"], chosen["category_id"], chosen["supplier_id"], chosen["day"].astype(str)],
        sep="|",
    )
    return chosen.assign(watch_id=watch_id)


def _contents(chosen: pd.DataFrame, whole: pd.DataFrame, each: pd.DataFrame) -> pd.DataFrame:
    """Return units and the sum of each class in the windows: lines per day, then joined."""
    keys = ["category_id", "supplier_id"]
    found = []
    for scope, lines in (("municipality", whole), ("supplier", each)):
        days = lines.groupby(
            [*keys, "unit_id", "loyalty_class", "day"], as_index=False, dropna=False
        )["amount_nok"].sum()
        windows = chosen[chosen["scope"] == scope][["watch_id", *keys, "day", "window_end"]]
        for _, some in windows.groupby("category_id"):
            inside = some.rename(columns={"day": "window_start"}).merge(days, on=keys)
            inside = inside[
                (inside["day"] >= inside["window_start"]) & (inside["day"] < inside["window_end"])
            ]
            sums = inside.pivot_table(
                index="watch_id", columns="loyalty_class", values="amount_nok", aggfunc="sum"
            )
            sums["unit_count"] = inside.groupby("watch_id")["unit_id"].nunique()
            found.append(sums.reindex(columns=[*_WATCHED, "unit_count"]))
    return pd.concat(found).fillna(0).reset_index()


def totals(tables: _Tables) -> dict[str, float]:
    """Make the five marts and return the sums and row counts that the SQL's must equal."""
    years = supplier_year(tables)
    marts = {
        "mart_coverage": (coverage(tables), "total_nok"),
        "mart_loyalty": (loyalty(tables), "on_agreement"),
        "mart_supplier_year": (years, "spend_nok"),
        "mart_supplier_average": (supplier_average(years, tables), "numerator_nok"),
        "mart_threshold_watch": (threshold_watch(tables), "spend_nok"),
    }
    found = {}
    for name, (mart, amount) in marts.items():
        found[name] = round(float(mart[amount].sum()), 2)
        found[f"{name} rows"] = float(len(mart))
    return found


def main() -> None:
    """Print, as JSON, the seconds it took and the totals."""
    start = time.perf_counter()
    found = totals(read(Path(sys.argv[1])))
    print(json.dumps({"seconds": time.perf_counter() - start, "totals": found}))


if __name__ == "__main__":
    main()
