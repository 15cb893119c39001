-- The net sums of loyalty per year, unit and agreement (grain `agreement`) and per year and unit
-- over
-- all binding agreements (grain `unit`), with zeros for what is bound but bought nothing.
with
    summed as (
        select
            grain,
            year,
            unit_id,
            agreement_id,
            count(
                distinct case when figure <> 'outside_period' then source_line_id end
            ) as line_count,
            sum(case when figure = 'on_agreement' then amount_nok end) as on_agreement_nok,
            sum(
                case
                    when figure = 'on_agreement' and loyalty_evidence = 'reference' then amount_nok
                end
            ) as on_by_reference_nok,
            sum(
                case
                    when
                        figure = 'on_agreement' and loyalty_evidence = 'supplier_category_zone_date'
                    then amount_nok
                end
            ) as on_by_category_nok,
            sum(
                case
                    when
                        figure = 'on_agreement'
                        and loyalty_evidence in ('credited_line', 'spread_over_document')
                    then amount_nok
                end
            ) as on_by_spread_nok,
            sum(case when figure = 'wrong_zone' then amount_nok end) as wrong_zone_nok,
            sum(case when figure = 'outside_period' then amount_nok end) as outside_period_nok,
            sum(case when figure = 'off_agreement' then amount_nok end) as off_agreement_nok,
            sum(case when figure = 'positive' then amount_nok end) as undetermined_positive_nok,
            sum(case when figure = 'negative' then amount_nok end) as undetermined_negative_nok
        from {{ ref("int_loyalty__contributions") }}
        group by grain, year, unit_id, agreement_id
    ),

    spent as (
        select
            year,
            unit_id,
            sum(amount_nok) as spend_unit_nok,
            sum(case when category_id <> 'unknown' then amount_nok end) as classified_nok
        from {{ ref("fct_spend_line") }}
        group by year, unit_id
    ),

    places as (
        select grain, year, unit_id, agreement_id
        from {{ ref("int_loyalty__bound_years") }}
        union
        select grain, year, unit_id, agreement_id
        from summed
        union
        select 'unit' as grain, year, unit_id, '' as agreement_id
        from spent
    )

select
    places.grain,
    places.year,
    places.unit_id,
    places.agreement_id,
    cast(coalesce(summed.line_count, 0) as bigint) as line_count,
    {{ nok("summed.on_agreement_nok") }} as on_agreement_nok,
    {{ nok("summed.on_by_reference_nok") }} as on_by_reference_nok,
    {{ nok("summed.on_by_category_nok") }} as on_by_category_nok,
    {{ nok("summed.on_by_spread_nok") }} as on_by_spread_nok,
    {{ nok("summed.wrong_zone_nok") }} as wrong_zone_nok,
    {{ nok("summed.outside_period_nok") }} as outside_period_nok,
    {{ nok("summed.off_agreement_nok") }} as off_agreement_nok,
    {{ nok("summed.undetermined_positive_nok") }} as undetermined_positive_nok,
    {{ nok("summed.undetermined_negative_nok") }} as undetermined_negative_nok,
    {{ nok("spent.spend_unit_nok") }} as spend_unit_nok,
    {{ nok("spent.classified_nok") }} as classified_nok
from places
left join
    summed
    on summed.grain = places.grain
    and summed.year = places.year
    and summed.unit_id = places.unit_id
    and summed.agreement_id = places.agreement_id
left join spent on spent.year = places.year and spent.unit_id = places.unit_id
