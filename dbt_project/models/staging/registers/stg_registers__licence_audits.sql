with rows_in_force as ({{ register_rows("reg_licence_audit") }})

select
    source_sha256,
    source_row,
    nullif(trim(publisher), '') as publisher,
    audit_date,
    is_formal,
    hours,
    hourly_rate_nok
from rows_in_force
