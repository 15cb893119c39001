with
    figures as (select * from {{ ref("int_kpi__values") }}),

    targets as (select * from {{ ref("int_kpi__targets") }}),

    valued as (
        select
            figures.*,
            case
                when figures.value_kind = 'count'
                then cast(figures.numerator as double)
                when figures.denominator > 0
                then cast(figures.numerator as double) / cast(figures.denominator as double)
            end as value
        from figures
    ),

    compared as (
        select
            valued.*,
            cast(targets.target_value as double) as target,
            targets.source as target_source,
            previous.value as previous_value
        from valued
        left join targets on targets.year = valued.year and targets.kpi_id = valued.kpi_id
        left join
            valued as previous
            on previous.year = valued.year - 1
            and previous.kpi_id = valued.kpi_id
    )

select
    year,
    kpi_id,
    name_nb,
    description_nb,
    value_kind,
    value,
    target,
    case
        when value is null
        then 'not_measured'
        when target is null
        then 'no_target'
        when comparison = 'at_least' and value >= target
        then 'reached'
        when comparison = 'at_most' and value <= target
        then 'reached'
        else 'not_reached'
    end as status,
    numerator,
    denominator,
    definition_id,
    comparison,
    rule_id,
    target_source,
    previous_value,
    value - previous_value as change_value,
    case
        when value is null or previous_value is null or comparison = 'none'
        then 'unknown'
        when value = previous_value
        then 'unchanged'
        when (value > previous_value) = (comparison = 'at_least')
        then 'better'
        else 'worse'
    end as trend,
    is_complete as is_year_complete,
    cast(sort_order as integer) as sort_order
from compared
