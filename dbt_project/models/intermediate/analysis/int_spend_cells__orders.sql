{# How many orders of each supplier a unit or a sector has lines from, by the parts of spend that the
   order's lines there are in: as int_spend_cells__documents, for lines matched to an order. #}
with
    lines as (select * from {{ ref("int_spend_lines__measured") }} where order_id is not null),

    documents as (select * from {{ ref("int_documents__converted") }}),

    posted as (select * from {{ ref("int_spend_documents__posted") }}),

    components as (select * from {{ ref("spend_component") }}),

    units as (select * from {{ ref("dim_unit") }}),

    placed as (
        select
            lines.year,
            lines.supplier_id,
            coalesce(documents.supplier_name_id, posted.supplier_name_id) as supplier_name_id,
            lines.unit_id,
            coalesce(units.sector, 'Ukjent') as sector,
            lines.order_id,
            components.component_bit
        from lines
        inner join components on components.component = lines.component
        left join documents on documents.document_id = lines.document_id
        left join
            posted
            on posted.document_id = lines.document_id
            and posted.year = lines.year
            and posted.supplier_id = lines.supplier_id
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
