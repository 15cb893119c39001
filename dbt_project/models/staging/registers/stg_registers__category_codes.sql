with rows_in_force as ({{ register_rows("reg_category_code") }})

select source_sha256, source_row, code_list, code, category_id
from rows_in_force
