with rows_in_force as ({{ register_rows("reg_exchange_rate") }})

select source_sha256, source_row, currency, rate_date, rate, units
from rows_in_force
