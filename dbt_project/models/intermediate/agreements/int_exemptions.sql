with
    agreements as (select * from {{ ref("dim_agreement") }}),

    exemptions as (select * from {{ ref("stg_registers__exemptions") }}),

    ancestors as (select * from {{ ref("int_unit_ancestors") }}),

    expanded as (
        select
            agreements.agreement_id,
            ancestors.unit_id,
            greatest(exemptions.valid_from, ancestors.valid_from) as valid_from,
            least(exemptions.valid_to, ancestors.valid_to) as valid_to
        from exemptions
        inner join agreements on agreements.agreement_id = exemptions.agreement_id
        inner join
            ancestors
            on exemptions.unit_id = ancestors.ancestor_unit_id
            or (exemptions.unit_id = '*' and ancestors.level = 0)
    ),

    merged as ({{ merged_periods("expanded", ["agreement_id", "unit_id"]) }})

select agreement_id, unit_id, valid_from, valid_to
from merged
