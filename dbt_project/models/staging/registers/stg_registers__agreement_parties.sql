with rows_in_force as ({{ register_rows("reg_agreement_party") }})

select
    source_sha256,
    source_row,
    agreement_id,
    name,
    orgnr,
    organisation_form,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
