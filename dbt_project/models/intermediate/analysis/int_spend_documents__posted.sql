{# What each document that was not read as an invoice is, and what its supplier is called where
   suppliers are not merged. Postings without an invoice are documents too; one with an invoice's
   number and a cost is an invoice. #}
with
    parts as (select * from {{ ref("int_spend_parts") }}),

    read_documents as (select document_id from {{ ref("int_documents__converted") }}),

    postings as (
        select
            coalesce(posting_document_id, spend_line_id) as document_id,
            min(supplier_name_id) as supplier_name_id
        from {{ ref("int_postings") }}
        group by coalesce(posting_document_id, spend_line_id)
    ),

    summed as (
        select
            parts.year,
            parts.document_id,
            parts.supplier_id,
            max(case when parts.has_number then 1 else 0 end) = 1 as has_number,
            sum(parts.amount_nok) as amount_nok
        from parts
        left join read_documents on read_documents.document_id = parts.document_id
        where read_documents.document_id is null
        group by parts.year, parts.document_id, parts.supplier_id
    )

select
    summed.year,
    summed.document_id,
    summed.supplier_id,
    coalesce(postings.supplier_name_id, 'unknown') as supplier_name_id,
    case
        when summed.has_number and summed.amount_nok > 0 then 'invoice' else 'posting'
    end as document_kind
from summed
left join postings on postings.document_id = summed.document_id
