with rows_in_force as ({{ register_rows("reg_milestone") }})

select
    source_sha256,
    source_row,
    milestone_id,
    title,
    due_date,
    done_date,
    responsible,
    strategy_reference
from rows_in_force
