"""Microsoft 365 usage reports: who used which service how recently, as coarse buckets.

Activity is counted to the report's own refresh date. Empty is never where the account may use the
service. Reports with concealed names keep no account.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from pipelines.extracts.contracts.licences import M365_USAGE, M365_USAGE_COUNT
from pipelines.extracts.m365_files import PROBLEM, ROW, M365Result
from pipelines.extracts.m365_layouts import Layout
from pipelines.extracts.m365_rows import (
    LEFT_OUT,
    accepted,
    flag,
    marking_repeats,
    typed,
    verdict,
    with_booleans,
    with_days,
    with_lake_texts,
    with_numbers,
)
from pipelines.extracts.pseudonyms import activity_buckets, pseudonyms

_KIND = "m365_usage"
_CONCEALED = r"^[0-9A-Fa-f]{32}$"
_GIB = 1024**3


def read_report(
    rows: pl.DataFrame, layout: Layout, sha256: str, word: str, named: date | None, key: bytes
) -> M365Result:
    """Return the usage by account and service, or the counts. Raises Unreadable.

    `rows` are the file's rows of text, of which several may be of one JSON object.
    """
    notes: list[str] = []
    frame = with_days(rows, ("Report Refresh Date",))
    frame = flag(frame, pl.col("Report Refresh Date").is_null(), "«Report Refresh Date» mangler")
    # "7" in CSV, "D7" in Graph's own JSON
    period = pl.col("Report Period").str.strip_prefix("D").replace("ALL", None)
    frame = with_numbers(frame.with_columns(period), ("Report Period",))
    days = frame.filter(pl.col(PROBLEM).is_null())["Report Refresh Date"]
    if days.n_unique() > 1:
        notes.append(f"rapporten har {days.n_unique()} ulike datoer (Report Refresh Date)")
    effective = named or days.max()
    assert effective is None or isinstance(effective, date)
    if layout.code.endswith("_user_counts"):
        frame, tables = _counts(frame, layout, sha256, notes)
    else:
        frame, tables = _usage(frame, layout, sha256, key, notes)
    return verdict(_KIND, sha256, word, frame, tables, notes, effective)


_Tables = tuple[pl.DataFrame, dict[str, pl.DataFrame]]


def _counts(frame: pl.DataFrame, layout: Layout, sha256: str, notes: list[str]) -> _Tables:
    numbers = [name for pair in layout.services.values() for name in pair if name]
    frame = with_numbers(frame, numbers or ("Assigned", "Activated"))
    if not layout.services:
        frame = with_lake_texts(frame, ("Product Type",), notes)
        frame = flag(frame, pl.col("Product Type").is_null(), "«Product Type» mangler")
    frame = marking_repeats(frame, list(layout.columns), "raden står flere ganger")
    good = accepted(frame)
    parts = [
        _counted(good, pl.lit(service), pl.col(active), pl.col(inactive or active))
        for service, (active, inactive) in layout.services.items()
    ] or [_counted(good, pl.col("Product Type"), pl.col("Activated"), None)]
    report = pl.lit(layout.code).alias("report")
    counted = pl.concat(parts).sort(ROW, maintain_order=True).with_columns(report)
    return frame, {M365_USAGE_COUNT.name: typed(counted, M365_USAGE_COUNT, sha256)}


def _counted(
    good: pl.DataFrame, subject: pl.Expr, active: pl.Expr, inactive: pl.Expr | None
) -> pl.DataFrame:
    null = pl.lit(None, pl.Int64)
    return good.select(
        ROW,
        subject.alias("subject"),
        pl.col("Report Refresh Date").alias("report_date"),
        pl.col("Report Period").alias("report_period_days"),
        active.alias("active_count"),
        (null if inactive is None else inactive).alias("inactive_count"),
        (pl.col("Assigned") if inactive is None else null).alias("assigned_count"),
    )


def _usage(
    frame: pl.DataFrame, layout: Layout, sha256: str, key: bytes, notes: list[str]
) -> _Tables:
    lasts, licensed = _day_columns(layout)
    frame = with_days(frame, lasts)
    frame = with_booleans(frame, ("Is Deleted", "Is Licensed", *licensed))
    frame = with_numbers(frame, ("Storage Used",), digits=17)
    frame = _products(frame)
    frame = with_lake_texts(frame, ("assigned_products",), notes)
    frame = _accounts(frame, key, notes)
    service = pl.lit(layout.service)
    if layout.code == "activations":
        service = _product_service(pl.col("Product Type").str.to_uppercase())
    frame = frame.with_columns(service.alias("service"))
    objects = _by_object(frame)
    good = accepted(frame.join(accepted(objects).select(ROW), on=ROW, how="semi"))
    parts = [
        _used(good, pl.lit(name), pl.col(last), pl.col(has) if has else None)
        for name, (last, has) in layout.services.items()
    ] or [_used(good, pl.col("service"), _last_day(layout), pl.col("Is Licensed"))]
    usage = pl.concat(parts).with_columns(pl.lit(layout.code).alias("report"))
    usage = usage.sort(ROW, "service", "_last", descending=[False, False, True], nulls_last=True)
    usage = usage.unique([ROW, "service"], keep="first", maintain_order=True)
    return objects, {M365_USAGE.name: typed(usage, M365_USAGE, sha256)}


def _day_columns(layout: Layout) -> tuple[list[str], list[str]]:
    lasts = [last for last, _ in layout.services.values()]
    licensed = [has for _, has in layout.services.values() if has]
    return [*lasts, "Last Activity Date", "Last Activation Date", "Last Activated Date"], licensed


def _last_day(layout: Layout) -> pl.Expr:
    if layout.code == "activations":
        return pl.col("Last Activated Date")
    return pl.col("Last Activity Date")


def _product_service(product: pl.Expr) -> pl.Expr:
    return (
        pl.when(product.str.contains("PROJECT"))
        .then(pl.lit("project"))
        .when(product.str.contains("VISIO"))
        .then(pl.lit("visio"))
        .when(product.is_null() | product.str.contains("APPS|PROPLUS|OFFICE"))
        .then(pl.lit("office_apps"))
        .otherwise(pl.lit("other_apps"))
    )


def _products(frame: pl.DataFrame) -> pl.DataFrame:
    """Split the products at each «+» that has no space beside it, as names have."""
    lists = frame["Assigned Products"].drop_nulls().unique()
    found = {text: ";".join(_split(text)) for text in lists}
    products = frame["Assigned Products"].replace_strict(
        found, default=None, return_dtype=pl.String
    )
    return frame.with_columns(products.alias("assigned_products")).drop("Assigned Products")


def _split(text: str) -> list[str]:
    parts = (part.strip().replace(";", ",") for part in re.split(r"(?<! )\+(?! )", text))
    return [part for part in parts if part]


def _accounts(frame: pl.DataFrame, key: bytes, notes: list[str]) -> pl.DataFrame:
    """Replace names by keys; rows of deleted accounts without a name are left out."""
    name = pl.col("User Principal Name")
    is_deleted = pl.col("Is Deleted").fill_null(False)
    frame = flag(frame, name.is_null() & ~is_deleted, "«User Principal Name» mangler")
    frame = frame.with_columns(
        name.str.contains(_CONCEALED).fill_null(False).alias("is_concealed"),
        (name.is_null() & is_deleted).alias(LEFT_OUT),
    )
    hidden = frame.filter(pl.col("is_concealed") & pl.col(PROBLEM).is_null())[ROW].n_unique()
    if hidden:
        notes.append(
            f"navnene er skjult på {hidden} rader, og bruken deres er ukjent; slå av skjuling av "
            "navn i rapporter i administrasjonssenteret, og ta ut rapporten på nytt"
        )
    left_out = frame.filter(pl.col(LEFT_OUT) & pl.col(PROBLEM).is_null())[ROW].n_unique()
    if left_out:
        notes.append(f"{left_out} rader om slettede kontoer uten navn er utelatt")
    shown = frame.select(pl.when(~pl.col("is_concealed")).then(name)).to_series()
    # concealed accounts must still be told apart while repeats are found
    token = frame.select(pl.when(pl.col("is_concealed")).then(name)).to_series()
    return frame.with_columns(
        pseudonyms(shown, "account", key).alias("account_key"), token.alias("_token")
    ).drop("User Principal Name")


def _by_object(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each of the file's, repeats marked.

    A JSON object with several rows in it is a problem where one of them is.
    """
    content = pl.struct(pl.exclude(ROW, PROBLEM)).hash().alias("_hash")
    objects = (
        frame.with_columns(content)
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.col(PROBLEM).drop_nulls().first(),
            pl.col(LEFT_OUT).first(),
            pl.col("_hash").sort().hash().sum().alias("_content"),
        )
    )
    # Reports may state an account on several rows (product types): only whole rows are repeats.
    return marking_repeats(objects, ("_content", LEFT_OUT), "raden står flere ganger")


def _used(good: pl.DataFrame, service: pl.Expr, last: pl.Expr, has: pl.Expr | None) -> pl.DataFrame:
    """Return one service's rows; without activity it is never, where the licence isn't denied."""
    licensed = pl.lit(None, pl.Boolean) if has is None else has
    bucket = activity_buckets(last, pl.col("Report Refresh Date"))
    is_denied = last.is_null() & ~licensed.fill_null(True)
    return good.select(
        ROW,
        "account_key",
        "is_concealed",
        service.alias("service"),
        pl.col("Report Refresh Date").alias("report_date"),
        pl.col("Report Period").alias("report_period_days"),
        pl.col("Is Deleted").alias("is_deleted"),
        licensed.alias("has_licence"),
        last.alias("_last"),
        pl.when(is_denied).then(pl.lit("unknown")).otherwise(bucket).alias("activity"),
        _storage().alias("storage"),
        "assigned_products",
    )


def _storage() -> pl.Expr:
    size = pl.col("Storage Used")
    return (
        pl.when(size < 2 * _GIB)
        .then(pl.lit("under_2gb"))
        .when(size < 50 * _GIB)
        .then(pl.lit("under_50gb"))
        .when(size < 1024 * _GIB)
        .then(pl.lit("under_1tb"))
        .when(size.is_not_null())
        .then(pl.lit("over_1tb"))
    )
