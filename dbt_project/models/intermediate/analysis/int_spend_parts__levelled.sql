{{ config(materialized="view") }}

-- The same parts seen by unit, by sector, by category, and all together.
with
    parts as (select * from {{ ref("int_spend_parts__named") }}),

    levelled as (
        select parts.*, 'unit' as level, unit_id as group_id
        from parts
        union all
        select parts.*, 'sector' as level, sector as group_id
        from parts
        union all
        select parts.*, 'category' as level, category_id as group_id
        from parts
        union all
        select parts.*, 'all' as level, '*' as group_id
        from parts
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
