with rows_in_force as ({{ register_rows("reg_account_category") }})

select
    source_sha256,
    source_row,
    code_type,
    match_type,
    case
        when code_type = 'kostra_art' and match_type = 'exact' and length(code) < 3
        then lpad(code, 3, '0')
        else code
    end as code,
    orgnr,
    category_id,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
