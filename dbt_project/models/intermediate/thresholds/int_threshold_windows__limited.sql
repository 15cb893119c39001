-- Every window with the thresholds in force on its first day, and those of the build's day. Equal
-- to
-- a threshold is above it; where no source gives one, nothing is said.
with
    windows as (select * from {{ ref("int_threshold_windows") }}),

    thresholds as (select * from {{ ref("int_thresholds__dated") }}),

    current_thresholds as (
        select thresholds.threshold_type, thresholds.kind, thresholds.threshold_nok
        from thresholds
        inner join
            {{ ref("stg_inputs__run_context") }} as run_context
            on thresholds.valid_from <= run_context.as_of_date
            and run_context.as_of_date < thresholds.valid_to
    )

select
    windows.scope,
    windows.kind,
    windows.category_id,
    windows.supplier_key,
    windows.window_start,
    windows.window_end,
    windows.spend_nok,
    windows.line_count,
    national.threshold_nok,
    national.valid_from as threshold_valid_from,
    national.status as threshold_status,
    national.threshold_nok is not null
    and coalesce(
        windows.window_start between national.verified_from and national.verified_to, false
    ) as is_threshold_verified,
    national_now.threshold_nok as threshold_now_nok,
    windows.spend_nok >= national.threshold_nok as is_at_or_above,
    eea.threshold_nok as eea_threshold_nok,
    eea.valid_from as eea_threshold_valid_from,
    eea.status as eea_threshold_status,
    eea_now.threshold_nok as eea_threshold_now_nok,
    windows.spend_nok >= eea.threshold_nok as is_at_or_above_eea
from windows
left join
    thresholds as national
    on national.kind = windows.kind
    and national.threshold_type = 'national'
    and national.valid_from <= windows.window_start
    and windows.window_start < national.valid_to
left join
    thresholds as eea
    on eea.kind = windows.kind
    and eea.threshold_type = 'eea'
    and eea.valid_from <= windows.window_start
    and windows.window_start < eea.valid_to
left join
    current_thresholds as national_now
    on national_now.kind = windows.kind
    and national_now.threshold_type = 'national'
left join
    current_thresholds as eea_now on eea_now.kind = windows.kind and eea_now.threshold_type = 'eea'
