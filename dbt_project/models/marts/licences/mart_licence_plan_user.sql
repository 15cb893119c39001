select
    account_key,
    unit_id,
    from_sku_ids,
    to_sku_ids,
    from_sku_ids <> to_sku_ids as is_changed,
    action,
    cause,
    rule_id,
    change_date,
    activity_rank,
    need_set_id,
    must_have_standard,
    uncovered_reason
from {{ ref("stg_derived__licence_plan_accounts") }}
