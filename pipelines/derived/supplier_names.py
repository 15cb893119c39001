"""Names of suppliers as they can be compared: words, legal form, identifiers, and how rare each is.

Frames in, frames out; what agreement weighs is `supplier_model`'s.
"""

from __future__ import annotations

import polars as pl

from pipelines.derived.supplier_words import (
    ABBREVIATIONS,
    COMMON_WORDS,
    JOINING,
    LEGAL_FORMS,
    PLACES,
    VAT_OF_SCHEME,
)

# A word that no list knows stands in so large a part of company names; short ones in more.
_RARE_WORD, _THREE_LETTERS, _NUMBER, _TWO_LETTERS = 1e-5, 2e-4, 1e-3, 3e-3
# Of companies that have all the words, so large a part has no other: names of 1, 2, 3, 4 … words.
_LENGTH_PARTS = {1: 0.2, 2: 0.45, 3: 0.6}
_LONGER = 0.8
# The lists count as much as so many names of the municipality's own suppliers.
_LIST_WEIGHT = 1000
_LEAST_FREQUENCY = 1e-9
# «Nordby Elektro avd. Bergen», «v/Kari Nordby», «c/o Regnskap» and what is in brackets.
_TRAILING = r"\b(?:avd|avdeling|filial|distriktskontor|regionkontor)\b.*$|\bv/.*$|\bc/o\b.*$"
_BRACKETS = r"\([^)]*\)"
_FORM_SIGNS = r"(^|[\s,])a[/.\s]\s?s\.?($|[\s,])"
_ORGNR_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


def folded(text: pl.Expr) -> pl.Expr:
    """Return text in lower case where ø, ö and oe are o, å and aa are a, æ, ä and ae are a.

    Other accents are dropped. Nothing else is changed.
    """
    lower = text.str.normalize("NFC").str.to_lowercase()
    spelled = lower.str.replace_many(
        ["æ", "ä", "ø", "ö", "å", "ü", "ß"], ["ae", "ae", "oe", "oe", "aa", "u", "ss"]
    )
    plain = spelled.str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return plain.str.replace_many(["aa", "oe", "ae"], ["a", "o", "a"])


def comparable(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Return what suppliers are compared by, one row per row of `suppliers`.

    `suppliers` has supplier_id, id_scheme, id_value, orgnr, vat_id, name, postal_code, city,
    country (all text, null where unknown); several rows of one supplier are its several names.
    Added: row_id, words (folded, in order), abbreviated, places, legal_form, name_key (the words
    sorted), compact (the words as one), name_frequency (how large a part of other companies one
    would expect to have the name: 0..1), rare_1, rare_2, vat_key, number, town, postal.
    """
    rows = suppliers.sort(pl.all()).with_row_index("row_id")
    words = _words(rows)
    names = _names(words, _towns(rows))
    described = rows.join(names, on="row_id", how="left").with_columns(
        vat_key=_vat_key(),
        number=_number(),
        town=folded(pl.col("city")).str.replace_all(r"[^a-z0-9]", ""),
        town_words=folded(pl.col("city").fill_null("")).str.extract_all(r"[a-z]{2,}"),
        postal=pl.col("postal_code").str.extract(r"^\s*(?:NO-?)?(\d{4,5})\s*$"),
        land=pl.col("country").str.strip_chars().str.to_uppercase().replace({"NORGE": "NO"}),
    )
    return _with_frequency(described, words)


def _words(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per word of a name: row_id, place, word, form, dotted, is_core (no legal form)."""
    text = folded(pl.col("name")).str.replace_all(_BRACKETS, " ")
    text = text.str.replace(_FORM_SIGNS, " as ").str.replace_all(r"['`´’]", "")
    short = text.str.replace(_TRAILING, "").str.strip_chars()
    written = pl.when(short.str.contains(r"[a-z0-9]")).then(short).otherwise(text)
    all_words = (
        rows.select("row_id", signs=written.str.extract_all(r"[\p{L}\p{N}]+\.?"))
        .explode("signs", empty_as_null=True)
        .drop_nulls()
        .with_columns(
            place=pl.int_range(pl.len()).over("row_id"),
            dotted=pl.col("signs").str.ends_with("."),
            word=pl.col("signs").str.strip_suffix("."),
        )
        .with_columns(form=pl.col("word").replace_strict(LEGAL_FORMS, default=None))
    )
    kept = pl.col("form").is_null() & ~pl.col("word").is_in(sorted(JOINING))
    nothing_kept = ~kept.any().over("row_id")
    return all_words.with_columns(
        is_core=kept | nothing_kept, word=pl.col("word").replace(ABBREVIATIONS)
    )


def _names(words: pl.DataFrame, towns: list[str]) -> pl.DataFrame:
    core = words.filter("is_core").sort("row_id", "place")
    is_place = pl.col("word").is_in(towns)
    is_short = pl.col("dotted") | (pl.col("word").str.len_chars() == 1)
    names = core.group_by("row_id", maintain_order=True).agg(
        words=pl.col("word").unique(maintain_order=True),
        abbreviated=pl.col("word").filter(is_short).unique(maintain_order=True),
        places=pl.col("word").filter(is_place).unique(maintain_order=True),
    )
    forms = words.drop_nulls("form").group_by("row_id").agg(legal_form=pl.col("form").last())
    return names.join(forms, on="row_id", how="left").with_columns(
        name_key=pl.col("words").list.sort().list.join(" "),
        compact=pl.col("words").list.join(""),
        is_abbreviated=pl.col("abbreviated").list.len() > 0,
    )


def _towns(rows: pl.DataFrame) -> list[str]:
    """Return places as words: the list's, and the towns of the suppliers' own addresses."""
    own = rows.select(folded(pl.col("city")).str.extract_all(r"[a-z]{4,}").alias("town"))
    found = own.explode("town", empty_as_null=True).drop_nulls().get_column("town")
    return sorted(PLACES | set(found.unique().to_list()))


def _with_frequency(described: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    keys = described.select("row_id", "name_key", "orgnr").filter(pl.col("name_key").is_not_null())
    core = words.filter("is_core").select("row_id", "word").unique().join(keys, on="row_id")
    name_count = max(keys.get_column("name_key").n_unique(), 1)
    # A supplier without a number may be another one's entry: three of them count as one company.
    parts = (
        core.group_by("word")
        .agg(
            names=pl.col("name_key").n_unique(),
            numbered=pl.col("orgnr").drop_nulls().n_unique(),
        )
        .with_columns(
            others=pl.max_horizontal((pl.col("names") - 1) / 3, pl.col("numbered") - 1.0),
        )
        .with_columns(
            part=(pl.col("others") + _listed_part() * _LIST_WEIGHT) / (name_count + _LIST_WEIGHT)
        )
    )
    weighed = core.join(parts, on="word").sort("row_id", "part", "word")
    names = weighed.group_by("row_id", maintain_order=True).agg(
        chance=pl.col("part").log().sum().exp()
        * pl.len().replace_strict(_LENGTH_PARTS, default=_LONGER),
        ranked=pl.col("word"),
    )
    # A name that several organisation numbers have is so common, whatever its words are.
    holders = described.group_by("name_key").agg(holders=pl.col("orgnr").n_unique())
    has_orgnr = described.group_by("name_key").agg(nulls=pl.col("orgnr").null_count() > 0)
    shared = holders.join(has_orgnr, on="name_key").select(
        "name_key",
        shared=(pl.col("holders") - pl.col("nulls").cast(pl.Int64) - 1).clip(0)
        / (name_count + _LIST_WEIGHT),
    )
    frequency = pl.max_horizontal(pl.lit(_LEAST_FREQUENCY), pl.col("chance"), pl.col("shared"))
    return (
        described.join(names, on="row_id", how="left")
        .join(shared, on="name_key", how="left")
        .with_columns(
            # Rounded, so that the order in which a product is taken can't be seen in it.
            name_frequency=frequency.clip(_LEAST_FREQUENCY, 1.0).round_sig_figs(9),
            rare_1=pl.col("ranked").list.get(0, null_on_oob=True),
            rare_2=pl.col("ranked").list.get(1, null_on_oob=True),
        )
        .drop("ranked", "chance", "shared")
        .sort("row_id")
    )


def _listed_part() -> pl.Expr:
    """How large a part of company names have the word, by the lists and by how it looks."""
    word = pl.col("word")
    places = dict.fromkeys(sorted(PLACES), 0.01)
    looks = (
        pl.when(word.str.contains(r"^\d+$"))
        .then(_NUMBER)
        .when(word.str.len_chars() <= 2)
        .then(_TWO_LETTERS)
        .when(word.str.len_chars() == 3)
        .then(_THREE_LETTERS)
        .otherwise(_RARE_WORD)
    )
    known = word.replace_strict(places | COMMON_WORDS, default=None, return_dtype=pl.Float64)
    return pl.coalesce(known, looks)


def _vat_key() -> pl.Expr:
    """The foreign VAT number, also where it is stated as a number of the country's register."""
    scheme = pl.col("id_scheme").str.strip_chars()
    digits = pl.col("id_value").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    country = scheme.replace_strict(
        {name: land for name, (land, _) in VAT_OF_SCHEME.items()}, default=None
    )
    suffix = scheme.replace_strict(
        {name: end for name, (_, end) in VAT_OF_SCHEME.items()}, default=None
    )
    bare = pl.when(digits.str.starts_with(country)).then(digits).otherwise(country + digits)
    made = pl.when(suffix == "").then(bare).otherwise(country + digits + suffix)
    stated = pl.col("vat_id").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    key = pl.coalesce(pl.when(stated.str.contains(r"^[A-Z]{2}[0-9A-Z]{5,}$")).then(stated), made)
    return pl.when(pl.col("orgnr").is_null() & ~key.str.starts_with("NO")).then(key)


def _number() -> pl.Expr:
    """The orgnr, else nine digits with a valid check digit that stand without a scheme."""
    digits = pl.col("id_value").str.replace_all(r"\s|^NO|MVA$", "")
    nine = pl.when(pl.col("id_scheme").is_null() & digits.str.contains(r"^\d{9}$")).then(digits)
    total = pl.sum_horizontal(
        nine.str.slice(place, 1).cast(pl.Int32) * weight
        for place, weight in enumerate(_ORGNR_WEIGHTS)
    )
    check = (11 - total % 11) % 11
    is_valid = check == nine.str.slice(8, 1).cast(pl.Int32)
    return pl.coalesce(pl.col("orgnr"), pl.when(is_valid).then(nine))
