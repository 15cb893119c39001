with rows_in_force as ({{ register_rows("reg_licence_term") }})

select
    source_sha256,
    source_row,
    nullif(trim(sku_id), '') as sku_id,
    nullif(trim(publisher), '') as publisher,
    name,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to,
    unit_price_nok,
    list_price_nok,
    management_fee_nok,
    cast(commitment_floor as bigint) as commitment_floor,
    floor_until,
    earliest_reduction_date,
    true_up_date,
    is_transferable,
    is_zero_cost_addon,
    is_free_software,
    acquisition_type,
    cast(reserve as bigint) as reserve,
    requires,
    agreement_id
from rows_in_force
