-- What Enhetsregisteret says of a unit on the as-of date. A sub-unit is as solvent as the unit that
-- it belongs to, and as public. Owners of companies are not in Enhetsregisteret.
with
    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    entities as (select * from {{ ref("stg_enhetsregisteret__entities") }}),

    rules as (
        select rules.code_kind, rules.code
        from {{ ref("public_body_rule") }} as rules
        inner join
            run_context
            on rules.valid_from <= run_context.as_of_date
            and rules.valid_to >= run_context.as_of_date
    ),

    -- What happened after the as-of date has not happened.
    judged as (
        select
            entities.*,
            forms.code is not null or sectors.code is not null as is_public,
            coalesce(is_bankrupt, false)
            and coalesce(bankruptcy_date <= as_of_date, true) as is_bankrupt_now,
            coalesce(is_winding_up, false)
            and coalesce(winding_up_date <= as_of_date, true) as is_winding_up_now,
            coalesce(is_forced_winding_up, false)
            and coalesce(forced_winding_up_date <= as_of_date, true) as is_forced_now,
            case
                when coalesce(deletion_date, closure_date) <= as_of_date
                then coalesce(deletion_date, closure_date)
            end as deleted_date
        from entities
        cross join run_context
        left join
            rules as forms
            on forms.code = entities.organisation_form_code
            and forms.code_kind = 'organisation_form'
        left join
            rules as sectors
            on sectors.code = entities.sector_code
            and sectors.code_kind = 'sector_code'
    )

select
    judged.orgnr,
    judged.name,
    judged.organisation_form_code as organisation_form,
    judged.sector_code,
    judged.industry_code_1 as industry_code,
    judged.industry_1 as industry,
    judged.is_sub_entity,
    judged.parent_orgnr,
    above.parent_orgnr as grandparent_orgnr,
    judged.is_private_person,
    judged.is_public
    or (
        coalesce(judged.is_sub_entity, false) and coalesce(above.is_public, false)
    ) as is_public_body,
    case
        when judged.is_sub_entity
        then coalesce(judged.is_vat_registered, above.is_vat_registered)
        else judged.is_vat_registered
    end as is_vat_registered,
    judged.is_bankrupt_now
    or (
        coalesce(judged.is_sub_entity, false) and coalesce(above.is_bankrupt_now, false)
    ) as is_bankrupt,
    coalesce(
        judged.bankruptcy_date, case when judged.is_sub_entity then above.bankruptcy_date end
    ) as bankruptcy_date,
    judged.is_winding_up_now
    or (
        coalesce(judged.is_sub_entity, false) and coalesce(above.is_winding_up_now, false)
    ) as is_winding_up,
    judged.is_forced_now
    or (
        coalesce(judged.is_sub_entity, false) and coalesce(above.is_forced_now, false)
    ) as is_forced_winding_up,
    coalesce(
        judged.deleted_date, case when judged.is_sub_entity then above.deleted_date end
    ) as deleted_date
from judged
left join judged as above on above.orgnr = judged.parent_orgnr
