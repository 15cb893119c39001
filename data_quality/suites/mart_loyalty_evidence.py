"""The suite of `mart_loyalty_evidence`: what loyal purchases rest on."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, no_orphans, rows

_TABLE = "mart_loyalty_evidence"
_KEY = ("year", "agreement_id", "loyalty_class", "loyalty_evidence", "supplier_basis")

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "agreement_id": "text",
                "loyalty_class": "text",
                "evidence_rung": "integer",
                "loyalty_evidence": "text",
                "supplier_basis": "text",
                "amount_nok": "money",
                "class_nok": "money",
                "evidence_share": "share",
            },
        ),
        *key(_TABLE, *_KEY),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        in_set(_TABLE, "loyalty_class", ("on_agreement", "voluntary")),
        in_set(
            _TABLE,
            "loyalty_evidence",
            (
                "reference",
                "price_list",
                "supplier_category_zone_date",
                "credited_line",
                "spread_over_document",
            ),
        ),
        rows(
            f"{_TABLE}.shares_from_rows",
            "Andelen er ikke bevisets del av det som er på avtalen.",
            f"""
            select * from (
                select *, sum(amount_nok) over (
                    partition by year, agreement_id, loyalty_class) as all_nok
                from {_TABLE}
            ) as summed
            where class_nok <> all_nok or (evidence_share is null) <> (all_nok <= 0)
                or abs(evidence_share - cast(amount_nok as double) / cast(all_nok as double)) > 1e-9
            """,
            rule_id="A02",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Beløpene er ikke summen av linjene på avtalen med det beviset.",
            _KEY,
            f"select {', '.join(_KEY)}, amount_nok as nok from {_TABLE}",
            f"select {', '.join(_KEY)}, amount_nok as nok from fct_spend_line "
            "where loyalty_class in ('on_agreement', 'voluntary')",
            rule_id="A02",
        ),
    ),
)
