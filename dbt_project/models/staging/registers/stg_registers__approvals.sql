with rows_in_force as ({{ register_rows("reg_approval") }})

select source_sha256, source_row, document_number, orgnr, role, approved_date
from rows_in_force
