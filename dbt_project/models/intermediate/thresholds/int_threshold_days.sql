-- Spend without an agreement, a row per thing that is watched and day: a category across the
-- municipality, and each supplier in it. The unknown supplier is many, so it is watched as part of
-- the municipality only. Unknown category is class undetermined, and never among these lines.
with
    lines as (
        select *
        from {{ ref("fct_spend_line") }}
        where
            loyalty_class in ('no_agreement', 'outside_period', 'off_agreement')
            and category_id <> 'unknown'
    ),

    categories as (select * from {{ ref("dim_category") }}),

    by_supplier as (
        select
            categories.kind,
            lines.category_id,
            lines.supplier_id,
            lines.decisive_date as purchase_date,
            sum(lines.amount_nok) as spend_nok,
            {{ line_count("lines") }} as line_count,
            max(case when lines.amount_nok > 0 then 1 else 0 end) as has_purchase
        from lines
        inner join categories on categories.category_id = lines.category_id
        group by categories.kind, lines.category_id, lines.supplier_id, lines.decisive_date
    )

select
    'municipality' as scope,
    kind,
    category_id,
    '*' as supplier_key,
    purchase_date,
    cast(sum(spend_nok) as decimal(18, 2)) as spend_nok,
    cast(sum(line_count) as bigint) as line_count,
    max(has_purchase) = 1 as has_purchase
from by_supplier
group by kind, category_id, purchase_date
union all
select
    'supplier' as scope,
    kind,
    category_id,
    supplier_id as supplier_key,
    purchase_date,
    cast(spend_nok as decimal(18, 2)) as spend_nok,
    line_count,
    has_purchase = 1 as has_purchase
from by_supplier
where supplier_id <> 'unknown'
