with rows_in_force as ({{ register_rows("reg_authority_limit") }})

select
    source_sha256,
    source_row,
    unit_id,
    role,
    authority_type,
    limit_nok,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
