with rows_in_force as ({{ register_rows("reg_agreement_lot") }})

select source_sha256, source_row, agreement_id, lot, name, call_off
from rows_in_force
