with
    purchases as (select * from {{ ref("int_purchases__approved") }}),

    units as (select * from {{ ref("dim_unit") }}),

    exceeded as (select * from purchases where limit_kind = 'none' or amount_nok > limit_nok)

select
    exceeded.year,
    exceeded.document_id,
    exceeded.unit_id,
    units.name as unit_name,
    units.sector,
    exceeded.supplier_id,
    exceeded.document_number,
    exceeded.purchase_date,
    exceeded.role,
    exceeded.approved_date,
    exceeded.limit_kind,
    cast(exceeded.limit_nok as decimal(18, 2)) as limit_nok,
    exceeded.amount_nok,
    cast(exceeded.amount_nok - exceeded.limit_nok as decimal(18, 2)) as above_limit_nok
from exceeded
left join
    units
    on units.unit_id = exceeded.unit_id
    and units.valid_from <= exceeded.purchase_date
    and exceeded.purchase_date < units.valid_to
