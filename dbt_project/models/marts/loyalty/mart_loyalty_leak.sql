with
    leaks as (
        select
            leaks.*,
            leaks.loyalty_class <> 'outside_period' as is_leak,
            sum(leaks.amount_nok) over (
                partition by leaks.year, leaks.loyalty_class <> 'outside_period'
            ) as total_nok
        from {{ ref("int_leaks__explained") }} as leaks
    ),

    ranked as (
        select
            leaks.*,
            row_number() over (
                partition by year, is_leak
                order by
                    amount_nok desc nulls last,
                    unit_id nulls last,
                    agreement_id nulls last,
                    lot nulls last,
                    supplier_id nulls last,
                    loyalty_class nulls last
            ) as leak_rank
        from leaks
    ),

    cumulated as (
        select
            ranked.*,
            sum(amount_nok) over (
                partition by year, is_leak
                order by leak_rank
                rows between unbounded preceding and current row
            ) as cumulative_nok
        from ranked
    )

select
    cast(cumulated.year as integer) as year,
    cumulated.is_leak,
    cumulated.leak_rank,
    cumulated.unit_id,
    units.name as unit_name,
    units.sector,
    cumulated.agreement_id,
    cumulated.agreement_title,
    cumulated.lot,
    cumulated.lot_name,
    cumulated.supplier_id,
    suppliers.name as supplier_name,
    cumulated.loyalty_class,
    cumulated.category_names,
    cumulated.amount_nok,
    cumulated.line_count,
    cumulated.document_count,
    cumulated.first_date,
    cumulated.last_date,
    cumulated.right_suppliers,
    cumulated.reason_nb,
    cast(cumulated.cumulative_nok as decimal(18, 2)) as cumulative_nok,
    cast(cumulated.total_nok as decimal(18, 2)) as total_nok,
    case
        when cumulated.total_nok > 0
        then {{ share("cumulated.cumulative_nok", "cumulated.total_nok") }}
    end as cumulative_share
from cumulated
left join
    {{ ref("int_units__by_year") }} as units
    on units.year = cumulated.year
    and units.unit_id = cumulated.unit_id
left join {{ ref("dim_supplier") }} as suppliers on suppliers.supplier_id = cumulated.supplier_id
