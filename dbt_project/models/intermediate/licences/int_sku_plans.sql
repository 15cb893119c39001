with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    plans as (select * from {{ ref("int_service_plans") }}),

    tenant as (
        select
            sku_plans.sku_id,
            sku_plans.service_plan_id as plan_id,
            sku_plans.applies_to,
            sku_plans.export_date,
            max(sku_plans.export_date) over (partition by sku_plans.sku_id) as newest
        from {{ ref("stg_m365__sku_plans") }} as sku_plans
        inner join run_context on sku_plans.export_date <= run_context.as_of_date
    ),

    tenant_skus as (select distinct sku_id from tenant),

    given as (
        -- A plan of the whole company is nothing that a person needs.
        select sku_id, plan_id
        from tenant
        where export_date = newest and coalesce(lower(applies_to), 'user') <> 'company'
        union
        select listed.sku_id, listed.service_plan_id as plan_id
        from {{ ref("stg_m365__product_plans") }} as listed
        left join tenant_skus on tenant_skus.sku_id = listed.sku_id
        where tenant_skus.sku_id is null and listed.service_plan_id is not null
        union
        select plan_id as sku_id, plan_id
        from plans
        where is_own
    ),

    lower_plans as (
        select hierarchy.higher_plan, plans.plan_id
        from {{ ref("service_plan_hierarchy") }} as hierarchy
        inner join plans on plans.plan_name = hierarchy.lower_plan
    ),

    final as (
        select sku_id, plan_id
        from given
        union
        select given.sku_id, lower_plans.plan_id
        from given
        inner join plans on plans.plan_id = given.plan_id
        inner join lower_plans on lower_plans.higher_plan = plans.plan_name
    )

select final.sku_id, final.plan_id
from final
inner join plans on plans.plan_id = final.plan_id
where not plans.is_background
