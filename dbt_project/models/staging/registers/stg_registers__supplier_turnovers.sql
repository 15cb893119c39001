with rows_in_force as ({{ register_rows("reg_supplier_turnover") }})

select source_sha256, source_row, orgnr, cast(year as integer) as year, turnover_nok, source
from rows_in_force
