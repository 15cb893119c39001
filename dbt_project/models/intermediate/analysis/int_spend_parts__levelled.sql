{{ config(materialized="view") }}

-- The same parts seen by unit, by sector, by category, and all together.
with
    parts as (select * from {{ ref("int_spend_parts") }}),

    named as (select * from {{ ref("int_spend_documents__named") }}),

    joined as (
        select parts.*, named.supplier_name_id
        from parts
        inner join
            named
            on named.document_id = parts.document_id
            and named.year = parts.year
            and named.supplier_id = parts.supplier_id
    ),

    levelled as (
        select joined.*, 'unit' as level, unit_id as group_id
        from joined
        union all
        select joined.*, 'sector' as level, sector as group_id
        from joined
        union all
        select joined.*, 'category' as level, category_id as group_id
        from joined
        union all
        select joined.*, 'all' as level, '*' as group_id
        from joined
    )

select
    level,
    group_id,
    year,
    supplier_id,
    supplier_name_id,
    document_id,
    component,
    component_bit,
    has_purchase,
    amount_nok,
    vat_nok
from levelled
