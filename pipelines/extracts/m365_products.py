"""Microsoft's list of products and service plans, in both shapes it is published in.

The download has one row per product and plan; the documentation's table has one row per product
with all plans in a cell, each as its code and GUID: EXCHANGE_S_FOUNDATION (113feb6c-…).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.extracts.contracts.licences import M365_PRODUCT_PLAN
from pipelines.extracts.m365_files import GUID, PROBLEM, ROW, M365Result
from pipelines.extracts.m365_rows import (
    accepted,
    flag,
    marking_repeats,
    typed,
    verdict,
    with_guids,
    with_lake_texts,
)

FIELDS = {
    "Product Name": ("productdisplayname", "productname", "produktnavn"),
    "String ID": ("stringid",),
    "GUID": ("guid",),
    "Service Plan Name": ("serviceplanname",),
    "Service Plan Id": ("serviceplanid",),
    "Service plans included": ("serviceplansincluded",),
    "Friendly names": (
        "serviceplansincludedfriendlynames",
        "serviceplanincludedfriendlynames",
        "serviceplanfriendlyname",
    ),
}
COLUMNS = tuple(FIELDS)
_NO_BREAK = "\u00a0"
_BREAK = r"(?i)<br\s*/?>|\\n"
_ONE_PLAN = rf"(?s)\(\s*{GUID}\s*\)"
_PLAN = rf"(?s).*?\(\s*{GUID}\s*\)"
_PARTS = rf"(?s)^(.*?)\(\s*({GUID})\s*\)$"
_EDGES = " ,;\n\r\t"
_TEXTS = {
    "Product Name": "product_name",
    "String ID": "sku_part_number",
    "service_plan_name": "service_plan_name",
    "service_plan_text": "service_plan_text",
}


def read_products(rows: pl.DataFrame, sha256: str, word: str, named: date | None) -> M365Result:
    """Return the plans of each product. Raises Unreadable.

    `rows` are the file's rows of text; `named` is the day in its name.
    """
    notes: list[str] = []
    texts = [pl.col(name).str.contains(_NO_BREAK, literal=True) for name in COLUMNS]
    spaced = rows.filter(pl.any_horizontal(texts)).height
    if spaced:
        notes.append(f"{spaced} rader har harde mellomrom; de er lest som vanlige")
    frame = rows.with_columns(
        pl.col(name).str.replace_all(_NO_BREAK, " ").str.replace_all(_BREAK, "\n")
        for name in COLUMNS
    )
    frame = with_guids(frame, ("GUID",), required=True)
    frame = flag(frame, pl.col("Product Name").is_null(), "«Product Name» mangler")
    is_listed = frame["Service plans included"].null_count() < frame.height
    if not is_listed:
        frame = with_guids(frame, ("Service Plan Id",), required=False)
    frame = marking_repeats(frame, COLUMNS, "raden står flere ganger")
    good = accepted(frame)
    plans = _plans_in_cells(good, notes) if is_listed else _plans_in_rows(good)
    plans = _tidy(plans, notes)
    frame = _with_problems(frame, plans)
    good_rows = accepted(frame).select(ROW)
    plans = plans.join(good_rows, on=ROW, how="semi", maintain_order="left")
    tables = {M365_PRODUCT_PLAN.name: typed(plans, M365_PRODUCT_PLAN, sha256)}
    return verdict("m365_product_plan", sha256, word, frame, tables, notes, named)


def _plans_in_rows(good: pl.DataFrame) -> pl.DataFrame:
    return good.with_columns(
        pl.col("GUID").alias("sku_id"),
        pl.col("Service Plan Id").alias("service_plan_id"),
        pl.col("Service Plan Name").alias("service_plan_name"),
        pl.col("Friendly names").alias("service_plan_text"),
    )


def _plans_in_cells(good: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Return one row per product and plan; a product whose plans can't be read has one row."""
    plans = good.select(
        ROW,
        pl.col("Service plans included").str.extract_all(_PLAN).alias("_plan"),
    )
    named = _parts(plans.explode("_plan"), "service_plan_name")
    texts = _parts(
        good.select(ROW, pl.col("Friendly names").str.extract_all(_PLAN).alias("_plan")).explode(
            "_plan"
        ),
        "service_plan_text",
    ).unique([ROW, "service_plan_id"], keep="first", maintain_order=True)
    lacking = good.filter(~pl.col("Service plans included").str.contains(_ONE_PLAN)).height
    if lacking:
        notes.append(f"{lacking} produkter har ingen tjenesteplan med GUID i listen")
    return (
        good.join(named, on=ROW, how="left", maintain_order="left")
        .join(texts, on=[ROW, "service_plan_id"], how="left", maintain_order="left")
        .with_columns(pl.col("GUID").alias("sku_id"))
        .unique([ROW, "service_plan_id", "service_plan_name"], keep="first", maintain_order=True)
    )


def _parts(plans: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return row, service_plan_id and the text before it."""
    return plans.filter(pl.col("_plan").is_not_null()).select(
        ROW,
        pl.col("_plan").str.extract(_PARTS, 2).str.to_lowercase().alias("service_plan_id"),
        pl.col("_plan").str.extract(_PARTS, 1).str.strip_chars(_EDGES).alias(name),
    )


def _tidy(plans: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    return with_lake_texts(plans.rename(_TEXTS), tuple(_TEXTS.values()), notes)


def _with_problems(frame: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """Give a row the problem of its plans, where they have one."""
    found = plans.filter(pl.col(PROBLEM).is_not_null()).select(ROW, pl.col(PROBLEM).alias("_late"))
    found = found.unique(ROW, keep="first", maintain_order=True)
    return (
        frame.join(found, on=ROW, how="left", maintain_order="left")
        .with_columns(pl.coalesce(PROBLEM, "_late").alias(PROBLEM))
        .drop("_late")
    )
