"""The suite of `mart_unit_ranking`: units and sectors by volume and by number of purchases."""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    between,
    columns,
    in_set,
    key,
    no_orphans,
    not_null,
    rows,
    share,
)

_TABLE = "mart_unit_ranking"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "level": "text",
                "group_id": "text",
                "group_name": "text",
                "sector": "text",
                "spend_nok": "money",
                "positive_nok": "money",
                "spend_share": "share",
                "spend_rank": "integer",
                "document_count": "integer",
                "total_document_count": "integer",
                "document_share": "share",
                "document_rank": "integer",
                "order_count": "integer",
                "supplier_count": "integer",
            },
        ),
        *key(_TABLE, "year", "definition_id", "level", "group_id"),
        not_null(_TABLE, "spend_nok"),
        in_set(_TABLE, "level", ("unit", "sector")),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        between(_TABLE, "order_count", 0, None),
        between(_TABLE, "supplier_count", 1, None),
        share(_TABLE, "spend_share"),
        share(_TABLE, "document_share"),
        rows(
            f"{_TABLE}.unit_exists",
            "Enheten finnes ikke i dim_unit.",
            f"select * from {_TABLE} where level = 'unit' "
            "and group_id not in (select unit_id from dim_unit)",
        ),
        rows(
            f"{_TABLE}.ranks_follow",
            "Rangen er ikke antallet med mer, pluss én: like skal dele rang.",
            f"""
            select * from (
                select *,
                    rank() over (partition by year, definition_id, level
                        order by spend_nok desc) as expected_spend_rank,
                    rank() over (partition by year, definition_id, level
                        order by document_count desc) as expected_document_rank
                from {_TABLE}
            ) as ranked
            where spend_rank <> expected_spend_rank or document_rank <> expected_document_rank
            """,
            rule_id="E04",
        ),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "En andel er ikke delt på nevneren ved siden av, eller nevneren er ikke summen.",
            f"""
            select * from (
                select *, sum(greatest(spend_nok, 0)) over (
                    partition by year, definition_id, level) as expected_nok
                from {_TABLE}
            ) as summed
            where positive_nok <> expected_nok
                or (spend_nok > 0) <> (spend_share is not null)
                or abs(spend_share * cast(positive_nok as double)
                    - cast(spend_nok as double)) > 0.005
                or abs(document_share * total_document_count - document_count) > 1e-6
            """,
            rule_id="E04",
        ),
        rows(
            f"{_TABLE}.documents_of_lines",
            "Antall anskaffelser etter STD er ikke antall dokumenter med linjer hos enheten.",
            f"""
            select ranked.*, counted.documents from {_TABLE} as ranked
            left join (
                select year, unit_id, count(distinct document_id) as documents
                from fct_spend_line group by year, unit_id
            ) as counted on counted.year = ranked.year and counted.unit_id = ranked.group_id
            where ranked.definition_id = 'STD' and ranked.level = 'unit'
                and ranked.document_count is distinct from counted.documents
            """,
            rule_id="E04",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_suppliers",
            "Enhetene, eller sektorene, blir ikke til sammen kjøpet etter samme definisjon.",
            ("year", "definition_id", "level"),
            f"select year, definition_id, level, spend_nok as nok from {_TABLE}",
            "select year, definition_id, level, spend_nok as nok from mart_supplier_year "
            "cross join (values ('unit'), ('sector')) as levels(level)",
            rule_id="E04",
        ),
        SumsTo(
            f"{_TABLE}.units_sum_to_lines",
            "Enhetens kjøp etter STD er ikke summen av linjene.",
            ("year", "group_id"),
            f"select year, group_id, spend_nok as nok from {_TABLE} "
            "where definition_id = 'STD' and level = 'unit'",
            "select year, unit_id as group_id, amount_nok as nok from fct_spend_line",
            rule_id="E04",
        ),
    ),
)
