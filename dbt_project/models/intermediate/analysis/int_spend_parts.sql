-- Spend as coarse as the analyses of whole years allow: they are sums over these rows.
with
    lines as (select * from {{ ref("int_spend_lines__measured") }}),

    units as (select * from {{ ref("dim_unit") }}),

    components as (select * from {{ ref("spend_component") }})

select
    lines.year,
    lines.document_id,
    lines.supplier_id,
    lines.unit_id,
    coalesce(units.sector, 'Ukjent') as sector,
    lines.category_id,
    components.component,
    components.component_bit,
    max(case when lines.document_number is null then 0 else 1 end) = 1 as has_number,
    max(case when lines.is_vat_posting then 0 else 1 end) = 1 as has_purchase,
    cast(sum(lines.amount_nok) as decimal(18, 2)) as amount_nok,
    cast(sum(lines.vat_nok) as decimal(18, 2)) as vat_nok
from lines
inner join components on components.component = lines.component
left join
    units
    on units.unit_id = lines.unit_id
    and units.valid_from <= lines.decisive_date
    and lines.decisive_date < units.valid_to
group by
    lines.year,
    lines.document_id,
    lines.supplier_id,
    lines.unit_id,
    coalesce(units.sector, 'Ukjent'),
    lines.category_id,
    components.component,
    components.component_bit
