select plans.plan_id, services.service
from {{ ref("int_service_plans") }} as plans
inner join
    {{ ref("service_plan_service") }} as services on services.service_plan_name = plans.plan_name
where services.service <> 'background'
