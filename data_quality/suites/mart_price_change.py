"""The suite of `mart_price_change`: what an item cost, quarter by quarter."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, no_orphans, not_null, rows

_TABLE = "mart_price_change"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "quarter_start": "date",
                "supplier_id": "text",
                "item_id": "text",
                "unit_code": "text",
                "currency": "text",
                "definition_id": "text",
                "line_count": "integer",
                "quantity": "any",
                "spend_nok": "money",
                "unit_price_nok": "any",
                "previous_price_nok": "any",
                "change_share": "share",
                "is_comparable": "boolean",
                "price_effect_nok": "money",
                "contracted_price_nok": "any",
                "contracted_change_share": "share",
                "above_contract_share": "share",
            },
        ),
        *key(_TABLE, "supplier_id", "item_id", "unit_code", "currency", "quarter_start"),
        not_null(_TABLE, "definition_id"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        rows(
            f"{_TABLE}.price_is_amount_over_quantity",
            "Prisen er ikke beløpet delt på mengden, eller et av tallene er ikke positivt.",
            f"select * from {_TABLE} where quantity <= 0 or spend_nok <= 0 or line_count < 1 "
            "or abs(cast(unit_price_nok as double) - cast(spend_nok as double) "
            "/ cast(quantity as double)) > 0.00005 + 1e-9 * cast(unit_price_nok as double)",
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.effect_only_where_comparable",
            "Endringen er regnet i kroner uten at prisene kan sammenlignes, eller har feil "
            "fortegn.",
            f"select * from {_TABLE} where is_comparable <> (price_effect_nok is not null) "
            "or (is_comparable and previous_price_nok is null) "
            "or (price_effect_nok >= 0.01 and change_nok < 0) "
            "or (price_effect_nok <= -0.01 and change_nok > 0)",
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.previous_is_the_row_before",
            "Forrige pris er ikke prisen på raden før av den samme varen.",
            f"""
            select * from (
                select *, lag(unit_price_nok) over (partition by supplier_id, item_id, unit_code,
                    currency order by quarter_start) as price_before from {_TABLE}
            ) as placed where previous_price_nok is distinct from price_before
            """,
        ),
    ),
    no_sum="Bare linjer med varenummer, måleenhet og positive tall er med, så det er ingen sum "
    "av alt forbruk.",
)
