with
    accounts as (
        select
            as_of_date,
            sku_id,
            sum(entitled) as entitled,
            sum(assigned) as assigned,
            sum(active) as active,
            sum(unused) as unused,
            sum(unknown_activity) as unknown_activity,
            sum(suspended) as suspended,
            sum(disabled_assigned) as disabled_assigned,
            sum(monthly_cost_nok) as monthly_cost_nok
        from {{ ref("mart_licence_account") }}
        group by as_of_date, sku_id
    ),

    pools as (
        select
            as_of_date,
            sku_id,
            sum(shelf_ware) as shelf_ware,
            sum(over_assigned) as over_assigned,
            max(evidence) as entitlement_evidence
        from {{ ref("int_licence_pools") }}
        group by as_of_date, sku_id
    ),

    joined as (
        select
            accounts.*,
            snapshots.is_latest,
            coalesce(pools.shelf_ware, 0) as shelf_ware,
            coalesce(pools.over_assigned, 0) as over_assigned,
            coalesce(pools.entitlement_evidence, 'none') as entitlement_evidence,
            coalesce(terms.publisher, 'Ukjent') as publisher,
            terms.unit_price_nok,
            coalesce(terms.price_evidence, 'none') as price_evidence,
            terms.true_up_date
        from accounts
        inner join
            {{ ref("int_licence_snapshots") }} as snapshots
            on snapshots.as_of_date = accounts.as_of_date
        left join pools on pools.as_of_date = accounts.as_of_date and pools.sku_id = accounts.sku_id
        left join
            {{ ref("int_licence_terms__dated") }} as terms
            on terms.as_of_date = accounts.as_of_date
            and terms.sku_id = accounts.sku_id
    )

select
    as_of_date,
    sku_id,
    is_latest,
    publisher,
    cast(entitled as bigint) as entitled,
    entitlement_evidence,
    cast(assigned as bigint) as assigned,
    cast(active as bigint) as active,
    cast(unused as bigint) as unused,
    cast(unknown_activity as bigint) as unknown_activity,
    cast(suspended as bigint) as suspended,
    cast(disabled_assigned as bigint) as disabled_assigned,
    cast(shelf_ware as bigint) as shelf_ware,
    cast(over_assigned as bigint) as over_assigned,
    unit_price_nok,
    price_evidence,
    cast(monthly_cost_nok as decimal(18, 2)) as monthly_cost_nok,
    cast(cast(entitled as decimal(18, 0)) * unit_price_nok as decimal(18, 2)) as paid_nok,
    cast(cast(shelf_ware as decimal(18, 0)) * unit_price_nok as decimal(18, 2)) as shelf_ware_nok,
    cast(cast(unused as decimal(18, 0)) * unit_price_nok as decimal(18, 2)) as unused_nok,
    true_up_date,
    cast(
        12 * cast(over_assigned as decimal(16, 0)) * unit_price_nok as decimal(18, 2)
    ) as true_up_nok
from joined
