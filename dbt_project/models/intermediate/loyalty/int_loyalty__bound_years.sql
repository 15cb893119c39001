-- The rows that loyalty is shown for even when nothing was bought (A04, D05): every unit in every
-- year with spend, and the binding lots that bind it at some time in that year.
select distinct
    'lot' as grain, years.year, unit_periods.unit_id, unit_periods.agreement_id, unit_periods.lot
from {{ ref("int_loyalty__years") }} as years
inner join
    {{ ref("int_lots__unit_periods") }} as unit_periods
    on unit_periods.valid_from < years.end_date
    and unit_periods.valid_to > years.first_date
where unit_periods.is_binding
union all
select distinct 'unit' as grain, years.year, units.unit_id, '' as agreement_id, '' as lot
from {{ ref("int_loyalty__years") }} as years
inner join
    {{ ref("dim_unit") }} as units
    on units.valid_from < years.end_date
    and units.valid_to > years.first_date
where units.unit_id <> 'unknown'
