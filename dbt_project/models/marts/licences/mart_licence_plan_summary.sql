select
    as_of_date,
    status,
    horizon_months,
    max_changes,
    account_count,
    group_count,
    changed_count,
    uncovered_count,
    unpriced_sku_count,
    baseline_nok,
    plan_nok,
    cast(baseline_nok - plan_nok as decimal(18, 2)) as saving_nok,
    coalesce(
        {{ to_nok("12 * cast(baseline_nok - plan_nok as decimal(24, 2))", "horizon_months") }}, 0
    ) as yearly_saving_nok,
    {{ share("(baseline_nok - plan_nok)", "baseline_nok") }} as saving_share,
    lower_bound_nok,
    gap_share,
    greedy_nok,
    cast(greedy_nok - plan_nok as decimal(18, 2)) as greedy_extra_nok
from {{ ref("stg_derived__licence_plan_summaries") }}
