with rows_in_force as ({{ register_rows("reg_target") }})

select
    source_sha256,
    source_row,
    kpi_id,
    from_year,
    coalesce(to_year, 9999) as to_year,
    target_value,
    source
from rows_in_force
