with rows_in_force as ({{ register_rows("reg_deviation") }})

select
    source_sha256,
    source_row,
    deviation_id,
    reported_date,
    agreement_id,
    orgnr,
    unit_id,
    deviation_type,
    description,
    severity,
    coalesce(status, case when closed_date is null then 'open' else 'closed' end) as status,
    order_number,
    invoice_number,
    claim_nok,
    dagbot_nok,
    closed_date
from rows_in_force
