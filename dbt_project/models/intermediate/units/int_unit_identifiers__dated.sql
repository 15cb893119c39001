with
    identifiers as (select * from {{ ref("stg_registers__unit_identifiers") }}),

    units as (select * from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    normalised as (
        select
            unit_id,
            identifier_type,
            coalesce(match_type, 'exact') as match_type,
            {{ normalise_sign("identifier_type", "value") }} as value,
            {{ normalise_sign("identifier_type", "value_to") }} as value_to,
            coalesce(priority, 100) as priority,
            valid_from,
            valid_to
        from identifiers
    )

-- A sign points to a unit only while the unit exists.
select distinct
    normalised.unit_id,
    normalised.identifier_type,
    normalised.match_type,
    normalised.value,
    coalesce(normalised.value_to, normalised.value) as value_to,
    normalised.priority,
    greatest(normalised.valid_from, units.valid_from) as valid_from,
    least(normalised.valid_to, units.valid_to) as valid_to
from normalised
inner join
    units
    on units.unit_id = normalised.unit_id
    and units.valid_from < normalised.valid_to
    and normalised.valid_from < units.valid_to
left join placeholders on placeholders.text_normalised = normalised.value
where
    normalised.value is not null
    and placeholders.text_normalised is null
    and not {{ is_filler("normalised.value") }}
