select sku_plans.sku_id, sku_plans.plan_id, plans.plan_name
from {{ ref("int_sku_plans") }} as sku_plans
inner join {{ ref("int_service_plans") }} as plans on plans.plan_id = sku_plans.plan_id
