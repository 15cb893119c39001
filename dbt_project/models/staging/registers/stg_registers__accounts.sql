with rows_in_force as ({{ register_rows("reg_account") }})

select
    source_sha256,
    source_row,
    account_key,
    person_key,
    nullif(trim(unit_id), '') as unit_id,
    deactivated_date,
    is_external,
    is_on_platform,
    account_type
from rows_in_force
