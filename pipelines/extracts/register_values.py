"""The values of a register's rows: typed, checked, and without what tells who a person is.

A row stands alone here, but for its key, which no other row of the table may have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.extracts import values
from pipelines.extracts.contracts.columns import Column, Table
from pipelines.extracts.contracts.licences import ACTIVITY
from pipelines.extracts.identifiers import is_orgnr
from pipelines.extracts.pseudonyms import HIDDEN, PERSONAL, activity_buckets, pseudonyms
from pipelines.extracts.tables import TABLES

ROW = "source_row"
LEAST_VALUES = {
    "length_months": 1,
    "claim_nok": 0,
    "dagbot_nok": 0,
    "limit_nok": 0,
    "participant_count": 0,
    "duration_hours": 0,
    "turnover_nok": 0,
}
_Refused = Callable[[pl.Expr], pl.Expr]


def _outside(least: int, most: int) -> _Refused:
    return lambda value: (value < least) | (value > most)


_NOT_NEGATIVE: tuple[_Refused, str] = lambda value: value < 0, "minst 0"
_MOST_SEATS, _MOST_PRICE = 10**7, 10**6  # a plan's cost of ten years of both is still a number
_SEATS: tuple[_Refused, str] = _outside(0, _MOST_SEATS), "fra 0 til 10 000 000"
_PRICE: tuple[_Refused, str] = _outside(0, _MOST_PRICE), "fra 0 til 1 000 000 per måned"
_NOT_NEGATIVE_COLUMNS = {
    "reg_workplace_user": ("active_count",),
    "reg_licence_audit": ("hours", "hourly_rate_nok"),
}
_SEAT_COLUMNS = {
    "reg_licence_term": ("commitment_floor", "reserve"),
    "reg_licence_entitlement": ("quantity",),
}
_PRICE_COLUMNS = {
    "reg_licence_term": ("unit_price_nok", "list_price_nok", "management_fee_nok"),
    "reg_frame_exemption": ("unit_price_nok",),
}
# Words that stand beside products and units in the tables, and what lists of them are split by.
_OWN_UNITS = ("*", "felles")
_OWN_PRODUCTS = ("*", "alle", "licence_audit")


def _no_product(*words: str) -> tuple[_Refused, str]:
    return (
        lambda value: (
            value.str.contains(";", literal=True)
            | value.str.strip_chars().str.to_lowercase().is_in(words)
        ),
        f"en produktkode uten semikolon, og ikke {', '.join(f'«{word}»' for word in words)}",
    )


_PRODUCTS = ("reg_licence_term", "reg_licence_entitlement")
# Workplace has terms and users per unit, but its users are no accounts with a licence.
_PRODUCTS_OF_ACCOUNTS = ("reg_licence_assignment", "reg_licence_usage", "reg_standard_licence")


def _each(
    columns: Mapping[str, Iterable[str]], limit: tuple[_Refused, str]
) -> dict[tuple[str, str], tuple[_Refused, str]]:
    return {(table, column): limit for table, names in columns.items() for column in names}


_LIMITS: dict[tuple[str, str], tuple[_Refused, str]] = {  # of one register's column
    ("reg_saving_plan", "discount_percent"): (
        lambda value: (value <= 0) | (value >= 100),
        "mer enn 0 og mindre enn 100",
    ),
    ("reg_supplier_turnover", "year"): (_outside(1990, 2100), "et årstall fra 1990 til 2100"),
    ("reg_employment", "post_share_percent"): (_outside(0, 100), "fra 0 til 100"),
    ("reg_unit", "unit_id"): (
        lambda value: value.str.strip_chars().str.to_lowercase().is_in(_OWN_UNITS),
        "en enhetskode som ikke er «felles» eller «*»",
    ),
    **_each(_NOT_NEGATIVE_COLUMNS, _NOT_NEGATIVE),
    **_each(_SEAT_COLUMNS, _SEATS),
    **_each(_PRICE_COLUMNS, _PRICE),
    **_each(dict.fromkeys(_PRODUCTS, ("sku_id",)), _no_product(*_OWN_PRODUCTS)),
    **_each(
        dict.fromkeys(_PRODUCTS_OF_ACCOUNTS, ("sku_id",)),
        _no_product(*_OWN_PRODUCTS, "workplace"),
    ),
}
_NEVER_PERSONAL = ("sku_id", "reference")
_OF_SOMEBODY = (
    f"forventet en kode eller tekst uten personer, fant «{HIDDEN}», som ligner en e-postadresse "
    "eller et fødselsnummer; se om kolonnene er forskjøvet"
)
_ACTIVITY_WORDS = {bucket: bucket for bucket in ACTIVITY} | {
    "eldre": "older",
    "aldri": "never",
    "ukjent": "unknown",
}
_TIME_OF_DAY = r"[ T]\d{1,2}[:.]\d{2}.*$"

Problem = tuple[int, str, str]  # row number, heading, reason


@dataclass(frozen=True)
class Checked:
    """Typed rows, every problem, and a column of activity that says nothing of anyone."""

    rows: pl.DataFrame
    problems: list[Problem]
    unknown_activity: list[str]


def data_columns(table: Table) -> list[Column]:
    """Return the columns that people write."""
    return [c for c in table.columns if c.name not in ("source_sha256", ROW)]


def is_of_persons(table: Table) -> bool:
    """Return whether the register identifies persons; then no reason shows what a cell holds."""
    return any(column.pseudonym is not None for column in table.columns)


def checked(
    text: pl.DataFrame, table: Table, headings: Mapping[str, str], key: bytes, *, is_native: bool
) -> Checked:
    """Return typed rows and every (row number, heading, reason) that breaks the contract.

    `headings` are those to name the columns by, `key` makes the pseudonyms; `is_native` says that
    numbers were numbers in the file. Activity is text still: see `bucketed`.
    """
    typed = text
    problems: list[Problem] = []
    unknown: list[str] = []
    is_hidden = is_of_persons(table)
    for column in data_columns(table):
        heading = headings[column.name]
        result, reasons = _convert(text[column.name], column, is_native, is_hidden)
        if column.pseudonym is not None:
            result = pseudonyms(result, column.pseudonym, key).alias(column.name)
        if column.is_activity and result.len() and result.null_count() == result.len():
            result = result.fill_null("unknown")
            unknown.append(heading)
        typed = typed.with_columns(result.alias(column.name))
        for number, reason in zip(text[ROW].to_list(), reasons.to_list(), strict=True):
            if reason:
                problems.append((number, heading, reason))
        problems += [(number, heading, _OF_SOMEBODY) for number in _personal(text, column, table)]
        beyond = _too_small(typed, column) + _beyond_limits(typed, text, column, table, is_hidden)
        problems += [(number, heading, reason) for number, reason in beyond]
    return Checked(typed, problems + _row_problems(typed, table, headings), unknown)


def _personal(text: pl.DataFrame, column: Column, table: Table) -> list[int]:
    """Return the row numbers where a text for the lake looks like an address or birth number."""
    is_code = is_of_persons(table) or column.name in _NEVER_PERSONAL
    is_kept = column.type == "text" and column.pseudonym is None and not column.is_activity
    if not (is_code and is_kept):
        return []
    found = pl.col(column.name).str.contains(PERSONAL).fill_null(False)
    return text.filter(found)[ROW].to_list()


def bucketed(tables: dict[str, pl.DataFrame], counted_to: date) -> dict[str, pl.DataFrame]:
    """Return the tables with dates of activity as buckets, counted to the file's effective day."""
    return {
        name: frame.with_columns(
            pl.coalesce(
                pl.when(pl.col(column.name).is_in(ACTIVITY)).then(pl.col(column.name)),
                activity_buckets(
                    pl.col(column.name).str.to_date("%Y-%m-%d", strict=False), counted_to
                ),
            ).alias(column.name)
            for column in TABLES[name].columns
            if column.is_activity
        )
        for name, frame in tables.items()
    }


def _convert(
    text: pl.Series, column: Column, is_native: bool, is_hidden: bool
) -> tuple[pl.Series, pl.Series]:
    """Return the typed column and a column of reasons, null where all is well."""
    doubtful = pl.Series([False] * len(text), dtype=pl.Boolean)
    if column.type == "date":
        result, expected = values.dates(text), "en dato (31.12.2024 eller 2024-12-31)"
        if column.name == "month":
            result = result.dt.month_start()
    elif column.type == "boolean":
        result, expected = values.booleans(text), "ja eller nei"
    elif column.type == "text":
        result, expected = _text_value(text, column)
    else:
        mark = None if is_native else values.decimal_mark(text)
        result, doubtful = values.numbers(text, column, mark, is_native=is_native)
        expected = "et helt tall" if column.type == "integer" else "et tall"
    lost = text.is_not_null() & result.is_null()
    shown = pl.select(pl.lit(HIDDEN).repeat_by(len(text)).explode()).to_series()
    frame = pl.DataFrame(
        {
            "t": shown if is_hidden and len(text) else text,
            "lost": lost,
            "doubtful": doubtful,
            "r": result.is_null(),
        }
    )
    found = pl.format(f"forventet {expected}, fant «{{}}»", "t")
    two = pl.format("«{}» kan leses på to måter (tusenskille eller desimaltegn); skriv om", "t")
    missing = pl.lit("mangler verdi") if column.required else pl.lit(None, pl.String)
    reasons = frame.select(
        pl.when("doubtful").then(two).when("lost").then(found).when("r").then(missing)
    ).to_series()
    return result, reasons


def _too_small(typed: pl.DataFrame, column: Column) -> list[tuple[int, str]]:
    """Return the row numbers where the value is less than it can be, with the reason."""
    least = LEAST_VALUES.get(column.name)
    if least is None:
        return []
    small = typed.filter(pl.col(column.name) < least).select(ROW, column.name)
    return [(n, f"forventet minst {least}, fant «{value}»") for n, value in small.iter_rows()]


def _beyond_limits(
    typed: pl.DataFrame, text: pl.DataFrame, column: Column, table: Table, is_hidden: bool
) -> list[tuple[int, str]]:
    """Return the row numbers where the value can't be in this register, with the reason."""
    limit = _LIMITS.get((table.name, column.name))
    if limit is None:
        return []
    is_refused, expected = limit
    beyond = typed.select(is_refused(pl.col(column.name)).fill_null(False)).to_series()
    found = text.filter(beyond).select(ROW, column.name)
    return [
        (n, f"forventet {expected}, fant «{HIDDEN if is_hidden else value}»")
        for n, value in found.iter_rows()
    ]


def _text_value(text: pl.Series, column: Column) -> tuple[pl.Series, str]:
    if column.is_activity:
        return _activity(text), f"en dato (31.12.2024 eller 2024-12-31) eller {', '.join(ACTIVITY)}"
    if column.values:
        known = column.values | {value: value for value in column.values.values()}
        lower = text.str.to_lowercase().str.replace_all(r"[\s-]+", "_")
        result = lower.replace_strict(known, default=None, return_dtype=pl.String)
        return result, f"en av {', '.join(column.values)}"
    if column.name.endswith("orgnr"):
        digits = text.str.replace_all(r"[\s\u00a0]", "").str.replace_all(r"(?i)^no|mva$", "")
        good = [value is not None and is_orgnr(value) for value in digits.to_list()]
        result = pl.select(pl.when(pl.Series(good, dtype=pl.Boolean)).then(digits)).to_series()
        return result, "et organisasjonsnummer (ni siffer med gyldig kontrollsiffer)"
    return text, "tekst"


def _activity(text: pl.Series) -> pl.Series:
    """Return the day of the last activity as ISO text, or the bucket that stands there."""
    plain = text.str.strip_chars().str.to_lowercase()
    words = plain.replace_strict(_ACTIVITY_WORDS, default=None, return_dtype=pl.String)
    days = values.dates(text.str.strip_chars().str.replace(_TIME_OF_DAY, "")).dt.to_string()
    return pl.select(pl.coalesce(words, days).alias(text.name)).to_series()


def _row_problems(typed: pl.DataFrame, table: Table, headings: Mapping[str, str]) -> list[Problem]:
    problems = _turned_years(typed, headings) + _merged_with_itself(typed, headings)
    last = "valid_to" if "valid_to" in typed.columns else "end_date"
    if last in typed.columns and "valid_from" in typed.columns:
        turned = typed.filter(pl.col(last) < pl.col("valid_from"))
        problems += [
            (number, "", "siste dag er før første dag; bytt om eller rett datoene")
            for number in turned[ROW].to_list()
        ]
    key = list(table.key)
    named = ", ".join(headings[name] for name in key)
    first = pl.col(ROW).min().over(key)
    repeated = typed.with_columns(first.alias("_first")).filter(pl.col(ROW) != pl.col("_first"))
    problems += [
        (number, "", f"samme nøkkel ({named}) som rad {other}; slett den ene")
        for number, other in repeated.select(ROW, "_first").iter_rows()
    ]
    return problems


def _turned_years(typed: pl.DataFrame, headings: Mapping[str, str]) -> list[Problem]:
    if not {"from_year", "to_year"} <= set(typed.columns):
        return []
    turned = typed.filter(pl.col("to_year") < pl.col("from_year"))
    reason = f"«{headings['to_year']}» er før «{headings['from_year']}»; bytt om eller rett dem"
    return [(number, "", reason) for number in turned[ROW].to_list()]


def _merged_with_itself(typed: pl.DataFrame, headings: Mapping[str, str]) -> list[Problem]:
    """Return the rows of supplier merges whose two are one, case and spaces aside."""
    if not {"supplier_a", "supplier_b"} <= set(typed.columns):
        return []
    one, other = (
        pl.col(name).str.replace_all(r"\s", "").str.to_lowercase()
        for name in ("supplier_a", "supplier_b")
    )
    names = f"«{headings['supplier_a']}» og «{headings['supplier_b']}»"
    reason = f"{names} er den samme leverandøren; rett den ene eller slett raden"
    return [(number, "", reason) for number in typed.filter(one == other)[ROW].to_list()]
