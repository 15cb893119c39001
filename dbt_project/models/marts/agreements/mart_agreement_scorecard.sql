with
    agreements as (select * from {{ ref("dim_agreement") }}),

    loyalty as (
        select * from {{ ref("mart_loyalty_level") }} where level = 'agreement' and period = 'year'
    ),

    turnovers as (
        select
            year,
            agreement_id,
            sum(turnover_nok) as turnover_nok,
            count(distinct supplier_id) as used_supplier_count,
            count(distinct category_id) as used_category_count
        from {{ ref("mart_agreement_turnover") }}
        where turnover_nok <> 0
        group by year, agreement_id
    ),

    prices as (
        select
            year,
            price_list_agreement_id as agreement_id,
            sum(price_effect_nok) as price_effect_nok,
            sum(case when price_effect_nok > 0 then 1 else 0 end) as dearer_item_count,
            sum(case when price_effect_nok < 0 then 1 else 0 end) as cheaper_item_count
        from {{ ref("mart_price_change") }}
        where price_list_agreement_id is not null
        group by year, price_list_agreement_id
    ),

    deviations as (
        select
            year(reported_date) as year,
            agreement_id,
            count(*) as deviation_count,
            sum(case when is_open then 1 else 0 end) as open_deviation_count
        from {{ ref("mart_deviation") }}
        where agreement_id is not null
        group by year(reported_date), agreement_id
    ),

    years as (select distinct year from {{ ref("fct_spend_line") }}),

    final as (
        select
            years.year,
            agreements.agreement_id,
            agreements.title,
            agreements.agreement_manager,
            agreements.is_binding,
            {{ nok("turnovers.turnover_nok") }} as turnover_nok,
            coalesce(turnovers.used_supplier_count, 0) as used_supplier_count,
            coalesce(turnovers.used_category_count, 0) as used_category_count,
            {{ nok("loyalty.on_agreement_nok") }} as on_agreement_nok,
            {{ nok("loyalty.wrong_zone_nok") }} as wrong_zone_nok,
            {{ nok("loyalty.off_agreement_nok") }} as off_agreement_nok,
            {{ nok("loyalty.undetermined_positive_nok") }} as undetermined_positive_nok,
            {{ nok("loyalty.undetermined_negative_nok") }} as undetermined_negative_nok,
            loyalty.loyalty_low,
            loyalty.loyalty_high,
            coalesce(loyalty.status, 'not_assessed') as loyalty_status,
            prices.price_effect_nok,
            coalesce(prices.dearer_item_count, 0) as dearer_item_count,
            coalesce(prices.cheaper_item_count, 0) as cheaper_item_count,
            coalesce(deviations.deviation_count, 0) as deviation_count,
            coalesce(deviations.open_deviation_count, 0) as open_deviation_count
        from years
        cross join agreements
        left join
            turnovers
            on turnovers.year = years.year
            and turnovers.agreement_id = agreements.agreement_id
        left join
            loyalty on loyalty.year = years.year and loyalty.agreement_id = agreements.agreement_id
        left join
            prices on prices.year = years.year and prices.agreement_id = agreements.agreement_id
        left join
            deviations
            on deviations.year = years.year
            and deviations.agreement_id = agreements.agreement_id
        where
            (
                agreements.valid_from < make_date(cast(years.year as integer) + 1, 1, 1)
                and agreements.end_date >= make_date(cast(years.year as integer), 1, 1)
            )
            or turnovers.agreement_id is not null
            or loyalty.agreement_id is not null
    )

select
    cast(year as integer) as year,
    agreement_id,
    title,
    agreement_manager,
    is_binding,
    'STD' as definition_id,
    turnover_nok,
    cast(used_supplier_count as integer) as used_supplier_count,
    cast(used_category_count as integer) as used_category_count,
    on_agreement_nok,
    wrong_zone_nok,
    off_agreement_nok,
    undetermined_positive_nok,
    undetermined_negative_nok,
    loyalty_low,
    loyalty_high,
    loyalty_status,
    cast(price_effect_nok as decimal(18, 2)) as price_effect_nok,
    cast(dearer_item_count as integer) as dearer_item_count,
    cast(cheaper_item_count as integer) as cheaper_item_count,
    cast(deviation_count as integer) as deviation_count,
    cast(open_deviation_count as integer) as open_deviation_count
from final
