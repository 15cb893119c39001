with
    span as (
        select min(year) as first_year, max(year) as last_year from {{ ref("fct_spend_line") }}
    ),

    counted as ({{ dbt.generate_series(200) }}),

    years as (
        select span.last_year, span.first_year + counted.generated_number - 1 as year
        from counted
        cross join span
    )

select
    cast(year as integer) as year,
    make_date(cast(year as integer), 1, 1) as first_date,
    make_date(cast(year as integer) + 1, 1, 1) as end_date
from years
where year <= last_year
