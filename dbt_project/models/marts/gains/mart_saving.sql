with
    lines as (
        select
            *,
            loyalty_class in ('on_agreement', 'voluntary') as is_on,
            loyalty_class in ('wrong_zone', 'off_agreement') as is_past
        from {{ ref("int_saving_lines") }}
    ),

    plans as (
        select
            agreement_id,
            year,
            count(*) as plan_count,
            sum(case when method = 'none' then 1 else 0 end) as unpriced_plan_count,
            sum(planned_saving_nok) as planned_saving_nok
        from {{ ref("int_saving_plans__priced") }}
        group by agreement_id, year
    ),

    sums as (
        select
            agreement_id,
            year,
            sum(case when is_on then amount_nok end) as on_agreement_nok,
            sum(case when is_on and method <> 'none' then amount_nok end) as measured_nok,
            sum(realised_saving_nok) as realised_saving_nok,
            sum(
                case when method = 'discount_share' then realised_saving_nok end
            ) as realised_expected_nok,
            sum(case when is_past then amount_nok end) as leaked_spend_nok,
            sum(case when is_past and method <> 'none' then amount_nok end) as leaked_measured_nok,
            sum(leaked_saving_nok) as leaked_saving_nok,
            sum(
                case when method = 'discount_share' then leaked_saving_nok end
            ) as leaked_expected_nok,
            sum(
                case when loyalty_class = 'outside_period' then amount_nok end
            ) as outside_period_nok,
            sum(case when price_deviation_nok is not null then amount_nok end) as price_checked_nok,
            sum(price_deviation_nok) as price_deviation_nok,
            sum(case when price_deviation_nok > 0 then price_deviation_nok end) as overcharged_nok,
            sum(case when price_deviation_nok > 0 then 1 else 0 end) as overcharged_line_count
        from lines
        group by agreement_id, year
    ),

    places as (
        select agreement_id, year
        from plans
        union
        select agreement_id, year
        from sums
    ),

    definitions as (select definition_id from {{ ref("dim_spend_definition") }} where is_default)

select
    cast(places.year as integer) as year,
    places.agreement_id,
    agreements.title as agreement_title,
    definitions.definition_id,
    cast(coalesce(plans.plan_count, 0) as bigint) as plan_count,
    cast(coalesce(plans.unpriced_plan_count, 0) as bigint) as unpriced_plan_count,
    cast(plans.planned_saving_nok as decimal(18, 2)) as planned_saving_nok,
    {{ nok("sums.on_agreement_nok") }} as on_agreement_nok,
    {{ nok("sums.measured_nok") }} as measured_nok,
    {{ nok("sums.realised_saving_nok") }} as realised_saving_nok,
    {{ nok("sums.realised_expected_nok") }} as realised_expected_nok,
    {{ nok("sums.leaked_spend_nok") }} as leaked_spend_nok,
    {{ nok("sums.leaked_measured_nok") }} as leaked_measured_nok,
    {{ nok("sums.leaked_saving_nok") }} as leaked_saving_nok,
    {{ nok("sums.leaked_expected_nok") }} as leaked_expected_nok,
    {{ nok("sums.outside_period_nok") }} as outside_period_nok,
    case
        when plans.planned_saving_nok > 0
        then {{ share("coalesce(sums.realised_saving_nok, 0)", "plans.planned_saving_nok") }}
    end as realised_share,
    {{ nok("sums.price_checked_nok") }} as price_checked_nok,
    {{ nok("sums.price_deviation_nok") }} as price_deviation_nok,
    {{ nok("sums.overcharged_nok") }} as overcharged_nok,
    cast(coalesce(sums.overcharged_line_count, 0) as bigint) as overcharged_line_count
from places
cross join definitions
left join plans on plans.agreement_id = places.agreement_id and plans.year = places.year
left join sums on sums.agreement_id = places.agreement_id and sums.year = places.year
left join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = places.agreement_id
