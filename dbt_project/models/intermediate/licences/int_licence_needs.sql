with
    latest as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    limits as (select * from {{ ref("int_licence_limits") }}),

    plans as (select * from {{ ref("int_service_plans") }}),

    accounts as (
        select accounts.account_key, accounts.unit_id, accounts.as_of_date
        from {{ ref("int_licence_accounts") }} as accounts
        inner join latest on latest.as_of_date = accounts.as_of_date
    ),

    used as (
        select service_use.account_key, plans.plan_id, 'used' as need_kind
        from {{ ref("int_licence_service_use") }} as service_use
        inner join latest on latest.as_of_date = service_use.as_of_date
        inner join limits on limits.as_of_date = service_use.as_of_date
        inner join
            {{ ref("service_need") }} as needs
            on needs.service = service_use.service
            and needs.storage = coalesce(service_use.storage, 'unknown')
            and needs.valid_from <= service_use.as_of_date
            and needs.valid_to >= service_use.as_of_date
        inner join plans on plans.plan_name = needs.service_plan_name
        where {{ is_active_within("service_use.activity", "limits.activity_days") }}
    ),

    demanded as (
        select accounts.account_key, plans.plan_id, 'policy' as need_kind
        from {{ ref("stg_registers__plan_demands") }} as demands
        inner join
            accounts
            on demands.valid_from <= accounts.as_of_date
            and demands.valid_to > accounts.as_of_date
            and (demands.unit_id is null or demands.unit_id = accounts.unit_id)
        inner join
            plans
            on plans.plan_name = demands.service_plan_name
            or plans.plan_id = lower(demands.service_plan_name)
    ),

    standard as (
        select accounts.account_key, sku_plans.plan_id, 'standard' as need_kind
        from {{ ref("int_licence_standard") }} as standard
        inner join
            accounts
            on standard.valid_from <= accounts.as_of_date
            and standard.valid_to > accounts.as_of_date
        inner join {{ ref("int_sku_plans") }} as sku_plans on sku_plans.sku_id = standard.sku_id
    )

select account_key, plan_id, need_kind
from used
union
select account_key, plan_id, need_kind
from demanded
union
select account_key, plan_id, need_kind
from standard
