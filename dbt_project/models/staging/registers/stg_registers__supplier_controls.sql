with rows_in_force as ({{ register_rows("reg_supplier_control") }})

select
    source_sha256,
    source_row,
    orgnr,
    agreement_id,
    category_id,
    control_date,
    subject,
    method,
    result,
    followup_due_date,
    closed_date
from rows_in_force
