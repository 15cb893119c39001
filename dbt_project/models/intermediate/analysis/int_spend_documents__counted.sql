-- Every document under both ways of counting suppliers: merged by orgnr, and as the names stand.
with
    parts as (
        select
            year,
            document_id,
            supplier_id,
            component,
            component_bit,
            max(case when has_purchase then 1 else 0 end) = 1 as has_purchase,
            sum(amount_nok) as amount_nok,
            sum(vat_nok) as vat_nok
        from {{ ref("int_spend_parts") }}
        group by year, document_id, supplier_id, component, component_bit
    ),

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

    final as (
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
    component,
    component_bit,
    has_purchase,
    amount_nok,
    vat_nok
from final
