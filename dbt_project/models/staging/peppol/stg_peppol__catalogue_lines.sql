with rows_in_force as ({{ lake_rows("peppol_catalogue_line") }})

select
    source_sha256,
    source_row,
    document_id,
    line_id,
    action,
    is_orderable,
    item_name,
    item_description,
    sellers_item_id,
    standard_item_id,
    standard_item_scheme,
    valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
