-- The invoice lines and postings that give the number of a loaded order. The line's own number goes
-- before the document's; a placeholder is none.
with
    lines as (select * from {{ ref("stg_ehf__lines") }}),

    document_texts as (select * from {{ ref("stg_ehf__documents") }}),

    documents as (select * from {{ ref("int_documents__identified") }}),

    postings as (select * from {{ ref("int_postings") }} where order_number is not null),

    loaded as (select * from {{ ref("int_order_references__loaded") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    document_orders as (
        select document_texts.document_id, loaded.order_key
        from document_texts
        inner join loaded on loaded.reference = document_texts.order_reference
    ),

    named as (
        select
            lines.document_id,
            lines.source_sha256,
            lines.source_row,
            lines.order_line_reference,
            lines.sellers_item_id,
            case
                when
                    lines.order_reference is null
                    or placeholders.text_normalised is not null
                    or {{ is_filler("trim(lines.order_reference)") }}
                then document_orders.order_key
                else line_orders.order_key
            end as order_key
        from lines
        left join document_orders on document_orders.document_id = lines.document_id
        left join loaded as line_orders on line_orders.reference = lines.order_reference
        left join placeholders on placeholders.text_normalised = upper(trim(lines.order_reference))
        where document_orders.order_key is not null or line_orders.order_key is not null
    )

select
    named.document_id,
    named.source_sha256,
    named.source_row,
    named.order_key,
    documents.supplier_id,
    documents.supplier_name_id,
    documents.buyer_orgnr,
    documents.issue_date as line_date,
    named.order_line_reference,
    named.sellers_item_id
from named
inner join documents on documents.document_id = named.document_id
where named.order_key is not null
union all
select
    cast(null as {{ text_type() }}) as document_id,
    postings.source_sha256,
    postings.source_row,
    loaded.order_key,
    postings.supplier_id,
    postings.supplier_name_id,
    nullif(postings.entity_id, '*') as buyer_orgnr,
    coalesce(postings.invoice_date, postings.posting_date, postings.valued_date) as line_date,
    cast(null as {{ text_type() }}) as order_line_reference,
    cast(null as {{ text_type() }}) as sellers_item_id
from postings
inner join loaded on loaded.reference = postings.order_number
