select need_set_id, plan_id, need_kind from {{ source("derived", "licence_plan_need") }}
