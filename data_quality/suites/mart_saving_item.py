"""The suite of `mart_saving_item` (E15, C05, C06): the items behind the savings."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, no_orphans, rows

_TABLE = "mart_saving_item"
_LINES = (
    "select year, agreement_id, supplier_id, loyalty_class, amount_nok as nok from fct_spend_line "
    "where agreement_id is not null"
)
_ON = "('on_agreement', 'voluntary')"
_LEAKED = "('wrong_zone', 'off_agreement')"
_METHODS = (
    "baseline_price",
    "list_price",
    "contracted_price",
    "discount_share",
    "zero_price",
    "none",
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "agreement_id": "text",
                "supplier_id": "text",
                "item_key": "text",
                "unit_code": "text",
                "loyalty_class": "text",
                "method": "text",
                "item_name": "text",
                "definition_id": "text",
                "line_count": "integer",
                "quantity": "any",
                "amount_nok": "money",
                "contracted_nok": "money",
                "list_nok": "money",
                "discounted_nok": "money",
                "discount_share": "share",
                "baseline_nok": "money",
                "realised_saving_nok": "money",
                "leaked_saving_nok": "money",
                "price_deviation_nok": "money",
            },
        ),
        *key(
            _TABLE,
            "year",
            "agreement_id",
            "supplier_id",
            "item_key",
            "unit_code",
            "loyalty_class",
            "method",
        ),
        in_set(_TABLE, "method", _METHODS, rule_id="E15"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.zero_price_saves_nothing",
            "Det er gevinst der prisen uten avtalen er 0, eller der det ikke er noe å regne med.",
            f"select * from {_TABLE} where method in ('zero_price', 'none') "
            "and (realised_saving_nok <> 0 or leaked_saving_nok <> 0)",
            rule_id="C05",
        ),
        rows(
            f"{_TABLE}.realised_or_leaked",
            "Kjøp som ikke er lekkasje, har tapt gevinst, eller kjøp utenfor avtalen har oppnådd.",
            f"select * from {_TABLE} where (loyalty_class not in {_LEAKED} "
            f"and leaked_saving_nok <> 0) or (loyalty_class not in {_ON} "
            "and (realised_saving_nok <> 0 or price_deviation_nok is not null))",
            rule_id="E15",
        ),
        rows(
            f"{_TABLE}.saving_is_difference",
            "Gevinsten er ikke forskjellen mellom prisene for det samme.",
            f"""
            select * from {_TABLE} where
                (method = 'baseline_price'
                    and realised_saving_nok is distinct from baseline_nok - amount_nok)
                or (method = 'contracted_price'
                    and leaked_saving_nok is distinct from amount_nok - contracted_nok)
            """,
            rule_id="E15",
        ),
        rows(
            f"{_TABLE}.discount_is_quotient",
            "Rabatten er ikke forskjellen mellom listepris og avtalepris, delt på listeprisen.",
            f"""
            select * from {_TABLE} where (discount_share is null) <> (coalesce(list_nok, 0) <= 0)
                or abs(discount_share - cast(list_nok - discounted_nok as double)
                    / nullif(cast(list_nok as double), 0)) > 1e-9
            """,
            rule_id="C06",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Det som er betalt, er ikke summen av linjene.",
            ("year", "agreement_id", "supplier_id", "loyalty_class"),
            "select year, agreement_id, supplier_id, loyalty_class, amount_nok as nok "
            f"from {_TABLE}",
            f"{_LINES} and (loyalty_class in {_ON} or loyalty_class in {_LEAKED} "
            "or loyalty_class = 'outside_period')",
        ),
    ),
)
