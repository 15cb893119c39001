"""The suite of `fct_licence_charge` (B02, B06-B09): who pays each licence, month by month."""

from __future__ import annotations

from data_quality.checks import RUN_CONTEXT, Suite, columns, key, no_orphans, not_null, rows

_TABLE = "fct_licence_charge"
# row, financing, rule: the order of the rules, first that fits
_ORDER = (
    "(1, 'invoiced', 'B02'), (2, 'invoiced', 'B08e'), (3, 'invoiced', 'B09'), "
    "(4, 'invoiced', 'B08'), (5, 'frame', 'B06'), (6, 'frame', 'B07x'), (7, 'invoiced', 'B07'), "
    "(8, 'review', null)"
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "month": "date",
                "last_date": "date",
                "as_of_date": "date",
                "is_preliminary": "boolean",
                "account_key": "text",
                "sku_id": "text",
                "unit_id": "text",
                "rule_row": "integer",
                "financing": "text",
                "rule_id": "text",
                "days_deactivated": "integer",
                "is_standard": "boolean",
                "is_zero_cost_addon": "boolean",
                "unit_price_nok": "money",
                "management_fee_nok": "money",
                "standard_price_nok": "money",
                "deducted_nok": "money",
                "amount_nok": "money",
                "is_unresolved": "boolean",
            },
        ),
        *key(_TABLE, "month", "account_key", "sku_id"),
        not_null(_TABLE, "unit_id"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        rows(
            f"{_TABLE}.row_financing_and_rule_fit",
            "Finansieringen eller regelen er ikke den som hører til raden i regeltabellen.",
            f"""
            select charged.* from {_TABLE} as charged
            left join (values {_ORDER}) as known(rule_row, financing, rule_id)
                on known.rule_row = charged.rule_row and known.financing = charged.financing
                and known.rule_id is not distinct from charged.rule_id
            where known.rule_row is null
            """,
            rule_id="B02",
        ),
        rows(
            f"{_TABLE}.every_assignment_once",
            "Tildelinger mangler, så enheter ville få for lav regning, eller er med to ganger.",
            f"""
            select as_of_date, sku_id, sum(assigned) as assigned, sum(charged) as charged
            from (
                select as_of_date, sku_id, assigned, 0 as charged from mart_licence_sku
                union all
                select as_of_date, sku_id, 0 as assigned, 1 as charged from {_TABLE}
            ) as sides
            group by as_of_date, sku_id having sum(assigned) <> sum(charged)
            """,
            rule_id="B07",
        ),
        rows(
            f"{_TABLE}.judged_on_the_last_day",
            "Måneden er ikke vurdert på sin siste dag, eller feil merket som foreløpig.",
            f"select charged.* from {_TABLE} as charged cross join {RUN_CONTEXT} as context "
            "where charged.last_date <> last_day(charged.month) "
            "or charged.month <> date_trunc('month', charged.as_of_date) "
            "or charged.is_preliminary <> (charged.last_date > context.as_of_date)",
            rule_id="B09",
        ),
        rows(
            f"{_TABLE}.long_deactivated_are_invoiced",
            "En konto faktureres ikke, men har vært deaktivert like lenge som en som gjør det.",
            f"""
            select charged.* from {_TABLE} as charged
            inner join (
                select month, min(days_deactivated) as first_day, count(days_deactivated) as known,
                    count(*) as counted
                from {_TABLE} where rule_row = 3 group by month
            ) as long on long.month = charged.month
            where (charged.rule_row > 3 and charged.days_deactivated >= long.first_day)
                or (charged.rule_row = 3 and long.known <> long.counted)
            """,
            rule_id="B09",
        ),
        rows(
            f"{_TABLE}.rows_fit_the_product",
            "En standardlisens er fakturert som tillegg, eller et tillegg er regnet som standard "
            "eller gratis uten å være det.",
            f"select * from {_TABLE} where (rule_row = 7 and (is_standard or is_zero_cost_addon)) "
            "or (rule_row = 5 and not is_standard) or (rule_row = 6 and not is_zero_cost_addon)",
            rule_id="B06",
        ),
        rows(
            f"{_TABLE}.frame_costs_nothing",
            "En rammefinansiert lisens har et beløp, eller mangler 0.",
            f"select * from {_TABLE} where financing = 'frame' and amount_nok is distinct from 0",
            rule_id="B06",
        ),
        rows(
            f"{_TABLE}.review_has_no_amount",
            "En lisens som må vurderes, har allerede et beløp.",
            f"select * from {_TABLE} where financing = 'review' and amount_nok is not null",
        ),
        rows(
            f"{_TABLE}.invoiced_is_price_and_management",
            "Beløpet er ikke lisensprisen og forvaltningen, uten det som er trukket fra.",
            f"select * from {_TABLE} where financing = 'invoiced' and amount_nok is distinct from "
            "unit_price_nok - deducted_nok + management_fee_nok",
            rule_id="B07",
        ),
        rows(
            f"{_TABLE}.deduction_follows_the_setting",
            "Noe er trukket fra uten at lisensen erstatter en standardlisens, eller mer enn den.",
            f"""
            select charged.* from {_TABLE} as charged cross join {RUN_CONTEXT} as context
            where charged.deducted_nok < 0 or charged.deducted_nok > charged.unit_price_nok
                or charged.deducted_nok > charged.standard_price_nok
                or (not charged.is_unresolved and charged.deducted_nok is distinct from 0)
                or (context.licence_charge_basis = 'full'
                    and charged.deducted_nok is distinct from 0)
                or (charged.is_unresolved and charged.rule_row <> 7)
            """,
            rule_id="B07",
        ),
        rows(
            f"{_TABLE}.price_known",
            "Lisenser som skal faktureres, har ingen kjent pris. De er uten beløp, ikke gratis. "
            "Fyll ut prisen i registeret «lisensvilkår», eller i «rammefritak» for unntatte "
            "enheter.",
            f"select * from {_TABLE} where financing = 'invoiced' and amount_nok is null",
            severity="warn",
            rule_id="B07",
        ),
    ),
    no_sum="Lisenser er ikke spendlinjer; at ingen tildeling er mistet, står i "
    "every_assignment_once.",
)
