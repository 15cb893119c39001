with
    loaded as ({{ lake_rows("m365_user") }}),

    files as (select source_sha256, effective_date from {{ ref("stg_inputs__source_files") }}),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }})

select
    loaded.source_sha256,
    loaded.source_row,
    loaded.account_key,
    loaded.person_key,
    loaded.is_enabled,
    loaded.user_type,
    loaded.department,
    loaded.company,
    loaded.is_new,
    loaded.sign_in_activity,
    loaded.is_stated_inactive,
    cast(loaded.stated_licence_count as bigint) as stated_licence_count,
    cast(loaded.licence_count as bigint) as licence_count,
    coalesce(files.effective_date, run_context.as_of_date) as export_date
from loaded
cross join run_context
left join files on files.source_sha256 = loaded.source_sha256
where loaded.account_key is not null
