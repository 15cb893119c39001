{{ config(materialized="view") }}

-- The parts with what their document is, and what its supplier is called.
select
    parts.year,
    parts.document_id,
    coalesce(documents.document_kind, posted.document_kind) as document_kind,
    parts.supplier_id,
    coalesce(documents.supplier_name_id, posted.supplier_name_id) as supplier_name_id,
    parts.unit_id,
    parts.sector,
    parts.category_id,
    parts.component,
    parts.component_bit,
    parts.has_purchase,
    parts.amount_nok,
    parts.vat_nok
from {{ ref("int_spend_parts") }} as parts
left join
    {{ ref("int_documents__converted") }} as documents on documents.document_id = parts.document_id
left join
    {{ ref("int_spend_documents__posted") }} as posted
    on posted.document_id = parts.document_id
    and posted.year = parts.year
    and posted.supplier_id = parts.supplier_id
