with years as (select distinct year from {{ ref("fct_spend_line") }})

select
    cast(year as integer) as year,
    make_date(cast(year as integer), 1, 1) as first_date,
    make_date(cast(year as integer) + 1, 1, 1) as end_date
from years
