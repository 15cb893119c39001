select
    causes.cause,
    causes.cause_order,
    causes.rule_id,
    causes.changed_count,
    causes.horizon_saving_nok,
    coalesce(
        {{
            to_nok(
                "12 * cast(causes.horizon_saving_nok as decimal(24, 2))",
                "summaries.horizon_months",
            )
        }},
        0
    ) as yearly_saving_nok
from {{ ref("stg_derived__licence_plan_causes") }} as causes
cross join {{ ref("stg_derived__licence_plan_summaries") }} as summaries
