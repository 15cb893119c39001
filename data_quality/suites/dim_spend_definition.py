"""The suite of `dim_spend_definition`: the definitions that every figure names."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "dim_spend_definition"
DEFINITIONS = ("STD", "STD_FAKTURA", "STD_MIN", "ALLE", "ALLE_NAVN")
CHOICES = (
    "",
    "active_rule",
    "vat",
    "investments",
    "public_bodies",
    "internal",
    "transfers",
    "wages",
    "merging",
    "addressable",
)
_VALUES = ", ".join(f"('{definition}')" for definition in DEFINITIONS)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "definition_id": "text",
                "name_nb": "text",
                "description_nb": "text",
                "choice": "text",
                "vat_treatment": "text",
                "active_rule": "text",
                "minimum_nok": "money",
                "is_default": "boolean",
            },
        ),
        *key(_TABLE, "definition_id"),
        not_null(_TABLE, "name_nb"),
        not_null(_TABLE, "description_nb"),
        in_set(_TABLE, "choice", CHOICES),
        in_set(_TABLE, "vat_treatment", ("ekskl_mva", "inkl_mva")),
        in_set(_TABLE, "active_rule", ("any_posting", "any_invoice", "above_minimum")),
        rows(
            f"{_TABLE}.one_default",
            "Det er ikke én standard, så et tall uten definisjon ville ikke bety noe bestemt.",
            f"select count(*) as defaults from {_TABLE} where is_default having count(*) <> 1",
        ),
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
