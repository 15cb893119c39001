"""The suite of `mart_coverage`: how much of addressable spend some agreement was in force for."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, no_orphans, not_null, rows

_TABLE = "mart_coverage"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "category_id": "text",
                "covered_nok": "money",
                "voluntary_nok": "money",
                "uncovered_nok": "money",
                "coverage_share": "share",
            },
        ),
        *key(_TABLE, "year", "category_id"),
        not_null(_TABLE, "covered_nok"),
        not_null(_TABLE, "voluntary_nok"),
        not_null(_TABLE, "uncovered_nok"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        rows(
            f"{_TABLE}.share_in_range",
            "Avtaledekningen er under 0 eller over 1.",
            f"select * from {_TABLE} where (coverage_share < 0 or coverage_share > 1) "
            "and covered_nok >= 0 and voluntary_nok >= 0 and uncovered_nok >= 0",
        ),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Avtaledekningen er ikke dekket forbruk delt på alt påvirkbart forbruk.",
            f"""
            select * from (
                select *, cast(covered_nok + voluntary_nok as double) as numerator,
                    cast(covered_nok + voluntary_nok + uncovered_nok as double) as denominator
                from {_TABLE}
            ) as parts
            where coverage_share is not null and denominator <> 0
                and abs(coverage_share - numerator / denominator) > 1e-9
            """,
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_addressable_lines",
            "Dekket, frivillig og udekket blir ikke kategoriens påvirkbare forbruk det året.",
            ("year", "category_id"),
            "select year, category_id, covered_nok + voluntary_nok + uncovered_nok as nok "
            f"from {_TABLE}",
            "select line.year, line.category_id, line.amount_nok as nok "
            "from fct_spend_line as line "
            "inner join dim_category as category on category.category_id = line.category_id "
            "where category.is_addressable or category.category_id = 'unknown'",
        ),
    ),
)
