{# One row per year that has spend, a course or a milestone, up to the as-of date's. `day` is the last
   day that counts. #}
with
    context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    years as (
        select cast(year as integer) as year
        from {{ ref("fct_spend_line") }}
        union
        select cast(year(course_date) as integer)
        from {{ ref("stg_registers__courses") }}
        union
        select cast(year(due_date) as integer)
        from {{ ref("stg_registers__milestones") }}
        union
        select cast(year as integer)
        from {{ ref("stg_registers__own_kpis") }}
    )

select
    years.year,
    case
        when make_date(years.year, 12, 31) < context.as_of_date
        then make_date(years.year, 12, 31)
        else context.as_of_date
    end as day,
    make_date(years.year, 12, 31) <= context.as_of_date as is_complete
from years
cross join context
where years.year <= year(context.as_of_date)
