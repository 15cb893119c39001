{# One row per year and key figure that has a target: the municipality's own, else the shipped one; of
   several the one that began last. #}
with
    years as (select * from {{ ref("int_kpi__years") }}),

    targets as (
        select kpi_id, target_value, from_year, to_year, source, 0 as is_shipped
        from {{ ref("stg_registers__targets") }}
        union all
        select kpi_id, target_value, from_year, to_year, source_nb as source, 1 as is_shipped
        from {{ ref("kpi_target") }}
    ),

    ranked as (
        select
            years.year,
            targets.*,
            row_number() over (
                partition by years.year, targets.kpi_id
                order by targets.is_shipped, targets.from_year desc nulls last
            ) as place
        from years
        inner join targets on years.year between targets.from_year and targets.to_year
    )

select year, kpi_id, target_value, source
from ranked
where place = 1
