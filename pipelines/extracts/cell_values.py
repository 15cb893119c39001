"""Amounts, numbers and dates as people's spreadsheets write them: whole columns in and out.

Every value that can't be read gets a Norwegian reason; nothing is guessed. What is read in two ways
is refused with both readings. Registers have their own, simpler forms in `values`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

import polars as pl

_SPACES = r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000]+"
_MINUS = r"[\u2212\u2010-\u2015\ufe63\uff0d]"
_CURRENCY = (
    r"(?i)^(kr|nok|sek|dkk|eur|gbp|usd|[£$€])\.? ?|( ?(kr|nok|sek|dkk|eur|gbp|usd)\.?| ?[£$€])$"
)
_FAST_DOT = r"^-?\d+(?:\.\d{1,2})?$"
_FAST_WHOLE = r"^-?\d+$"
_FAST_COMMA = r"^-?(?:\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:,\d{1,2})?$"
_DOT = r"^(?:\d+|\d{1,3}(?:[ ',]\d{3})+)?\.\d+$"
_COMMA = r"^(?:\d+|\d{1,3}(?:[ '.]\d{3})+)?,\d+$"
_WHOLE = r"^(?:\d+|\d{1,3}(?:[ ']\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,})$"
_TWO_WAYS = r"^[1-9]\d{0,2}[.,]\d{3}$"
_PLAIN = r"^-?(?:\d+\.?\d*|\.\d+)$"
_NOISE = 6
_FIRST = 200

_HASHES = r"^#+$"
_DATE_LIKE = (
    r"^\d{4}-\d{1,2}-\d{1,2}([ T].*)?$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|"
    r"(?i)^\d{1,2}[. -]+[a-zæøåäö]{3,9}\.?([ -]*\d{2,4})?$|^[a-zæøåäö]{3,9}[. -]+\d{1,4}$"
)


class Converted(NamedTuple):
    """A column's values, null where there is none, and why a value could not be read."""

    values: pl.Series
    reasons: pl.Series


def proven_mark(texts: list[pl.Series]) -> str | None:
    """Return the decimal mark that the columns' own values prove, None where they don't or differ.

    '1.234' and '1,234' prove nothing; '1.50', '1 234,5' and '1.234.567' do.
    """
    dot = comma = False
    for text in texts:
        body = _body(_normal(text.drop_nulls()))
        clear = body.filter(~body.str.contains(_TWO_WAYS))
        dot = dot or _any(clear, _DOT) or _any(clear, r"^\d{1,3}(,\d{3}){2,}$")
        comma = comma or _any(clear, _COMMA) or _any(clear, r"^\d{1,3}(\.\d{3}){2,}$")
    if dot == comma:
        return None
    return "." if dot else ","


def has_two_ways(text: pl.Series) -> bool:
    """Return whether any value could be read both as thousands and as a decimal number."""
    maybe = text.filter(text.str.contains(r"\d[.,]\d{3}").fill_null(False))
    return _any(_body(_normal(maybe)), _TWO_WAYS)


def amounts(text: pl.Series, dtype: pl.DataType, mark: str | None, scale: int = 2) -> Converted:
    """Return exact decimals of at most `scale` places.

    `mark` is the decimal mark where it is known. Spaces of every kind, apostrophes and the other
    mark separate thousands in groups of three; brackets, a trailing minus and U+2212 are negative.
    """
    fast, quick = _quick_amounts(text, dtype, mark)
    if fast.all(ignore_nulls=True):
        return Converted(quick, _no_reasons(len(text)))
    frame = pl.DataFrame({"text": text}).with_row_index("row")
    slow = frame.filter(~fast.fill_null(True))
    found = _slow_amounts(slow["text"], dtype, mark, scale)
    slow = slow.select("row", pl.Series("slow", found.values), pl.Series("reason", found.reasons))
    merged = frame.join(slow, on="row", how="left", maintain_order="left")
    values = pl.select(pl.when(fast).then(quick).otherwise(merged["slow"])).to_series()
    return Converted(values, merged["reason"])


def _quick_amounts(
    text: pl.Series, dtype: pl.DataType, mark: str | None
) -> tuple[pl.Series, pl.Series]:
    """Return which values are of the usual plain forms, and their numbers.

    Those are '-1234.50' and '-1 234,50': at most two decimals, so that nothing is in doubt.
    """
    plain = _FAST_WHOLE if mark == "," else _FAST_DOT
    if mark == "." or text.head(_FIRST).str.contains(plain).all(ignore_nulls=True):
        fast = text.str.contains(plain)
        if mark == "." or fast.all(ignore_nulls=True):
            return fast, pl.select(pl.when(fast).then(text).cast(dtype, strict=False)).to_series()
    spaced = text.str.contains(_FAST_COMMA)
    is_all = spaced.all(ignore_nulls=True)
    fast = spaced if is_all else spaced | text.str.contains(plain)
    clean = text.str.replace_all(r"[ \u00a0\u202f]", "").str.replace(",", ".", literal=True)
    if is_all:
        return fast, clean.cast(dtype, strict=False)
    return fast, pl.select(pl.when(fast).then(clean).cast(dtype, strict=False)).to_series()


def _no_reasons(height: int) -> pl.Series:
    return pl.Series("reasons", [None], dtype=pl.String).new_from_index(0, height)


def rounded_amounts(text: pl.Series, dtype: pl.DataType, mark: str | None) -> Converted:
    """Return amounts as `amounts` does, more than two decimals rounded half away from zero."""
    exact = amounts(text, pl.Decimal(38, 10), mark, 10)
    return Converted(half_up(exact.values).cast(dtype), exact.reasons)


def half_up(exact: pl.Series) -> pl.Series:
    """Return decimals rounded to two places, half away from zero."""
    shifted = exact.abs() + pl.Series([Decimal("0.005")], dtype=pl.Decimal(38, 10))
    money = pl.Decimal(38, 2)
    floored = shifted.cast(pl.String).str.replace(r"(\.\d{2})\d*$", "$1").cast(money)
    return pl.select(pl.when(exact < 0).then(-floored).otherwise(floored)).to_series()


def _slow_amounts(text: pl.Series, dtype: pl.DataType, mark: str | None, scale: int) -> Converted:
    normal = _normal(text)
    frame = pl.DataFrame({"text": text, "normal": normal, "body": _body(normal)})
    body = pl.col("body")
    negative = pl.col("normal").str.contains(r"^-|-$|^\(.*\)$")
    twice = pl.col("normal").str.contains(r"^[-(].*-$|^\(-")
    is_dot, is_comma = body.str.contains(_DOT), body.str.contains(_COMMA)
    two_ways = body.str.contains(_TWO_WAYS)
    no = pl.lit(False)
    grouped = no
    if mark == ".":
        is_comma, grouped, two_ways = no, two_ways & ~is_dot, no
    elif mark == ",":
        is_dot, grouped, two_ways = no, two_ways & ~is_comma, no
    digits: pl.Expr = (
        pl.when(two_ways | twice)
        .then(None)
        .when(is_dot)
        .then(body.str.replace_all(r"[ ',]", ""))
        .when(is_comma)
        .then(body.str.replace_all(r"[ '.]", "").str.replace(",", ".", literal=True))
        .when(grouped | body.str.contains(_WHOLE))
        .then(body.str.replace_all(r"[ '.,]", ""))
    )
    signed = pl.when(negative).then(pl.concat_str(pl.lit("-"), digits)).otherwise(digits)
    frame = frame.with_columns(signed.alias("number"), two_ways.alias("two_ways"))
    frame = frame.with_columns(_without_noise(scale).alias("number"))
    too_fine = pl.col("number").str.contains(rf"\.\d{{{scale}}}\d*[1-9]").fill_null(False)
    value = pl.when(~too_fine).then(pl.col("number")).cast(dtype, strict=False)
    frame = frame.with_columns(value.alias("value"), too_fine.alias("too_fine"))
    return Converted(frame["value"], frame.select(_reason(scale)).to_series())


def _without_noise(scale: int) -> pl.Expr:
    """Round what only a binary float makes long: 1234.5600000000001 is 1234.56."""
    number = pl.col("number")
    real = number.cast(pl.Float64, strict=False)
    long = number.str.contains(rf"\.\d{{{scale + _NOISE},}}$")
    near = (real - real.round(scale)).abs() < pl.max_horizontal(real.abs() * 1e-14, pl.lit(1e-9))
    rounded = real.round(scale).cast(pl.Decimal(38, scale), strict=False).cast(pl.String)
    return pl.when(long & near).then(rounded).otherwise(number)


def _reason(scale: int) -> pl.Expr:
    text, body = pl.col("text"), pl.col("body")
    thousand = body.str.replace_all(r"[.,]", "")
    decimal = body.str.replace(".", ",", literal=True)
    two = pl.format(
        "«{}» kan leses på to måter: {} (tusenskille) eller {} (desimaltegn); "
        "oppgi desimaltegnet i mappingen",
        text,
        thousand,
        decimal,
    )
    return (
        pl.when(pl.col("value").is_not_null())
        .then(pl.lit(None, pl.String))
        .when("two_ways")
        .then(two)
        .when("too_fine")
        .then(pl.format(f"forventet høyst {scale} desimaler, fant «{{}}»", text))
        .when(text.str.strip_chars().str.contains(_HASHES))
        .then(
            pl.lit(
                "tallet er borte: kolonnen var for smal da filen ble lagret (#####); "
                "eksporter på nytt"
            )
        )
        .when(text.str.strip_chars().str.contains(_DATE_LIKE))
        .then(
            pl.format(
                "forventet et tall, fant datoen «{}»: regnearket har gjort tallet om; "
                "eksporter på nytt",
                text,
            )
        )
        .otherwise(pl.format("forventet et tall, fant «{}»", text))
    )


def _normal(text: pl.Series) -> pl.Series:
    normal = text.str.replace_all(_SPACES, " ").str.strip_chars()
    normal = normal.str.replace_all(_MINUS, "-").str.replace_all("’", "'", literal=True)
    normal = normal.str.replace_all(_CURRENCY, "").str.replace(r"^- ?(?:kr|£|\$|€) ?", "-")
    return normal.str.replace(r"^([+-]) ", "$1").str.replace(r" -$", "-").str.replace(r",-$", "")


def _body(normal: pl.Series) -> pl.Series:
    inner = normal.str.replace(r"^\( ?(.*?) ?\)$", "$1").str.replace(r"^[+-]", "")
    return inner.str.replace(r"-$", "").str.replace(r"^(?:kr\.?|£|\$|€) ?", "")


def _any(text: pl.Series, pattern: str) -> bool:
    return bool(text.str.contains(pattern).any())


# --- dates --------------------------------------------------------------------------------------

EXCEL_SERIAL = "excel"
_MONTHS = {
    "januar": 1, "januari": 1, "january": 1, "jan": 1,
    "februar": 2, "februari": 2, "february": 2, "feb": 2,
    "mars": 3, "march": 3, "mar": 3,
    "april": 4, "apr": 4,
    "mai": 5, "maj": 5, "may": 5,
    "juni": 6, "june": 6, "jun": 6,
    "juli": 7, "july": 7, "jul": 7,
    "august": 8, "augusti": 8, "aug": 8,
    "september": 9, "sept": 9, "sep": 9,
    "oktober": 10, "october": 10, "okt": 10, "oct": 10,
    "november": 11, "nov": 11,
    "desember": 12, "december": 12, "des": 12, "dec": 12,
}  # fmt: skip
_MONTH_NAME = re.compile(
    r"(?i)(?<![a-zæøåäö])(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?(?![a-z])"
)
_FORMATS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d/%m/%Y",
    "%d/%m/%y",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%d-%m-%Y",
    "%d-%m-%y",
    "%d %m %Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    EXCEL_SERIAL,
)
_SHORT_YEAR = {"%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"}
_TIME = r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$"


def dates(text: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    """Return dates by the given strptime formats, tried in order; null where none fits.

    A month's name (Norwegian, Swedish, English, whole or short) may stand for %m; a time of day is
    cut off. `excel` is a spreadsheet's day number.
    """
    known = text.drop_nulls().unique(maintain_order=True)
    if known.is_empty():
        return pl.Series(text.name, [None], dtype=pl.Date).new_from_index(0, len(text))
    plain = _plain_dates(known)
    parsed = pl.select(pl.coalesce(*[_parsed(plain, name) for name in formats])).to_series()
    return text.replace_strict(known, parsed, default=None, return_dtype=pl.Date)


def guess_formats(text: pl.Series) -> tuple[tuple[str, ...], float]:
    """Return the formats that read most of the column, and the share of its values they read.

    Day and month change places only where a value proves it (a part over 12); where nothing does,
    the day comes first, as everywhere in Europe.
    """
    known = text.drop_nulls().str.strip_chars().unique(maintain_order=True)
    known = known.filter(known != "")
    if known.is_empty():
        return (), 0.0
    plain = _plain_dates(known)
    left = pl.Series([True]).new_from_index(0, len(plain))
    chosen: list[str] = []
    while left.any():
        hits = [(int((_parsed(plain, f).is_not_null() & left).sum()), f) for f in _FORMATS]
        best = max(hits, key=lambda hit: hit[0])
        if best[0] == 0:
            break
        chosen.append(best[1])
        left = left & _parsed(plain, best[1]).is_null()
    return tuple(chosen), 1 - float(left.sum()) / len(plain)


def _plain_dates(known: pl.Series) -> pl.Series:
    """Strip times and replace month names; only distinct values come here."""
    cut = known.str.strip_chars().str.replace(_TIME, "").str.strip_chars().to_list()
    numbered = [
        _MONTH_NAME.sub(lambda m: f"{_MONTHS[m[1].lower()]:02}", value) if value else value
        for value in cut
    ]
    plain = pl.Series(known.name, numbered, dtype=pl.String)
    return plain.str.replace_all(r"\. +| +", " ").str.replace_all(r" ?- ?", "-")


def _parsed(plain: pl.Series, name: str) -> pl.Series:
    if name == EXCEL_SERIAL:
        days = pl.when(plain.str.contains(r"^[1-9]\d{4}(\.0+)?$")).then(plain)
        serial = days.cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
        # Day 1 is 1900-01-01, and spreadsheets count a 29 February 1900 that never was.
        epoch = pl.date(1899, 12, 30)
        return pl.select((epoch + pl.duration(days=serial)).cast(pl.Date)).to_series()
    year = r"\d{4}" if "%Y" in name else r"\d{2}"
    pattern = re.escape(name).replace("%Y", year).replace("%y", year)
    digits = r"\d{2}" if name == "%Y%m%d" else r"\d{1,2}"
    pattern = pattern.replace("%d", digits).replace("%m", digits)
    fits = pl.when(plain.str.contains(f"^{pattern}$")).then(plain)
    return pl.select(fits.str.to_date(name, strict=False)).to_series()
