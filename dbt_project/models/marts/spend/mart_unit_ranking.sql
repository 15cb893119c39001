with
    cells as (
        select * from {{ ref("int_spend_cells__defined") }} where level in ('unit', 'sector')
    ),

    averages as (select * from {{ ref("mart_supplier_average") }}),

    units as (select * from {{ ref("dim_unit") }}),

    years as (select distinct year from cells),

    -- A unit is called what it is called at the end of the year.
    named as (
        select
            years.year,
            units.unit_id,
            units.name,
            units.sector,
            row_number() over (
                partition by years.year, units.unit_id order by units.valid_from desc nulls last
            ) as place
        from units
        cross join years
        where units.valid_from <= make_date(years.year, 12, 31)
    ),

    -- The years that orders are loaded of; in the others none were seen, which is not none placed.
    order_years as (
        select year
        from cells
        where order_count > 0
        union
        select cast(year(order_date) as integer) as year
        from {{ ref("int_orders") }}
        where order_date is not null
    ),

    summed as (
        select
            year,
            definition_id,
            level,
            group_id,
            sum(spend_nok) as spend_nok,
            sum(document_count) as document_count,
            sum(order_count) as order_count,
            count(*) as supplier_count
        from cells
        group by year, definition_id, level, group_id
    ),

    -- Equals share a rank. Shares of spend are of what the groups with a positive sum bought.
    ranked as (
        select
            summed.*,
            rank() over (
                partition by year, definition_id, level order by spend_nok desc nulls last
            ) as spend_rank,
            rank() over (
                partition by year, definition_id, level order by document_count desc nulls last
            ) as document_rank,
            sum(case when spend_nok > 0 then spend_nok else 0 end) over (
                partition by year, definition_id, level
            ) as positive_nok
        from summed
    )

select
    ranked.year,
    ranked.definition_id,
    ranked.level,
    ranked.group_id,
    coalesce(named.name, ranked.group_id) as group_name,
    case
        when ranked.level = 'sector' then ranked.group_id else coalesce(named.sector, 'Ukjent')
    end as sector,
    cast(ranked.spend_nok as decimal(18, 2)) as spend_nok,
    cast(ranked.positive_nok as decimal(18, 2)) as positive_nok,
    case
        when ranked.spend_nok > 0 then {{ share("ranked.spend_nok", "ranked.positive_nok") }}
    end as spend_share,
    cast(ranked.spend_rank as integer) as spend_rank,
    cast(ranked.document_count as bigint) as document_count,
    averages.document_count as total_document_count,
    {{ share("ranked.document_count", "averages.document_count") }} as document_share,
    cast(ranked.document_rank as integer) as document_rank,
    case
        when order_years.year is not null then cast(ranked.order_count as bigint)
    end as order_count,
    cast(ranked.supplier_count as bigint) as supplier_count
from ranked
inner join averages on averages.year = ranked.year and averages.definition_id = ranked.definition_id
left join order_years on order_years.year = ranked.year
left join
    named
    on named.unit_id = ranked.group_id
    and named.year = ranked.year
    and named.place = 1
    and ranked.level = 'unit'
