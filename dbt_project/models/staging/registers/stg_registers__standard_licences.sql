with rows_in_force as ({{ register_rows("reg_standard_licence") }})

select
    source_sha256,
    source_row,
    nullif(trim(sku_id), '') as sku_id,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to,
    legal_basis
from rows_in_force
