with
    snapshots as (select as_of_date from {{ ref("int_licence_snapshots") }}),

    rules as (select * from {{ ref("licence_rule") }}),

    run_context as (select licence_activity_days from {{ ref("stg_inputs__run_context") }})

select
    snapshots.as_of_date,
    max(case when rules.rule = 'deactivated_days' then rules.value end) as deactivated_days,
    max(case when rules.rule = 'usage_report_days' then rules.value end) as usage_report_days,
    max(run_context.licence_activity_days) as activity_days
from snapshots
cross join run_context
left join
    rules
    on rules.valid_from <= snapshots.as_of_date
    and {{ half_open_to("rules.valid_to") }} > snapshots.as_of_date
group by snapshots.as_of_date
