select
    action_number,
    action,
    unit_id,
    from_unit_id,
    pool_id,
    from_sku_id,
    to_sku_id,
    cause,
    rule_id,
    binding_constraint,
    quantity,
    earliest_date,
    horizon_saving_nok,
    yearly_saving_nok
from {{ ref("stg_derived__licence_plan_actions") }}
