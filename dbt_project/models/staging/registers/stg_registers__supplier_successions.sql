with rows_in_force as ({{ register_rows("reg_supplier_succession") }})

select
    source_sha256,
    source_row,
    orgnr,
    successor_orgnr,
    valid_from,
    coalesce(agreement_id, '*') as agreement_id,
    reason
from rows_in_force
where successor_orgnr <> orgnr
