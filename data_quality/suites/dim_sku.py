"""The suite of `dim_sku`: the products of licences, their prices and discounts."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "dim_sku"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "sku_id": "text",
                "publisher": "text",
                "name": "text",
                "is_standard": "boolean",
                "is_transferable": "boolean",
                "acquisition_type": "text",
                "unit_price_nok": "money",
                "list_price_nok": "money",
                "discount_nok": "money",
                "discount_share": "share",
                "is_in_scope": "boolean",
            },
        ),
        *key(_TABLE, "sku_id"),
        not_null(_TABLE, "publisher", rule_id="A05"),
        in_set(_TABLE, "acquisition_type", ("purchase", "lease"), rule_id="A06"),
        in_set(_TABLE, "price_evidence", ("register", "tenant", "none")),
        rows(
            f"{_TABLE}.scope_is_the_publisher",
            "Et produkt er innenfor avtalens omfang uten at utgiveren er Microsoft, eller omvendt.",
            f"select * from {_TABLE} where is_in_scope <> (lower(publisher) = 'microsoft')",
            rule_id="A05",
        ),
        rows(
            f"{_TABLE}.free_software_has_no_saving",
            "Fri programvare har rabatt, så den ville se ut som en besparelse.",
            f"select * from {_TABLE} where is_free_software "
            "and (discount_nok is not null or discount_share is not null)",
            rule_id="C05",
        ),
        rows(
            f"{_TABLE}.discount_is_quotient",
            "Rabatten er ikke listepris minus pris, delt på listeprisen.",
            f"""
            select * from {_TABLE}
            where (discount_share is null) <> (discount_nok is null)
                or discount_nok <> list_price_nok - unit_price_nok
                or (discount_nok is not null and coalesce(list_price_nok, 0) <= 0)
                or (discount_nok is null and not is_free_software
                    and list_price_nok > 0 and unit_price_nok is not null)
                or abs(discount_share
                    - cast(discount_nok as double) / cast(list_price_nok as double)) > 1e-9
            """,
            rule_id="C06",
        ),
        rows(
            f"{_TABLE}.price_has_evidence",
            "Prisen har ingen kilde, er negativ, eller kilden har ingen pris.",
            f"select * from {_TABLE} where (unit_price_nok is null) <> (price_evidence = 'none') "
            "or unit_price_nok < 0",
        ),
    ),
    no_sum="Tabellen har priser, ingen beløp.",
)
