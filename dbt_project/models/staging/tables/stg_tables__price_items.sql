with rows_in_force as ({{ lake_rows("price_table_item") }})

select
    source_sha256,
    source_row,
    supplier_id as supplier_number,
    supplier_legal_id,
    supplier_orgnr,
    supplier_name,
    supplier_is_private_person,
    contract_reference,
    item_id,
    gtin,
    item_name,
    case
        when {{ matches("trim(item_class)", "^[0-9]+$") }}
        then 'UNSPSC'
        when item_class is not null
        then 'VAREGRUPPE'
    end as item_list_id,
    item_class,
    unit_code,
    base_quantity,
    price,
    list_price,
    currency,
    valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
