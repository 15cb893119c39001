with rows_in_force as ({{ lake_rows("saft_supplier") }})

select
    source_sha256,
    source_row,
    supplier_id,
    name,
    registration_number,
    vat_number,
    orgnr,
    is_private_person,
    postal_code,
    city,
    country
from rows_in_force
