with rows_in_force as ({{ register_rows("reg_agreement_option") }})

select
    source_sha256,
    source_row,
    agreement_id,
    option_number,
    length_months,
    is_exercised,
    exercised_date
from rows_in_force
