with
    supplier_categories as (select * from {{ ref("stg_registers__supplier_categories") }}),

    categories as (select * from {{ ref("dim_category") }} where category_id <> 'unknown'),

    known as (
        select
            'NO' || supplier_categories.orgnr as supplier_id,
            categories.category_id,
            coalesce(supplier_categories.is_single_category, false) as is_single_category,
            supplier_categories.valid_from,
            supplier_categories.valid_to
        from supplier_categories
        inner join categories on categories.category_id = supplier_categories.category_id
        where supplier_categories.valid_from < supplier_categories.valid_to
    ),

    boundaries as (
        select supplier_id, valid_from as boundary
        from known
        union
        select supplier_id, valid_to
        from known
    ),

    segments as (
        select
            supplier_id,
            boundary as valid_from,
            lead(boundary) over (partition by supplier_id order by boundary) as valid_to
        from boundaries
    )

-- The stretches of time in which the register gives the supplier one category, and says it is all.
select
    segments.supplier_id,
    min(known.category_id) as category_id,
    segments.valid_from,
    segments.valid_to
from segments
inner join
    known
    on known.supplier_id = segments.supplier_id
    and known.valid_from < segments.valid_to
    and segments.valid_from < known.valid_to
group by segments.supplier_id, segments.valid_from, segments.valid_to
having
    count(distinct known.category_id) = 1
    and min(case when known.is_single_category then 1 else 0 end) = 1
