"""The suite of `mart_agreement_status`: each agreement on the as-of date, with its turnover."""

from __future__ import annotations

from data_quality.checks import (
    RUN_CONTEXT,
    Suite,
    SumsTo,
    between,
    columns,
    in_set,
    key,
    not_null,
    rows,
)

_TABLE = "mart_agreement_status"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "as_of_date": "date",
                "title": "text",
                "status": "text",
                "is_active": "boolean",
                "end_date": "date",
                "latest_end_date": "date",
                "days_left": "integer",
                "next_option_deadline_date": "date",
                "total_months": "integer",
                "is_over_review_limit": "boolean",
                "agreement_manager": "text",
                "is_without_owner": "boolean",
                "owner_agreement_count": "integer",
                "lead_buyer": "text",
                "supplier_count": "integer",
                "unit_count": "integer",
                "category_count": "integer",
                "party_count": "integer",
                "stated_party_count": "integer",
                "party_count_difference": "integer",
                "definition_id": "text",
                "turnover_nok": "money",
                "turnover_line_count": "integer",
                "is_without_turnover": "boolean",
                "ceiling_nok": "money",
                "remaining_nok": "money",
                "ceiling_share": "share",
                "is_ceiling_reached": "boolean",
                "pace_nok": "money",
                "pace_days": "integer",
                "projection_method": "text",
                "projected_nok": "money",
                "projected_latest_nok": "money",
                "projected_ceiling_share": "share",
                "ceiling_date": "date",
                "is_ceiling_date_projected": "boolean",
            },
        ),
        *key(_TABLE, "agreement_id"),
        not_null(_TABLE, "definition_id"),
        in_set(_TABLE, "status", ("not_started", "active", "ended"), rule_id="A01"),
        in_set(
            _TABLE,
            "projection_method",
            ("linear", "no_pace", "no_end", "not_started", "ended"),
        ),
        between(_TABLE, "pace_days", 0, None),
        rows(
            f"{_TABLE}.every_agreement_once",
            "En avtale mangler i tabellen, eller tabellen har en som ikke finnes.",
            f"select coalesce(status.agreement_id, agreement.agreement_id) as agreement_id "
            f"from {_TABLE} as status full join dim_agreement as agreement "
            "on agreement.agreement_id = status.agreement_id "
            "where status.agreement_id is null or agreement.agreement_id is null",
        ),
        rows(
            f"{_TABLE}.as_of_is_the_builds",
            "Tabellen er ikke regnet for byggets dag.",
            f"select status.* from {_TABLE} as status cross join {RUN_CONTEXT} as context "
            "where status.as_of_date <> context.as_of_date",
        ),
        rows(
            f"{_TABLE}.active_in_the_period",
            "Avtalen er sagt å gjelde utenfor perioden sin, eller ikke å gjelde i den.",
            f"select * from {_TABLE} where is_active <> (status = 'active') "
            "or is_active <> (as_of_date between valid_from and end_date)",
            rule_id="A01",
        ),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "En andel av taket er ikke delt på taket.",
            f"""
            select * from {_TABLE} where (ceiling_share is null) <> coalesce(ceiling_nok <= 0, true)
                or abs(ceiling_share - cast(turnover_nok as double)
                    / nullif(cast(ceiling_nok as double), 0)) > 1e-9
                or abs(projected_ceiling_share - cast(projected_nok as double)
                    / nullif(cast(ceiling_nok as double), 0)) > 1e-9
                or remaining_nok <> ceiling_nok - turnover_nok
            """,
        ),
        rows(
            f"{_TABLE}.ceiling_reached_as_the_sums_say",
            "Taket er sagt å være nådd uten at omsetningen er så høy, eller omvendt; eller en "
            "framskrevet dag ligger før dagen tabellen er regnet for.",
            f"select * from {_TABLE} where is_ceiling_reached <> "
            "coalesce(ceiling_nok > 0 and turnover_nok >= ceiling_nok, false) "
            "or (is_ceiling_reached and is_ceiling_date_projected) "
            "or (is_ceiling_date_projected and ceiling_date <= as_of_date) "
            "or (is_ceiling_date_projected and ceiling_date > latest_end_date)",
        ),
        rows(
            f"{_TABLE}.projection_is_not_below_the_turnover",
            "Framskrivingen er lavere enn det som er omsatt, selv om farten er positiv.",
            f"select * from {_TABLE} where projection_method = 'linear' "
            "and (projected_nok < turnover_nok or projected_latest_nok < projected_nok)",
        ),
        rows(
            f"{_TABLE}.over_the_ceiling",
            "Omsetningen på en avtale har nådd taket: bør undersøkes.",
            f"select * from {_TABLE} where is_ceiling_reached",
            severity="warn",
        ),
        rows(
            f"{_TABLE}.without_owner",
            "En avtale som gjelder, har ingen avtaleforvalter i registeret.",
            f"select * from {_TABLE} where is_active and is_without_owner",
            severity="warn",
            rule_id="A15",
        ),
        rows(
            f"{_TABLE}.parties_differ",
            "Registeret over parter har et annet antall enn avtalen oppgis å ha.",
            f"select * from {_TABLE} where party_count_difference <> 0",
            severity="warn",
            rule_id="C04",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Omsetningen er ikke summen av linjene på avtalen til og med dagen.",
            ("agreement_id",),
            f"select agreement_id, turnover_nok as nok from {_TABLE} where turnover_nok <> 0",
            "select line.agreement_id, line.amount_nok as nok from fct_spend_line as line "
            f"cross join (select max(as_of_date) as day from {_TABLE}) as as_of "
            "where line.agreement_id is not null and line.decisive_date <= as_of.day "
            "and line.loyalty_class in ('on_agreement', 'voluntary')",
            rule_id="A13",
        ),
    ),
)
