with
    plans as (select distinct sku_id, plan_id from {{ ref("int_sku_plans") }}),

    standards as (select * from {{ ref("int_charge_standards") }}),

    standard_plans as (
        select
            standards.month,
            standards.sku_id,
            plans.plan_id,
            count(*) over (partition by standards.month, standards.sku_id) as plan_count
        from standards
        inner join plans on plans.sku_id = standards.sku_id
    )

select standard_plans.month, plans.sku_id, standard_plans.sku_id as standard_sku_id
from standard_plans
inner join plans on plans.plan_id = standard_plans.plan_id
left join standards on standards.month = standard_plans.month and standards.sku_id = plans.sku_id
where standards.sku_id is null
group by standard_plans.month, plans.sku_id, standard_plans.sku_id, standard_plans.plan_count
having count(*) = standard_plans.plan_count
