-- What a unit was called and where it belonged in a year: its last row that began before year's
-- end.
with
    years as (select * from {{ ref("int_loyalty__years") }}),

    ranked as (
        select
            years.year,
            units.unit_id,
            units.name,
            units.sector,
            row_number() over (
                partition by years.year, units.unit_id
                order by
                    case when units.valid_from < years.end_date then 0 else 1 end nulls last,
                    case
                        when units.valid_from < years.end_date then units.valid_from
                    end desc nulls last,
                    units.valid_from nulls last
            ) as place
        from years
        cross join {{ ref("dim_unit") }} as units
    )

select year, unit_id, name, sector
from ranked
where place = 1
