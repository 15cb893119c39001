"""Values as people write them in tables: dates, numbers, yes and no, as Polars expressions.

Each function takes and gives whole columns. XML has its own, stricter forms (see `ubl_tables`).
"""

from __future__ import annotations

import polars as pl

from pipelines.extracts.contracts.columns import POLARS_TYPES, Column

_SPACES = "[\\s\u00a0\u202f\u2009]"
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}([ T]00:00(:00(\.0+)?)?)?$"
_NORWEGIAN_DATE = r"^\d{1,2}\.\d{1,2}\.\d{4}$"
_PLAIN = r"^[+-]?\d+$"
_TRUE = ["ja", "j", "yes", "y", "true", "sann", "1", "1.0", "x"]
_FALSE = ["nei", "n", "no", "false", "usann", "0", "0.0"]
_AMBIGUOUS = r"^[+-]?\d{1,3}[.,]\d{3}$"
_THOUSANDS = r"^[+-]?\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,})$"
_THIRD_DECIMAL = r"\.\d{2}\d*[1-9]"
_AMBIGUOUS_COMMA = r"^[+-]?\d{1,3},\d{3}$"


def dates(text: pl.Series) -> pl.Series:
    """Return dates from ISO (2024-12-31) or Norwegian (31.12.2024) text; null where it is none."""
    frame = pl.select(text.str.strip_chars().alias("t"))
    iso = pl.when(pl.col("t").str.contains(_ISO_DATE)).then(pl.col("t").str.slice(0, 10))
    norwegian = pl.when(pl.col("t").str.contains(_NORWEGIAN_DATE)).then(pl.col("t"))
    return frame.select(
        pl.coalesce(
            iso.str.to_date("%Y-%m-%d", strict=False),
            norwegian.str.to_date("%d.%m.%Y", strict=False),
        ).alias(text.name)
    ).to_series()


def booleans(text: pl.Series) -> pl.Series:
    """Return True for ja/x/1/true, False for nei/0/false, null for anything else."""
    lower = text.str.strip_chars().str.to_lowercase()
    return pl.select(
        pl.when(lower.is_in(_TRUE))
        .then(pl.lit(True))
        .when(lower.is_in(_FALSE))
        .then(pl.lit(False))
        .alias(text.name)
    ).to_series()


def decimal_mark(texts: pl.Series) -> str | None:
    """Return the decimal mark that the column's own values prove, or None.

    '1.234' and '1,234' prove nothing; '1.5', '1 234,50', '1.234,50' and '1.234.567' do.
    Contradiction: None.
    """
    text = texts.drop_nulls().str.replace_all(_SPACES, "")
    clear = text.filter(~text.str.contains(_AMBIGUOUS) & ~text.str.contains(_PLAIN))
    comma = clear.str.contains(r"^[^,]*,[^.,]*$").any() or clear.str.contains(r"\..*\.").any()
    dot = clear.str.contains(r"^[^.]*\.[^.,]*$").any() or clear.str.contains(r",.*,").any()
    if comma == dot:
        return None
    return "," if comma else "."


def numbers(
    text: pl.Series, column: Column, mark: str | None, *, is_native: bool = False
) -> tuple[pl.Series, pl.Series]:
    """Return the column's numbers and where the text could be read in two ways.

    `mark` is the decimal mark if known. `is_native` says that numbers were numbers in the file
    (XLSX, YAML) and so have a point, while people may have typed others with a comma. Spaces of all
    kinds separate thousands; U+2212 is a minus; brackets and a trailing minus mean negative.
    """
    clean = text.str.replace_all(_SPACES, "").str.replace_all("\u2212", "-")
    clean = clean.str.replace(r"(?i)^(kr|nok)\.?", "").str.replace(r"[,.]-$", "")
    clean = clean.str.replace(r"^\((.+)\)$", "-$1").str.replace(r"^(\d.*)-$", "-$1")
    pattern = _AMBIGUOUS_COMMA if is_native else _AMBIGUOUS
    doubtful = clean.str.contains(pattern).fill_null(False)
    if mark is None:
        both = clean.str.contains(r"[.,]") & ~doubtful
        whole = clean.str.contains(_THOUSANDS)
        plain = clean.str.replace(r"^(.*)[.,](\d+)$", "$1|$2")
        plain = pl.select(pl.when(whole).then(clean).otherwise(plain)).to_series()
        plain = plain.str.replace_all(r"[.,]", "").str.replace("|", ".", literal=True)
        clean = pl.select(pl.when(both).then(plain).otherwise(clean)).to_series()
    else:
        doubtful = doubtful & False
        other = "." if mark == "," else ","
        clean = clean.str.replace_all(other, "", literal=True).str.replace(mark, ".", literal=True)
    is_number = clean.str.contains(r"^[+-]?(\d+\.?\d*|\.\d+)$") & ~doubtful
    if column.type == "money":
        is_number = is_number & ~clean.str.contains(_THIRD_DECIMAL)
    number = pl.select(pl.when(is_number).then(clean).alias(text.name)).to_series()
    if column.type == "integer":
        number = number.str.replace(r"\.0*$", "")
    return number.cast(POLARS_TYPES[column.type], strict=False), doubtful
