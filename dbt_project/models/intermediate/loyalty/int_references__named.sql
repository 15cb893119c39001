-- The contract and order references on invoices and their orders that name an agreement, and how
-- they are compared.
-- Most order references name nothing; leaving those out keeps the keys of judgement few.
with
    written as (
        select contract_reference as reference
        from {{ ref("int_spend_lines__enriched") }}
        where contract_reference is not null
        union
        select order_reference as reference
        from {{ ref("int_spend_lines__enriched") }}
        where order_reference is not null
        union
        select order_contract_reference as reference
        from {{ ref("int_spend_lines__enriched") }}
        where order_contract_reference is not null
    ),

    normalised as (
        select reference, {{ normalise_reference("reference") }} as reference_normalised
        from written
    )

select normalised.reference, normalised.reference_normalised
from normalised
where
    exists (
        select 1
        from {{ ref("int_agreement_references") }} as registered
        where registered.reference_normalised = normalised.reference_normalised
    )
