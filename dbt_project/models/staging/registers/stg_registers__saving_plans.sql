with rows_in_force as ({{ register_rows("reg_saving_plan") }})

select
    source_sha256,
    source_row,
    agreement_id,
    cast(year as integer) as year,
    category_id,
    upper(trim(item_id)) as item_id,
    baseline_price,
    contracted_price,
    discount_percent,
    planned_quantity,
    planned_nok
from rows_in_force
