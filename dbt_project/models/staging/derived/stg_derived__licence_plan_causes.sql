select cause, cause_order, rule_id, changed_count, horizon_saving_nok
from {{ source("derived", "licence_plan_cause") }}
