select
    deviation_id,
    agreement_id,
    supplier_id,
    unit_id,
    deviation_type,
    severity,
    status,
    is_open,
    reported_date,
    closed_date,
    cast(days_open as bigint) as days_open,
    cast(claim_nok as decimal(18, 2)) as claim_nok,
    cast(dagbot_nok as decimal(18, 2)) as dagbot_nok
from {{ ref("int_supplier_deviations") }}
