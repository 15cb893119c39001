select
    as_of_date,
    status,
    horizon_months,
    max_changes,
    account_count,
    group_count,
    changed_count,
    uncovered_count,
    unpriced_sku_count,
    baseline_nok,
    plan_nok,
    lower_bound_nok,
    greedy_nok,
    gap_share
from {{ source("derived", "licence_plan_summary") }}
