select
    pool_id,
    sku_id,
    requires,
    held,
    assigned,
    planned_assigned,
    ended,
    bought,
    planned_seats,
    baseline_nok,
    plan_nok
from {{ source("derived", "licence_plan_seat") }}
