select sku_id, month, unit_price_nok from {{ ref("int_plan_prices") }}
