"""The suite of `mart_category_agreement_gap`: which categories have no agreement."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, no_orphans, not_null, rows

_TABLE = "mart_category_agreement_gap"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "category_id": "text",
                "category_name": "text",
                "faggruppe": "text",
                "is_addressable": "boolean",
                "definition_id": "text",
                "spend_nok": "money",
                "without_agreement_nok": "money",
                "without_agreement_share": "share",
                "supplier_count": "integer",
                "agreement_count": "integer",
                "is_without_agreement": "boolean",
                "faggruppe_agreement_count": "integer",
                "faggruppe_category_count": "integer",
                "faggruppe_covered_category_count": "integer",
                "is_faggruppe_without_agreement": "boolean",
                "gap_rank": "integer",
            },
        ),
        *key(_TABLE, "year", "category_id"),
        not_null(_TABLE, "definition_id"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        rows(
            f"{_TABLE}.every_category_every_year",
            "En kategori mangler i et år med forbruk.",
            f"select year.year, category.category_id from (select distinct year from {_TABLE}) "
            "as year cross join dim_category as category where not exists (select 1 "
            f"from {_TABLE} as gap where gap.year = year.year "
            "and gap.category_id = category.category_id)",
            rule_id="E05",
        ),
        rows(
            f"{_TABLE}.counts_agree",
            "Antallet avtaler i kategorien og faggruppen stemmer ikke med merkene.",
            f"select * from {_TABLE} where is_without_agreement <> "
            "(agreement_count = 0 and category_id <> 'unknown') "
            "or agreement_count > faggruppe_agreement_count "
            "or faggruppe_covered_category_count > faggruppe_category_count "
            "or (is_faggruppe_without_agreement "
            "and (not is_without_agreement or faggruppe_agreement_count <> 0))",
            rule_id="E05",
        ),
        rows(
            f"{_TABLE}.agreements_are_counted",
            "Antallet avtaler er ikke de som gjaldt for kategorien i året.",
            f"""
            select gap.year, gap.category_id, gap.agreement_count,
                count(distinct bridge.agreement_id) as counted
            from {_TABLE} as gap left join bridge_agreement_category as bridge
                on bridge.category_id = gap.category_id
                and year(bridge.valid_from) <= gap.year
                and bridge.valid_to > make_date(cast(gap.year as integer), 1, 1)
            group by gap.year, gap.category_id, gap.agreement_count
            having gap.agreement_count <> count(distinct bridge.agreement_id)
            """,
            rule_id="E05",
        ),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen uten avtale er ikke delt på forbruket.",
            f"select * from {_TABLE} where (without_agreement_share is null) <> (spend_nok <= 0) "
            "or abs(without_agreement_share - cast(without_agreement_nok as double) "
            "/ nullif(cast(spend_nok as double), 0)) > 1e-9",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Forbruket er ikke summen av kategoriens linjer det året.",
            ("year", "category_id"),
            f"select year, category_id, spend_nok as nok from {_TABLE} where spend_nok <> 0",
            "select year, category_id, amount_nok as nok from fct_spend_line",
        ),
        SumsTo(
            f"{_TABLE}.without_agreement_sums_to_lines",
            "Forbruket uten avtale er ikke summen av linjene uten avtaledekning.",
            ("year", "category_id"),
            "select year, category_id, without_agreement_nok as nok "
            f"from {_TABLE} where without_agreement_nok <> 0",
            "select year, category_id, amount_nok as nok from fct_spend_line "
            "where coverage = 'none'",
            rule_id="E05",
        ),
    ),
)
