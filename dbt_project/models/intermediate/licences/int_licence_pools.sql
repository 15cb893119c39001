with
    entitlements as (select * from {{ ref("int_licence_entitlements") }}),

    assigned as (
        select as_of_date, unit_id, sku_id, count(*) as assigned
        from {{ ref("int_licence_assignments") }}
        group by as_of_date, unit_id, sku_id
    ),

    in_pools as (
        select
            assigned.as_of_date,
            assigned.sku_id,
            coalesce(own.pool_id, 'felles') as pool_id,
            sum(assigned.assigned) as assigned
        from assigned
        left join
            entitlements as own
            on own.as_of_date = assigned.as_of_date
            and own.sku_id = assigned.sku_id
            and own.pool_id = assigned.unit_id
        group by assigned.as_of_date, assigned.sku_id, coalesce(own.pool_id, 'felles')
    ),

    joined as (
        select
            coalesce(entitlements.as_of_date, in_pools.as_of_date) as as_of_date,
            coalesce(entitlements.sku_id, in_pools.sku_id) as sku_id,
            coalesce(entitlements.pool_id, in_pools.pool_id) as pool_id,
            entitlements.evidence,
            coalesce(entitlements.entitled, 0) as entitled,
            coalesce(in_pools.assigned, 0) as assigned
        from entitlements
        full outer join
            in_pools
            on in_pools.as_of_date = entitlements.as_of_date
            and in_pools.sku_id = entitlements.sku_id
            and in_pools.pool_id = entitlements.pool_id
    )

select
    as_of_date,
    sku_id,
    pool_id,
    evidence,
    cast(entitled as bigint) as entitled,
    cast(assigned as bigint) as assigned,
    cast(greatest(entitled - assigned, 0) as bigint) as shelf_ware,
    cast(greatest(assigned - entitled, 0) as bigint) as over_assigned
from joined
