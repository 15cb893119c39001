"""The five core marts in pandas, as an analyst would write them: merges, groupbys, whole columns.

From where the judging of loyalty starts, on disk: spend lines with unit, supplier, category, dates
and references, and the intermediate tables that the registers give (lots with their units, scopes
and suppliers; definitions; thresholds). Classes, credits and freight (`judged_in_pandas`) and the
marts are made here, and kept as Parquet as the models keep theirs in a warehouse. Classified lines
have the columns of `fct_spend_line`; the marts only what is compared or summed, without names and
texts, and of loyalty only the level and period that `mart_loyalty` shows, where the models that it
is made of have more. Amounts are floating-point numbers, as pandas has them.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from benchmarks.judged_in_pandas import classified, in_force
from benchmarks.watched_in_pandas import WATCHED, threshold_watch

TABLES = {
    "int_spend_lines__enriched": (
        "spend_line_id, source_sha256, source_row, document_id, document_number, document_kind,"
        " line_kind, issue_date, posting_date, decisive_date, decisive_date_evidence, year,"
        " supplier_id, unit_id, unit_evidence, category_id, category_evidence, contract_reference,"
        " order_reference, order_id, order_date, order_contract_reference,"
        " price_list_agreement_id, item_key, item_name, channel, currency, amount_nok,"
        " is_in_population, population_reason, spend_source, entity_id, account, kostra_art"
    ),
    "int_references__named": "reference, reference_normalised",
    "int_agreement_references": "agreement_id, reference_normalised",
    "int_lots__unit_suppliers": (
        "agreement_id, lot, unit_id, supplier_id, supplier_rank, valid_from, valid_to"
    ),
    "int_lots__coverings": (
        "agreement_id, lot, is_binding, unit_id, category_id, valid_from, valid_to"
    ),
    "int_lots__supplier_scopes": (
        "agreement_id, lot, supplier_id, supplier_rank, category_id, valid_from, valid_to"
    ),
    "int_lots__offers": (
        "agreement_id, lot, unit_id, supplier_id, supplier_rank, category_id, valid_from,"
        " valid_to, near_from, near_to"
    ),
    "int_lots__scope_periods": "agreement_id, lot, category_count, valid_from, valid_to",
    "int_lots__unit_periods": "unit_id, agreement_id, lot, is_binding, valid_from, valid_to",
    "bridge_agreement_category": "agreement_id, lot, category_id, valid_from, valid_to",
    "bridge_agreement_supplier": (
        "agreement_id, lot, supplier_id, supplier_basis, valid_from, valid_to"
    ),
    "dim_agreement": "agreement_id, is_binding, valid_from",
    "stg_ehf__billing_references": "document_id, referenced_number, referenced_date",
    "stg_ehf__lines": "document_id, source_row, vat_percent",
    "int_arts__judged": "year, kostra_art, is_investment, is_excluded",
    "int_vat_postings__documented": "document_id, year, supplier_id, component, vat_nok",
    "int_documents__converted": "document_id, document_kind, supplier_name_id",
    "int_postings": "posting_document_id, spend_line_id, supplier_name_id",
    "int_definitions__components": "definition_id, merges_suppliers, with_vat, component",
    "int_thresholds__dated": "threshold_type, kind, threshold_nok, valid_from, valid_to",
    "dim_spend_definition": "definition_id, active_rule, minimum_nok, trim_share",
    "dim_category": "category_id, is_addressable, kind",
}
_DATES = ["issue_date", "posting_date", "decisive_date", "order_date", "referenced_date"]
_DATES += ["valid_from", "valid_to", "near_from", "near_to"]
_SUMS = {
    "mart_coverage": ("total_nok", "line_count"),
    "mart_loyalty": ("on_agreement", "line_count"),
    "mart_supplier_year": ("spend_nok", "document_count"),
    "mart_supplier_average": ("numerator_nok", "document_count"),
    "mart_threshold_watch": ("spend_nok", "line_count", "supplier_count"),
}
_Tables = dict[str, pd.DataFrame]


def read(folder: Path) -> _Tables:
    """Read the tables that the marts are made of, with dates that can be compared."""
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    for table in tables.values():
        for column in table.columns.intersection(_DATES):
            table[column] = pd.to_datetime(table[column])
    return tables


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
    sums["line_count"] = by_category["spend_line_id"].nunique()
    return sums.fillna(0).reset_index()


def loyalty(tables: _Tables) -> pd.DataFrame:
    """Return mart_loyalty: year, unit and agreement, with its sums and the interval."""
    lines, keys = tables["fct_spend_line"], ["year", "unit_id", "agreement_id"]
    known = lines[lines["loyalty_class"].isin([*WATCHED[1:], "on_agreement", "wrong_zone"])]
    known = known.assign(figure=known["loyalty_class"])
    line_key = ["unit_id", "supplier_id", "category_id", "decisive_date", "year"]
    concerned = _concerned(lines, line_key, tables)
    unknown = lines[lines["loyalty_class"] == "undetermined"].drop(columns="agreement_id")
    unknown = unknown.merge(concerned, on=line_key)
    unknown["figure"] = np.where(unknown["is_positive"], "positive", "negative")
    every = pd.concat([known, unknown.drop(columns="is_positive")])
    sums = every.pivot_table(index=keys, columns="figure", values="amount_nok", aggfunc="sum")
    sums = sums.reindex(
        columns=["on_agreement", "wrong_zone", *WATCHED[1:], "positive", "negative"], fill_value=0
    )
    counted = every[every["figure"] != "outside_period"]
    sums["line_count"] = counted.groupby(keys)["spend_line_id"].nunique()
    on = every[every["figure"] == "on_agreement"]
    for column in ("loyalty_evidence", "supplier_basis"):
        parts = on.pivot_table(index=keys, columns=column, values="amount_nok", aggfunc="sum")
        sums = sums.join(parts.add_prefix("on_by_"))
    return _with_interval(_with_bound(sums, tables, keys), lines)


def _concerned(lines: pd.DataFrame, line_key: list[str], tables: _Tables) -> pd.DataFrame:
    """Return the binding agreements that undetermined lines may be loyal to, or can't be."""
    unknown = lines[lines["loyalty_class"] == "undetermined"][line_key].drop_duplicates()
    scope = tables["bridge_agreement_category"].rename(columns={"category_id": "possible_id"})
    suppliers = in_force(unknown.merge(tables["bridge_agreement_supplier"], on="supplier_id"))
    suppliers = suppliers[[*line_key, "agreement_id", "lot"]]
    in_scope = in_force(suppliers.merge(scope, on=["agreement_id", "lot"]))
    in_scope = in_scope[in_scope["category_id"] == in_scope["possible_id"]]
    positive = pd.concat([suppliers[suppliers["category_id"] == "unknown"], in_scope])
    sold = lines[lines["category_id"] != "unknown"][["year", "supplier_id", "category_id"]]
    sold = sold.drop_duplicates().rename(columns={"category_id": "possible_id"})
    sold = pd.concat([sold, sold.assign(year=sold["year"] + 1)]).drop_duplicates()
    possible = unknown[unknown["category_id"] == "unknown"].merge(sold, on=["year", "supplier_id"])
    given = unknown[unknown["category_id"] != "unknown"]
    possible = pd.concat([possible, given.assign(possible_id=given["category_id"])])
    negative = in_force(possible.merge(scope, on="possible_id"))
    concerned = pd.concat([positive.assign(is_positive=True), negative.assign(is_positive=False)])[
        [*line_key, "agreement_id", "lot", "is_positive"]
    ]
    periods = tables["int_lots__unit_periods"]
    bound = in_force(
        concerned.merge(periods[periods["is_binding"]], on=["unit_id", "agreement_id", "lot"])
    )
    agreements = tables["dim_agreement"]
    binding = agreements[agreements["is_binding"]]["agreement_id"]
    is_anyones = (concerned["unit_id"] == "unknown") & concerned["agreement_id"].isin(binding)
    bound = pd.concat([bound, concerned[is_anyones]])
    return bound.groupby([*line_key, "agreement_id"], as_index=False)["is_positive"].max()


def _with_bound(sums: pd.DataFrame, tables: _Tables, keys: list[str]) -> pd.DataFrame:
    """Add the agreements that bind a unit in a year but had no purchase."""
    years = pd.DataFrame({"year": tables["fct_spend_line"]["year"].unique()})
    periods = tables["int_lots__unit_periods"]
    bound = years.merge(periods[periods["is_binding"]], how="cross")
    begins = pd.to_datetime(bound["year"].astype(str) + "-01-01")
    ends = pd.to_datetime((bound["year"] + 1).astype(str) + "-01-01")
    bound = bound[(bound["valid_from"] < ends) & (bound["valid_to"] > begins)][
        keys
    ].drop_duplicates()
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
    weighs = sums[["on_agreement", "wrong_zone", *WATCHED[1:], "positive", "negative"]].abs()
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
    lines = tables["measured"]
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
    whole = supplier_years.groupby(keys)[["vat_nok", "investment_nok", "document_count"]].sum()
    figures = whole.assign(
        **{
            "numerator_nok": by_year.sum(),
            "denominator_suppliers": by_year.size(),
            "mean_nok": by_year.mean(),
            "median_nok": by_year.median(),
            "trimmed_numerator_nok": kept.sum(),
            "trimmed_suppliers": kept.size(),
            "trimmed_mean_nok": kept.mean(),
        }
    )
    # A definition without an active supplier has its row too.
    definitions = tables["dim_spend_definition"]["definition_id"]
    every = pd.MultiIndex.from_product(
        [sorted(supplier_years["year"].unique()), definitions], names=keys
    )
    return figures.reindex(every).reset_index()


def marts(tables: _Tables) -> _Tables:
    """Return fct_spend_line and the five marts."""
    tables = classified(tables)
    years = supplier_year(tables)
    return {
        "fct_spend_line": tables["fct_spend_line"],
        "mart_coverage": coverage(tables),
        "mart_loyalty": loyalty(tables),
        "mart_supplier_year": years,
        "mart_supplier_average": supplier_average(years, tables),
        "mart_threshold_watch": threshold_watch(tables),
    }


def totals(made: _Tables) -> dict[str, float]:
    """Return the sums and row counts of the marts, which the SQL's must equal."""
    found = {}
    for name, columns in _SUMS.items():
        for place, column in enumerate(columns):
            found[f"{name} {place}"] = round(float(made[name][column].sum()), 2)
        found[f"{name} rows"] = float(len(made[name]))
    return found


def main() -> None:
    """Print, as JSON, the seconds it took, the peak memory in MiB and the totals."""
    folder, start = Path(sys.argv[1]), time.perf_counter()
    made = marts(read(folder))
    for name, table in made.items():
        table.to_parquet(folder / f"{name}.pandas.parquet", index=False)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak, "totals": totals(made)}))


if __name__ == "__main__":
    main()
