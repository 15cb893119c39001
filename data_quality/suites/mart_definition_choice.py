"""The suite of `mart_definition_choice`: what each choice alone does to the average."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, not_null, rows
from data_quality.suites.dim_spend_definition import CHOICES

_TABLE = "mart_definition_choice"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "definition_name": "text",
                "choice": "text",
                "standard_definition_id": "text",
                "numerator_nok": "money",
                "standard_numerator_nok": "money",
                "numerator_change_nok": "money",
                "numerator_change_ratio": "share",
                "denominator_suppliers": "integer",
                "standard_denominator_suppliers": "integer",
                "denominator_change_suppliers": "integer",
                "denominator_change_ratio": "share",
                "mean_nok": "money",
                "standard_mean_nok": "money",
                "mean_change_nok": "money",
                "mean_change_ratio": "share",
            },
        ),
        *key(_TABLE, "year", "definition_id"),
        not_null(_TABLE, "choice"),
        in_set(_TABLE, "choice", tuple(choice for choice in CHOICES if choice)),
        rows(
            f"{_TABLE}.changes_are_differences",
            "En endring er ikke forskjellen mellom definisjonen og standarden.",
            f"""
            select * from {_TABLE}
            where numerator_change_nok <> numerator_nok - standard_numerator_nok
                or denominator_change_suppliers
                    <> denominator_suppliers - standard_denominator_suppliers
                or mean_change_nok is distinct from mean_nok - standard_mean_nok
            """,
            rule_id="E03",
        ),
        rows(
            f"{_TABLE}.ratios_are_quotients",
            "En endring i andel er ikke delt på standardens tall.",
            f"""
            select * from {_TABLE}
            where (standard_numerator_nok <> 0) <> (numerator_change_ratio is not null)
                or abs(numerator_change_ratio * cast(standard_numerator_nok as double)
                    - cast(numerator_change_nok as double)) > 0.005
                or abs(denominator_change_ratio * standard_denominator_suppliers
                    - denominator_change_suppliers) > 1e-6
                or abs(mean_change_ratio * cast(standard_mean_nok as double)
                    - cast(mean_change_nok as double)) > 0.005
            """,
            rule_id="E03",
        ),
        rows(
            f"{_TABLE}.both_are_averages",
            "Tallene er ikke dem i mart_supplier_average, eller et valg mangler et år.",
            f"""
            select average.year, average.definition_id from mart_supplier_average as average
            inner join dim_spend_definition as definition
                on definition.definition_id = average.definition_id and definition.choice <> ''
            left join {_TABLE} as changed
                on changed.year = average.year and changed.definition_id = average.definition_id
            left join mart_supplier_average as standard
                on standard.year = average.year
                and standard.definition_id = changed.standard_definition_id
            where changed.numerator_nok is distinct from average.numerator_nok
                or changed.denominator_suppliers is distinct from average.denominator_suppliers
                or changed.mean_nok is distinct from average.mean_nok
                or changed.standard_numerator_nok is distinct from standard.numerator_nok
                or changed.standard_mean_nok is distinct from standard.mean_nok
                or changed.choice is distinct from definition.choice
            """,
            rule_id="E03",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_suppliers",
            "Telleren er ikke summen av kjøpet etter samme definisjon.",
            ("year", "definition_id"),
            f"select year, definition_id, numerator_nok as nok from {_TABLE}",
            "select year, definition_id, spend_nok as nok from mart_supplier_year "
            f"where definition_id in (select definition_id from {_TABLE})",
            rule_id="E03",
        ),
    ),
)
