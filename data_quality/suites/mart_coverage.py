"""The suite of `mart_coverage`: how much of addressable spend some agreement was in force for."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, no_orphans, not_null, rows

_TABLE = "mart_coverage"
_ADDRESSABLE = (
    "select line.year, line.category_id, line.amount_nok as nok from fct_spend_line as line "
    "inner join dim_category as category on category.category_id = line.category_id "
    "where (category.is_addressable or category.category_id = 'unknown')"
)
_COVERAGE = {"covered_nok": "binding", "voluntary_nok": "voluntary", "uncovered_nok": "none"}

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
            where (coverage_share is null) <> (denominator <= 0)
                or abs(coverage_share - numerator / nullif(denominator, 0)) > 1e-9
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
            _ADDRESSABLE,
        ),
        *(
            SumsTo(
                f"{_TABLE}.{column}_sums_to_lines",
                f"«{column}» er ikke summen av kategoriens linjer med den avtaledekningen det "
                "året.",
                ("year", "category_id"),
                f"select year, category_id, {column} as nok from {_TABLE}",
                f"{_ADDRESSABLE} and line.coverage = '{coverage}'",
            )
            for column, coverage in _COVERAGE.items()
        ),
    ),
)
