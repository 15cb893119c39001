-- Deviations with their supplier, and whether they are open on the day of the build. What is closed
-- on that day is closed.
with
    deviations as (select * from {{ ref("stg_registers__deviations") }}),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    judged as (
        select
            deviations.*,
            run_context.as_of_date,
            case
                when deviations.closed_date is null
                then deviations.status <> 'closed'
                else deviations.closed_date > run_context.as_of_date
            end as is_open
        from deviations
        cross join run_context
    )

select
    deviation_id,
    reported_date,
    closed_date,
    agreement_id,
    coalesce('NO' || orgnr, 'unknown') as supplier_id,
    unit_id,
    deviation_type,
    severity,
    case
        when is_open and status = 'closed' then 'open' when is_open then status else 'closed'
    end as status,
    is_open,
    case
        when is_open
        then greatest({{ days_between("reported_date", "as_of_date") }}, 0)
        when closed_date is not null
        then greatest({{ days_between("reported_date", "closed_date") }}, 0)
    end as days_open,
    claim_nok,
    dagbot_nok
from judged
