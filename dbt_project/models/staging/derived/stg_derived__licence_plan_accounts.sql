select
    account_key,
    unit_id,
    activity_rank,
    need_set_id,
    must_have_standard,
    from_sku_ids,
    to_sku_ids,
    action,
    cause,
    rule_id,
    change_date,
    uncovered_reason
from {{ source("derived", "licence_plan_account") }}
