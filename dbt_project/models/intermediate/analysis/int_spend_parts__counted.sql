{{ config(materialized="view") }}

-- The same parts under both ways of counting suppliers: merged by orgnr, and as the names stand.
with
    parts as (select * from {{ ref("int_spend_parts__named") }}),

    counted as (
        select parts.*, true as merges_suppliers, supplier_id as counted_id
        from parts
        union all
        select parts.*, false as merges_suppliers, supplier_name_id as counted_id
        from parts
    )

select
    year,
    merges_suppliers,
    counted_id,
    document_id,
    document_kind,
    component,
    component_bit,
    has_purchase,
    amount_nok,
    vat_nok
from counted
