-- The invoices that a credit note credits: those of the same supplier whose number it names. Of
-- several with that number the newest one on or before the date named with it (or the note's own).
with
    documents as (
        select distinct document_id, document_number, document_kind, supplier_id, issue_date
        from {{ ref("int_lines__judged") }}
        where line_kind = 'line' and supplier_id <> 'unknown'
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
        where notes.document_kind = 'credit_note'
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
    )

select distinct document_id, credited_document_id
from ranked
where place = 1
