with deviations as (select * from {{ ref("mart_deviation") }})

select
    coalesce(agreement_id, 'none') as agreement_id,
    supplier_id,
    cast(sum(case when is_open then 1 else 0 end) as bigint) as open_count,
    cast(
        sum(case when is_open and status = 'in_progress' then 1 else 0 end) as bigint
    ) as in_progress_count,
    cast(
        sum(case when is_open and severity = 'high' then 1 else 0 end) as bigint
    ) as open_high_count,
    cast(sum(case when is_open then 0 else 1 end) as bigint) as closed_count,
    cast(max(case when is_open then days_open end) as bigint) as oldest_open_days,
    cast(
        sum(case when not is_open and days_open is not null then 1 else 0 end) as bigint
    ) as dated_closed_count,
    cast(coalesce(sum(case when not is_open then days_open end), 0) as bigint) as closed_days,
    {{
        share(
            "sum(case when not is_open then days_open end)",
            "sum(case when not is_open and days_open is not null then 1 else 0 end)",
        )
    }} as mean_days_to_close,
    {{ nok("sum(case when is_open then claim_nok end)") }} as open_claim_nok,
    {{ nok("sum(case when is_open then dagbot_nok end)") }} as open_dagbot_nok,
    {{ nok("sum(claim_nok)") }} as claim_nok,
    {{ nok("sum(dagbot_nok)") }} as dagbot_nok
from deviations
group by coalesce(agreement_id, 'none'), supplier_id
