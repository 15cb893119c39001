with
    years as (select distinct year from {{ ref("fct_spend_line") }}),

    agreements as (select * from {{ ref("dim_agreement") }}),

    in_force as (
        select
            years.year,
            coalesce(nullif(trim(agreements.lead_buyer), ''), 'Ikke oppgitt') as lead_buyer,
            count(*) as agreement_count
        from years
        cross join agreements
        where
            agreements.valid_from < make_date(cast(years.year as integer) + 1, 1, 1)
            and agreements.end_date >= make_date(cast(years.year as integer), 1, 1)
        group by 1, 2
    ),

    turnovers as (
        select
            year,
            coalesce(nullif(trim(lead_buyer), ''), 'Ikke oppgitt') as lead_buyer,
            sum(turnover_nok) as turnover_nok,
            count(
                distinct case when turnover_nok <> 0 then agreement_id end
            ) as used_agreement_count,
            count(distinct case when turnover_nok <> 0 then supplier_id end) as supplier_count
        from {{ ref("mart_agreement_turnover") }}
        group by 1, 2
    ),

    places as (
        select year, lead_buyer
        from in_force
        union
        select year, lead_buyer
        from turnovers
    ),

    joined as (
        select
            places.year,
            places.lead_buyer,
            coalesce(in_force.agreement_count, 0) as agreement_count,
            coalesce(turnovers.used_agreement_count, 0) as used_agreement_count,
            coalesce(turnovers.supplier_count, 0) as supplier_count,
            {{ nok("turnovers.turnover_nok") }} as turnover_nok
        from places
        left join
            in_force on in_force.year = places.year and in_force.lead_buyer = places.lead_buyer
        left join
            turnovers on turnovers.year = places.year and turnovers.lead_buyer = places.lead_buyer
    ),

    totals as (select year, sum(turnover_nok) as total_turnover_nok from joined group by year)

select
    cast(joined.year as integer) as year,
    joined.lead_buyer,
    cast(joined.agreement_count as integer) as agreement_count,
    cast(joined.used_agreement_count as integer) as used_agreement_count,
    cast(joined.supplier_count as integer) as supplier_count,
    'STD' as definition_id,
    joined.turnover_nok,
    {{ nok("totals.total_turnover_nok") }} as total_turnover_nok,
    case
        when totals.total_turnover_nok > 0
        then {{ share("joined.turnover_nok", "totals.total_turnover_nok") }}
    end as turnover_share
from joined
inner join totals on totals.year = joined.year
