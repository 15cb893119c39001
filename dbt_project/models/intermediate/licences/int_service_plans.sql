with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    services as (select * from {{ ref("service_plan_service") }}),

    stated as (
        select
            plans.service_plan_id,
            plans.service_plan_name,
            1 as preference,
            plans.export_date as newest
        from {{ ref("stg_m365__sku_plans") }} as plans
        inner join run_context on plans.export_date <= run_context.as_of_date
        union all
        select service_plan_id, service_plan_name, 2 as preference, {{ first_day() }} as newest
        from {{ ref("stg_m365__product_plans") }}
        where service_plan_id is not null
    ),

    ranked as (
        select
            service_plan_id as plan_id,
            service_plan_name as plan_name,
            row_number() over (
                partition by service_plan_id
                order by
                    case when service_plan_name is null then 1 else 0 end,
                    preference,
                    newest desc nulls last,
                    service_plan_name
            ) as place
        from stated
    ),

    plans as (
        select plan_id, coalesce(plan_name, upper(plan_id)) as plan_name from ranked where place = 1
    ),

    -- A product of which no plan is known is its own only plan.
    own as (
        select names.sku_id as plan_id, upper(names.sku_id) as plan_name
        from (select distinct sku_id from {{ ref("int_sku_names") }}) as names
        left join
            (
                select sku_id
                from {{ ref("stg_m365__sku_plans") }}
                union
                select sku_id
                from {{ ref("stg_m365__product_plans") }}
                where service_plan_id is not null
            ) as known
            on known.sku_id = names.sku_id
        left join plans on plans.plan_id = names.sku_id
        where known.sku_id is null and plans.plan_id is null
    ),

    every_plan as (
        select plan_id, plan_name, false as is_own
        from plans
        union all
        select plan_id, plan_name, true as is_own
        from own
    )

select
    every_plan.plan_id,
    every_plan.plan_name,
    case when services.service <> 'background' then services.service end as service,
    coalesce(services.service = 'background', false) as is_background,
    every_plan.is_own
from every_plan
left join
    (
        select service_plan_name, min(service) as service from services group by service_plan_name
    ) as services
    on services.service_plan_name = every_plan.plan_name
