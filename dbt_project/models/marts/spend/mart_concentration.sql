{# Shares are of what suppliers with a positive sum sold: one in credit has no share of anything, is
   counted beside, and does not make the others larger than the whole. #}
with
    cells as (
        select * from {{ ref("int_spend_cells__defined") }} where level in ('category', 'all')
    ),

    limits as (select * from {{ ref("concentration_limit") }}),

    categories as (select * from {{ ref("dim_category") }}),

    placed as (
        select
            cells.*,
            limits.pareto_share,
            limits.tail_limit_nok,
            cells.spend_nok > 0 as is_positive,
            sum(case when cells.spend_nok > 0 then cells.spend_nok else 0 end) over (
                partition by cells.definition_id, cells.year, cells.group_id
            ) as positive_nok,
            sum(case when cells.spend_nok > 0 then cells.spend_nok else 0 end) over (
                partition by cells.definition_id, cells.year, cells.group_id
                order by cells.spend_nok desc nulls last, cells.supplier_id
                rows between unbounded preceding and current row
            )
            - case when cells.spend_nok > 0 then cells.spend_nok else 0 end as larger_nok,
            row_number() over (
                partition by cells.definition_id, cells.year, cells.group_id
                order by cells.spend_nok desc nulls last, cells.supplier_id
            ) as place
        from cells
        left join
            limits
            on limits.valid_from <= make_date(cells.year, 12, 31)
            and limits.valid_to >= make_date(cells.year, 12, 31)
    ),

    -- One is needed for the Pareto share while the larger ones have not reached it.
    judged as (
        select
            placed.*,
            is_positive and spend_nok < tail_limit_nok as is_tail,
            is_positive
            and {{ to_ore("larger_nok") }} * 10000
            < {{ to_ore("positive_nok") }} * {{ whole("pareto_share * 10000") }} as is_pareto,
            case
                when is_positive then {{ to_ore("spend_nok") }} * {{ to_ore("spend_nok") }} else 0
            end as squared_ore
        from placed
    ),

    summed as (
        select
            year,
            definition_id,
            group_id as category_id,
            count(*) as supplier_count,
            sum(case when is_positive then 1 else 0 end) as positive_supplier_count,
            sum(spend_nok) as spend_nok,
            max(positive_nok) as positive_nok,
            sum(document_count) as document_count,
            sum(case when is_positive then document_count else 0 end) as positive_document_count,
            sum(squared_ore) as squared_ore,
            max(pareto_share) as pareto_share,
            sum(case when is_pareto then 1 else 0 end) as pareto_supplier_count,
            max(tail_limit_nok) as tail_limit_nok,
            sum(case when is_tail then 1 else 0 end) as tail_supplier_count,
            sum(case when is_tail then document_count else 0 end) as tail_document_count,
            sum(case when is_tail then spend_nok else 0 end) as tail_nok,
            max(case when place = 1 and is_positive then supplier_id end) as largest_supplier_id,
            max(case when place = 1 and is_positive then spend_nok end) as largest_nok
        from judged
        group by year, definition_id, group_id
    )

select
    summed.year,
    summed.definition_id,
    summed.category_id,
    coalesce(categories.name, 'Alle kategorier') as category_name,
    cast(summed.supplier_count as bigint) as supplier_count,
    cast(summed.positive_supplier_count as bigint) as positive_supplier_count,
    cast(summed.spend_nok as decimal(18, 2)) as spend_nok,
    cast(summed.positive_nok as decimal(18, 2)) as positive_nok,
    cast(summed.spend_nok - summed.positive_nok as decimal(18, 2)) as negative_nok,
    10000
    * cast(summed.squared_ore as double)
    / nullif(
        cast({{ to_ore("summed.positive_nok") }} as double)
        * cast({{ to_ore("summed.positive_nok") }} as double),
        0
    ) as hhi,
    cast(summed.pareto_share as double) as pareto_share,
    cast(summed.pareto_supplier_count as bigint) as pareto_supplier_count,
    {{ share("summed.pareto_supplier_count", "summed.positive_supplier_count") }}
    as pareto_supplier_share,
    summed.tail_limit_nok,
    cast(summed.tail_supplier_count as bigint) as tail_supplier_count,
    {{ share("summed.tail_supplier_count", "summed.positive_supplier_count") }}
    as tail_supplier_share,
    cast(summed.tail_document_count as bigint) as tail_document_count,
    cast(summed.positive_document_count as bigint) as positive_document_count,
    {{ share("summed.tail_document_count", "summed.positive_document_count") }}
    as tail_document_share,
    cast(summed.tail_nok as decimal(18, 2)) as tail_nok,
    {{ share("summed.tail_nok", "summed.positive_nok") }} as tail_spend_share,
    summed.largest_supplier_id,
    cast(summed.largest_nok as decimal(18, 2)) as largest_nok,
    {{ share("summed.largest_nok", "summed.positive_nok") }} as largest_share,
    cast(summed.document_count as bigint) as document_count
from summed
left join categories on categories.category_id = summed.category_id
