-- What each line bought: which item, how many, in which unit. Freight, discounts and postings
-- without
-- an invoice have no item. A credited quantity is negative, however the document writes it.
with
    lines as (
        select *
        from {{ ref("int_spend_lines__enriched") }}
        where is_in_population and line_kind = 'line' and item_key is not null
    ),

    quantities as (select * from {{ ref("stg_ehf__lines") }} where quantity <> 0)

select
    lines.spend_line_id,
    lines.year,
    lines.decisive_date,
    lines.supplier_id,
    lines.category_id,
    upper(trim(lines.item_key)) as item_key,
    upper(trim(quantities.standard_item_id)) as standard_item_id,
    lines.item_name,
    coalesce(quantities.unit_code, '') as unit_code,
    cast(
        case
            when lines.amount_nok < 0 then - abs(quantities.quantity) else abs(quantities.quantity)
        end as decimal(18, 6)
    ) as quantity,
    lines.amount_nok
from lines
inner join
    quantities
    on quantities.document_id = lines.document_id
    and quantities.source_row = lines.source_row
    and quantities.source_sha256 = lines.source_sha256
