-- The rows that a year shows at every level, also when nothing was bought, and which units' spend
-- stands behind a row. A row of an agreement or lot has the units that it binds, and those with
-- lines in its figures.
with
    bound as (
        select year, unit_id, agreement_id, lot
        from {{ ref("int_loyalty__bound_years") }}
        where grain = 'lot'
        union
        select year, unit_id, agreement_id, lot
        from {{ ref("int_loyalty__contributions") }}
        where grain in ('line', 'lot')
    ),

    spent as (select distinct year, unit_id from {{ ref("fct_spend_line") }}),

    present as (
        select year, unit_id
        from {{ ref("int_loyalty__bound_years") }}
        union
        select year, unit_id
        from spent
    ),

    places as (
        select
            'unit_agreement' as level,
            year,
            unit_id as for_unit_id,
            unit_id,
            agreement_id,
            '' as lot
        from bound
        union
        select
            'agreement' as level,
            year,
            unit_id as for_unit_id,
            '' as unit_id,
            agreement_id,
            '' as lot
        from bound
        union
        select 'lot' as level, year, unit_id as for_unit_id, '' as unit_id, agreement_id, lot
        from bound
        union
        select 'unit' as level, year, unit_id as for_unit_id, unit_id, '' as agreement_id, '' as lot
        from present
        union
        select
            'total' as level,
            year,
            unit_id as for_unit_id,
            '' as unit_id,
            '' as agreement_id,
            '' as lot
        from present
        union
        select
            'sector' as level,
            year,
            unit_id as for_unit_id,
            '' as unit_id,
            '' as agreement_id,
            '' as lot
        from present
    ),

    categories as (
        select distinct years.year, coverings.category_id
        from {{ ref("int_loyalty__years") }} as years
        inner join
            {{ ref("int_lots__coverings") }} as coverings
            on coverings.valid_from < years.end_date
            and coverings.valid_to > years.first_date
        where coverings.is_binding
        union
        select year, category_id
        from {{ ref("int_loyalty__contributions") }}
        where grain in ('line', 'category')
    )

select
    places.level,
    places.year,
    places.for_unit_id,
    case when places.level = 'sector' then coalesce(units.sector, 'Ukjent') else '' end as sector,
    places.unit_id,
    places.agreement_id,
    places.lot,
    '' as category_id
from places
left join
    {{ ref("int_units__by_year") }} as units
    on units.year = places.year
    and units.unit_id = places.for_unit_id
union all
-- A line of unknown category could be of any, so a category stands against all units' spend.
select
    'category' as level,
    categories.year,
    present.unit_id as for_unit_id,
    '' as sector,
    '' as unit_id,
    '' as agreement_id,
    '' as lot,
    categories.category_id
from categories
inner join present on present.year = categories.year
