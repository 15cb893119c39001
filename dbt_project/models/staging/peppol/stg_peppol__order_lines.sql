with rows_in_force as ({{ lake_rows("peppol_order_line") }})

select
    source_sha256,
    source_row,
    document_id,
    line_kind,
    line_id,
    status_code,
    order_line_reference,
    item_name,
    item_description,
    sellers_item_id,
    standard_item_id,
    standard_item_scheme,
    quantity,
    unit_code,
    amount,
    price_amount,
    base_quantity,
    base_quantity_unit,
    price_base_amount,
    requested_end
from rows_in_force
