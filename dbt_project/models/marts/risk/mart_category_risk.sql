with
    category_suppliers as (select * from {{ ref("int_category_suppliers__yearly") }}),

    categories as (select * from {{ ref("dim_category") }}),

    definitions as (select definition_id from {{ ref("dim_spend_definition") }} where is_default)

select
    cast(largest.year as integer) as year,
    largest.category_id,
    categories.name as category_name,
    categories.faggruppe,
    definitions.definition_id,
    largest.category_nok as spend_nok,
    largest.supplier_count,
    largest.last_year_supplier_count,
    largest.supplier_id as largest_supplier_id,
    largest.spend_nok as largest_supplier_nok,
    {{ share("largest.spend_nok", "largest.category_nok") }} as largest_supplier_share,
    -- 10 000 × Σ share², from whole øre.
    10000
    * cast(largest.sum_of_squares as double)
    / nullif(
        cast({{ to_ore("largest.category_nok") }} * {{ to_ore("largest.category_nok") }} as double),
        0
    ) as hhi,
    largest.supplier_count = 1 as has_sole_supplier,
    largest.supplier_count = 1 and largest.last_year_supplier_count > 1 as is_one_left
from category_suppliers as largest
cross join definitions
left join categories on categories.category_id = largest.category_id
where largest.place_in_category = 1
