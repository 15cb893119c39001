with
    agreements as (
        select * from {{ ref("stg_registers__agreements") }} where valid_from <= end_date
    ),

    options as (select * from {{ ref("int_agreement_options__chained") }}),

    extensions as (
        select
            agreement_id,
            sum(case when is_in_force then length_months else 0 end) as exercised_months,
            sum(length_months) as all_months,
            sum(case when is_in_force then 1 else 0 end) as exercised_option_count,
            count(*) as option_count
        from options
        group by agreement_id
    ),

    -- An agreement without a last day can't be extended.
    extended as (
        select
            agreements.*,
            case
                when end_date < {{ open_end() }}
                then coalesce(extensions.exercised_months, 0)
                else 0
            end as exercised_months,
            case
                when end_date < {{ open_end() }} then coalesce(extensions.all_months, 0) else 0
            end as all_months,
            coalesce(extensions.exercised_option_count, 0) as exercised_option_count,
            coalesce(extensions.option_count, 0) as option_count
        from agreements
        left join extensions on extensions.agreement_id = agreements.agreement_id
    )

select
    agreement_id,
    title,
    is_binding,
    coalesce(own_production_allowed, false) as own_production_allowed,
    lead_buyer,
    agreement_manager,
    valid_from,
    end_date as base_end_date,
    {{ extend_end("end_date", "exercised_months") }} as end_date,
    {{ extend_end("end_date", "all_months") }} as latest_end_date,
    end_date < {{ open_end() }} as has_end_date,
    cast(exercised_option_count as integer) as exercised_option_count,
    cast(option_count as integer) as option_count,
    cast(notice_months as integer) as notice_months,
    cast(notice_days as integer) as notice_days,
    cast(lead_time_months as integer) as lead_time_months,
    competition_started_date,
    ceiling_nok,
    cast(stated_party_count as integer) as stated_party_count,
    party_forms
from extended
