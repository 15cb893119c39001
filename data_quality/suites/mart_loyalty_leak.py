"""The suite of `mart_loyalty_leak`: what was bought beside the agreements, largest first."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, no_orphans, not_null, rows

_TABLE = "mart_loyalty_leak"
_KEY = ("year", "unit_id", "agreement_id", "lot", "supplier_id", "loyalty_class")

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "is_leak": "boolean",
                "leak_rank": "integer",
                "unit_id": "text",
                "agreement_id": "text",
                "lot": "text",
                "supplier_id": "text",
                "loyalty_class": "text",
                "amount_nok": "money",
                "line_count": "integer",
                "document_count": "integer",
                "first_date": "date",
                "last_date": "date",
                "right_suppliers": "text",
                "reason_nb": "text",
                "cumulative_nok": "money",
                "total_nok": "money",
                "cumulative_share": "share",
            },
        ),
        *key(_TABLE, *_KEY),
        not_null(_TABLE, "reason_nb"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        rows(
            f"{_TABLE}.class_fits",
            "Raden er ikke et kjøp ved siden av avtalen, eller is_leak er ikke det klassen sier.",
            f"select * from {_TABLE} "
            "where loyalty_class not in ('wrong_zone', 'off_agreement', 'outside_period') "
            "or is_leak <> (loyalty_class <> 'outside_period')",
            rule_id="D04",
        ),
        rows(
            f"{_TABLE}.ranked_by_amount",
            "Plassen er ikke den beløpet gir, så den største står ikke først.",
            f"""
            select * from (
                select *, rank() over (
                    partition by year, is_leak order by amount_nok desc) as least_rank,
                    count(*) over (
                        partition by year, is_leak order by amount_nok desc) as most_rank
                from {_TABLE}
            ) as ranked where leak_rank not between least_rank and most_rank
            """,
            rule_id="D04",
        ),
        rows(
            f"{_TABLE}.cumulative_from_rows",
            "Den samlede andelen er ikke regnet av radene over.",
            f"""
            select * from (
                select *,
                    sum(amount_nok) over (
                        partition by year, is_leak order by leak_rank) as sum_nok,
                    sum(amount_nok) over (partition by year, is_leak) as all_nok
                from {_TABLE}
            ) as summed
            where cumulative_nok <> sum_nok or total_nok <> all_nok
                or (cumulative_share is null) <> (all_nok <= 0)
                or abs(cumulative_share - cast(sum_nok as double) / cast(all_nok as double)) > 1e-9
            """,
            rule_id="D04",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Beløpene er ikke summen av linjene i feil sone, utenfor avtale og utenfor perioden.",
            _KEY,
            f"select {', '.join(_KEY)}, amount_nok as nok from {_TABLE}",
            f"select {', '.join(_KEY)}, amount_nok as nok from fct_spend_line "
            "where loyalty_class in ('wrong_zone', 'off_agreement', 'outside_period')",
            rule_id="D04",
        ),
    ),
)
