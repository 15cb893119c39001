with
    snapshots as (select as_of_date from {{ ref("int_licence_snapshots") }}),

    employments as (
        select *
        from {{ ref("stg_registers__employments") }}
        where valid_from < valid_to and unit_id is not null
    ),

    dated as (
        select
            snapshots.as_of_date,
            employments.person_key,
            employments.unit_id,
            employments.employment_type,
            employments.post_share_percent,
            employments.valid_from,
            employments.valid_to,
            case
                when employments.valid_from > snapshots.as_of_date
                then 'coming'
                when employments.valid_to > snapshots.as_of_date
                then 'present'
                else 'ended'
            end as state
        from employments
        cross join snapshots
    ),

    -- The present main post, a present further one, the last that ended, the next that comes.
    ranked as (
        select
            dated.*,
            row_number() over (
                partition by as_of_date, person_key
                order by
                    case state when 'present' then 1 when 'ended' then 2 else 3 end,
                    case when state = 'ended' then valid_to end desc nulls last,
                    case when state = 'coming' then valid_from end nulls last,
                    case when employment_type = 'main' then 0 else 1 end,
                    post_share_percent desc nulls last,
                    unit_id,
                    valid_from
            ) as place
        from dated
    )

select
    as_of_date,
    person_key,
    max(case when place = 1 then unit_id end) as unit_id,
    max(
        case when place = 1 and state = 'present' and employment_type = 'main' then unit_id end
    ) as main_unit_id,
    max(case when state = 'present' then 1 else 0 end) = 1 as is_employed,
    max(case when state = 'present' and employment_type = 'main' then 1 else 0 end)
    = 1 as has_main_employment,
    count(
        distinct case when state = 'present' and employment_type = 'main' then unit_id end
    ) as main_unit_count,
    count(distinct case when state = 'present' then unit_id end) as present_unit_count
from ranked
group by as_of_date, person_key
