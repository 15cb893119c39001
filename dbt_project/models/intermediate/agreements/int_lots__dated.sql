with
    lots as (select * from {{ ref("stg_registers__agreement_lots") }}),

    agreements as (select * from {{ ref("dim_agreement") }})

select
    lots.agreement_id,
    lots.lot,
    lots.name,
    coalesce(lots.call_off, 'parallel') as call_off,
    agreements.is_binding,
    agreements.valid_from,
    {{ add_days("agreements.end_date", 1) }} as valid_to
from lots
inner join agreements on agreements.agreement_id = lots.agreement_id
