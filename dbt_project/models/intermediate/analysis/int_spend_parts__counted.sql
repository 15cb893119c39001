{{ config(materialized="view") }}

-- The same parts under both ways of counting suppliers: merged by orgnr, and as the names stand.
with
    parts as (select * from {{ ref("int_spend_parts") }}),

    named as (select * from {{ ref("int_spend_documents__named") }}),

    joined as (
        select parts.*, named.supplier_name_id, named.document_kind
        from parts
        inner join
            named
            on named.document_id = parts.document_id
            and named.year = parts.year
            and named.supplier_id = parts.supplier_id
    ),

    counted as (
        select joined.*, true as merges_suppliers, supplier_id as counted_id
        from joined
        union all
        select joined.*, false as merges_suppliers, supplier_name_id as counted_id
        from joined
    )

select
    year,
    merges_suppliers,
    counted_id,
    document_id,
    document_kind,
    unit_id,
    category_id,
    component,
    component_bit,
    has_purchase,
    amount_nok,
    vat_nok
from counted
