with rows_in_force as ({{ register_rows("reg_licence_entitlement") }})

select
    source_sha256,
    source_row,
    nullif(trim(sku_id), '') as sku_id,
    cast(quantity as bigint) as quantity,
    nullif(trim(unit_id), '') as unit_id,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to,
    reference
from rows_in_force
