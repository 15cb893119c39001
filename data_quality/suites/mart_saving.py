"""The suite of `mart_saving` (E15): planned, realised and leaked savings of each agreement."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, key, no_orphans, not_null, rows

_TABLE = "mart_saving"
_LINES = (
    "select year, agreement_id, supplier_id, loyalty_class, amount_nok as nok from fct_spend_line "
    "where agreement_id is not null"
)
_ON = "('on_agreement', 'voluntary')"
_LEAKED = "('wrong_zone', 'off_agreement')"
_SUMS = {
    "realised_saving_nok": "sum(item.realised_saving_nok)",
    "leaked_saving_nok": "sum(item.leaked_saving_nok)",
    "price_deviation_nok": "sum(item.price_deviation_nok)",
    "realised_expected_nok": "sum(case when item.method = 'discount_share' "
    "then item.realised_saving_nok end)",
    "leaked_expected_nok": "sum(case when item.method = 'discount_share' "
    "then item.leaked_saving_nok end)",
    "measured_nok": f"sum(case when item.loyalty_class in {_ON} "
    "and item.method <> 'none' then item.amount_nok end)",
    "leaked_measured_nok": f"sum(case when item.loyalty_class in {_LEAKED} "
    "and item.method <> 'none' then item.amount_nok end)",
}

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "agreement_id": "text",
                "agreement_title": "text",
                "definition_id": "text",
                "plan_count": "integer",
                "unpriced_plan_count": "integer",
                "planned_saving_nok": "money",
                "on_agreement_nok": "money",
                "measured_nok": "money",
                "realised_saving_nok": "money",
                "realised_expected_nok": "money",
                "leaked_spend_nok": "money",
                "leaked_measured_nok": "money",
                "leaked_saving_nok": "money",
                "leaked_expected_nok": "money",
                "outside_period_nok": "money",
                "realised_share": "share",
                "price_checked_nok": "money",
                "price_deviation_nok": "money",
                "overcharged_nok": "money",
                "overcharged_line_count": "integer",
            },
        ),
        *key(_TABLE, "year", "agreement_id"),
        not_null(_TABLE, "realised_saving_nok"),
        not_null(_TABLE, "leaked_saving_nok"),
        between(_TABLE, "overcharged_nok", 0, None),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen er ikke oppnådd gevinst delt på planlagt.",
            f"""
            select * from {_TABLE}
            where (realised_share is null) <> (coalesce(planned_saving_nok, 0) <= 0)
                or abs(realised_share - cast(realised_saving_nok as double)
                    / nullif(cast(planned_saving_nok as double), 0)) > 1e-9
            """,
            rule_id="E15",
        ),
        rows(
            f"{_TABLE}.plan_has_rows",
            "Planlagt gevinst uten en plan, eller uten en rad i den som kan regnes ut.",
            f"select * from {_TABLE} where unpriced_plan_count > plan_count "
            "or (planned_saving_nok is not null) <> (plan_count > unpriced_plan_count)",
            rule_id="E15",
        ),
        rows(
            f"{_TABLE}.overcharge_within_deviation",
            "Det som er fakturert for mye, er mindre enn prisavviket, som også har med for lite.",
            f"select * from {_TABLE} where overcharged_nok < price_deviation_nok "
            "or (overcharged_nok > 0) <> (overcharged_line_count > 0)",
            rule_id="E11",
        ),
        *(
            rows(
                f"{_TABLE}.{column}_sums_to_items",
                f"«{column}» er ikke summen av varene i mart_saving_item.",
                f"""
                select saving.year, saving.agreement_id from {_TABLE} as saving
                left join mart_saving_item as item on item.year = saving.year
                    and item.agreement_id = saving.agreement_id
                group by saving.year, saving.agreement_id, saving.{column}
                having coalesce({total}, 0) <> saving.{column}
                """,
                rule_id="E11" if column == "price_deviation_nok" else "E15",
            )
            for column, total in _SUMS.items()
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.on_agreement_nok_sums_to_lines",
            "Kjøp på avtalen er ikke summen av linjene.",
            ("year", "agreement_id"),
            f"select year, agreement_id, on_agreement_nok as nok from {_TABLE}",
            f"{_LINES} and loyalty_class in {_ON}",
        ),
        SumsTo(
            f"{_TABLE}.leaked_spend_nok_sums_to_lines",
            "Kjøp avtalen kunne vært brukt til, er ikke summen av linjene.",
            ("year", "agreement_id"),
            f"select year, agreement_id, leaked_spend_nok as nok from {_TABLE}",
            f"{_LINES} and loyalty_class in {_LEAKED}",
        ),
        SumsTo(
            f"{_TABLE}.outside_period_nok_sums_to_lines",
            "Kjøp utenfor avtaleperioden er ikke summen av linjene.",
            ("year", "agreement_id"),
            f"select year, agreement_id, outside_period_nok as nok from {_TABLE}",
            f"{_LINES} and loyalty_class = 'outside_period'",
        ),
    ),
)
