with
    sums as (
        select
            as_of_date,
            unit_id,
            finding,
            finding_order,
            rule_id,
            count(distinct user_key) as user_count,
            count(*) as assignment_count,
            sum(case when monthly_cost_nok is null then 1 else 0 end) as without_price_count,
            sum(monthly_cost_nok) as monthly_cost_nok,
            sum(counted_cost_nok) as counted_cost_nok
        from {{ ref("mart_licence_finding") }}
        group by as_of_date, unit_id, finding, finding_order, rule_id
    )

select
    sums.as_of_date,
    sums.unit_id,
    sums.finding,
    sums.finding_order,
    findings.name as finding_name,
    sums.rule_id,
    cast(sums.user_count as bigint) as user_count,
    cast(sums.assignment_count as bigint) as assignment_count,
    cast(sums.without_price_count as bigint) as without_price_count,
    {{ nok("sums.monthly_cost_nok") }} as monthly_cost_nok,
    {{ nok("sums.counted_cost_nok") }} as counted_cost_nok
from sums
inner join {{ ref("licence_finding") }} as findings on findings.finding = sums.finding
