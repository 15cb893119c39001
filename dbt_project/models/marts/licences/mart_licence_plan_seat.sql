with
    seats as (select * from {{ ref("stg_derived__licence_plan_seats") }}),

    terms as (select * from {{ ref("int_plan_skus") }})

select
    seats.pool_id,
    seats.sku_id,
    seats.held,
    seats.assigned,
    seats.planned_assigned,
    seats.ended,
    seats.bought,
    seats.planned_seats,
    coalesce(terms.reserve, 0) as reserve,
    coalesce(terms.floor, 0) as commitment_floor,
    terms.floor_until,
    terms.reduction_date,
    terms.true_up_date,
    coalesce(terms.is_transferable, true) as is_transferable,
    seats.requires,
    coalesce(terms.is_standard, false) as is_standard,
    seats.baseline_nok,
    seats.plan_nok,
    cast(seats.baseline_nok - seats.plan_nok as decimal(18, 2)) as saving_nok
from seats
left join terms on terms.pool_id = seats.pool_id and terms.sku_id = seats.sku_id
