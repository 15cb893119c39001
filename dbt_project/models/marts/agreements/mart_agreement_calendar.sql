with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    agreements as (select * from {{ ref("dim_agreement") }}),

    terms as (select * from {{ ref("int_agreements__termed") }}),

    judged as (
        select
            events.*,
            run_context.as_of_date,
            agreements.title as agreement_title,
            agreements.agreement_manager,
            agreements.valid_from,
            agreements.end_date,
            agreements.latest_end_date,
            agreements.end_date < run_context.as_of_date as is_ended,
            terms.total_months,
            terms.is_over_review_limit,
            successors.successor_agreement_id,
            case
                when
                    events.event_type in ('competition_start', 'ended')
                    and agreements.competition_started_date <= run_context.as_of_date
                then 'done'
                when
                    events.event_type in ('competition_start', 'ended')
                    and successors.successor_agreement_id is not null
                then 'replaced'
                when
                    events.event_type in ('competition_start', 'ended')
                    and events.event_date < run_context.as_of_date
                then 'overdue'
                when
                    agreements.end_date < run_context.as_of_date
                    and (
                        events.event_type in ('competition_start', 'option_deadline')
                        or events.event_date > agreements.end_date
                    )
                then 'lapsed'
                when
                    events.event_type = 'option_deadline'
                    and events.event_date < run_context.as_of_date
                then 'overdue'
                when
                    events.event_type not in ('competition_start', 'option_deadline')
                    and events.event_date > agreements.end_date
                then 'conditional'
                when events.event_date < run_context.as_of_date
                then 'passed'
                else 'upcoming'
            end as status
        from {{ ref("int_agreement_events") }} as events
        cross join run_context
        inner join agreements on agreements.agreement_id = events.agreement_id
        inner join terms on terms.agreement_id = events.agreement_id
        left join
            {{ ref("int_agreement_successors") }} as successors
            on successors.agreement_id = events.agreement_id
    )

select
    judged.agreement_id,
    judged.event,
    judged.event_type,
    replace(
        names.event_nb, '{}', coalesce(cast(judged.option_number as {{ text_type() }}), '')
    ) as event_nb,
    judged.event_date,
    cast({{ days_between("judged.as_of_date", "judged.event_date") }} as integer) as days_left,
    judged.status = 'overdue' as is_overdue,
    judged.status,
    names.is_task,
    judged.agreement_title,
    judged.agreement_manager,
    judged.option_number,
    judged.rule_months,
    judged.rule_days,
    judged.is_default_rule,
    judged.valid_from,
    judged.end_date,
    judged.latest_end_date,
    judged.total_months,
    judged.is_over_review_limit,
    judged.is_ended,
    judged.successor_agreement_id,
    names.alarm_days,
    judged.as_of_date,
    row_number() over (
        order by
            case
                when judged.status = 'overdue'
                then 1
                when judged.status in ('upcoming', 'conditional')
                then 2
                else 3
            end,
            case
                when judged.status in ('overdue', 'upcoming', 'conditional') then judged.event_date
            end nulls last,
            judged.event_date desc nulls last,
            judged.agreement_id,
            judged.event
    ) as event_order
from judged
inner join {{ ref("agreement_event") }} as names on names.event_type = judged.event_type
-- Ended without another that took over: only then is the end a task left undone.
where judged.event_type <> 'ended' or judged.status = 'overdue'
