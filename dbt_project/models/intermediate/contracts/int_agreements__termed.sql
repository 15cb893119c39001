-- What the agreement itself says goes before the rule for its kind, and that before the rule for
-- all. An agreement of several kinds has the longest of their lead times.
with
    agreements as (select * from {{ ref("dim_agreement") }}),

    scopes as (
        select distinct bridge.agreement_id, categories.kind
        from {{ ref("bridge_agreement_category") }} as bridge
        inner join
            {{ ref("dim_category") }} as categories on categories.category_id = bridge.category_id
    ),

    rules as (
        select rules.*
        from {{ ref("agreement_rule") }} as rules
        cross join {{ ref("stg_inputs__run_context") }} as run_context
        where run_context.as_of_date between rules.valid_from and rules.valid_to
    ),

    by_kind as (
        select scopes.agreement_id, max(rules.months) as months
        from scopes
        inner join rules on rules.agreement_kind = scopes.kind
        where rules.rule = 'lead_time'
        group by scopes.agreement_id
    ),

    general as (
        select
            max(case when rule = 'option_notice' then months end) as notice_months,
            max(case when rule = 'lead_time' then months end) as lead_time_months,
            max(case when rule = 'review' then months end) as review_months,
            max(case when rule = 'turnover_pace' then months end) as pace_months
        from rules
        where agreement_kind = '*'
    )

select
    agreements.agreement_id,
    case when agreements.notice_days >= 0 then agreements.notice_days end as notice_days,
    case
        when agreements.notice_days >= 0
        then null
        when agreements.notice_months >= 0
        then agreements.notice_months
        else general.notice_months
    end as notice_months,
    coalesce(agreements.notice_days >= 0, false)
    or coalesce(agreements.notice_months >= 0, false) as has_own_notice,
    case
        when agreements.lead_time_months >= 0
        then agreements.lead_time_months
        else coalesce(by_kind.months, general.lead_time_months)
    end as lead_time_months,
    coalesce(agreements.lead_time_months >= 0, false) as has_own_lead_time,
    general.review_months,
    general.pace_months,
    case
        when agreements.has_end_date
        then {{ full_months("agreements.valid_from", add_days("agreements.latest_end_date", 1)) }}
    end as total_months,
    agreements.latest_end_date
    >= {{ add_months("agreements.valid_from", "general.review_months") }} as is_over_review_limit
from agreements
cross join general
left join by_kind on by_kind.agreement_id = agreements.agreement_id
