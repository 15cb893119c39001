with
    assessed as (
        select * from {{ ref("int_loyalty__assessed") }} where level = 'unit' and period = 'year'
    ),

    bound as (
        select year, unit_id, count(distinct agreement_id) as agreement_count
        from {{ ref("int_loyalty__bound_years") }}
        where grain = 'lot'
        group by year, unit_id
    )

select
    assessed.year,
    assessed.unit_id,
    units.name as unit_name,
    units.sector,
    cast(coalesce(bound.agreement_count, 0) as bigint) as agreement_count,
    assessed.line_count,
    assessed.on_agreement_nok,
    assessed.on_by_reference_nok,
    assessed.on_by_price_list_nok,
    assessed.on_by_category_nok,
    assessed.on_by_spread_nok,
    assessed.on_via_successor_nok,
    assessed.on_via_subcontractor_nok,
    assessed.wrong_zone_nok,
    assessed.outside_period_nok,
    assessed.off_agreement_nok,
    assessed.undetermined_positive_nok,
    assessed.undetermined_negative_nok,
    assessed.spend_unit_nok,
    assessed.classified_share,
    assessed.loyalty_low,
    assessed.loyalty_high,
    assessed.status
from assessed
left join bound on bound.year = assessed.year and bound.unit_id = assessed.unit_id
left join
    {{ ref("int_units__by_year") }} as units
    on units.year = assessed.year
    and units.unit_id = assessed.unit_id
