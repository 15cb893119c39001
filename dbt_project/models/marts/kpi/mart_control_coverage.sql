with
    suppliers as (select * from {{ ref("int_kpi__risk_suppliers") }}),

    categories as (select * from {{ ref("dim_category") }}),

    summed as (
        select
            year,
            category_id,
            control_risk,
            count(*) as supplier_count,
            sum(case when is_controlled then 1 else 0 end) as controlled_supplier_count,
            sum(spend_nok) as spend_nok,
            sum(case when is_controlled then spend_nok else 0 end) as controlled_nok
        from suppliers
        group by year, category_id, control_risk
    )

select
    summed.year,
    summed.category_id,
    categories.name as category_name,
    summed.control_risk,
    cast(summed.supplier_count as bigint) as supplier_count,
    cast(summed.controlled_supplier_count as bigint) as controlled_supplier_count,
    {{ share("summed.controlled_supplier_count", "summed.supplier_count") }} as controlled_share,
    {{ nok("summed.spend_nok") }} as spend_nok,
    {{ nok("summed.controlled_nok") }} as controlled_nok
from summed
inner join categories on categories.category_id = summed.category_id
