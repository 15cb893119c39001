"""The suite of `fct_document`: accepted invoices and credit notes.

Received invoices have been paid: arithmetic faults are flags that are shown, and never block.
"""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    columns,
    in_set,
    key,
    no_orphans,
    not_null,
    rows,
)

_TABLE = "fct_document"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "document_id": "text",
                "source_sha256": "text",
                "document_kind": "text",
                "document_number": "text",
                "profile": "text",
                "issue_date": "date",
                "due_date": "date",
                "currency": "text",
                "supplier_id": "text",
                "buyer_orgnr": "text",
                "payee_name": "text",
                "tax_exclusive_amount": "money",
                "tax_amount": "money",
                "tax_inclusive_amount": "money",
                "payable_amount": "money",
                "tax_exclusive_nok": "money",
                "is_unconverted": "boolean",
                "rule_flags": "text",
                "has_difference_line": "boolean",
                "has_rounded_amounts": "boolean",
                "entity_id": "text",
                "spend_source": "text",
                "year": "integer",
                "ledger_match": "text",
            },
        ),
        *key(_TABLE, "document_id"),
        not_null(_TABLE, "source_sha256"),
        not_null(_TABLE, "issue_date"),
        not_null(_TABLE, "currency"),
        not_null(_TABLE, "is_unconverted"),
        not_null(_TABLE, "tax_exclusive_amount"),
        not_null(_TABLE, "entity_id"),
        not_null(_TABLE, "year"),
        in_set(_TABLE, "document_kind", ("invoice", "credit_note")),
        in_set(_TABLE, "spend_source", ("invoice", "ledger", "replaced")),
        in_set(_TABLE, "ledger_match", ("invoice_number", "amount_and_date")),
        rows(
            f"{_TABLE}.match_fits_source",
            "Fakturaen sies å være detaljer til poster i et regnskap uten at det er funnet noen, "
            "eller omvendt.",
            f"select * from {_TABLE} where (spend_source = 'ledger') <> (ledger_match is not null)",
        ),
        rows(
            f"{_TABLE}.replaced_has_no_lines",
            "Regnskapet står i fakturaens sted, men linjene på den teller likevel, så kjøpet "
            "teller to ganger.",
            f"""
            select document.document_id, document.document_number, line.spend_line_id,
                line.amount_nok
            from {_TABLE} as document
            inner join (
                select document_id, spend_line_id, amount_nok from fct_spend_line
                union all
                select document_id, spend_line_id, amount_nok from fct_outside_population_line
            ) as line on line.document_id = document.document_id
            where document.spend_source = 'replaced'
            """,
        ),
        rows(
            f"{_TABLE}.unmatched",
            "Året har regnskap, men ingen post passer til fakturaen. Den er meldt, ikke lagt til: "
            "se om den er ført i et annet år, på en annen leverandør eller ikke i det hele tatt.",
            f"select document_id, document_number, issue_date, supplier_id, tax_exclusive_nok "
            f"from {_TABLE} where spend_source = 'replaced'",
            severity="warn",
        ),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "source_sha256", "mart_reconciliation"),
        rows(
            f"{_TABLE}.converted_or_not",
            "Dokumentet sies å være omregnet uten å ha et beløp i kroner, eller omvendt.",
            f"select * from {_TABLE} where is_unconverted <> (tax_exclusive_nok is null)",
        ),
        rows(
            f"{_TABLE}.kroner_are_kroner",
            "Et dokument i norske kroner har et annet beløp i kroner enn det som står på det.",
            f"select * from {_TABLE} where currency = 'NOK' "
            "and tax_exclusive_nok is distinct from tax_exclusive_amount",
        ),
        rows(
            f"{_TABLE}.arithmetic",
            "Dokumentet regner ikke riktig (feltet rule_flags sier hvilke regler som er brutt). "
            "Det er med i tallene med beløpet som står på det.",
            f"select document_id, document_number, rule_flags, source_sha256 from {_TABLE} "
            "where rule_flags is not null",
            severity="warn",
            rule_id="BR-CO",
        ),
        rows(
            f"{_TABLE}.same_document_twice",
            "To filer med ulikt innhold har samme leverandør, dokumentnummer, type, dato og beløp. "
            "Det kan være samme dokument, som da teller to ganger.",
            f"""
            select document_id, supplier_id, document_number, document_kind, issue_date,
                tax_exclusive_amount, source_sha256
            from {_TABLE}
            where document_number is not null
            window same_document as (
                partition by supplier_id, document_number, document_kind, issue_date,
                    tax_exclusive_amount
            )
            qualify min(source_sha256) over same_document <> max(source_sha256) over same_document
            """,
            severity="warn",
        ),
        rows(
            f"{_TABLE}.unconverted",
            "Det finnes ingen valutakurs for dokumentet, så beløpet er ikke med i tallene i "
            "kroner.",
            f"select document_id, document_number, issue_date, currency, tax_exclusive_amount "
            f"from {_TABLE} where is_unconverted",
            severity="warn",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.accepted_amounts",
            "Dokumentene fra filen blir ikke beløpet som ble godtatt da filen ble lest.",
            ("source_sha256",),
            f"select source_sha256, tax_exclusive_amount as nok from {_TABLE}",
            "select source_sha256, amount_accepted as nok from mart_reconciliation "
            "where kind = 'ehf_invoice' and amount_accepted is not null and status = 'accepted'",
        ),
        SumsTo(
            f"{_TABLE}.unconverted_amounts",
            "Dokumentene uten kurs blir ikke beløpet uten kurs i avstemmingen.",
            ("source_sha256",),
            f"select source_sha256, tax_exclusive_amount as nok from {_TABLE} where is_unconverted",
            "select source_sha256, coalesce(amount_unconverted, 0) as nok "
            "from mart_reconciliation where kind = 'ehf_invoice' and status = 'accepted'",
        ),
    ),
)
