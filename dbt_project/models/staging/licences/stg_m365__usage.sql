with loaded as ({{ lake_rows("m365_usage") }})

select
    source_sha256,
    source_row,
    account_key,
    is_concealed,
    report,
    service,
    report_date,
    cast(report_period_days as bigint) as report_period_days,
    is_deleted,
    has_licence,
    activity,
    storage,
    assigned_products
from loaded
