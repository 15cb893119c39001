-- What a published window consists of. Lines are summed per day before they meet a supplier's
-- windows;
-- those of the municipality take whole months summed, and days in the months that they begin and
-- end in: the work then grows with units and months, not with lines times windows.
with
    windows as (select * from {{ ref("int_threshold_windows__chosen") }}),

    days as (
        select
            category_id,
            supplier_id,
            unit_id,
            agreement_id,
            loyalty_class,
            decisive_date as purchase_date,
            sum(amount_nok) as spend_nok,
            {{ line_count("lines") }} as line_count
        from {{ ref("fct_spend_line") }} as lines
        where
            loyalty_class in ('no_agreement', 'outside_period', 'off_agreement')
            and category_id <> 'unknown'
        group by category_id, supplier_id, unit_id, agreement_id, loyalty_class, decisive_date
    ),

    municipality_days as (
        select
            category_id,
            unit_id,
            agreement_id,
            loyalty_class,
            purchase_date,
            {{ month_of("purchase_date") }} as purchase_month,
            sum(spend_nok) as spend_nok,
            sum(line_count) as line_count
        from days
        group by category_id, unit_id, agreement_id, loyalty_class, purchase_date
    ),

    municipality_months as (
        select
            category_id,
            unit_id,
            agreement_id,
            loyalty_class,
            purchase_month,
            sum(spend_nok) as spend_nok,
            sum(line_count) as line_count
        from municipality_days
        group by category_id, unit_id, agreement_id, loyalty_class, purchase_month
    ),

    category_months as (select distinct category_id, purchase_month from municipality_months),

    window_months as (
        select
            windows.watch_id,
            windows.category_id,
            windows.window_start,
            windows.window_end,
            category_months.purchase_month,
            category_months.purchase_month > {{ month_of("windows.window_start") }}
            and category_months.purchase_month < {{ month_of("windows.window_end") }} as is_whole
        from windows
        inner join
            category_months
            on category_months.category_id = windows.category_id
            and category_months.purchase_month >= {{ month_of("windows.window_start") }}
            and category_months.purchase_month < windows.window_end
        where windows.scope = 'municipality'
    ),

    placed as (
        select
            window_months.watch_id,
            months.unit_id,
            months.agreement_id,
            months.loyalty_class,
            months.spend_nok,
            months.line_count
        from window_months
        inner join
            municipality_months as months
            on months.category_id = window_months.category_id
            and months.purchase_month = window_months.purchase_month
        where window_months.is_whole
        union all
        select
            window_months.watch_id,
            days.unit_id,
            days.agreement_id,
            days.loyalty_class,
            days.spend_nok,
            days.line_count
        from window_months
        inner join
            municipality_days as days
            on days.category_id = window_months.category_id
            and days.purchase_month = window_months.purchase_month
            and days.purchase_date >= window_months.window_start
            and days.purchase_date < window_months.window_end
        where not window_months.is_whole
        union all
        select
            windows.watch_id,
            days.unit_id,
            days.agreement_id,
            days.loyalty_class,
            days.spend_nok,
            days.line_count
        from windows
        inner join
            days
            on days.category_id = windows.category_id
            and days.supplier_id = windows.supplier_key
            and days.purchase_date >= windows.window_start
            and days.purchase_date < windows.window_end
        where windows.scope = 'supplier'
    )

select
    watch_id,
    unit_id,
    agreement_id,
    loyalty_class,
    cast(sum(spend_nok) as decimal(18, 2)) as spend_nok,
    cast(sum(line_count) as bigint) as line_count
from placed
group by watch_id, unit_id, agreement_id, loyalty_class
