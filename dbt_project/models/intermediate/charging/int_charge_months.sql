with
    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    snapshots as (select month, as_of_date from {{ ref("int_licence_snapshots") }}),

    -- Workplace users and audits have months of their own.
    months as (
        select month
        from snapshots
        union
        select month
        from {{ ref("stg_registers__workplace_users") }}
        union
        select {{ month_of("audit_date") }} as month
        from {{ ref("stg_registers__licence_audits") }}
    )

select
    months.month,
    cast(last_day(months.month) as date) as last_date,
    snapshots.as_of_date,
    last_day(months.month) > run_context.as_of_date as is_preliminary,
    last_day(months.month) >= run_context.licence_rules_from as has_rules,
    run_context.licence_charge_basis as charge_basis,
    run_context.licence_addon_share_review as addon_share_review
from months
cross join run_context
left join snapshots on snapshots.month = months.month
where months.month is not null
