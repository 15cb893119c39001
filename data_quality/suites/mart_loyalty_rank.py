"""The suite of `mart_loyalty_rank`: who a lot's purchases go to, by supplier and rank."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, key, no_orphans, rows

_TABLE = "mart_loyalty_rank"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "agreement_id": "text",
                "lot": "text",
                "supplier_id": "text",
                "supplier_rank": "integer",
                "supplier_basis": "text",
                "spend_nok": "money",
                "rank_spend_nok": "money",
                "lot_spend_nok": "money",
                "lot_share": "share",
                "rank_share": "share",
            },
        ),
        *key(
            _TABLE, "year", "agreement_id", "lot", "supplier_id", "supplier_rank", "supplier_basis"
        ),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        rows(
            f"{_TABLE}.shares_from_rows",
            "Andelene er ikke leverandørens og rangens del av delkontrakten.",
            f"""
            select * from (
                select *,
                    sum(spend_nok) over (partition by year, agreement_id, lot) as lot_nok,
                    sum(spend_nok) over (
                        partition by year, agreement_id, lot, supplier_rank) as rank_nok
                from {_TABLE}
            ) as summed
            where lot_spend_nok <> lot_nok or rank_spend_nok <> rank_nok
                or (lot_share is null) <> (lot_nok <= 0)
                or abs(lot_share - cast(spend_nok as double) / cast(lot_nok as double)) > 1e-9
                or abs(rank_share - cast(rank_nok as double) / cast(lot_nok as double)) > 1e-9
            """,
            rule_id="A02",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Beløpene er ikke summen av linjene på avtalen, frivillige medregnet.",
            ("year", "agreement_id", "lot", "supplier_id"),
            f"select year, agreement_id, lot, supplier_id, spend_nok as nok from {_TABLE}",
            "select year, agreement_id, lot, supplier_id, amount_nok as nok from fct_spend_line "
            "where loyalty_class in ('on_agreement', 'voluntary')",
            rule_id="A02",
        ),
    ),
)
