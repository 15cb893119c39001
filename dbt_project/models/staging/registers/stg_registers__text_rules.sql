with rows_in_force as ({{ register_rows("reg_text_rule") }})

select
    source_sha256,
    source_row,
    words,
    orgnr,
    category_id,
    coalesce(priority, 100) as priority,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
