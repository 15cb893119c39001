{{ config(materialized="view") }}

-- The parts with what their document is, and what its supplier is called.
select
    parts.year,
    parts.document_id,
    named.document_kind,
    parts.supplier_id,
    named.supplier_name_id,
    parts.unit_id,
    parts.sector,
    parts.category_id,
    parts.component,
    parts.component_bit,
    parts.has_purchase,
    parts.amount_nok,
    parts.vat_nok
from {{ ref("int_spend_parts") }} as parts
inner join
    {{ ref("int_spend_documents__named") }} as named
    on named.document_id = parts.document_id
    and named.year = parts.year
    and named.supplier_id = parts.supplier_id
