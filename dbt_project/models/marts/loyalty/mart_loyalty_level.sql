with
    assessed as (select * from {{ ref("int_loyalty__assessed") }} where level <> 'unit_agreement'),

    named as (
        select
            assessed.*,
            case
                assessed.level
                when 'total'
                then 'total'
                when 'sector'
                then assessed.sector
                when 'unit'
                then assessed.unit_id
                when 'agreement'
                then assessed.agreement_id
                when 'lot'
                then assessed.agreement_id || '/' || assessed.lot
                else assessed.category_id
            end as level_id,
            case
                assessed.level
                when 'total'
                then 'Hele kommunen'
                when 'sector'
                then assessed.sector
                when 'unit'
                then coalesce(units.name, assessed.unit_id)
                when 'agreement'
                then agreements.title
                when 'lot'
                then agreements.title || ', ' || {{ lot_label("lots.name", "assessed.lot") }}
                else coalesce(categories.name, assessed.category_id)
            end as level_name
        from assessed
        left join
            {{ ref("int_units__by_year") }} as units
            on units.year = assessed.year
            and units.unit_id = assessed.unit_id
        left join
            {{ ref("dim_agreement") }} as agreements
            on agreements.agreement_id = assessed.agreement_id
        left join
            {{ ref("int_lots__dated") }} as lots
            on lots.agreement_id = assessed.agreement_id
            and lots.lot = assessed.lot
        left join
            {{ ref("dim_category") }} as categories on categories.category_id = assessed.category_id
    )

select
    cast(year as integer) as year,
    period,
    period_start,
    level,
    level_id,
    level_name,
    nullif(agreement_id, '') as agreement_id,
    nullif(lot, '') as lot,
    line_count,
    on_agreement_nok,
    on_by_reference_nok,
    on_by_price_list_nok,
    on_by_category_nok,
    on_by_spread_nok,
    on_via_successor_nok,
    on_via_subcontractor_nok,
    wrong_zone_nok,
    outside_period_nok,
    off_agreement_nok,
    undetermined_positive_nok,
    undetermined_negative_nok,
    cast(on_agreement_nok as decimal(18, 2)) as low_numerator_nok,
    cast(low_denominator_nok as decimal(18, 2)) as low_denominator_nok,
    cast(on_agreement_nok + undetermined_positive_nok as decimal(18, 2)) as high_numerator_nok,
    cast(high_denominator_nok as decimal(18, 2)) as high_denominator_nok,
    spend_unit_nok as spend_nok,
    classified_nok,
    classified_share,
    loyalty_low,
    loyalty_high,
    status
from named
where
    -- Lines of unknown unit have a row of their own only where they weigh something.
    level <> 'unit' or level_id <> 'unknown' or line_count > 0 or outside_period_nok <> 0
