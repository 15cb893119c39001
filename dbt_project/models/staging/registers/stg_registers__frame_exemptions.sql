with rows_in_force as ({{ register_rows("reg_frame_exemption") }})

select
    source_sha256,
    source_row,
    nullif(trim(unit_id), '') as unit_id,
    nullif(trim(sku_id), '') as sku_id,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to,
    unit_price_nok,
    legal_basis
from rows_in_force
