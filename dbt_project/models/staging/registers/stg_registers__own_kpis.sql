with rows_in_force as ({{ register_rows("reg_own_kpi") }})

select source_sha256, source_row, kpi_id, name, year, numerator, denominator, comparison, source
from rows_in_force
