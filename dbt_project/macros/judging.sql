{# How lines get the judgement of their key: all lines for fct_spend_line, and before that the few that
   credits and charges are spread over. #}
{# Lines (a relation with the columns of int_spend_lines__enriched) with everything that their class
   can depend on. Lines with the same key are judged once. #}
{% macro keyed_lines(lines) %}
    select
        lines.*,
        coalesce(named_contracts.reference_normalised, '') as contract_named,
        coalesce(named_orders.reference_normalised, '') as order_named,
        coalesce(named_order_contracts.reference_normalised, '') as order_contract_named,
        coalesce(lines.price_list_agreement_id, '') as price_listed
    from {{ lines }} as lines
    left join
        {{ ref("int_references__named") }} as named_contracts
        on named_contracts.reference = lines.contract_reference
    left join
        {{ ref("int_references__named") }} as named_orders
        on named_orders.reference = lines.order_reference
    left join
        {{ ref("int_references__named") }} as named_order_contracts
        on named_order_contracts.reference = lines.order_contract_reference
{% endmacro %}

{# What keyed lines (alias `lines`) are joined with the judged keys (alias `keys`) on. #}
{% macro same_key() %}
    keys.unit_id = lines.unit_id
    and keys.supplier_id = lines.supplier_id
    and keys.category_id = lines.category_id
    and keys.decisive_date = lines.decisive_date
    and keys.contract_named = lines.contract_named
    and keys.order_named = lines.order_named
    and keys.order_contract_named = lines.order_contract_named
    and keys.price_listed = lines.price_listed
{% endmacro %}
