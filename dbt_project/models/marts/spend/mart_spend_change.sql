{# quantity = last year's price on this year's quantity, less last year's spend; price = the rest up
   to this year's spend. So each row's five parts are its change, to the øre. #}
with
    items as (select * from {{ ref("int_items__compared") }}),

    categories as (select * from {{ ref("dim_category") }}),

    repriced as (
        select
            items.*,
            case
                when comparison = 'matched'
                then
                    {{
                        convert_rounded(
                            "previous_nok",
                            whole("cast(current_quantity as decimal(38, 6)) * 1000000"),
                            whole("cast(previous_quantity as decimal(38, 6)) * 1000000"),
                        )
                    }}
            end as repriced_nok
        from items
    ),

    levelled as (
        select repriced.*, category_id as group_id
        from repriced
        union all
        select repriced.*, '*' as group_id
        from repriced
    ),

    summed as (
        select
            year,
            definition_id,
            group_id,
            sum(previous_nok) as previous_nok,
            sum(current_nok) as current_nok,
            sum(case when comparison = 'new' then current_nok - previous_nok else 0 end) as new_nok,
            sum(
                case when comparison = 'lost' then current_nok - previous_nok else 0 end
            ) as lost_nok,
            sum(
                case when comparison = 'matched' then current_nok - repriced_nok else 0 end
            ) as price_nok,
            sum(
                case when comparison = 'matched' then repriced_nok - previous_nok else 0 end
            ) as quantity_nok,
            sum(case when comparison = 'mix' then current_nok - previous_nok else 0 end) as mix_nok,
            count(distinct case when comparison = 'new' then supplier_id end) as new_suppliers,
            count(distinct case when comparison = 'lost' then supplier_id end) as lost_suppliers,
            sum(case when comparison = 'matched' then 1 else 0 end) as matched_items,
            sum(case when comparison = 'matched' then current_nok else 0 end) as matched_nok,
            sum(case when current_nok > 0 then current_nok else 0 end) as positive_nok
        from levelled
        group by year, definition_id, group_id
    )

select
    summed.year,
    summed.definition_id,
    summed.group_id as category_id,
    coalesce(categories.name, 'Alle kategorier') as category_name,
    cast(summed.previous_nok as decimal(18, 2)) as previous_nok,
    cast(summed.current_nok as decimal(18, 2)) as current_nok,
    cast(summed.current_nok - summed.previous_nok as decimal(18, 2)) as change_nok,
    cast(summed.new_nok as decimal(18, 2)) as new_suppliers_nok,
    cast(summed.lost_nok as decimal(18, 2)) as lost_suppliers_nok,
    cast(summed.price_nok as decimal(18, 2)) as price_nok,
    cast(summed.quantity_nok as decimal(18, 2)) as quantity_nok,
    cast(summed.mix_nok as decimal(18, 2)) as mix_nok,
    cast(summed.new_suppliers as bigint) as new_supplier_count,
    cast(summed.lost_suppliers as bigint) as lost_supplier_count,
    cast(summed.matched_items as bigint) as matched_item_count,
    cast(summed.matched_nok as decimal(18, 2)) as matched_nok,
    cast(summed.positive_nok as decimal(18, 2)) as positive_nok,
    {{ share("summed.matched_nok", "summed.positive_nok") }} as matched_share
from summed
left join categories on categories.category_id = summed.group_id
