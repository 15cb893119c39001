with
    latest as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    sku_plans as (select * from {{ ref("int_sku_plans") }}),

    prices as (
        select terms.sku_id, terms.unit_price_nok
        from {{ ref("int_licence_terms__dated") }} as terms
        inner join latest on latest.as_of_date = terms.as_of_date
        where terms.unit_price_nok is not null
    ),

    smaller_prices as (
        select skus.sku_id, others.sku_id as other_sku_id, others.unit_price_nok
        from prices as skus
        inner join prices as others on others.unit_price_nok < skus.unit_price_nok
    ),

    -- Products that give a part of what a dearer one gives.
    smaller as (
        select smaller_prices.sku_id, smaller_prices.other_sku_id, smaller_prices.unit_price_nok
        from smaller_prices
        inner join
            (
                select plans.sku_id, others.sku_id as other_sku_id, count(*) as shared_count
                from sku_plans as plans
                inner join sku_plans as others on others.plan_id = plans.plan_id
                group by plans.sku_id, others.sku_id
            ) as shared
            on shared.sku_id = smaller_prices.sku_id
            and shared.other_sku_id = smaller_prices.other_sku_id
        inner join
            (select sku_id, count(*) as plan_count from sku_plans group by sku_id) as sizes
            on sizes.sku_id = smaller_prices.other_sku_id
            and sizes.plan_count = shared.shared_count
    ),

    every_assignment as (
        select assignments.account_key, assignments.sku_id
        from {{ ref("int_licence_assignments") }} as assignments
        inner join latest on latest.as_of_date = assignments.as_of_date
    ),

    assigned as (
        select assignments.account_key, assignments.sku_id
        from {{ ref("int_licence_assignments") }} as assignments
        inner join latest on latest.as_of_date = assignments.as_of_date
        where assignments.is_active and assignments.activity_evidence = 'usage'
    ),

    service_use as (
        select service_use.*
        from {{ ref("int_licence_service_use") }} as service_use
        inner join latest on latest.as_of_date = service_use.as_of_date
        where service_use.activity <> 'unknown'
    ),

    used_sets as (
        select account_key, {{ names_joined("plan_id") }} as plan_set
        from {{ ref("int_licence_needs") }}
        where need_kind <> 'standard'
        group by account_key
    ),

    -- The standard is the same for all who must have it.
    must_have_standard as (
        select distinct account_key from {{ ref("int_licence_needs") }} where need_kind = 'standard'
    ),

    known_sets as (
        select account_key, {{ names_joined("service") }} as service_set
        from service_use
        group by account_key
    ),

    product_sets as (
        select account_key, {{ names_joined("sku_id") }} as product_set
        from every_assignment
        group by account_key
    ),

    -- Accounts with the same products, the same needs and the same unknown are judged once.
    signed as (
        select
            assigned.account_key,
            assigned.sku_id,
            coalesce(used_sets.plan_set, '')
            || ' / '
            || coalesce(known_sets.service_set, '')
            || ' / '
            || product_sets.product_set
            || case
                when must_have_standard.account_key is not null then ' / standard' else ''
            end as need_set
        from assigned
        inner join product_sets on product_sets.account_key = assigned.account_key
        left join used_sets on used_sets.account_key = assigned.account_key
        left join must_have_standard on must_have_standard.account_key = assigned.account_key
        left join known_sets on known_sets.account_key = assigned.account_key
    ),

    sets as (
        select sku_id, need_set, min(account_key) as account_key
        from signed
        group by sku_id, need_set
    ),

    -- What a cheaper product of the same account gives is that one's to give.
    given_by_others as (
        select distinct sets.sku_id, sets.need_set, sku_plans.plan_id
        from sets
        inner join every_assignment on every_assignment.account_key = sets.account_key
        inner join
            smaller_prices
            on smaller_prices.sku_id = sets.sku_id
            and smaller_prices.other_sku_id = every_assignment.sku_id
        inner join sku_plans on sku_plans.sku_id = every_assignment.sku_id
    ),

    given as (
        select sets.account_key, sets.sku_id, sets.need_set, sku_plans.plan_id
        from sets
        inner join sku_plans on sku_plans.sku_id = sets.sku_id
        left join
            given_by_others
            on given_by_others.sku_id = sets.sku_id
            and given_by_others.need_set = sets.need_set
            and given_by_others.plan_id = sku_plans.plan_id
        where given_by_others.plan_id is null
    ),

    -- A plan whose use could be measured, and is not known, is needed as long as it is not.
    needs as (
        select given.sku_id, given.need_set, given.plan_id
        from given
        inner join
            {{ ref("int_licence_needs") }} as needs
            on needs.account_key = given.account_key
            and needs.plan_id = given.plan_id
        union
        select given.sku_id, given.need_set, given.plan_id
        from given
        inner join
            {{ ref("int_licence_plan_services") }} as services on services.plan_id = given.plan_id
        left join
            service_use
            on service_use.account_key = given.account_key
            and service_use.service = services.service
        where service_use.account_key is null
    ),

    lacking as (
        select distinct needs.sku_id, needs.need_set, smaller.other_sku_id
        from needs
        inner join smaller on smaller.sku_id = needs.sku_id
        left join
            sku_plans
            on sku_plans.sku_id = smaller.other_sku_id
            and sku_plans.plan_id = needs.plan_id
        where sku_plans.plan_id is null
    ),

    enough as (
        select
            sets.sku_id,
            sets.need_set,
            smaller.other_sku_id,
            smaller.unit_price_nok,
            row_number() over (
                partition by sets.sku_id, sets.need_set
                order by smaller.unit_price_nok, smaller.other_sku_id
            ) as place
        from sets
        inner join smaller on smaller.sku_id = sets.sku_id
        left join
            lacking
            on lacking.sku_id = sets.sku_id
            and lacking.need_set = sets.need_set
            and lacking.other_sku_id = smaller.other_sku_id
        where lacking.sku_id is null
    )

select
    signed.account_key,
    signed.sku_id,
    enough.other_sku_id,
    enough.unit_price_nok as other_unit_price_nok
from signed
inner join
    enough
    on enough.sku_id = signed.sku_id
    and enough.need_set = signed.need_set
    and enough.place = 1
