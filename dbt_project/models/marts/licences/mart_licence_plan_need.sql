select need_set_id, plan_id, need_kind from {{ ref("stg_derived__licence_plan_needs") }}
