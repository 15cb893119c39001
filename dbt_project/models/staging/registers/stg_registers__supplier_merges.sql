with rows_in_force as ({{ register_rows("reg_supplier_merge") }})

select source_sha256, source_row, supplier_a, supplier_b, decision, reason, decided_date
from rows_in_force
