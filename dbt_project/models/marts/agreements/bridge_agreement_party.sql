with
    agreements as (select * from {{ ref("dim_agreement") }}),

    parties as (select * from {{ ref("stg_registers__agreement_parties") }}),

    entities as (select * from {{ ref("stg_enhetsregisteret__entities") }}),

    clipped as (
        select
            agreements.agreement_id,
            agreements.party_forms,
            coalesce('NO' || parties.orgnr, 'NAVN:' || upper(trim(parties.name))) as party_id,
            parties.name as party_name,
            parties.orgnr,
            upper(
                trim(coalesce(parties.organisation_form, entities.organisation_form_code))
            ) as organisation_form,
            greatest(agreements.valid_from, parties.valid_from) as valid_from,
            least({{ add_days("agreements.end_date", 1) }}, parties.valid_to) as valid_to
        from parties
        inner join agreements on agreements.agreement_id = parties.agreement_id
        left join entities on entities.orgnr = parties.orgnr
    ),

    -- A party's row ends where its next one begins: it is one party on any day.
    successive as (
        select
            clipped.*,
            lead(valid_from) over (
                partition by agreement_id, party_id order by valid_from, valid_to, party_name
            ) as next_valid_from
        from clipped
        where valid_from < valid_to
    ),

    final as (
        select
            successive.*,
            least(valid_to, coalesce(next_valid_from, valid_to)) as last_valid_to,
            ';' || replace(upper(party_forms), ' ', '') || ';' as forms
        from successive
    )

select
    agreement_id,
    party_id,
    party_name,
    orgnr,
    organisation_form,
    case
        when party_forms is null
        then true
        when organisation_form is not null
        then position(';' || organisation_form || ';' in forms) > 0
    end as is_eligible,
    valid_from,
    last_valid_to as valid_to
from final
where valid_from < last_valid_to
