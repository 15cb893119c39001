-- Whether an invoice counts by itself, as the detail of a ledger's postings, or not at all since
-- the
-- ledger stands in its place.
with
    documents as (select * from {{ ref("int_documents__converted") }}),

    matched as (select * from {{ ref("int_postings__matched") }}),

    postings as (select * from {{ ref("int_posting_documents") }}),

    units as (select * from {{ ref("int_posting_documents__placed") }}),

    buyers as (select * from {{ ref("int_buyers__ledgers") }}),

    run_context as (select * from {{ ref("stg_inputs__run_context") }})

select
    documents.document_id,
    documents.source_sha256,
    coalesce(
        postings.entity_id,
        buyers.entity_id,
        documents.buyer_orgnr,
        run_context.municipality_orgnr,
        'unknown'
    ) as entity_id,
    case
        when postings.posting_document_id is not null
        then 'ledger'
        when buyers.entity_id is not null
        then 'replaced'
        else 'invoice'
    end as spend_source,
    coalesce(postings.year, cast(extract(year from documents.issue_date) as integer)) as year,
    postings.posting_date,
    postings.posting_document_id,
    matched.match_kind,
    units.unit_id as ledger_unit_id,
    documents.line_total_nok,
    documents.is_unconverted
from documents
cross join run_context
left join matched on matched.document_id = documents.document_id
left join postings on postings.posting_document_id = matched.posting_document_id
left join units on units.posting_document_id = matched.posting_document_id
left join
    buyers
    on buyers.buyer_orgnr = coalesce(documents.buyer_orgnr, '')
    and buyers.year = extract(year from documents.issue_date)
