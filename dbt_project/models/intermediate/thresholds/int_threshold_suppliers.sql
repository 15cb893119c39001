-- How many suppliers a category's greatest window across the municipality is spread over.
with
    windows as (
        select *
        from {{ ref("int_threshold_windows__chosen") }}
        where scope = 'municipality' and is_peak
    ),

    days as (
        select distinct category_id, supplier_key, purchase_date
        from {{ ref("int_threshold_days") }}
        where scope = 'supplier'
    )

select windows.watch_id, count(distinct days.supplier_key) as supplier_count
from windows
inner join
    days
    on days.category_id = windows.category_id
    and days.purchase_date >= windows.window_start
    and days.purchase_date < windows.window_end
group by windows.watch_id
