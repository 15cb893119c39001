{# One year's purchases beside the year before, item by item: same supplier, category, item and unit
   of measure, at a unit price that is not too far off (a slip, or another thing under the same
   name). What has no item, unit of measure or quantity stays on a row without. Only years
   whose year before has spend; the supplier is new or lost when all of the municipality's default
   definition has nothing of it in the other year. #}
with
    components as (
        select components.*
        from {{ ref("int_definitions__components") }} as components
        inner join
            {{ ref("dim_spend_definition") }} as definitions
            on definitions.definition_id = components.definition_id
        where definitions.is_default
    ),

    limits as (
        select value as largest_ratio, valid_from, valid_to
        from {{ ref("price_change_rule") }}
        where rule = 'largest_ratio'
    ),

    items as (
        select
            lines.year,
            components.definition_id,
            lines.supplier_id,
            lines.category_id,
            case
                when lines.unit_code is not null and lines.quantity is not null then lines.item_key
            end as item_key,
            case
                when lines.item_key is not null and lines.quantity is not null then lines.unit_code
            end as unit_code,
            sum(lines.amount_nok) as amount_nok,
            sum(lines.quantity) as quantity
        from {{ ref("int_spend_lines__measured") }} as lines
        inner join components on components.component = lines.component
        where not lines.is_vat_posting
        group by 1, 2, 3, 4, 5, 6
    ),

    years as (select distinct year from items),

    compared_years as (
        select years.year from years inner join years as previous on previous.year + 1 = years.year
    ),

    sides as (
        select items.*, items.year as compared_year, true as is_current
        from items
        union all
        select items.*, items.year + 1 as compared_year, false as is_current
        from items
    ),

    paired as (
        select
            sides.compared_year as year,
            sides.definition_id,
            sides.supplier_id,
            sides.category_id,
            sides.item_key,
            sides.unit_code,
            sum(case when is_current then 1 else 0 end) as current_rows,
            sum(case when is_current then 0 else 1 end) as previous_rows,
            sum(case when is_current then amount_nok else 0 end) as current_nok,
            sum(case when is_current then 0 else amount_nok end) as previous_nok,
            sum(case when is_current then quantity end) as current_quantity,
            sum(case when is_current then null else quantity end) as previous_quantity
        from sides
        inner join compared_years on compared_years.year = sides.compared_year
        group by 1, 2, 3, 4, 5, 6
    ),

    known as (
        select
            paired.*,
            sum(current_rows) over (partition by year, supplier_id) > 0 as bought_now,
            sum(previous_rows) over (partition by year, supplier_id) > 0 as bought_before
        from paired
    )

select
    year,
    definition_id,
    supplier_id,
    category_id,
    item_key,
    unit_code,
    cast(current_nok as decimal(18, 2)) as current_nok,
    cast(previous_nok as decimal(18, 2)) as previous_nok,
    current_quantity,
    previous_quantity,
    case
        when not bought_before
        then 'new'
        when not bought_now
        then 'lost'
        when
            item_key is not null
            and current_nok > 0
            and previous_nok > 0
            and current_quantity > 0
            and previous_quantity > 0
            and cast(current_nok as double) * cast(previous_quantity as double)
            <= cast(limits.largest_ratio as double)
            * cast(previous_nok as double)
            * cast(current_quantity as double)
            and cast(previous_nok as double) * cast(current_quantity as double)
            <= cast(limits.largest_ratio as double)
            * cast(current_nok as double)
            * cast(previous_quantity as double)
        then 'matched'
        else 'mix'
    end as comparison
from known
left join
    limits
    on limits.valid_from <= make_date(known.year, 12, 31)
    and limits.valid_to >= make_date(known.year, 12, 31)
