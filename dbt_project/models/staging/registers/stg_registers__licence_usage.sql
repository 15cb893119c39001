with rows_in_force as ({{ register_rows("reg_licence_usage") }})

select source_sha256, source_row, nullif(trim(sku_id), '') as sku_id, account_key, activity
from rows_in_force
