{{ config(materialized="view") }}

-- Everything of a line that its class can depend on. Lines with the same key are judged once.
select
    lines.*,
    coalesce(named_contracts.reference_normalised, '') as contract_named,
    coalesce(named_orders.reference_normalised, '') as order_named,
    coalesce(named_order_contracts.reference_normalised, '') as order_contract_named,
    coalesce(lines.price_list_agreement_id, '') as price_listed
from {{ ref("int_spend_lines__enriched") }} as lines
left join
    {{ ref("int_references__named") }} as named_contracts
    on named_contracts.reference = lines.contract_reference
left join
    {{ ref("int_references__named") }} as named_orders
    on named_orders.reference = lines.order_reference
left join
    {{ ref("int_references__named") }} as named_order_contracts
    on named_order_contracts.reference = lines.order_contract_reference
where lines.is_in_population
