"""The suite of `mart_spend_source`: does the spend build on a ledger or on invoices?"""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    between,
    columns,
    in_set,
    key,
    not_null,
    rows,
)

_TABLE = "mart_spend_source"
# More unmatched than this, of the ledger's purchases, and the ledger is hardly all of the year.
UNMATCHED_LIMIT = 0.2


def _documents(spend_source: str) -> str:
    return (
        "select year, entity_id, coalesce(tax_exclusive_nok, 0) as nok from fct_document "
        f"where spend_source = '{spend_source}'"
    )


SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "entity_id": "text",
                "entity_name": "text",
                "spend_source": "text",
                "ledger_kind": "text",
                "spend_nok": "money",
                "posting_count": "integer",
                "posting_nok": "money",
                "matched_nok": "money",
                "detail_nok": "money",
                "residual_nok": "money",
                "unmatched_posting_count": "integer",
                "unmatched_posting_nok": "money",
                "vat_unknown_nok": "money",
                "matched_invoice_count": "integer",
                "matched_by_number_count": "integer",
                "unmatched_invoice_count": "integer",
                "unmatched_invoice_nok": "money",
                "invoice_count": "integer",
                "invoice_nok": "money",
                "matched_share": "share",
                "residual_share": "share",
            },
        ),
        *key(_TABLE, "year", "entity_id"),
        not_null(_TABLE, "spend_source"),
        in_set(_TABLE, "spend_source", ("ledger", "invoice")),
        in_set(_TABLE, "ledger_kind", ("saft", "general_ledger", "supplier_ledger", "payments")),
        between(_TABLE, "unmatched_posting_count", 0, None),
        rows(
            f"{_TABLE}.postings_add_up",
            "Postene i regnskapet er ikke dem med faktura pluss dem uten, eller de med faktura er "
            "ikke fakturaenes linjer pluss resten.",
            f"select * from {_TABLE} where posting_nok <> matched_nok + unmatched_posting_nok "
            "or matched_nok <> detail_nok + residual_nok",
        ),
        rows(
            f"{_TABLE}.one_source",
            "Fakturaer teller selv i et år der den juridiske enheten har regnskap, eller poster i "
            "et år uten.",
            f"select * from {_TABLE} where (spend_source = 'ledger' and invoice_count <> 0) "
            "or (spend_source = 'invoice' "
            "and (posting_count <> 0 or unmatched_invoice_count <> 0))",
        ),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "En andel er ikke delt på beløpet av postene.",
            f"""
            select * from {_TABLE} where (posting_nok > 0) <> (matched_share is not null)
                or abs(matched_share * cast(posting_nok as double)
                    - cast(matched_nok as double)) > 0.005
                or abs(residual_share * cast(posting_nok as double)
                    - cast(residual_nok as double)) > 0.005
            """,
        ),
        rows(
            f"{_TABLE}.much_unmatched",
            "Fakturaer for mer enn en femdel av regnskapets kjøp er ikke funnet igjen i det. Er "
            "hele regnskapsåret lastet inn? Regnskapet teller for hele året.",
            f"select * from {_TABLE} where spend_source = 'ledger' and unmatched_invoice_nok > 0 "
            f"and cast(unmatched_invoice_nok as double) "
            f"> {UNMATCHED_LIMIT} * cast(posting_nok as double)",
            severity="warn",
        ),
        rows(
            f"{_TABLE}.entity_unknown",
            "Et regnskap sier ikke hvilken juridisk enhet det gjelder, og andre regnskap samme år "
            "gjør det. Er det samme enhet, teller kjøpene to ganger: sett kommunens "
            "organisasjonsnummer i innstillingene.",
            f"select unnamed.* from {_TABLE} as unnamed where unnamed.entity_id = '*' "
            f"and exists (select 1 from {_TABLE} as named where named.year = unnamed.year "
            "and named.entity_id <> '*' and named.spend_source = 'ledger')",
            severity="warn",
        ),
        rows(
            f"{_TABLE}.vat_unknown",
            "Det er ikke kjent om poster i regnskapet har merverdiavgift i seg, så forbruket kan "
            "være for høyt. Gi amount_basis, eller kolonnen for mva., i mappingen.",
            f"select * from {_TABLE} where vat_unknown_nok <> 0",
            severity="warn",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Forbruket er ikke summen av den juridiske enhetens linjer det året.",
            ("year", "entity_id", "spend_source"),
            f"select year, entity_id, spend_source, spend_nok as nok from {_TABLE}",
            "select year, entity_id, spend_source, amount_nok as nok from fct_spend_line",
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.postings_sum_to_lines",
            "Postene som er kjøp, er ikke regnskapets linjer i og utenfor populasjonen.",
            ("year", "entity_id"),
            f"select year, entity_id, posting_nok as nok from {_TABLE}",
            "select year, entity_id, amount_nok as nok from fct_spend_line "
            "where spend_source = 'ledger' union all "
            "select year, entity_id, amount_nok as nok from fct_outside_population_line "
            "where spend_source = 'ledger' and population_reason in ('public_body', 'internal')",
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.details_sum_to_documents",
            "Fakturaene som er detaljer til poster, har et annet beløp enn regnskapet sier.",
            ("year", "entity_id"),
            f"select year, entity_id, detail_nok as nok from {_TABLE}",
            _documents("ledger"),
        ),
        SumsTo(
            f"{_TABLE}.unmatched_sums_to_documents",
            "Fakturaene som ikke er funnet igjen i regnskapet, har et annet beløp.",
            ("year", "entity_id"),
            f"select year, entity_id, unmatched_invoice_nok as nok from {_TABLE}",
            _documents("replaced"),
        ),
        SumsTo(
            f"{_TABLE}.invoices_sum_to_documents",
            "Fakturaene som teller selv, har et annet beløp.",
            ("year", "entity_id"),
            f"select year, entity_id, invoice_nok as nok from {_TABLE}",
            _documents("invoice"),
        ),
    ),
)
