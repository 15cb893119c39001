{# One row per year and key figure with what it is made of, ours and the municipality's own; a figure
   of ours stands where both have one of the same ID. #}
with
    definitions as (select * from {{ ref("kpi_definition") }}),

    years as (select * from {{ ref("int_kpi__years") }}),

    measured as (
        select kpi_id, year, numerator, denominator
        from {{ ref("int_kpi__spend_shares") }}
        union all
        select kpi_id, year, numerator, denominator
        from {{ ref("int_kpi__counts") }}
    ),

    own as (
        select *
        from {{ ref("stg_registers__own_kpis") }}
        where kpi_id not in (select kpi_id from {{ ref("kpi_definition") }})
    )

select
    years.year,
    years.is_complete,
    definitions.kpi_id,
    definitions.name_nb,
    definitions.description_nb,
    definitions.value_kind,
    definitions.comparison,
    definitions.rule_id,
    definitions.definition_id,
    definitions.sort_order,
    measured.numerator,
    measured.denominator
from years
cross join definitions
left join measured on measured.year = years.year and measured.kpi_id = definitions.kpi_id
union all
select
    years.year,
    years.is_complete,
    own.kpi_id,
    own.name as name_nb,
    coalesce(
        'Regnet ut av kommunen. Kilde: ' || own.source, 'Regnet ut av kommunen.'
    ) as description_nb,
    case when own.denominator is null then 'count' else 'share' end as value_kind,
    own.comparison,
    'E16' as rule_id,
    cast(null as {{ text_type() }}) as definition_id,
    1000 as sort_order,
    cast(own.numerator as decimal(18, 2)) as numerator,
    cast(own.denominator as decimal(18, 2)) as denominator
from own
inner join years on years.year = own.year
