select
    constraints.constraint_name,
    constraints.pool_id,
    constraints.sku_id,
    constraints.is_binding,
    case when constraints.cost_nok is null then 'not_proven' else 'optimal' end as status,
    cast(summaries.plan_nok - constraints.cost_nok as decimal(18, 2)) as without_nok,
    constraints.cost_nok
from {{ ref("stg_derived__licence_plan_constraints") }} as constraints
cross join {{ ref("stg_derived__licence_plan_summaries") }} as summaries
