-- What a ledger's posting line becomes: a spend line (posting), part of an invoice that details it
-- (no line; what the invoice's lines leave is the residual, on the largest posting), or outside.
with
    postings as (select * from {{ ref("int_postings") }} where not is_unconverted),

    documents as (select * from {{ ref("int_posting_documents") }}),

    matched as (select * from {{ ref("int_postings__matched") }}),

    invoices as (select * from {{ ref("int_documents__converted") }}),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    joined as (
        select
            postings.*,
            matched.document_id as invoice_document_id,
            documents.posting_nok - invoices.line_total_nok as residual_nok,
            documents.main_sha256 = postings.source_sha256
            and documents.main_row = postings.source_row as is_main,
            case
                when suppliers.is_internal or postings.supplier_orgnr = postings.entity_id
                then 'internal'
                when suppliers.is_public_body
                then 'public_body'
            end as supplier_reason
        from postings
        left join documents on documents.posting_document_id = postings.posting_document_id
        left join matched on matched.posting_document_id = postings.posting_document_id
        left join invoices on invoices.document_id = matched.document_id
        left join suppliers on suppliers.supplier_id = postings.supplier_id
    ),

    fated as (
        select
            joined.*,
            'posting' as line_kind,
            '' as suffix,
            posting_document_id as document_id,
            net_nok as line_nok,
            supplier_reason as population_reason
        from joined
        where is_purchase and invoice_document_id is null
        union all
        select
            joined.*,
            'residual' as line_kind,
            '-R' as suffix,
            invoice_document_id as document_id,
            residual_nok as line_nok,
            supplier_reason as population_reason
        from joined
        where is_purchase and is_main and invoice_document_id is not null and residual_nok <> 0
        union all
        select
            joined.*,
            'posting' as line_kind,
            '-MVA' as suffix,
            posting_document_id as document_id,
            amount_nok - net_nok as line_nok,
            'vat' as population_reason
        from joined
        where is_purchase and amount_nok <> net_nok
        union all
        select
            joined.*,
            'posting' as line_kind,
            '' as suffix,
            spend_line_id as document_id,
            amount_nok as line_nok,
            posting_reason as population_reason
        from joined
        where not is_purchase
    )

select
    spend_line_id || suffix as spend_line_id,
    source_sha256,
    source_row,
    document_id,
    line_kind,
    entity_id,
    year,
    posting_date,
    invoice_date,
    valued_date,
    supplier_id,
    supplier_name_id,
    invoice_number,
    order_number,
    contract_reference,
    account,
    kostra_art,
    account_name,
    vat_evidence,
    currency,
    case
        when line_kind = 'posting' and suffix = '' and vat_evidence <> 'gross_less_vat' then amount
    end as amount,
    cast(line_nok as decimal(18, 2)) as amount_nok,
    population_reason
from fated
