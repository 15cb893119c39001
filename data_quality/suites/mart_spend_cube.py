"""The suite of `mart_spend_cube`."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, key, no_orphans, not_null, rows

_TABLE = "mart_spend_cube"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "month": "date",
                "year": "integer",
                "unit_id": "text",
                "sector": "text",
                "category_id": "text",
                "supplier_id": "text",
                "channel": "text",
                "spend_nok": "money",
                "line_count": "integer",
            },
        ),
        *key(_TABLE, "month", "unit_id", "sector", "category_id", "supplier_id", "channel"),
        not_null(_TABLE, "spend_nok"),
        between(_TABLE, "line_count", 1, None),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        rows(
            f"{_TABLE}.first_of_month",
            "Måneden er ikke den første dagen i en måned.",
            f"select * from {_TABLE} where extract(day from month) <> 1",
        ),
        rows(
            f"{_TABLE}.line_count_of_lines",
            "Antall linjer er ikke antallet i fct_spend_line det året.",
            f"""
            select year, sum(cube_lines) as cube_lines, sum(lines) as lines from (
                select year, line_count as cube_lines, 0 as lines
                from {_TABLE}
                union all select year, 0, 1 from fct_spend_line
            ) as sides group by year having sum(cube_lines) <> sum(lines)
            """,
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Kuben er ikke summen av linjene for året, enheten, kategorien og leverandøren.",
            ("year", "unit_id", "category_id", "supplier_id"),
            f"select year, unit_id, category_id, supplier_id, spend_nok as nok from {_TABLE}",
            "select year, unit_id, category_id, supplier_id, amount_nok as nok from fct_spend_line",
            rule_id="E01",
        ),
    ),
)
