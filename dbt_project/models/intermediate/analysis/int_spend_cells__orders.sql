{# How many orders of each supplier a unit or a sector has lines from, by the parts of spend that the
   order's lines there are in: as int_spend_cells__documents, for lines matched to an order. #}
with
    lines as (select * from {{ ref("int_spend_lines__measured") }} where order_id is not null),

    named as (select * from {{ ref("int_spend_documents__named") }}),

    components as (select * from {{ ref("spend_component") }}),

    units as (select * from {{ ref("dim_unit") }}),

    placed as (
        select
            lines.year,
            lines.supplier_id,
            named.supplier_name_id,
            lines.unit_id,
            coalesce(units.sector, 'Ukjent') as sector,
            lines.order_id,
            components.component_bit
        from lines
        inner join components on components.component = lines.component
        inner join
            named
            on named.document_id = lines.document_id
            and named.year = lines.year
            and named.supplier_id = lines.supplier_id
        left join
            units
            on units.unit_id = lines.unit_id
            and units.valid_from <= lines.decisive_date
            and lines.decisive_date < units.valid_to
    ),

    levelled as (
        select placed.*, 'unit' as level, unit_id as group_id
        from placed
        union all
        select placed.*, 'sector' as level, sector as group_id
        from placed
    ),

    orders as (
        select
            level,
            group_id,
            year,
            supplier_id,
            supplier_name_id,
            order_id,
            cast(sum(distinct component_bit) as integer) as mask
        from levelled
        group by level, group_id, year, supplier_id, supplier_name_id, order_id
    )

select level, group_id, year, supplier_id, supplier_name_id, mask, count(*) as order_count
from orders
group by level, group_id, year, supplier_id, supplier_name_id, mask
