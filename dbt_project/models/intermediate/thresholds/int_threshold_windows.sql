-- The sum of every rolling window of 12 months that begins on a day with a purchase: [start,
-- start +
-- 12 months; the number is a setting). One running sum per key over purchases and window ends
-- together, so that no day is
-- joined with the days of its window.
with
    days as (select * from {{ ref("int_threshold_days") }}),

    settings as (
        select value as window_months
        from {{ ref("analysis_setting") }}
        where setting = 'threshold_window_months'
    ),

    starts as (
        select
            days.scope,
            days.kind,
            days.category_id,
            days.supplier_key,
            days.purchase_date as window_start,
            {{ add_months("days.purchase_date", "settings.window_months") }} as window_end
        from days
        cross join settings
        where days.has_purchase
    ),

    -- On a day that is both, the window ends first: its last day is the one before.
    events as (
        select
            scope,
            kind,
            category_id,
            supplier_key,
            purchase_date as event_date,
            1 as event_order,
            purchase_date as window_start,
            spend_nok,
            line_count
        from days
        union all
        select
            scope,
            kind,
            category_id,
            supplier_key,
            window_end as event_date,
            0 as event_order,
            window_start,
            cast(0 as decimal(18, 2)) as spend_nok,
            cast(0 as bigint) as line_count
        from starts
    ),

    accumulated as (
        select
            events.*,
            sum(spend_nok) over (
                partition by scope, kind, category_id, supplier_key
                order by event_date, event_order, window_start
                rows between unbounded preceding and current row
            ) as spend_until_nok,
            sum(line_count) over (
                partition by scope, kind, category_id, supplier_key
                order by event_date, event_order, window_start
                rows between unbounded preceding and current row
            ) as lines_until
        from events
    )

select
    starts.scope,
    starts.kind,
    starts.category_id,
    starts.supplier_key,
    starts.window_start,
    starts.window_end,
    cast(
        closing.spend_until_nok - opening.spend_until_nok + opening.spend_nok as decimal(18, 2)
    ) as spend_nok,
    cast(closing.lines_until - opening.lines_until + opening.line_count as bigint) as line_count
from starts
inner join
    accumulated as opening
    on opening.scope = starts.scope
    and opening.kind = starts.kind
    and opening.category_id = starts.category_id
    and opening.supplier_key = starts.supplier_key
    and opening.window_start = starts.window_start
    and opening.event_order = 1
inner join
    accumulated as closing
    on closing.scope = starts.scope
    and closing.kind = starts.kind
    and closing.category_id = starts.category_id
    and closing.supplier_key = starts.supplier_key
    and closing.window_start = starts.window_start
    and closing.event_order = 0
