with
    loaded as ({{ lake_rows("m365_user_licence") }}),

    files as (select source_sha256, effective_date from {{ ref("stg_inputs__source_files") }}),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }})

select
    loaded.source_sha256,
    loaded.source_row,
    loaded.account_key,
    loaded.sku_id,
    loaded.assigned_by,
    loaded.group_id,
    loaded.state,
    loaded.disabled_plans,
    coalesce(files.effective_date, run_context.as_of_date) as export_date
from loaded
cross join run_context
left join files on files.source_sha256 = loaded.source_sha256
where loaded.account_key is not null
