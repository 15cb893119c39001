with rows_in_force as ({{ register_rows("reg_service_option") }})

select
    source_sha256,
    source_row,
    agreement_id,
    option_id,
    title,
    category_id,
    is_exercised,
    exercised_date
from rows_in_force
