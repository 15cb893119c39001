"""The suite of `mart_category_suggestion`: what has no category, and what it might be."""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    between,
    columns,
    key,
    no_orphans,
    not_null,
    rows,
    share,
)

_TABLE = "mart_category_suggestion"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "category_key": "text",
                "spend_rank": "integer",
                "item_text": "text",
                "supplier_id": "text",
                "account": "text",
                "kostra_art": "text",
                "spend_nok": "money",
                "line_count": "integer",
                "example_line_id": "text",
                "suggested_category_id": "text",
                "suggested_category_name": "text",
                "confidence": "share",
                "is_accepted": "boolean",
            },
        ),
        *key(_TABLE, "category_key"),
        not_null(_TABLE, "is_accepted"),
        between(_TABLE, "line_count", 1, None),
        share(_TABLE, "confidence"),
        no_orphans(_TABLE, "suggested_category_id", "dim_category", "category_id"),
        no_orphans(_TABLE, "example_line_id", "fct_spend_line", "spend_line_id"),
        rows(
            f"{_TABLE}.ranked_by_spend",
            "Plassen følger ikke forbruket, så det største som mangler kategori, står ikke først.",
            f"select * from (select *, row_number() over (order by spend_nok desc, category_key) "
            f"as place from {_TABLE}) as placed where spend_rank <> place",
        ),
        rows(
            f"{_TABLE}.suggestion_is_whole",
            "Et forslag mangler navn eller sannsynlighet, eller er godtatt uten å finnes.",
            f"select * from {_TABLE} "
            "where (suggested_category_id is null) <> (confidence is null) "
            "or (suggested_category_id is null) <> (suggested_category_name is null) "
            "or (is_accepted and suggested_category_id is null) "
            "or suggested_category_id = 'unknown'",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_unplaced_lines",
            "Beløpet er ikke summen av linjene som ingen regel kjenner kategorien til.",
            (),
            f"select spend_nok as nok from {_TABLE}",
            "select amount_nok as nok from fct_spend_line "
            "where category_id = 'unknown' or category_evidence = 'learned'",
            rule_id="E01",
        ),
    ),
)
