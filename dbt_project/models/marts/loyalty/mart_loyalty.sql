with
    assessed as (
        select *
        from {{ ref("int_loyalty__assessed") }}
        where
            level = 'unit_agreement'
            -- Lines of unknown unit have a row only where they weigh something.
            and (
                unit_id <> 'unknown'
                or on_agreement_nok <> 0
                or wrong_zone_nok <> 0
                or outside_period_nok <> 0
                or off_agreement_nok <> 0
                or undetermined_positive_nok <> 0
                or undetermined_negative_nok <> 0
            )
    )

select
    assessed.year,
    assessed.unit_id,
    units.name as unit_name,
    units.sector,
    assessed.agreement_id,
    agreements.title as agreement_title,
    agreements.own_production_allowed,
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
inner join
    {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = assessed.agreement_id
left join
    {{ ref("int_units__by_year") }} as units
    on units.year = assessed.year
    and units.unit_id = assessed.unit_id
