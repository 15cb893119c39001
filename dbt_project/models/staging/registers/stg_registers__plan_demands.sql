with rows_in_force as ({{ register_rows("reg_plan_demand") }})

select
    source_sha256,
    source_row,
    upper(trim(service_plan_name)) as service_plan_name,
    nullif(trim(unit_id), '') as unit_id,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to,
    reason
from rows_in_force
