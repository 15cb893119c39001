with lines as (select * from {{ ref("stg_ehf__lines") }})

select
    document_id,
    count(*) as row_count,
    cast(sum(amount) as decimal(18, 2)) as all_amount,
    cast(sum(case when line_kind = 'line' then amount else 0 end) as decimal(18, 2)) as line_amount,
    cast(
        sum(case when line_kind = 'allowance' then amount else 0 end) as decimal(18, 2)
    ) as allowance_amount,
    cast(
        sum(case when line_kind = 'charge' then amount else 0 end) as decimal(18, 2)
    ) as charge_amount,
    max(case when line_kind = 'difference' then 1 else 0 end) = 1 as has_difference_line
from lines
group by document_id
