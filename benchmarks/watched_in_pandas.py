"""The threshold watch in pandas: rolling sums of 12 months, and what the greatest consist of."""

from __future__ import annotations

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from benchmarks.judged_in_pandas import in_force

WATCHED = ["no_agreement", "outside_period", "off_agreement"]
_Tables = dict[str, pd.DataFrame]


def threshold_watch(tables: _Tables) -> pd.DataFrame:
    """Return mart_threshold_watch: the greatest windows of 12 months, and what they consist of."""
    lines = tables["fct_spend_line"]
    lines = lines[lines["loyalty_class"].isin(WATCHED) & (lines["category_id"] != "unknown")]
    lines = lines.merge(tables["dim_category"][["category_id", "kind"]], on="category_id")
    lines["day"] = lines["decisive_date"]
    lines["is_purchase"] = lines["amount_nok"] > 0
    whole = lines.assign(supplier_id="*")
    each = lines[lines["supplier_id"] != "unknown"]
    windows = pd.concat([_windows(whole, "municipality"), _windows(each, "supplier")])
    chosen = _chosen(windows, tables["int_thresholds__dated"])
    chosen = chosen.merge(_contents(chosen, whole, each), on="watch_id", how="left")
    return chosen.merge(_suppliers(chosen, each), on="watch_id", how="left")


def _windows(lines: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Return every window that begins on a day with a purchase, with its sum and lines."""
    keys = ["kind", "category_id", "supplier_id"]
    sums = ["spend_nok", "line_count"]
    days = lines.groupby([*keys, "day"], as_index=False).agg(
        spend_nok=("amount_nok", "sum"),
        line_count=("spend_line_id", "nunique"),
        is_purchase=("is_purchase", "max"),
    )
    by_key = days.groupby(keys)[sums]
    before = days[[*keys, "day"]].join(by_key.cumsum() - days[sums])
    starts = days.drop(columns=sums).join(before[sums])
    starts["window_end"] = starts["day"] + pd.DateOffset(months=12)
    ends = pd.merge_asof(
        starts.sort_values("window_end"),
        before.rename(columns={"day": "next_day"}).sort_values("next_day"),
        left_on="window_end",
        right_on="next_day",
        by=keys,
        direction="forward",
        suffixes=("_before", ""),
    ).merge(by_key.sum().add_suffix("_in_all").reset_index(), on=keys)
    for name in sums:
        ends[name] = ends[name].fillna(ends[f"{name}_in_all"]) - ends[f"{name}_before"]
    return ends[ends["is_purchase"]].assign(scope=scope)


def _chosen(windows: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """Return the greatest window of each key, and of each month where it reaches a threshold."""
    windows = windows.assign(row=np.arange(len(windows)))
    for kind in ("national", "eea"):
        dated = thresholds[thresholds["threshold_type"] == kind]
        limits = windows[["row", "kind", "day"]].merge(dated, on="kind")
        limits = in_force(limits, "day")
        limits = limits.set_index("row")[["threshold_nok", "valid_from"]].add_prefix(f"{kind}_")
        windows = windows.join(limits, on="row")
        reached = windows["spend_nok"].round(2) >= windows[f"{kind}_threshold_nok"].astype(float)
        windows[f"at_{kind}"] = reached
    keys = ["scope", "kind", "category_id", "supplier_id"]
    windows["month"] = windows["day"].dt.to_period("M").astype(str)
    windows["spend_nok"] = windows["spend_nok"].round(2)
    windows = windows.sort_values(["spend_nok", "day"], ascending=[False, True])
    windows["is_peak"] = ~windows.duplicated(keys)
    months = ~windows.duplicated([*keys, "month", "national_valid_from", "eea_valid_from"])
    chosen = windows[windows["is_peak"] | (months & (windows["at_national"] | windows["at_eea"]))]
    watch_id = chosen["scope"].str.cat(
        [chosen["kind"], chosen["category_id"], chosen["supplier_id"], chosen["day"].astype(str)],
        sep="|",
    )
    return chosen.assign(watch_id=watch_id)


def _suppliers(chosen: pd.DataFrame, each: pd.DataFrame) -> pd.DataFrame:
    """Return how many suppliers a window has: one, or those of a category's greatest window."""
    days = each[["category_id", "supplier_id", "day"]].drop_duplicates()
    peaks = chosen[chosen["is_peak"] & (chosen["scope"] == "municipality")]
    peaks = peaks[["watch_id", "category_id", "day", "window_end"]]
    inside = peaks.rename(columns={"day": "window_start"}).merge(days, on="category_id")
    inside = inside[
        (inside["day"] >= inside["window_start"]) & (inside["day"] < inside["window_end"])
    ]
    several = inside.groupby("watch_id")["supplier_id"].nunique().reindex(peaks["watch_id"])
    one = chosen[chosen["scope"] == "supplier"].set_index("watch_id")["day"].notna()
    counts = pd.concat([several.fillna(0), one]).astype("int64")
    return counts.rename("supplier_count").reset_index()


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
            found.append(sums.reindex(columns=[*WATCHED, "unit_count"]))
    return pd.concat(found).fillna(0).reset_index()
