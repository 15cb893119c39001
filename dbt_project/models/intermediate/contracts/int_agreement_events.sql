-- Every event of every agreement with its day, before anyone asks what day it is.
with
    agreements as (select * from {{ ref("dim_agreement") }}),

    terms as (select * from {{ ref("int_agreements__termed") }}),

    options as (select * from {{ ref("int_agreement_options__dated") }}),

    dated as (
        select
            agreements.*,
            terms.lead_time_months as months_back,
            terms.has_own_lead_time,
            terms.review_months,
            {{ add_months("agreements.latest_end_date", "-terms.lead_time_months") }}
            as competition_date,
            {{ add_months("agreements.valid_from", "terms.review_months") }} as review_date
        from agreements
        inner join terms on terms.agreement_id = agreements.agreement_id
    ),

    final as (
        select
            agreement_id,
            'start' as event_type,
            valid_from as event_date,
            cast(null as integer) as option_number,
            cast(null as integer) as rule_months,
            cast(null as integer) as rule_days,
            false as is_default_rule
        from dated
        union all
        select agreement_id, 'end', end_date, null, null, null, false
        from dated
        where has_end_date
        union all
        select agreement_id, 'ended', end_date, null, null, null, false
        from dated
        where has_end_date
        union all
        select agreement_id, 'latest_end', latest_end_date, null, null, null, false
        from dated
        where has_end_date
        union all
        select
            agreement_id,
            'competition_start',
            competition_date,
            null,
            months_back,
            null,
            not has_own_lead_time
        from dated
        where has_end_date
        union all
        select agreement_id, 'review', review_date, null, review_months, null, true
        from dated
        where latest_end_date >= review_date
        union all
        select agreement_id, 'option_start', option_start_date, option_number, null, null, false
        from options
        union all
        select
            agreement_id,
            'option_deadline',
            deadline_date,
            option_number,
            notice_months,
            notice_days,
            not has_own_notice
        from options
        where is_next
    )

select
    agreement_id,
    case
        when event_type = 'option_start'
        then 'option_start_' || cast(option_number as {{ text_type() }})
        else event_type
    end as event,
    event_type,
    event_date,
    option_number,
    rule_months,
    rule_days,
    is_default_rule
from final
