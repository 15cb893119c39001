{{ config(tags=["derived_input"]) }}

with
    snapshot as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    standard as (
        select distinct standards.sku_id
        from {{ ref("int_licence_standard") }} as standards
        inner join
            snapshot
            on snapshot.as_of_date >= standards.valid_from
            and snapshot.as_of_date < standards.valid_to
    ),

    entitlements as (
        select entitlements.pool_id, entitlements.sku_id, sum(entitlements.entitled) as held
        from {{ ref("int_licence_entitlements") }} as entitlements
        inner join snapshot on snapshot.as_of_date = entitlements.as_of_date
        group by entitlements.pool_id, entitlements.sku_id
    ),

    terms as (
        select terms.*
        from {{ ref("int_licence_terms__dated") }} as terms
        inner join snapshot on snapshot.as_of_date = terms.as_of_date
    ),

    pools as (
        select pool_id, sku_id
        from entitlements
        union
        select 'felles' as pool_id, sku_id
        from {{ ref("int_plan_present") }}
        union
        select 'felles' as pool_id, sku_id
        from terms
        union
        select 'felles' as pool_id, sku_id
        from standard
    ),

    held as (
        select
            pools.pool_id,
            pools.sku_id,
            coalesce(entitlements.held, 0) as held,
            coalesce(terms.commitment_floor, 0) as commitment_floor,
            -- The pools bear the floor and the reserve of the product in turn, the common one
            -- first.
            coalesce(
                sum(coalesce(entitlements.held, 0)) over (
                    partition by pools.sku_id
                    order by case when pools.pool_id = 'felles' then 0 else 1 end, pools.pool_id
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as held_before,
            row_number() over (
                partition by pools.sku_id
                order by
                    case when coalesce(entitlements.held, 0) > 0 then 0 else 1 end,
                    case when pools.pool_id = 'felles' then 0 else 1 end,
                    pools.pool_id
            ) as reserve_place
        from pools
        left join
            entitlements
            on entitlements.pool_id = pools.pool_id
            and entitlements.sku_id = pools.sku_id
        left join terms on terms.sku_id = pools.sku_id
    )

select
    held.pool_id,
    held.sku_id,
    cast(held.held as bigint) as held,
    cast(
        case when held.reserve_place = 1 then coalesce(terms.reserve, 0) else 0 end as bigint
    ) as reserve,
    cast(
        greatest(least(held.commitment_floor - held.held_before, held.held), 0) as bigint
    ) as floor,
    terms.floor_until,
    terms.earliest_reduction_date as reduction_date,
    terms.true_up_date,
    coalesce(terms.is_transferable, true) as is_transferable,
    standard.sku_id is not null as is_standard
from held
left join terms on terms.sku_id = held.sku_id
left join standard on standard.sku_id = held.sku_id
