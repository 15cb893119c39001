"""The suite of `mart_sku_issue`: what does not fit about a product is visible, not lost."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, no_orphans, not_null, rows

_TABLE = "mart_sku_issue"
_ISSUES = (
    "guid_is_other_product",
    "part_number_differs",
    "guid_not_in_list",
    "not_in_tenant",
    "no_price",
    "no_terms",
    "without_entitlement",
    "consumed_differs",
    "free_with_price",
    "entitlement_unit_unknown",
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE, {"sku_id": "text", "issue": "text", "as_of_date": "date", "detail": "text"}
        ),
        *key(_TABLE, "sku_id", "issue"),
        in_set(_TABLE, "issue", _ISSUES),
        not_null(_TABLE, "detail"),
        no_orphans(_TABLE, "sku_id", "dim_sku"),
        rows(
            f"{_TABLE}.no_price_is_listed",
            "Et produkt uten pris er ikke listet, så ingen ser at kostnaden mangler.",
            f"""
            select sku_id from mart_licence_sku
            where is_latest and unit_price_nok is null and (entitled > 0 or assigned > 0)
                and sku_id not in (select sku_id from {_TABLE} where issue = 'no_price')
            """,
            rule_id="A07",
        ),
        rows(
            f"{_TABLE}.no_entitlement_is_listed",
            "Et produkt som er tildelt uten at vi har plasser, er ikke listet.",
            f"""
            select sku_id from mart_licence_sku
            where is_latest and assigned > 0 and entitled <= 0
                and sku_id not in (select sku_id from {_TABLE} where issue = 'without_entitlement')
            """,
            rule_id="A07",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
