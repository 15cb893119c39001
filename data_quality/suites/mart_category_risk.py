"""The suite of `mart_category_risk` (A13): how many suppliers a category has left."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, key, no_orphans, rows

_TABLE = "mart_category_risk"
_SOLD = (
    "select year, category_id, supplier_id, sum(amount_nok) as nok from fct_spend_line "
    "where category_id <> 'unknown' group by year, category_id, supplier_id "
    "having sum(amount_nok) > 0"
)

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
                "definition_id": "text",
                "spend_nok": "money",
                "supplier_count": "integer",
                "last_year_supplier_count": "integer",
                "largest_supplier_id": "text",
                "largest_supplier_nok": "money",
                "largest_supplier_share": "share",
                "hhi": "share",
                "has_sole_supplier": "boolean",
                "is_one_left": "boolean",
            },
        ),
        *key(_TABLE, "year", "category_id"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        no_orphans(_TABLE, "largest_supplier_id", "dim_supplier"),
        between(_TABLE, "supplier_count", 1, None),
        between(_TABLE, "largest_supplier_share", 0, 1),
        rows(
            f"{_TABLE}.hhi_range",
            "HHI er over 10 000, eller mindre enn den blir når alle er like store.",
            f"select * from {_TABLE} "
            "where hhi > 10000.000001 or hhi < 10000.0 / supplier_count - 0.000001 "
            "or hhi < 10000 * largest_supplier_share * largest_supplier_share - 0.000001",
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.hhi_is_sum_of_squares",
            "HHI eller antallet leverandører stemmer ikke med linjene.",
            f"""
            select risk.year, risk.category_id from {_TABLE} as risk
            left join ({_SOLD}) as sold
                on sold.year = risk.year and sold.category_id = risk.category_id
            group by risk.year, risk.category_id, risk.supplier_count, risk.hhi, risk.spend_nok
            having count(sold.supplier_id) <> risk.supplier_count
                or abs(risk.hhi - 10000 * sum(
                    (cast(sold.nok as double) / cast(risk.spend_nok as double)) ** 2)) > 1e-6
            """,
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen er ikke den største leverandørens del av forbruket.",
            f"select * from {_TABLE} where largest_supplier_share is null or abs("
            "largest_supplier_share - cast(largest_supplier_nok as double) "
            "/ cast(spend_nok as double)) > 1e-9",
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.only_one",
            "«Bare én» stemmer ikke med antallet leverandører i år og året før.",
            f"select * from {_TABLE} where has_sole_supplier <> (supplier_count = 1) "
            "or is_one_left <> (supplier_count = 1 and last_year_supplier_count > 1)",
            rule_id="A13",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Forbruket er ikke summen hos leverandørene med netto forbruk over 0 i kategorien.",
            ("year", "category_id"),
            f"select year, category_id, spend_nok as nok from {_TABLE}",
            f"select year, category_id, nok from ({_SOLD}) as sold",
        ),
    ),
)
