with
    loaded as ({{ lake_rows("m365_sku") }}),

    files as (select source_sha256, effective_date from {{ ref("stg_inputs__source_files") }}),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }})

select
    loaded.source_sha256,
    loaded.source_row,
    loaded.sku_id,
    loaded.sku_part_number,
    loaded.sku_name,
    loaded.capability_status,
    loaded.applies_to,
    cast(loaded.enabled_seats as bigint) as enabled_seats,
    cast(loaded.warning_seats as bigint) as warning_seats,
    cast(loaded.suspended_seats as bigint) as suspended_seats,
    cast(loaded.locked_out_seats as bigint) as locked_out_seats,
    cast(loaded.consumed_seats as bigint) as consumed_seats,
    loaded.stated_unit_price_nok,
    coalesce(files.effective_date, run_context.as_of_date) as export_date
from loaded
cross join run_context
left join files on files.source_sha256 = loaded.source_sha256
