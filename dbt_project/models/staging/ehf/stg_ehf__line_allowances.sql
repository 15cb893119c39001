with rows_in_force as ({{ lake_rows("ehf_line_allowance") }})

select
    source_sha256,
    source_row,
    document_id,
    position,
    is_charge,
    reason_code,
    reason,
    amount,
    percent,
    base_amount
from rows_in_force
