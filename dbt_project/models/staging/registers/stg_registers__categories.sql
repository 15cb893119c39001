with rows_in_force as ({{ register_rows("reg_category") }})

select
    source_sha256,
    source_row,
    category_id,
    name,
    faggruppe,
    kind,
    is_addressable,
    control_risk,
    reuse
from rows_in_force
