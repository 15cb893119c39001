with
    milestones as (select * from {{ ref("stg_registers__milestones") }}),

    context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    -- What was reached after the as-of date is not known then.
    seen as (
        select
            milestones.milestone_id,
            milestones.title,
            milestones.due_date,
            milestones.strategy_reference,
            case
                when milestones.done_date <= context.as_of_date then milestones.done_date
            end as done_date,
            context.as_of_date
        from milestones
        cross join context
    )

select
    milestone_id,
    title,
    strategy_reference,
    due_date,
    done_date,
    case
        when done_date <= due_date
        then 'reached'
        when done_date > due_date
        then 'reached_late'
        when due_date < as_of_date
        then 'overdue'
        else 'upcoming'
    end as status,
    cast(
        case
            when coalesce(done_date, as_of_date) > due_date
            then {{ days_between("due_date", "coalesce(done_date, as_of_date)") }}
            else 0
        end as integer
    ) as days_late
from seen
