"""The suite of `mart_authority_exceeded`: every purchase in it is above the limit beside it."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, rows

_TABLE = "mart_authority_exceeded"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "document_id": "text",
                "unit_id": "text",
                "supplier_id": "text",
                "purchase_date": "date",
                "limit_kind": "text",
                "limit_nok": "money",
                "amount_nok": "money",
                "above_limit_nok": "money",
            },
        ),
        *key(_TABLE, "document_id", "unit_id", "supplier_id"),
        in_set(_TABLE, "limit_kind", ("role", "unit", "none")),
        rows(
            f"{_TABLE}.is_above_its_limit",
            "Et kjøp står som over fullmakten uten å være det.",
            f"select * from {_TABLE} where (limit_kind = 'none') <> (limit_nok is null) "
            "or above_limit_nok <= 0 or above_limit_nok <> amount_nok - limit_nok",
            rule_id="E24",
        ),
        rows(
            f"{_TABLE}.amount_is_of_the_lines",
            "Kjøpet er ikke summen av dokumentets linjer for enheten.",
            f"""
            select exceeded.document_id, exceeded.unit_id, exceeded.amount_nok, lines.nok
            from {_TABLE} as exceeded
            left join (
                select document_id, unit_id, supplier_id, sum(amount_nok) as nok
                from fct_spend_line group by document_id, unit_id, supplier_id
            ) as lines on lines.document_id = exceeded.document_id
                and lines.unit_id = exceeded.unit_id
                and lines.supplier_id = exceeded.supplier_id
            where lines.nok is null or lines.nok <> exceeded.amount_nok
            """,
            rule_id="E24",
        ),
    ),
    no_sum="bare kjøp over en grense",
)
