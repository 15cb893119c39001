{{ config(tags=["derived_input"]) }}

select distinct assignments.account_key, assignments.sku_id
from {{ ref("int_licence_assignments") }} as assignments
inner join
    {{ ref("int_licence_snapshots") }} as snapshots
    on snapshots.as_of_date = assignments.as_of_date
    and snapshots.is_latest
inner join {{ ref("int_plan_users") }} as users on users.account_key = assignments.account_key
