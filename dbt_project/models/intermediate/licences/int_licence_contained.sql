with
    assigned as (select distinct as_of_date, sku_id from {{ ref("int_licence_assignments") }}),

    latest as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    skus as (
        select assigned.sku_id, terms.unit_price_nok
        from assigned
        inner join latest on latest.as_of_date = assigned.as_of_date
        left join
            {{ ref("int_licence_terms__dated") }} as terms
            on terms.as_of_date = assigned.as_of_date
            and terms.sku_id = assigned.sku_id
    ),

    plans as (
        select sku_plans.sku_id, sku_plans.plan_id
        from {{ ref("int_sku_plans") }} as sku_plans
        inner join skus on skus.sku_id = sku_plans.sku_id
    ),

    sizes as (select sku_id, count(*) as plan_count from plans group by sku_id),

    shared as (
        select plans.sku_id, others.sku_id as other_sku_id, count(*) as shared_count
        from plans
        inner join
            plans as others on others.plan_id = plans.plan_id and others.sku_id <> plans.sku_id
        group by plans.sku_id, others.sku_id
    )

select shared.sku_id, shared.other_sku_id
from shared
inner join sizes on sizes.sku_id = shared.sku_id and sizes.plan_count = shared.shared_count
inner join sizes as other_sizes on other_sizes.sku_id = shared.other_sku_id
inner join skus on skus.sku_id = shared.sku_id
inner join skus as others on others.sku_id = shared.other_sku_id
where
    other_sizes.plan_count > sizes.plan_count
    -- Of two that give the same the dearer one is too many, then the one with the greater code.
    or coalesce(skus.unit_price_nok, 0) > coalesce(others.unit_price_nok, 0)
    or (
        coalesce(skus.unit_price_nok, 0) = coalesce(others.unit_price_nok, 0)
        and skus.sku_id > others.sku_id
    )
