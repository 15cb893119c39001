"""What agreement between two suppliers weighs: a Fellegi-Sunter model, scored by Splink on DuckDB.

The probabilities are fixed here and reasoned, not trained: a municipality has too few pairs to
learn them from, and a model that learned from the data would give other merges when an unrelated
invoice comes. Only how common each name is comes from the data (`supplier_names`).
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import duckdb
import polars as pl

# The part of suppliers without a number that are another supplier too, before anything is compared.
EXPECTED_DUPLICATES = 0.5
# Of few suppliers nobody knows that they are all there is: no pair is likelier than in so many.
FEWEST_SUPPLIERS = 500
# More suppliers with the same word than this are not compared for the sake of that word.
LARGEST_BLOCK = 150
MEMORY_LIMIT = "1GB"

# (level, condition, m, u, Norwegian evidence). m: how often two entries of one supplier are so;
# u: how often two suppliers are. The u of a name is replaced by how common the name is; what a
# level's u is more than 1e-6 says how much easier two suppliers' names come so near than equal.
_NAME = "name"
SAME_VAT = "samme utenlandske mva-nummer"
Level = tuple[str, float, float, str]
LEVELS: dict[str, tuple[Level, ...]] = {
    _NAME: (
        ("name_key_l = name_key_r", 0.52, 1e-6, "samme navn"),
        ("compact_l = compact_r", 0.12, 1e-6, "samme navn, skrevet i ett eller delt"),
        ("supplier_misspelt(words_l, words_r)", 0.12, 1.5e-6, "samme navn, ett ord skrevet ulikt"),
        (
            "supplier_shortened(words_l, words_r, abbreviated_l, abbreviated_r) "
            "or supplier_cut(compact_l, compact_r, words_l, words_r, 0)",
            0.08,
            1e-6,
            "samme navn, forkortet eller avkuttet",
        ),
        (
            "supplier_with_place(words_l, words_r, town_words_r, town_words_l)",
            0.05,
            1e-6,
            "samme navn, med den andres sted i det ene",
        ),
        # Ledgers cut names; whoever is cut so short that words are gone may be one of several.
        (
            "supplier_cut(compact_l, compact_r, words_l, words_r, 9)",
            0.02,
            1e-5,
            "samme navn, avkuttet så ord mangler",
        ),
        # The branch of a chain is another firm as often as not.
        (
            "supplier_with_place(words_l, words_r, places_l, places_r) "
            "and (town_l is null or town_r is null)",
            0.03,
            4e-5,
            "samme navn, med et sted i det ene",
        ),
        ("supplier_part(words_l, words_r)", 0.03, 5e-4, "det ene navnet er en del av det andre"),
        ("else", 0.03, 0.9994, ""),
    ),
    "legal_form": (
        ("legal_form_l = legal_form_r", 0.97, 0.62, "samme selskapsform"),
        ("else", 0.03, 0.38, "ulik selskapsform"),
    ),
    # Most suppliers of a municipality are from a few places; an office may have another address.
    "postal": (
        ("postal_l = postal_r", 0.65, 0.015, "samme postnummer"),
        ("town_l = town_r", 0.17, 0.1, "samme poststed"),
        ("else", 0.18, 0.885, "ulik adresse"),
    ),
    "land": (
        ("land_l = land_r", 0.98, 0.93, "samme land"),
        ("else", 0.02, 0.07, "ulikt land"),
    ),
    "vat_key": (
        ("vat_key_l = vat_key_r", 0.99, 1e-9, SAME_VAT),
        ("substr(vat_key_l, 1, 2) <> substr(vat_key_r, 1, 2)", 0.009, 0.3, "mva-nummer i to land"),
        ("else", 0.001, 0.7, "ulikt mva-nummer"),
    ),
    "number": (
        # Nine digits that nobody says are an organisation number may be a customer's number.
        # One that is valid and another's is hardly ever a slip.
        ("number_l = number_r", 0.99999, 2e-5, "samme nummer"),
        ("else", 0.00001, 0.99998, "ulikt nummer"),
    ),
}
_NULLS = {"postal": "postal_l is null and town_l is null or postal_r is null and town_r is null"}

# DuckDB's macros hide the lambdas from Splink's parser. `words` are distinct and in order.
_MACROS = """
create macro supplier_left(a, b) as list_filter(a, lambda w: not list_contains(b, w));
create macro supplier_near(a, b) as
    least(length(a), length(b)) >= 5
    and damerau_levenshtein(a, b) <= case when least(length(a), length(b)) >= 11 then 2 else 1 end;
create macro supplier_misspelt(a, b) as
    len(a) = len(b) and len(supplier_left(a, b)) = 1 and len(supplier_left(b, a)) = 1
    and supplier_near(supplier_left(a, b)[1], supplier_left(b, a)[1]);
create macro supplier_stands_for(a, b, shorts) as
    list_contains(shorts, a) and length(a) < length(b) and starts_with(b, a);
create macro supplier_shortened(a, b, short_a, short_b) as
    len(a) = len(b) and len(supplier_left(a, b)) = 1 and len(supplier_left(b, a)) = 1
    and (supplier_stands_for(supplier_left(a, b)[1], supplier_left(b, a)[1], short_a)
        or supplier_stands_for(supplier_left(b, a)[1], supplier_left(a, b)[1], short_b));
create macro supplier_cut_of(a, b, words_a, words_b, gone) as
    length(a) >= 16 and length(a) < length(b) and starts_with(b, a)
    and len(words_b) - len(words_a) between 0 and gone and not list_contains(words_b, words_a[-1]);
create macro supplier_cut(a, b, words_a, words_b, gone) as
    supplier_cut_of(a, b, words_a, words_b, gone) or supplier_cut_of(b, a, words_b, words_a, gone);
create macro supplier_only_places(a, b, places_a) as
    len(supplier_left(b, a)) = 0 and len(supplier_left(supplier_left(a, b), places_a)) = 0;
create macro supplier_with_place(a, b, places_a, places_b) as
    supplier_only_places(a, b, places_a) or supplier_only_places(b, a, places_b);
create macro supplier_part(a, b) as
    len(supplier_left(a, b)) = 0 or len(supplier_left(b, a)) = 0;
"""
# Two with an organisation number each are never compared: two numbers are two suppliers.
_MAY_MATCH = "l.supplier_id <> r.supplier_id and (l.orgnr is null or r.orgnr is null)"
_BLOCKS = (
    ("vat_key", "vat_key"),
    ("number", "number"),
    ("block_key", "block_key"),
    ("block_compact", "block_compact"),
    ("block_rare_1", "block_rare_1"),
    ("block_rare_1", "block_rare_2"),
    ("block_rare_2", "block_rare_1"),
    ("block_rare_2", "block_rare_2"),
    ("block_head", "block_head"),
    ("block_tail", "block_tail"),
    ("block_ends", "block_ends"),
    ("block_postal", "block_postal"),
)


def scored_pairs(rows: pl.DataFrame, least_weight: float) -> pl.DataFrame:
    """Return the pairs of suppliers that weigh `least_weight` (in bits) or more.

    `rows` is what `supplier_names.comparable` returns. One row per pair, at its heaviest, heaviest
    pair first: left_id, right_id (left_id < right_id), match_weight, match_probability, evidence
    (Norwegian).
    """
    known = rows.filter(pl.col("name_key").is_not_null() | pl.col("vat_key").is_not_null())
    if known.get_column("supplier_id").n_unique() < 2 or known["orgnr"].null_count() == 0:
        return _no_pairs()
    with duckdb.connect(config=_duckdb_settings()) as connection:
        connection.execute(_MACROS)
        scored = _predicted(connection, _blocked(known), least_weight)
    return _best_of_each(scored)


def _duckdb_settings() -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": MEMORY_LIMIT,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "false",
    }


def _blocked(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what two suppliers must share some of to be compared; null where too many share it."""
    head, tail = pl.col("compact").str.slice(0, 6), pl.col("compact").str.slice(-6)
    keyed = rows.with_columns(
        block_key=pl.col("name_key"),
        block_compact=pl.col("compact"),
        block_rare_1=pl.col("rare_1"),
        block_rare_2=pl.col("rare_2"),
        block_head=pl.when(pl.col("compact").str.len_chars() >= 6).then(head),
        block_tail=pl.when(pl.col("compact").str.len_chars() >= 6).then(tail),
        block_ends=pl.when(pl.col("compact").str.len_chars() >= 5).then(
            pl.col("compact").str.slice(0, 2) + pl.col("compact").str.slice(-4)
        ),
        block_postal=pl.col("postal") + ":" + pl.col("rare_1"),
    )
    blocks = [name for name in keyed.columns if name.startswith("block_")]
    counts = {name: pl.len().over(name) for name in blocks}
    return keyed.with_columns(
        pl.when(count <= LARGEST_BLOCK).then(pl.col(name)).alias(name)
        for name, count in counts.items()
    )


def _predicted(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, least_weight: float
) -> pl.DataFrame:
    splink = _splink()
    api = splink.DuckDBAPI(connection)
    table = api.register(rows.to_arrow())
    suppliers = rows.get_column("supplier_id").n_unique()
    linker = splink.Linker(table, _settings(suppliers), log_level=None)
    frequencies = rows.select("name_key", tf_name_key="name_frequency").drop_nulls()
    lookup = (
        frequencies.unique().sort("name_key").group_by("name_key").agg(pl.col("tf_name_key").max())
    )
    linker.table_management.register_term_frequency_lookup(
        api.register(lookup.to_arrow()), "name_key"
    )
    found = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    return connection.sql(f"select * from {found.physical_name}").pl()


def _splink() -> Any:
    """Import Splink when it is needed: that takes a second, and its parser has a warning."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "sqlglotrs is deprecated", DeprecationWarning)
        return importlib.import_module("splink")


def _settings(suppliers: int) -> Any:
    return _splink().SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row_id",
        comparisons=[_comparison(name, levels) for name, levels in LEVELS.items()],
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": f"l.{left} = r.{right} and {_MAY_MATCH}", "sql_dialect": "duckdb"}
            for left, right in _BLOCKS
        ],
        probability_two_random_records_match=EXPECTED_DUPLICATES / max(suppliers, FEWEST_SUPPLIERS),
        retain_intermediate_calculation_columns=True,
        additional_columns_to_retain=["supplier_id"],
        linker_uid="suppliers",
    )


def _comparison(name: str, levels: tuple[Level, ...]) -> dict[str, Any]:
    column = "name_key" if name == _NAME else name
    null = _NULLS.get(name, f"{column}_l is null or {column}_r is null")
    described: list[dict[str, Any]] = [
        {"sql_condition": null, "label_for_charts": "mangler", "is_null_level": True}
    ]
    for condition, m, u, words in levels:
        level: dict[str, Any] = {
            "sql_condition": condition.upper() if condition == "else" else condition,
            "label_for_charts": words or "ulikt navn",
            "m_probability": m,
            "u_probability": u,
        }
        if name == _NAME and condition != "else":
            level |= {"tf_adjustment_column": "name_key", "tf_adjustment_weight": 1.0}
        described.append(level)
    return {"output_column_name": name, "comparison_levels": described}


def _best_of_each(scored: pl.DataFrame) -> pl.DataFrame:
    """The heaviest pair of rows of each two suppliers, with its evidence in words."""
    if scored.is_empty():
        return _no_pairs()
    texts = [_evidence(name, levels) for name, levels in LEVELS.items()]
    left, right = pl.col("supplier_id_l"), pl.col("supplier_id_r")
    return (
        scored.select(
            left_id=pl.min_horizontal(left, right),
            right_id=pl.max_horizontal(left, right),
            match_weight=pl.col("match_weight").round(4),
            match_probability=pl.col("match_probability").round(6),
            evidence=pl.concat_list(texts).list.drop_nulls().list.join(", "),
        )
        .sort("match_weight", "left_id", "right_id", "evidence", descending=[True, *[False] * 3])
        .unique(["left_id", "right_id"], keep="first", maintain_order=True)
    )


def _evidence(name: str, levels: tuple[Level, ...]) -> pl.Expr:
    """Splink counts levels from the bottom: 0 is else, the first is the greatest, -1 is missing."""
    words = {len(levels) - 1 - place: text or None for place, (*_, text) in enumerate(levels)}
    return pl.col(f"gamma_{name}").replace_strict(words, default=None, return_dtype=pl.String)


def _no_pairs() -> pl.DataFrame:
    text = dict.fromkeys(("left_id", "right_id"), pl.String())
    return pl.DataFrame(
        schema={
            **text,
            "match_weight": pl.Float64(),
            "match_probability": pl.Float64(),
            "evidence": pl.String(),
        }
    )
