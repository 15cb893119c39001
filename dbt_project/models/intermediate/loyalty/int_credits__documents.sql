-- The invoices that a document with credit lines (a credit note, or an invoice with negative lines)
-- credits: those of the same supplier whose number it names. Of several with that number the newest
-- one on or before the date named with it (or the document's own).
with
    documents as (
        select
            document_id,
            document_number,
            document_kind,
            supplier_id,
            issue_date,
            max(case when {{ is_credit_line("document_kind", "amount_nok") }} then 1 else 0 end)
            = 1 as has_credit_line
        from {{ ref("int_spend_lines__enriched") }}
        where is_in_population and line_kind = 'line' and supplier_id <> 'unknown'
        group by document_id, document_number, document_kind, supplier_id, issue_date
    ),

    named as (
        select distinct
            notes.document_id,
            notes.supplier_id,
            billing_references.referenced_number,
            coalesce(billing_references.referenced_date, notes.issue_date) as named_date
        from documents as notes
        inner join
            {{ ref("stg_ehf__billing_references") }} as billing_references
            on billing_references.document_id = notes.document_id
        where notes.has_credit_line
    ),

    ranked as (
        select
            named.document_id,
            invoices.document_id as credited_document_id,
            row_number() over (
                partition by named.document_id, named.referenced_number, named.named_date
                order by
                    case when invoices.issue_date <= named.named_date then 0 else 1 end nulls last,
                    case
                        when invoices.issue_date <= named.named_date then invoices.issue_date
                    end desc nulls last,
                    invoices.issue_date nulls last,
                    invoices.document_id nulls last
            ) as place
        from named
        inner join
            documents as invoices
            on invoices.supplier_id = named.supplier_id
            and invoices.document_number = named.referenced_number
            and invoices.document_kind = 'invoice'
            and invoices.document_id <> named.document_id
    )

select distinct document_id, credited_document_id
from ranked
where place = 1
