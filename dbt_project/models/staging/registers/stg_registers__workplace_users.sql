with rows_in_force as ({{ register_rows("reg_workplace_user") }})

select
    source_sha256,
    source_row,
    nullif(trim(unit_id), '') as unit_id,
    {{ month_of("month") }} as month,
    cast(active_count as bigint) as active_count
from rows_in_force
