with loaded as ({{ register_rows("m365_product_plan") }})

select
    source_sha256,
    source_row,
    sku_id,
    sku_part_number,
    product_name,
    service_plan_id,
    upper(trim(service_plan_name)) as service_plan_name,
    service_plan_text
from loaded
