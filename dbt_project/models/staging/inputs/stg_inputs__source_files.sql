select
    source_sha256,
    file_name,
    kind,
    effective_date,
    cast(rows_in as bigint) as rows_in,
    cast(rows_accepted as bigint) as rows_accepted,
    cast(rows_quarantined as bigint) as rows_quarantined,
    currency,
    cast(amount_in as decimal(18, 2)) as amount_in,
    cast(amount_accepted as decimal(18, 2)) as amount_accepted,
    cast(amount_quarantined as decimal(18, 2)) as amount_quarantined,
    quarantine_reason,
    coalesce(is_withdrawn, false) as is_withdrawn
from {{ source("inputs", "source_file") }}
