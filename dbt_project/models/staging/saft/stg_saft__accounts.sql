with rows_in_force as ({{ lake_rows("saft_account") }})

select
    source_sha256,
    source_row,
    account_id,
    description,
    standard_account_id,
    grouping_category,
    grouping_code
from rows_in_force
