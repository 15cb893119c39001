"""The suite of `mart_agreement_turnover`: what was bought on each agreement."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, between, columns, key, no_orphans, not_null, rows

_TABLE = "mart_agreement_turnover"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "quarter": "integer",
                "agreement_id": "text",
                "agreement_title": "text",
                "lead_buyer": "text",
                "supplier_id": "text",
                "category_id": "text",
                "definition_id": "text",
                "turnover_nok": "money",
                "wrong_zone_nok": "money",
                "document_count": "integer",
                "line_count": "integer",
                "unit_count": "integer",
            },
        ),
        *key(_TABLE, "year", "quarter", "agreement_id", "supplier_id", "category_id"),
        between(_TABLE, "quarter", 1, 4),
        not_null(_TABLE, "definition_id"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        rows(
            f"{_TABLE}.lead_buyer_is_the_agreements",
            "Oppdragsgiveren er ikke avtalens.",
            f"select turnover.* from {_TABLE} as turnover inner join dim_agreement as agreement "
            "on agreement.agreement_id = turnover.agreement_id "
            "where turnover.lead_buyer is distinct from agreement.lead_buyer",
            rule_id="E20",
        ),
        rows(
            f"{_TABLE}.counts_are_positive",
            "En rad har ingen linjer, dokumenter eller enheter, eller flere dokumenter enn linjer.",
            f"select * from {_TABLE} where line_count < 1 or document_count < 1 "
            "or unit_count < 1 or document_count > line_count",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Omsetningen er ikke summen av linjene på avtalen.",
            ("year", "agreement_id", "supplier_id", "category_id"),
            "select year, agreement_id, supplier_id, category_id, turnover_nok as nok "
            f"from {_TABLE}",
            "select year, agreement_id, supplier_id, category_id, amount_nok as nok "
            "from fct_spend_line where agreement_id is not null "
            "and loyalty_class in ('on_agreement', 'voluntary')",
            rule_id="A13",
        ),
        SumsTo(
            f"{_TABLE}.wrong_zone_sums_to_lines",
            "Kjøpet i feil sone er ikke summen av linjene.",
            ("year", "agreement_id", "supplier_id", "category_id"),
            "select year, agreement_id, supplier_id, category_id, wrong_zone_nok as nok "
            f"from {_TABLE}",
            "select year, agreement_id, supplier_id, category_id, amount_nok as nok "
            "from fct_spend_line where agreement_id is not null "
            "and loyalty_class = 'wrong_zone'",
        ),
    ),
)
