-- The VAT that a ledger tells apart (art 429, or taken out of gross postings), with the document
-- of the purchase it belongs to and the part of spend that the purchase is in. Accounts of the
-- balance are not among them: what is posted there says nothing about one purchase.
with
    outside as (
        select * from {{ ref("fct_outside_population_line") }} where population_reason = 'vat'
    ),

    arts as (select * from {{ ref("int_arts__judged") }} where is_compensated_vat),

    postings as (select * from {{ ref("int_postings") }}),

    documents as (
        select entity_id, year, supplier_id, invoice_key, min(posting_document_id) as document_id
        from {{ ref("int_posting_documents") }}
        where invoice_key is not null
        group by entity_id, year, supplier_id, invoice_key
    ),

    matched as (select * from {{ ref("int_postings__matched") }}),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    placed as (
        select
            outside.*, coalesce(documents.document_id, outside.document_id) as purchase_document_id
        from outside
        left join arts on arts.year = outside.year and arts.kostra_art = outside.kostra_art
        left join
            postings
            on postings.source_sha256 = outside.source_sha256
            and postings.source_row = outside.source_row
            and arts.kostra_art is not null
        left join
            documents
            on documents.entity_id = postings.entity_id
            and documents.year = postings.year
            and documents.supplier_id = postings.supplier_id
            and documents.invoice_key = postings.invoice_key
        -- VAT taken out of a posting: int_posting_lines__fated marks it in the line's ID.
        where arts.kostra_art is not null or outside.spend_line_id like '%-MVA'
    )

select
    placed.spend_line_id,
    coalesce(matched.document_id, placed.purchase_document_id) as document_id,
    placed.year,
    placed.supplier_id,
    placed.unit_id,
    placed.category_id,
    placed.decisive_date,
    case
        when suppliers.is_internal or placed.supplier_id = 'NO' || placed.entity_id
        then 'internal'
        when suppliers.is_public_body
        then 'public_body'
        else 'purchase'
    end as component,
    placed.amount_nok as vat_nok
from placed
left join matched on matched.posting_document_id = placed.purchase_document_id
left join suppliers on suppliers.supplier_id = placed.supplier_id
