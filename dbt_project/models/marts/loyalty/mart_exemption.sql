with
    exemptions as (select * from {{ ref("int_exemptions") }}),

    reasons as (
        select
            exemptions.agreement_id,
            exemptions.unit_id,
            exemptions.valid_from,
            {{ names_joined("granted.reason") }} as reason
        from exemptions
        inner join
            {{ ref("int_unit_ancestors") }} as ancestors on ancestors.unit_id = exemptions.unit_id
        inner join
            {{ ref("stg_registers__exemptions") }} as granted
            on granted.agreement_id = exemptions.agreement_id
            and granted.valid_from < exemptions.valid_to
            and granted.valid_to > exemptions.valid_from
            and (granted.unit_id = ancestors.ancestor_unit_id or granted.unit_id = '*')
        group by exemptions.agreement_id, exemptions.unit_id, exemptions.valid_from
    ),

    units as (
        select
            unit_id,
            name,
            row_number() over (
                partition by unit_id order by valid_from desc nulls last, name nulls last
            ) as place
        from {{ ref("dim_unit") }}
    )

select
    exemptions.agreement_id,
    agreements.title as agreement_title,
    agreements.is_binding,
    exemptions.unit_id,
    units.name as unit_name,
    exemptions.valid_from,
    exemptions.valid_to,
    reasons.reason,
    exemptions.valid_from <= context.as_of_date
    and exemptions.valid_to > context.as_of_date as is_in_force,
    coalesce(spent.line_count, 0) as line_count,
    {{ nok("spent.spend_nok") }} as affected_nok,
    {{ nok("spent.on_agreement_nok") }} as on_agreement_nok,
    cast(
        coalesce(spent.spend_nok, 0) - coalesce(spent.on_agreement_nok, 0) as decimal(18, 2)
    ) as elsewhere_nok
from exemptions
inner join
    {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = exemptions.agreement_id
cross join {{ ref("stg_inputs__run_context") }} as context
left join
    reasons
    on reasons.agreement_id = exemptions.agreement_id
    and reasons.unit_id = exemptions.unit_id
    and reasons.valid_from = exemptions.valid_from
left join units on units.unit_id = exemptions.unit_id and units.place = 1
left join
    {{ ref("int_exemptions__spend") }} as spent
    on spent.agreement_id = exemptions.agreement_id
    and spent.unit_id = exemptions.unit_id
    and spent.exempt_from = exemptions.valid_from
