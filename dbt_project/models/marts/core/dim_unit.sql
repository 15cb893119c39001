with
    units as (select * from {{ ref("stg_registers__units") }}),

    -- A period ends where the unit's next one begins, so that a unit is one row on any day.
    successive as (
        select
            units.*,
            lead(valid_from) over (partition by unit_id order by valid_from) as next_valid_from
        from units
    ),

    known_units as (select distinct unit_id from units),

    periods as (
        select
            successive.unit_id,
            successive.name,
            successive.orgnr,
            coalesce(successive.sector, 'Uten sektor') as sector,
            parents.unit_id as parent_unit_id,
            successive.valid_from,
            least(
                successive.valid_to, coalesce(successive.next_valid_from, {{ open_end() }})
            ) as valid_to
        from successive
        left join
            known_units as parents
            on parents.unit_id = successive.parent_unit_id
            and parents.unit_id <> successive.unit_id
    ),

    unknown as (
        select
            'unknown' as unit_id,
            'Ukjent enhet' as name,
            cast(null as {{ text_type() }}) as orgnr,
            'Ukjent' as sector,
            cast(null as {{ text_type() }}) as parent_unit_id,
            {{ first_day() }} as valid_from,
            {{ open_end() }} as valid_to
    ),

    final as (
        select unit_id, name, orgnr, sector, parent_unit_id, valid_from, valid_to
        from periods
        where valid_from < valid_to and unit_id <> 'unknown'
        union all
        select unit_id, name, orgnr, sector, parent_unit_id, valid_from, valid_to
        from unknown
    )

select unit_id, name, orgnr, sector, parent_unit_id, valid_from, valid_to
from final
