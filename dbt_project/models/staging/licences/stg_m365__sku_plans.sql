with
    loaded as ({{ lake_rows("m365_sku_plan") }}),

    files as (select source_sha256, effective_date from {{ ref("stg_inputs__source_files") }}),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }})

select
    loaded.source_sha256,
    loaded.source_row,
    loaded.sku_id,
    loaded.service_plan_id,
    upper(trim(loaded.service_plan_name)) as service_plan_name,
    loaded.provisioning_status,
    loaded.applies_to,
    coalesce(files.effective_date, run_context.as_of_date) as export_date
from loaded
cross join run_context
left join files on files.source_sha256 = loaded.source_sha256
