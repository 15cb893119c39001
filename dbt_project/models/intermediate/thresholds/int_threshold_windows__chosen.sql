-- The windows that are published: the greatest of each key, and of those at or above a threshold
-- the
-- greatest of each month and threshold. Of equal ones the earliest.
with
    windows as (select * from {{ ref("int_threshold_windows__limited") }}),

    placed as (
        select
            windows.*,
            row_number() over (
                partition by scope, kind, category_id, supplier_key
                order by spend_nok desc nulls last, window_start nulls last
            ) as peak_place,
            row_number() over (
                partition by
                    scope,
                    kind,
                    category_id,
                    supplier_key,
                    {{ month_of("window_start") }},
                    threshold_valid_from,
                    eea_threshold_valid_from
                order by spend_nok desc nulls last, window_start nulls last
            ) as month_place
        from windows
    )

select
    scope
    || '|'
    || kind
    || '|'
    || category_id
    || '|'
    || supplier_key
    || '|'
    || cast(window_start as {{ text_type() }}) as watch_id,
    scope,
    kind,
    category_id,
    supplier_key,
    window_start,
    window_end,
    spend_nok,
    line_count,
    threshold_nok,
    threshold_status,
    is_threshold_verified,
    threshold_now_nok,
    is_at_or_above,
    eea_threshold_nok,
    eea_threshold_status,
    eea_threshold_now_nok,
    is_at_or_above_eea,
    peak_place = 1 as is_peak
from placed
where
    peak_place = 1
    or (
        month_place = 1 and (coalesce(is_at_or_above, false) or coalesce(is_at_or_above_eea, false))
    )
