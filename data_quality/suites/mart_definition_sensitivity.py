"""The suite of `mart_definition_sensitivity`: published figures held against the definitions."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, no_orphans, not_null, rows

_TABLE = "mart_definition_sensitivity"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "definition_name": "text",
                "published_id": "text",
                "rule_id": "text",
                "published_name": "text",
                "published_source": "text",
                "figure_set": "text",
                "measure": "text",
                "published_low": "money",
                "published_high": "money",
                "tolerance": "money",
                "implied_low": "money",
                "implied_high": "money",
                "is_consistent": "boolean",
                "value": "money",
                "difference": "money",
                "difference_ratio": "share",
                "could_give": "boolean",
                "could_give_all": "boolean",
            },
        ),
        *key(_TABLE, "year", "definition_id", "published_id"),
        not_null(_TABLE, "could_give"),
        in_set(_TABLE, "measure", ("numerator_nok", "denominator_suppliers", "mean_nok")),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        rows(
            f"{_TABLE}.value_is_of_average",
            "Verdien er ikke den i mart_supplier_average, eller en definisjon mangler et år.",
            f"""
            select average.year, average.definition_id, figure.published_id
            from mart_supplier_average as average
            cross join (select distinct published_id, measure from {_TABLE}) as figure
            left join {_TABLE} as compared
                on compared.year = average.year
                and compared.definition_id = average.definition_id
                and compared.published_id = figure.published_id
            where compared.published_id is null
                or compared.value is distinct from case figure.measure
                    when 'numerator_nok' then average.numerator_nok
                    when 'denominator_suppliers' then average.denominator_suppliers
                    else average.mean_nok end
            """,
            rule_id="E03",
        ),
        rows(
            f"{_TABLE}.difference_is_distance",
            "Avstanden er ikke den til nærmeste publiserte verdi, eller «kan ha gitt tallet» "
            "følger ikke av den.",
            f"""
            select * from {_TABLE}
            where difference is distinct from
                    value - greatest(published_low, least(published_high, value))
                or could_give <> coalesce(abs(difference) <= tolerance, false)
            """,
            rule_id="E03",
        ),
        rows(
            f"{_TABLE}.all_is_every",
            "En definisjon sies å gi alle tallene i settet, og gjør det ikke, eller omvendt.",
            f"""
            select year, definition_id, figure_set from {_TABLE}
            group by year, definition_id, figure_set
            having bool_and(could_give) <> bool_and(could_give_all)
                or bool_or(could_give_all) <> bool_and(could_give_all)
            """,
            rule_id="E03",
        ),
    ),
    no_sum="Tallene er snitt og avstander; telleren avstemmes i mart_supplier_average.",
)
