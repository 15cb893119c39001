{# One row per unit, role and day on which something was bought or approved: the highest limit of the
   role that day, the unit's own where it has one, else that of all units (E24). #}
with
    limits as (select * from {{ ref("int_authority_limits__by_unit") }}),

    days as (
        select unit_id, coalesce(issue_date, posting_date) as day
        from {{ ref("fct_spend_line") }}
        where unit_id <> 'unknown'
        union
        select units.unit_id, approvals.approved_date
        from {{ ref("stg_registers__approvals") }} as approvals
        cross join (select distinct unit_id from limits) as units
    )

select
    days.unit_id,
    days.day,
    limits.role,
    case
        when max(case when not limits.is_general then limits.limit_nok end) is not null
        then max(case when not limits.is_general then limits.limit_nok end)
        else max(limits.limit_nok)
    end as limit_nok
from days
inner join
    limits
    on limits.unit_id = days.unit_id
    and limits.valid_from <= days.day
    and days.day < limits.valid_to
group by days.unit_id, days.day, limits.role
