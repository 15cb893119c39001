"""The suite of `mart_supplier_risk` (A13): each number behind a supplier's risk."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, key, no_orphans, not_null, rows

_TABLE = "mart_supplier_risk"
_SHARES = {
    "spend_share": ("spend_nok", "total_nok"),
    "turnover_share": ("spend_nok", "turnover_nok"),
    "largest_category_share": ("largest_share_nok", "largest_share_category_nok"),
}

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "supplier_id": "text",
                "supplier_name": "text",
                "definition_id": "text",
                "spend_nok": "money",
                "total_nok": "money",
                "spend_share": "share",
                "turnover_nok": "money",
                "turnover_share": "share",
                "category_count": "integer",
                "largest_share_category_id": "text",
                "largest_share_nok": "money",
                "largest_share_category_nok": "money",
                "largest_category_share": "share",
                "sole_category_count": "integer",
                "sole_category_nok": "money",
                "one_left_category_count": "integer",
                "is_in_entity_register": "boolean",
                "is_vat_registered": "boolean",
                "is_bankrupt": "boolean",
                "bankruptcy_date": "date",
                "is_winding_up": "boolean",
                "winding_up_date": "date",
                "is_forced_winding_up": "boolean",
                "forced_winding_up_date": "date",
                "deletion_date": "date",
                "price_item_count": "integer",
                "price_observed_nok": "money",
                "price_variation": "share",
                "ending_agreement_count": "integer",
                "next_agreement_end_date": "date",
                "reported_deviation_count": "integer",
                "open_deviation_count": "integer",
                "open_high_count": "integer",
                "open_medium_count": "integer",
                "open_low_count": "integer",
                "open_unrated_count": "integer",
                "open_claim_nok": "money",
                "control_count": "integer",
                "finding_count": "integer",
                "serious_finding_count": "integer",
                "open_followup_count": "integer",
                "overdue_followup_count": "integer",
            },
        ),
        *key(_TABLE, "year", "supplier_id"),
        not_null(_TABLE, "spend_nok"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "largest_share_category_id", "dim_category"),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        between(_TABLE, "price_variation", 0, None),
        between(_TABLE, "largest_category_share", 0, 1),
        *(
            rows(
                f"{_TABLE}.{column}_is_quotient",
                f"«{column}» er ikke {over} delt på {under}.",
                f"""
                select * from {_TABLE}
                where ({column} is null) <> (coalesce({under}, 0) <= 0)
                    or abs({column} - cast({over} as double) / nullif(cast({under} as double), 0))
                    > 1e-9
                """,
                rule_id="A13",
            )
            for column, (over, under) in _SHARES.items()
        ),
        rows(
            f"{_TABLE}.one_total_a_year",
            "Kommunens forbruk i året er ikke summen av leverandørenes.",
            f"select year from {_TABLE} group by year "
            "having min(total_nok) <> max(total_nok) or sum(spend_nok) <> max(total_nok)",
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.only_supplier_is_the_only_one",
            "Leverandøren er ikke den eneste i så mange kategorier, eller forbruket er et annet.",
            f"""
            with sold as (
                select year, category_id, supplier_id, sum(amount_nok) as nok from fct_spend_line
                where category_id <> 'unknown'
                group by year, category_id, supplier_id having sum(amount_nok) > 0
            ),
            sole as (
                select year, max(supplier_id) as supplier_id, sum(nok) as nok from sold
                group by year, category_id having count(*) = 1
            ),
            counted as (
                select year, supplier_id, count(*) as categories, sum(nok) as nok from sole
                group by year, supplier_id
            )
            select risk.year, risk.supplier_id from {_TABLE} as risk
            left join counted on counted.year = risk.year
                and counted.supplier_id = risk.supplier_id
            where risk.sole_category_count <> coalesce(counted.categories, 0)
                or risk.sole_category_nok <> coalesce(counted.nok, 0)
                or risk.one_left_category_count > risk.sole_category_count
                or risk.sole_category_count > risk.category_count
            """,
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.variation_has_items",
            "Prissvingning uten varer den er regnet av, eller varer uten prissvingning.",
            f"select * from {_TABLE} where (price_variation is null) <> (price_item_count = 0)",
            rule_id="A13",
        ),
        rows(
            f"{_TABLE}.severities_add_up",
            "De åpne avvikene er ikke summen av alvorlighetene.",
            f"select * from {_TABLE} where open_deviation_count "
            "<> open_high_count + open_medium_count + open_low_count + open_unrated_count",
            rule_id="A14",
        ),
        rows(
            f"{_TABLE}.open_deviations_as_listed",
            "De åpne avvikene er ikke de som er åpne i mart_deviation.",
            f"""
            select risk.year, risk.supplier_id from {_TABLE} as risk
            left join mart_deviation as deviation
                on deviation.supplier_id = risk.supplier_id and deviation.is_open
            group by risk.year, risk.supplier_id, risk.open_deviation_count, risk.open_claim_nok
            having count(deviation.deviation_id) <> risk.open_deviation_count
                or coalesce(sum(coalesce(deviation.claim_nok, 0)
                    + coalesce(deviation.dagbot_nok, 0)), 0) <> risk.open_claim_nok
            """,
            rule_id="A14",
        ),
        rows(
            f"{_TABLE}.parts_within_counts",
            "En del er større enn det hele: funn av kontroller, eller passerte frister.",
            f"select * from {_TABLE} where finding_count > control_count "
            "or serious_finding_count > finding_count "
            "or overdue_followup_count > open_followup_count",
            rule_id="E21",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Leverandørene blir ikke forbruket i året.",
            ("year", "supplier_id"),
            f"select year, supplier_id, spend_nok as nok from {_TABLE}",
            "select year, supplier_id, amount_nok as nok from fct_spend_line",
        ),
    ),
)
