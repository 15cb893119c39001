with loaded as ({{ lake_rows("m365_usage_count") }})

select
    source_sha256,
    source_row,
    report,
    subject,
    report_date,
    cast(report_period_days as bigint) as report_period_days,
    cast(active_count as bigint) as active_count,
    cast(inactive_count as bigint) as inactive_count,
    cast(assigned_count as bigint) as assigned_count
from loaded
