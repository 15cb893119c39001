-- Who sells what: the suppliers with net spend above 0 in a known category and year, and how many
-- they are. A seller that is not known counts as one, so that nobody is taken for the only one.
with
    sums as (
        select year, category_id, supplier_id, sum(amount_nok) as spend_nok
        from {{ ref("fct_spend_line") }}
        where category_id <> 'unknown'
        group by year, category_id, supplier_id
        having sum(amount_nok) > 0
    ),

    -- The year before a year without spend in the category has none, not the last one that had.
    counts as (
        select
            year,
            category_id,
            cast(count(*) as bigint) as supplier_count,
            sum(spend_nok) as category_nok,
            sum({{ to_ore("spend_nok") }} * {{ to_ore("spend_nok") }}) as sum_of_squares
        from sums
        group by year, category_id
    )

select
    sums.year,
    sums.category_id,
    sums.supplier_id,
    cast(sums.spend_nok as decimal(18, 2)) as spend_nok,
    cast(counts.category_nok as decimal(18, 2)) as category_nok,
    counts.sum_of_squares,
    counts.supplier_count,
    coalesce(last_year.supplier_count, 0) as last_year_supplier_count,
    row_number() over (
        partition by sums.year, sums.category_id
        order by sums.spend_nok desc nulls last, sums.supplier_id nulls last
    ) as place_in_category,
    row_number() over (
        partition by sums.year, sums.supplier_id
        order by
            cast(sums.spend_nok as double) / cast(counts.category_nok as double) desc nulls last,
            sums.spend_nok desc nulls last,
            sums.category_id nulls last
    ) as place_of_supplier
from sums
inner join counts on counts.year = sums.year and counts.category_id = sums.category_id
left join
    counts as last_year
    on last_year.year = sums.year - 1
    and last_year.category_id = sums.category_id
