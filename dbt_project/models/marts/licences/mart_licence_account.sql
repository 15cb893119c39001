with
    assigned as (
        select
            assignments.as_of_date,
            assignments.unit_id,
            assignments.sku_id,
            count(*) as assigned,
            sum(case when assignments.is_active then 1 else 0 end) as active,
            sum(case when not assignments.is_active then 1 else 0 end) as unused,
            sum(case when assignments.is_active is null then 1 else 0 end) as unknown_activity,
            sum(case when not accounts.is_active_account then 1 else 0 end) as disabled_assigned
        from {{ ref("int_licence_assignments") }} as assignments
        inner join
            {{ ref("int_licence_accounts") }} as accounts
            on accounts.as_of_date = assignments.as_of_date
            and accounts.account_key = assignments.account_key
        group by assignments.as_of_date, assignments.unit_id, assignments.sku_id
    ),

    pools as (select * from {{ ref("int_licence_pools") }}),

    tenant as (select * from {{ ref("int_licence_tenant_skus") }}),

    unit_rows as (
        select as_of_date, unit_id, sku_id
        from assigned
        union
        select as_of_date, pool_id as unit_id, sku_id
        from pools
        union
        select as_of_date, 'felles' as unit_id, sku_id
        from tenant
    ),

    joined as (
        select
            unit_rows.as_of_date,
            unit_rows.unit_id,
            unit_rows.sku_id,
            coalesce(pools.entitled, 0) as entitled,
            coalesce(assigned.assigned, 0) as assigned,
            coalesce(assigned.active, 0) as active,
            coalesce(assigned.unused, 0) as unused,
            coalesce(assigned.unknown_activity, 0) as unknown_activity,
            case
                when unit_rows.unit_id = 'felles' then coalesce(tenant.suspended_seats, 0) else 0
            end as suspended,
            coalesce(assigned.disabled_assigned, 0) as disabled_assigned,
            coalesce(pools.shelf_ware, 0) as shelf_ware,
            terms.unit_price_nok
        from unit_rows
        left join
            assigned
            on assigned.as_of_date = unit_rows.as_of_date
            and assigned.unit_id = unit_rows.unit_id
            and assigned.sku_id = unit_rows.sku_id
        left join
            pools
            on pools.as_of_date = unit_rows.as_of_date
            and pools.pool_id = unit_rows.unit_id
            and pools.sku_id = unit_rows.sku_id
        left join
            tenant on tenant.as_of_date = unit_rows.as_of_date and tenant.sku_id = unit_rows.sku_id
        left join
            {{ ref("int_licence_terms__dated") }} as terms
            on terms.as_of_date = unit_rows.as_of_date
            and terms.sku_id = unit_rows.sku_id
    )

select
    as_of_date,
    unit_id,
    sku_id,
    cast(entitled as bigint) as entitled,
    cast(assigned as bigint) as assigned,
    cast(active as bigint) as active,
    cast(unused as bigint) as unused,
    cast(unknown_activity as bigint) as unknown_activity,
    cast(suspended as bigint) as suspended,
    cast(disabled_assigned as bigint) as disabled_assigned,
    cast(shelf_ware as bigint) as shelf_ware,
    unit_price_nok,
    cast(
        cast(assigned + shelf_ware as decimal(18, 0)) * unit_price_nok as decimal(18, 2)
    ) as monthly_cost_nok
from joined
