with rows_in_force as ({{ register_rows("reg_supplier") }})

select source_sha256, source_row, orgnr, name, organisation_form, is_public_body, is_internal
from rows_in_force
