with
    options as (
        select * from {{ ref("stg_registers__agreement_options") }} where length_months > 0
    ),

    -- An option counts only where every option before it has been exercised too.
    chained as (
        select
            options.*,
            sum(case when is_exercised then 0 else 1 end) over (
                partition by agreement_id
                order by option_number
                rows between unbounded preceding and current row
            ) as unexercised_so_far
        from options
    )

select
    agreement_id,
    option_number,
    source_sha256,
    source_row,
    length_months,
    is_exercised,
    exercised_date,
    is_exercised and unexercised_so_far = 0 as is_in_force,
    is_exercised and unexercised_so_far > 0 as is_out_of_order
from chained
