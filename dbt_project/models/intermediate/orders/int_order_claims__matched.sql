-- Which order a number means, from this supplier to this buyer. Numbers are given by the buyer's
-- own
-- systems, so the supplier must be the same; the buyer decides between orders of the same number:
-- the same, then one that isn't said, then another unit of the municipality. Several left is none.
with
    claims as (
        select distinct supplier_id, supplier_name_id, buyer_orgnr, order_key
        from {{ ref("int_lines__order_named") }}
    ),

    orders as (select * from {{ ref("int_orders") }}),

    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    own as (
        select orgnr
        from {{ ref("dim_unit") }}
        where orgnr is not null
        union
        select municipality_orgnr
        from run_context
        where municipality_orgnr is not null
    ),

    candidates as (
        select
            claims.supplier_id,
            claims.supplier_name_id,
            coalesce(claims.buyer_orgnr, '') as buyer_orgnr,
            claims.order_key,
            orders.order_id,
            case
                when
                    orders.supplier_id = 'unknown'
                    or orders.supplier_id not in (claims.supplier_id, claims.supplier_name_id)
                then 5
                when orders.buyer_orgnr = claims.buyer_orgnr
                then 1
                when orders.buyer_orgnr is null or claims.buyer_orgnr is null
                then 2
                when own_orders.orgnr is not null and own_claims.orgnr is not null
                then 3
                else 4
            end as fit
        from claims
        inner join orders on orders.order_key = claims.order_key
        left join own as own_orders on own_orders.orgnr = orders.buyer_orgnr
        left join own as own_claims on own_claims.orgnr = claims.buyer_orgnr
    ),

    best as (
        select
            candidates.*,
            min(fit) over (
                partition by supplier_id, supplier_name_id, buyer_orgnr, order_key
            ) as best_fit
        from candidates
    )

select
    supplier_id,
    supplier_name_id,
    buyer_orgnr,
    order_key,
    case when max(best_fit) <= 3 and count(*) = 1 then min(order_id) end as order_id,
    case
        when max(best_fit) = 5
        then 'other_supplier'
        when max(best_fit) = 4
        then 'other_buyer'
        when count(*) > 1
        then 'ambiguous'
        else 'matched'
    end as match_status
from best
where fit = best_fit
group by supplier_id, supplier_name_id, buyer_orgnr, order_key
