{# Spend and documents of each active supplier at each level, by definition. A supplier is active by
   its whole year (mart_supplier_year), so that the levels add up to the same numerator. #}
with
    components as (select * from {{ ref("int_definitions__components") }}),

    amounts as (select * from {{ ref("int_spend_cells__amounts") }}),

    -- Documents and orders are counted alike.
    counts as (
        select
            level,
            group_id,
            year,
            supplier_id,
            supplier_name_id,
            mask,
            document_count,
            0 as order_count
        from {{ ref("int_spend_cells__documents") }}
        union all
        select
            level,
            group_id,
            year,
            supplier_id,
            supplier_name_id,
            mask,
            0 as document_count,
            order_count
        from {{ ref("int_spend_cells__orders") }}
    ),

    active as (select definition_id, year, supplier_id from {{ ref("mart_supplier_year") }}),

    definitions as (
        select
            definition_id, merges_suppliers, cast(sum(component_bit) as integer) as definition_mask
        from components
        group by definition_id, merges_suppliers
    ),

    masks as (
        select definitions.definition_id, definitions.merges_suppliers, present.mask
        from (select distinct mask from counts) as present
        cross join definitions
        where (present.mask & definitions.definition_mask) <> 0
    ),

    sides as (
        select
            components.definition_id,
            amounts.level,
            amounts.group_id,
            amounts.year,
            case
                when components.merges_suppliers
                then amounts.supplier_id
                else amounts.supplier_name_id
            end as supplier_id,
            amounts.amount_nok
            + case when components.with_vat then amounts.vat_nok else 0 end as spend_nok,
            0 as document_count,
            0 as order_count
        from amounts
        inner join components on components.component = amounts.component
        where components.with_vat or amounts.has_purchase
        union all
        select
            masks.definition_id,
            counts.level,
            counts.group_id,
            counts.year,
            case
                when masks.merges_suppliers then counts.supplier_id else counts.supplier_name_id
            end as supplier_id,
            0 as spend_nok,
            counts.document_count,
            counts.order_count
        from counts
        inner join masks on masks.mask = counts.mask
    )

select
    sides.definition_id,
    sides.level,
    sides.group_id,
    sides.year,
    sides.supplier_id,
    cast(sum(sides.spend_nok) as decimal(18, 2)) as spend_nok,
    cast(sum(sides.document_count) as bigint) as document_count,
    cast(sum(sides.order_count) as bigint) as order_count
from sides
inner join
    active
    on active.definition_id = sides.definition_id
    and active.year = sides.year
    and active.supplier_id = sides.supplier_id
group by sides.definition_id, sides.level, sides.group_id, sides.year, sides.supplier_id
