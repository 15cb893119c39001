with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    -- A list of users that shows nobody's licences is no account of them.
    exports as (
        select distinct export_date
        from {{ ref("stg_m365__users") }}
        where licence_count is not null
        union
        select distinct export_date
        from {{ ref("stg_m365__user_licences") }}
    ),

    user_months as (
        select
            {{ month_of("exports.export_date") }} as month, max(exports.export_date) as users_date
        from exports
        inner join run_context on exports.export_date <= run_context.as_of_date
        group by {{ month_of("exports.export_date") }}
    ),

    months as (
        select month, users_date as as_of_date, users_date
        from user_months
        union all
        select
            {{ month_of("run_context.as_of_date") }} as month,
            run_context.as_of_date,
            cast(null as date) as users_date
        from run_context
        where not exists (select 1 from user_months)
    ),

    sku_exports as (
        select distinct skus.export_date
        from {{ ref("stg_m365__skus") }} as skus
        inner join run_context on skus.export_date <= run_context.as_of_date
    )

select
    months.month,
    months.as_of_date,
    months.users_date,
    max(sku_exports.export_date) as skus_date,
    months.month = max(months.month) over () as is_latest
from months
left join sku_exports on sku_exports.export_date <= last_day(months.month)
group by months.month, months.as_of_date, months.users_date
