"""The suite of `mart_control_coverage`: controlled suppliers are some of those bought from."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, in_set, key, no_orphans, rows, share

_TABLE = "mart_control_coverage"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "category_id": "text",
                "control_risk": "text",
                "supplier_count": "integer",
                "controlled_supplier_count": "integer",
                "controlled_share": "share",
                "spend_nok": "money",
                "controlled_nok": "money",
            },
        ),
        *key(_TABLE, "year", "category_id"),
        in_set(_TABLE, "control_risk", ("social_dumping", "environment", "health_and_safety")),
        no_orphans(_TABLE, "category_id", "dim_category"),
        between(_TABLE, "supplier_count", 1, None),
        share(_TABLE, "controlled_share"),
        rows(
            f"{_TABLE}.controlled_are_some_of_all",
            "Det er kontrollert flere leverandører, eller for mer, enn det er kjøpt av.",
            f"select * from {_TABLE} where controlled_supplier_count > supplier_count "
            "or controlled_nok > spend_nok or abs(controlled_share * supplier_count "
            "- controlled_supplier_count) > 1e-6",
            rule_id="E21",
        ),
    ),
    no_sum="bare leverandører med netto kjøp i kategorier med risiko",
)
