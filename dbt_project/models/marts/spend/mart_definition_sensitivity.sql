with
    averages as (select * from {{ ref("mart_supplier_average") }}),

    figures as (select * from {{ ref("int_published_figures__implied") }}),

    valued as (
        select
            averages.year,
            averages.definition_id,
            averages.definition_name,
            figures.*,
            cast(
                case
                    figures.measure
                    when 'numerator_nok'
                    then averages.numerator_nok
                    when 'denominator_suppliers'
                    then averages.denominator_suppliers
                    else averages.mean_nok
                end as decimal(18, 2)
            ) as value
        from averages
        cross join figures
    ),

    -- The distance to the nearer end of what was published.
    compared as (
        select
            valued.*,
            case
                when value < low_value
                then value - low_value
                when value > high_value
                then value - high_value
                when value is not null
                then 0
            end as difference,
            case when value > high_value then high_value else low_value end as nearest_value,
            coalesce(
                value >= low_value - tolerance and value <= high_value + tolerance, false
            ) as could_give
        from valued
    )

select
    year,
    definition_id,
    definition_name,
    published_id,
    rule_id,
    name_nb as published_name,
    source_nb as published_source,
    figure_set,
    measure,
    low_value as published_low,
    high_value as published_high,
    tolerance,
    implied_low,
    implied_high,
    is_consistent,
    value,
    cast(difference as decimal(18, 2)) as difference,
    {{ share("difference", "nearest_value") }} as difference_ratio,
    could_give,
    min(case when could_give then 1 else 0 end) over (partition by year, definition_id, figure_set)
    = 1 as could_give_all
from compared
