{# One row per year and key figure that is a share of spend: numerator and denominator in NOK. #}
with
    all_days as (select * from {{ ref("int_kpi__ehandel_days") }}),

    -- What is of unknown category may be covered or not: it is in neither.
    coverage as (select * from {{ ref("mart_coverage") }} where category_id <> 'unknown'),

    -- Without orders nothing is known of e-handel, which is not the same as none.
    orders as (select count(*) as order_count from {{ ref("int_orders") }}),

    days as (select all_days.* from all_days cross join orders where orders.order_count > 0),

    reuse as (
        select lines.year, categories.reuse, lines.amount_nok
        from {{ ref("fct_spend_line") }} as lines
        inner join
            {{ ref("stg_registers__categories") }} as categories
            on categories.category_id = lines.category_id
        where categories.reuse is not null
    ),

    parts as (
        select
            'EHANDEL_ALT' as kpi_id,
            year,
            case when is_ehandel then amount_nok end as numerator,
            amount_nok as denominator
        from days
        union all
        select 'EHANDEL_PAAVIRKBAR', year, case when is_ehandel then amount_nok end, amount_nok
        from days
        where is_addressable
        union all
        select 'EHANDEL_POTENSIAL', year, case when is_ehandel then amount_nok end, amount_nok
        from days
        where is_potential
        union all
        select 'EHANDEL_ENKELTKJOP', year, case when is_ehandel then amount_nok end, amount_nok
        from days
        where not is_on_agreement
        union all
        select 'DEKNING', year, covered_nok + voluntary_nok, total_nok
        from coverage
        union all
        select 'OMBRUK', year, case when reuse = 'reused' then amount_nok end, amount_nok
        from reuse
    )

select
    kpi_id,
    cast(year as integer) as year,
    cast(coalesce(sum(numerator), 0) as decimal(18, 2)) as numerator,
    cast(sum(denominator) as decimal(18, 2)) as denominator
from parts
group by kpi_id, year
