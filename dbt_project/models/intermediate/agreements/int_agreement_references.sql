with
    agreements as (select * from {{ ref("dim_agreement") }}),

    registered as (select * from {{ ref("stg_registers__agreements") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    written as (
        select agreement_id, {{ explode_text("contract_references", ";") }} as reference
        from registered
        union all
        select agreement_id, agreement_id as reference
        from registered
    ),

    normalised as (
        select distinct
            written.agreement_id,
            {{ normalise_reference("written.reference") }} as reference_normalised
        from written
        inner join agreements on agreements.agreement_id = written.agreement_id
        where not {{ is_filler("trim(written.reference)") }}
    )

-- One or two characters are found on too many invoices to name an agreement.
select normalised.agreement_id, normalised.reference_normalised
from normalised
left join placeholders on placeholders.reference_normalised = normalised.reference_normalised
where length(normalised.reference_normalised) >= 3 and placeholders.reference_normalised is null
