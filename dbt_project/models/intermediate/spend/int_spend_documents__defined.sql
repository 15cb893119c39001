{# One row per definition, supplier as the definition counts it, and document. Postings without an
   invoice are documents too; what a ledger holds beside purchases is in no definition. #}
with
    definitions as (select * from {{ ref("dim_spend_definition") }}),

    documents as (select * from {{ ref("int_documents__converted") }}),

    postings as (
        select posting_document_id, min(supplier_name_id) as supplier_name_id
        from {{ ref("int_postings") }}
        where posting_document_id is not null
        group by posting_document_id
    ),

    inside as (select * from {{ ref("fct_spend_line") }}),

    outside as (
        select *
        from {{ ref("fct_outside_population_line") }}
        where population_reason in ('public_body', 'internal')
    ),

    sums as (
        select
            document_id,
            year,
            supplier_id,
            false as is_outside,
            max(document_number) as document_number,
            sum(amount_nok) as amount_nok
        from inside
        group by document_id, year, supplier_id
        union all
        select
            document_id,
            year,
            supplier_id,
            true as is_outside,
            max(document_number) as document_number,
            sum(amount_nok) as amount_nok
        from outside
        group by document_id, year, supplier_id
    )

select
    definitions.definition_id,
    sums.year,
    case
        when definitions.merges_suppliers
        then sums.supplier_id
        else coalesce(documents.supplier_name_id, postings.supplier_name_id, 'unknown')
    end as supplier_id,
    sums.document_id,
    -- A posting with an invoice's number and a cost is taken for an invoice.
    case
        when documents.document_id is not null
        then documents.document_kind
        when sums.document_number is not null and sums.amount_nok > 0
        then 'invoice'
        else 'posting'
    end as document_kind,
    cast(sums.amount_nok as decimal(18, 2)) as amount_nok
from sums
left join documents on documents.document_id = sums.document_id
left join postings on postings.posting_document_id = sums.document_id
inner join definitions on definitions.includes_public_and_internal or not sums.is_outside
