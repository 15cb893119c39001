with rows_in_force as ({{ register_rows("reg_supplier_category") }})

select
    source_sha256,
    source_row,
    orgnr,
    category_id,
    is_single_category,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
