"""The suite of `mart_charge` (B02, B06-B09, B12, A09): the invoice basis per unit and month."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, not_null, rows

_TABLE = "mart_charge"
_LICENCES = "service not in ('workplace', 'licence_audit')"
_GROUPS = ("month", "unit_id", "service", "rule_row")

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "charge_id": "text",
                "month": "date",
                "unit_id": "text",
                "service": "text",
                "financing": "text",
                "rule_id": "text",
                "rule_row": "integer",
                "quantity": "any",
                "unit_price_nok": "money",
                "management_fee_nok": "money",
                "deducted_nok": "money",
                "amount_nok": "money",
                "is_unresolved": "boolean",
                "charge_text": "text",
                "legal_basis": "text",
                "is_preliminary": "boolean",
            },
        ),
        *key(_TABLE, "charge_id"),
        not_null(_TABLE, "month"),
        not_null(_TABLE, "unit_id"),
        not_null(_TABLE, "service"),
        not_null(_TABLE, "legal_basis"),
        in_set(_TABLE, "financing", ("frame", "invoiced", "review")),
        rows(
            f"{_TABLE}.unit_is_known",
            "Enheten finnes ikke i dim_unit. Bare lisensrevisjoner er felles for kommunen.",
            f"""
            select charged.* from {_TABLE} as charged
            where (charged.service = 'licence_audit') <> (charged.unit_id = 'felles')
                or (charged.unit_id <> 'felles'
                    and charged.unit_id not in (select unit_id from dim_unit))
            """,
        ),
        rows(
            f"{_TABLE}.rule_fits_the_service",
            "Regelen hører ikke til tjenesten.",
            f"""
            select * from {_TABLE}
            where ({_LICENCES} and rule_row not between 1 and 8)
                or (service = 'workplace' and coalesce(rule_id, 'B12') not in ('B12', 'B02'))
                or (service = 'licence_audit' and rule_id is distinct from 'A09')
            """,
            rule_id="B12",
        ),
        rows(
            f"{_TABLE}.quantity_is_not_negative",
            "Et antall eller et timetall er negativt.",
            f"select * from {_TABLE} where quantity < 0",
        ),
        rows(
            f"{_TABLE}.frame_costs_nothing",
            "En rammefinansiert rad har et beløp, eller mangler 0.",
            f"select * from {_TABLE} where financing = 'frame' and amount_nok is distinct from 0",
            rule_id="B06",
        ),
        rows(
            f"{_TABLE}.review_has_no_amount",
            "En rad som må vurderes, har allerede et beløp.",
            f"select * from {_TABLE} where financing = 'review' and amount_nok is not null",
            rule_id="A09",
        ),
        rows(
            f"{_TABLE}.amount_is_quantity_times_price",
            "Beløpet er ikke antallet ganger prisen og forvaltningen.",
            f"""
            select * from {_TABLE} where financing = 'invoiced' and service <> 'licence_audit'
                and amount_nok is distinct from cast(quantity * cast(
                    unit_price_nok - deducted_nok + management_fee_nok as decimal(14, 2)
                ) as decimal(18, 2))
            """,
            rule_id="B12",
        ),
        rows(
            f"{_TABLE}.workplace_price_known",
            "Workplace skal faktureres, men prisen er ikke kjent. Fyll ut produktet «WORKPLACE» i "
            "registeret «lisensvilkår».",
            f"select * from {_TABLE} where service = 'workplace' and financing = 'invoiced' "
            "and amount_nok is null",
            severity="warn",
            rule_id="B12",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_licences",
            "Beløpene for lisenser er ikke summen av lisensene.",
            _GROUPS,
            f"select month, unit_id, service, rule_row, coalesce(amount_nok, 0) as nok "
            f"from {_TABLE} where {_LICENCES}",
            "select month, unit_id, sku_id as service, rule_row, coalesce(amount_nok, 0) as nok "
            "from fct_licence_charge",
            rule_id="B07",
        ),
        SumsTo(
            f"{_TABLE}.counts_every_licence",
            "Antallet lisenser er ikke antallet tildelinger.",
            _GROUPS,
            f"select month, unit_id, service, rule_row, quantity as nok from {_TABLE} "
            f"where {_LICENCES}",
            "select month, unit_id, sku_id as service, rule_row, 1 as nok from fct_licence_charge",
            rule_id="B07",
        ),
        SumsTo(
            f"{_TABLE}.sums_to_audits",
            "Beløpene for lisensrevisjoner er ikke summen av revisjonene.",
            ("month", "financing"),
            f"select month, financing, coalesce(amount_nok, 0) as nok from {_TABLE} "
            "where service = 'licence_audit'",
            "select month, financing, coalesce(amount_nok, 0) as nok from mart_licence_audit",
            rule_id="A09",
        ),
    ),
)
