select constraint_name, pool_id, sku_id, is_binding, cost_nok
from {{ source("derived", "licence_plan_constraint") }}
