with rows_in_force as ({{ register_rows("reg_lot_supplier") }})

select
    source_sha256,
    source_row,
    agreement_id,
    lot,
    orgnr,
    name,
    supplier_rank,
    coalesce(supplier_role, 'supplier') as supplier_role,
    coalesce(direct_call_off_allowed, false) as direct_call_off_allowed,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
