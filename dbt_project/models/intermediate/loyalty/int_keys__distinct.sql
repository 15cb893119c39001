with
    keys as (
        select distinct
            unit_id,
            supplier_id,
            category_id,
            decisive_date,
            contract_named,
            order_named,
            order_contract_named,
            price_listed
        from {{ ref("int_lines__keyed") }}
    )

select
    row_number() over (
        order by
            unit_id,
            supplier_id,
            category_id,
            decisive_date,
            contract_named,
            order_named,
            order_contract_named,
            price_listed
    ) as key_id,
    unit_id,
    supplier_id,
    category_id,
    decisive_date,
    contract_named,
    order_named,
    order_contract_named,
    price_listed
from keys
