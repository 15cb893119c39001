"""The suite of `dim_spend_definition`: the definitions that every figure names."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, not_null, rows

_TABLE = "dim_spend_definition"
DEFINITIONS = ("STD", "STD_FAKTURA", "STD_MIN", "ALLE", "ALLE_NAVN")
_VALUES = ", ".join(f"('{definition}')" for definition in DEFINITIONS)

SUITE = Suite(
    _TABLE,
    (
        columns(_TABLE, {"definition_id": "text", "name_nb": "text", "description_nb": "text"}),
        *key(_TABLE, "definition_id"),
        not_null(_TABLE, "name_nb"),
        not_null(_TABLE, "description_nb"),
        rows(
            f"{_TABLE}.all_defined",
            "En definisjon som tallene skal vise til, er ikke beskrevet.",
            f"select wanted.definition_id from (values {_VALUES}) as wanted(definition_id) "
            f"where wanted.definition_id not in (select definition_id from {_TABLE})",
            rule_id="E01",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
