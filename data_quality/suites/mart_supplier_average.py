"""The suite of `mart_supplier_average`: an average always with numerator and denominator."""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    between,
    columns,
    key,
    median_ore,
    no_orphans,
    not_null,
    ore,
    rows,
)

_TABLE = "mart_supplier_average"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "definition_name": "text",
                "population": "text",
                "numerator_nok": "money",
                "denominator_suppliers": "integer",
                "mean_nok": "money",
                "median_nok": "money",
                "trim_share": "share",
                "trimmed_numerator_nok": "money",
                "trimmed_suppliers": "integer",
                "trimmed_mean_nok": "money",
                "vat_nok": "money",
                "investment_nok": "money",
            },
        ),
        *key(_TABLE, "year", "definition_id"),
        not_null(_TABLE, "numerator_nok"),
        not_null(_TABLE, "denominator_suppliers"),
        not_null(_TABLE, "population", "Tallet mangler beskrivelse av hva det er regnet av."),
        between(_TABLE, "denominator_suppliers", 0, None),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        rows(
            f"{_TABLE}.mean_is_quotient",
            "Snittet er ikke teller delt på nevner, avrundet til øre.",
            f"""
            select * from {_TABLE}
            where (denominator_suppliers > 0) <> (mean_nok is not null)
                or abs({ore("numerator_nok")}
                    - {ore("mean_nok")} * denominator_suppliers) * 2
                    > denominator_suppliers
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.median_is_middle",
            "Medianen er ikke den midterste leverandørens forbruk (eller snittet av de to "
            "midterste), avrundet til øre.",
            f"""
            with middle as (
                {median_ore("mart_supplier_year", ("year", "definition_id"), "spend_nok")}
            )
            select average.*, middle.median_ore from {_TABLE} as average
            left join middle using (year, definition_id)
            where {ore("average.median_nok")} is distinct from middle.median_ore
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.trimmed_is_without_both_ends",
            "Det trimmede snittet er ikke regnet av leverandørene mellom den utelatte andelen i "
            "hver ende, avrundet til øre.",
            f"""
            with kept as (
                select average.year, average.definition_id, average.trimmed_numerator_nok,
                    average.trimmed_suppliers, average.trimmed_mean_nok,
                    count(spent.supplier_id) as suppliers,
                    coalesce(sum(spent.spend_nok), 0) as nok
                from {_TABLE} as average
                left join mart_supplier_year as spent
                    on spent.year = average.year
                    and spent.definition_id = average.definition_id
                    and spent.spend_rank
                        > floor(average.denominator_suppliers * average.trim_share + 1e-9)
                    and spent.spend_rank <= average.denominator_suppliers
                        - floor(average.denominator_suppliers * average.trim_share + 1e-9)
                group by all
            )
            select * from kept
            where trimmed_suppliers <> suppliers or trimmed_numerator_nok <> nok
                or (suppliers > 0) <> (trimmed_mean_nok is not null)
                or abs({ore("nok")} - {ore("trimmed_mean_nok")} * suppliers) * 2 > suppliers
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.denominator_is_count",
            "Nevneren er ikke antall leverandører i mart_supplier_year etter samme definisjon.",
            f"""
            select average.*, counted.suppliers from {_TABLE} as average
            left join (
                select year, definition_id, count(*) as suppliers
                from mart_supplier_year group by year, definition_id
            ) as counted
                on counted.year = average.year
                and counted.definition_id = average.definition_id
            where average.denominator_suppliers <> coalesce(counted.suppliers, 0)
            """,
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.every_definition_every_year",
            "Et år mangler snittet etter en av definisjonene, så de kan ikke sammenlignes.",
            f"""
            select years.year, definition.definition_id
            from (select distinct year from mart_supplier_year) as years
            cross join dim_spend_definition as definition
            where not exists (
                select 1 from {_TABLE} as average where average.year = years.year
                    and average.definition_id = definition.definition_id
            )
            """,
            rule_id="E02",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.numerator_is_spend",
            "Telleren er ikke summen av forbruket i mart_supplier_year etter samme definisjon.",
            ("year", "definition_id"),
            f"select year, definition_id, numerator_nok as nok from {_TABLE}",
            "select year, definition_id, spend_nok as nok from mart_supplier_year",
            rule_id="E02",
        ),
    ),
)
