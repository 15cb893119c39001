{{ config(tags=["derived_input"]) }}

with
    snapshot as (
        select limits.as_of_date, limits.activity_days
        from {{ ref("int_licence_limits") }} as limits
        inner join
            {{ ref("int_licence_snapshots") }} as snapshots
            on snapshots.as_of_date = limits.as_of_date
            and snapshots.is_latest
    ),

    users as (select * from {{ ref("int_plan_users") }} where need_class <> 'none'),

    -- What each licence of an account gives, without what is turned off on it.
    given as (
        select
            users.account_key,
            users.need_class,
            sku_plans.plan_id,
            assignments.activity_evidence,
            assignments.is_active
        from users
        inner join
            {{ ref("int_licence_assignments") }} as assignments
            on assignments.account_key = users.account_key
        inner join snapshot on snapshot.as_of_date = assignments.as_of_date
        inner join {{ ref("int_sku_plans") }} as sku_plans on sku_plans.sku_id = assignments.sku_id
        where
            concat(';', coalesce(assignments.disabled_plans, ''), ';')
            not like concat('%;', sku_plans.plan_id, ';%')
    ),

    service_use as (
        select
            service_use.account_key,
            service_use.service,
            coalesce(service_use.storage, 'unknown') as storage,
            {{ is_active_within("service_use.activity", "snapshot.activity_days") }} as is_active
        from {{ ref("int_licence_service_use") }} as service_use
        inner join snapshot on snapshot.as_of_date = service_use.as_of_date
        where service_use.activity <> 'unknown'
    ),

    -- Where no report says anything about a service, nobody's use of it is known.
    measured_services as (select distinct service from service_use),

    given_services as (
        select distinct given.account_key, given.plan_id, plan_services.service, given.is_active
        from given
        inner join
            {{ ref("int_licence_plan_services") }} as plan_services
            on plan_services.plan_id = given.plan_id
        where
            given.need_class = 'used'
            and given.activity_evidence = 'usage'
            and plan_services.service <> 'background'
    ),

    least_plans as (
        select service_use.account_key, service_use.service, plans.plan_id
        from service_use
        cross join snapshot
        inner join
            {{ ref("service_need") }} as service_need
            on service_need.service = service_use.service
            and service_need.storage = service_use.storage
            and service_need.valid_from <= snapshot.as_of_date
            and service_need.valid_to >= snapshot.as_of_date
        inner join
            {{ ref("int_service_plans") }} as plans
            on plans.plan_name = service_need.service_plan_name
        where service_use.is_active
    ),

    fitting as (
        select distinct least_plans.account_key, least_plans.service, least_plans.plan_id
        from least_plans
        inner join
            given_services
            on given_services.account_key = least_plans.account_key
            and given_services.service = least_plans.service
            and given_services.plan_id = least_plans.plan_id
    ),

    -- The least plan that such use needs; where the account has none so high, what it has.
    used as (
        select account_key, plan_id
        from fitting
        union
        select given_services.account_key, given_services.plan_id
        from given_services
        inner join
            service_use
            on service_use.account_key = given_services.account_key
            and service_use.service = given_services.service
            and service_use.is_active
        left join
            fitting
            on fitting.account_key = given_services.account_key
            and fitting.service = given_services.service
        where fitting.account_key is null
    ),

    standard as (
        select distinct sku_plans.plan_id
        from {{ ref("int_licence_standard") }} as standards
        inner join
            snapshot
            on snapshot.as_of_date >= standards.valid_from
            and snapshot.as_of_date < standards.valid_to
        inner join {{ ref("int_sku_plans") }} as sku_plans on sku_plans.sku_id = standards.sku_id
    ),

    demands as (
        select distinct plans.plan_id, demands.unit_id
        from {{ ref("stg_registers__plan_demands") }} as demands
        inner join
            snapshot
            on snapshot.as_of_date >= demands.valid_from
            and snapshot.as_of_date < demands.valid_to
        inner join
            {{ ref("int_service_plans") }} as plans
            on upper(plans.plan_name) = upper(demands.service_plan_name)
            or upper(plans.plan_id) = upper(demands.service_plan_name)
    ),

    places as (
        select ancestors.unit_id, ancestors.ancestor_unit_id
        from {{ ref("int_unit_ancestors") }} as ancestors
        inner join
            snapshot
            on snapshot.as_of_date >= ancestors.valid_from
            and snapshot.as_of_date < ancestors.valid_to
    ),

    demanded as (
        select users.account_key, users.must_have_standard, demands.plan_id
        from users
        inner join demands on demands.unit_id is null
        union
        select users.account_key, users.must_have_standard, demands.plan_id
        from users
        inner join places on places.unit_id = users.unit_id
        inner join demands on demands.unit_id = places.ancestor_unit_id
    ),

    final as (
        select account_key, plan_id, 'kept' as need_kind
        from given
        where need_class = 'kept'
        union
        select account_key, plan_id, 'used' as need_kind
        from given
        where need_class = 'used' and activity_evidence = 'register' and is_active
        union
        select account_key, plan_id, 'used' as need_kind
        from used
        union
        select account_key, plan_id, 'unknown_usage' as need_kind
        from given
        where
            need_class = 'used'
            and (is_active is null or (activity_evidence in ('sign_in', 'none') and is_active))
        union
        select given_services.account_key, given_services.plan_id, 'unknown_usage' as need_kind
        from given_services
        left join measured_services on measured_services.service = given_services.service
        where measured_services.service is null and given_services.is_active
        union
        select users.account_key, standard.plan_id, 'standard' as need_kind
        from users
        cross join standard
        where users.must_have_standard
        union
        select demanded.account_key, demanded.plan_id, 'policy' as need_kind
        from demanded
        left join
            (select distinct account_key, plan_id from given) as present
            on present.account_key = demanded.account_key
            and present.plan_id = demanded.plan_id
        where demanded.must_have_standard or present.plan_id is not null
    )

select account_key, plan_id, need_kind
from final
