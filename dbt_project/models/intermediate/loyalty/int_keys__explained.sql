{{ config(materialized="view") }}

-- On which ground the supplier stands on the lot that decides, as of the day.
with
    keys as (
        select *, case when rule_row in (1, 2, 5) then lot end as supplied_lot
        from {{ ref("int_keys__judged") }}
    )

select
    keys.key_id,
    keys.unit_id,
    keys.supplier_id,
    keys.category_id,
    keys.decisive_date,
    keys.contract_named,
    keys.order_named,
    keys.order_contract_named,
    keys.price_listed,
    keys.rule_row,
    keys.loyalty_class,
    keys.loyalty_evidence,
    keys.agreement_id,
    keys.lot,
    keys.supplier_rank,
    suppliers.supplier_basis,
    keys.coverage,
    keys.reference_mismatch
from keys
left join
    {{ ref("bridge_agreement_supplier") }} as suppliers
    on suppliers.agreement_id = keys.agreement_id
    and suppliers.lot = keys.supplied_lot
    and suppliers.supplier_id = keys.supplier_id
    and suppliers.valid_from <= keys.decisive_date
    and suppliers.valid_to > keys.decisive_date
