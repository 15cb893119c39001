with rows_in_force as ({{ lake_rows("order_table_line") }})

select
    source_sha256,
    source_row,
    order_number,
    line_number,
    order_date,
    delivery_date,
    entity_orgnr,
    supplier_id as supplier_number,
    supplier_legal_id,
    supplier_orgnr,
    supplier_name,
    supplier_is_private_person,
    channel,
    contract_reference,
    requisitioner,
    account,
    responsibility,
    department,
    dimension_1,
    dimension_2,
    dimension_3,
    item_id,
    item_name,
    case
        when {{ matches("trim(item_class)", "^[0-9]+$") }}
        then 'UNSPSC'
        when item_class is not null
        then 'VAREGRUPPE'
    end as item_list_id,
    item_class,
    quantity,
    unit_code,
    price,
    amount,
    currency
from rows_in_force
