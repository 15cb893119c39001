with rows_in_force as ({{ register_rows("reg_employment") }})

select
    source_sha256,
    source_row,
    person_key,
    nullif(trim(unit_id), '') as unit_id,
    employment_type,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to,
    post_share_percent
from rows_in_force
