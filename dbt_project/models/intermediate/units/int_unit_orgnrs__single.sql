with
    units as (select * from {{ ref("dim_unit") }} where unit_id <> 'unknown' and orgnr is not null),

    boundaries as (
        select orgnr, valid_from as boundary
        from units
        union
        select orgnr, valid_to
        from units
    ),

    segments as (
        select
            orgnr,
            boundary as valid_from,
            lead(boundary) over (partition by orgnr order by boundary) as valid_to
        from boundaries
    )

-- The stretches of time in which an orgnr is that of exactly one unit.
select segments.orgnr, min(units.unit_id) as unit_id, segments.valid_from, segments.valid_to
from segments
inner join
    units
    on units.orgnr = segments.orgnr
    and units.valid_from < segments.valid_to
    and segments.valid_from < units.valid_to
group by segments.orgnr, segments.valid_from, segments.valid_to
having count(distinct units.unit_id) = 1
