with
    snapshots as (select * from {{ ref("int_licence_snapshots") }}),

    limits as (select * from {{ ref("int_licence_limits") }}),

    assigned as (
        select distinct as_of_date, account_key, sku_id
        from {{ ref("int_licence_assignments__stated") }}
    ),

    accounts as (select * from {{ ref("int_licence_accounts") }}),

    service_use as (select * from {{ ref("int_licence_service_use") }}),

    sku_services as (
        select distinct sku_plans.sku_id, services.service
        from {{ ref("int_sku_plans") }} as sku_plans
        inner join
            {{ ref("int_licence_plan_services") }} as services
            on services.plan_id = sku_plans.plan_id
    ),

    covered as (
        select distinct service_use.as_of_date, sku_services.sku_id
        from service_use
        inner join sku_services on sku_services.service = service_use.service
    ),

    named as (select distinct as_of_date, account_key from service_use),

    -- The best that is known, and whether something that could be better is unknown.
    used as (
        select
            assigned.as_of_date,
            assigned.account_key,
            assigned.sku_id,
            min({{ activity_rank("service_use.activity") }}) as best_rank,
            max(
                case
                    when
                        service_use.activity = 'unknown'
                        or (service_use.activity = 'never' and accounts.is_new)
                    then 1
                    else 0
                end
            ) as has_unknown
        from assigned
        inner join
            accounts
            on accounts.as_of_date = assigned.as_of_date
            and accounts.account_key = assigned.account_key
        inner join sku_services on sku_services.sku_id = assigned.sku_id
        inner join
            service_use
            on service_use.as_of_date = assigned.as_of_date
            and service_use.account_key = assigned.account_key
            and service_use.service = sku_services.service
        group by assigned.as_of_date, assigned.account_key, assigned.sku_id
    ),

    best as (
        select
            used.*,
            case
                best_rank
                when 1
                then 'd30'
                when 2
                then 'd90'
                when 3
                then 'd180'
                when 4
                then 'older'
                when 5
                then 'never'
                else 'unknown'
            end as best_activity
        from used
    ),

    registered as (
        select names.sku_id, registered.account_key, registered.activity, files.effective_date
        from {{ ref("stg_registers__licence_usage") }} as registered
        inner join
            {{ ref("int_sku_names") }} as names
            on names.name_key = {{ sku_name_key("registered.sku_id") }}
        left join
            {{ ref("stg_inputs__source_files") }} as files
            on files.source_sha256 = registered.source_sha256
        where registered.account_key is not null
    ),

    -- The register is one file: it says something of its own month and those after it.
    registered_use as (
        select
            snapshots.as_of_date,
            registered.account_key,
            registered.sku_id,
            min({{ activity_rank("registered.activity") }}) as best_rank
        from registered
        inner join
            snapshots
            on snapshots.is_latest
            or registered.effective_date <= last_day(snapshots.month)
        group by snapshots.as_of_date, registered.account_key, registered.sku_id
    ),

    tenants as (
        select distinct as_of_date, account_key, sku_id
        from {{ ref("int_licence_assignments__stated") }}
        where evidence = 'tenant'
    ),

    joined as (
        select
            assigned.as_of_date,
            assigned.account_key,
            assigned.sku_id,
            case
                when best.best_rank is not null
                then 'usage'
                when registered_use.best_rank is not null
                then 'register'
                when
                    tenants.account_key is not null
                    and (covered.sku_id is null or named.account_key is null)
                    and accounts.sign_in_activity <> 'unknown'
                then 'sign_in'
                else 'none'
            end as activity_evidence,
            case
                when best.best_rank is not null
                then
                    case
                        when
                            best.has_unknown = 1
                            and not coalesce(
                                {{
                                    is_active_within(
                                        "best.best_activity", "limits.activity_days"
                                    )
                                }},
                                false
                            )
                        then 'unknown'
                        else best.best_activity
                    end
                when registered_use.best_rank is not null
                then
                    case
                        registered_use.best_rank
                        when 1
                        then 'd30'
                        when 2
                        then 'd90'
                        when 3
                        then 'd180'
                        when 4
                        then 'older'
                        when 5
                        then case when accounts.is_new then 'unknown' else 'never' end
                        else 'unknown'
                    end
                when
                    tenants.account_key is not null
                    and (covered.sku_id is null or named.account_key is null)
                then accounts.sign_in_activity
                else 'unknown'
            end as activity,
            limits.activity_days
        from assigned
        inner join
            accounts
            on accounts.as_of_date = assigned.as_of_date
            and accounts.account_key = assigned.account_key
        inner join limits on limits.as_of_date = assigned.as_of_date
        left join
            best
            on best.as_of_date = assigned.as_of_date
            and best.account_key = assigned.account_key
            and best.sku_id = assigned.sku_id
        left join
            registered_use
            on registered_use.as_of_date = assigned.as_of_date
            and registered_use.account_key = assigned.account_key
            and registered_use.sku_id = assigned.sku_id
        left join
            tenants
            on tenants.as_of_date = assigned.as_of_date
            and tenants.account_key = assigned.account_key
            and tenants.sku_id = assigned.sku_id
        left join
            covered on covered.as_of_date = assigned.as_of_date and covered.sku_id = assigned.sku_id
        left join
            named
            on named.as_of_date = assigned.as_of_date
            and named.account_key = assigned.account_key
    )

select
    as_of_date,
    account_key,
    sku_id,
    activity,
    activity_evidence,
    {{ is_active_within("activity", "activity_days") }} as is_active
from joined
