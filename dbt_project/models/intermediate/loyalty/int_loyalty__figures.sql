-- The net sums of loyalty at every level, per year and per month, with zeros for what is bound in
-- the
-- year but bought nothing, beside what the units of the row bought in all.
{% set keys = ["level", "period", "year", "period_start"] + loyalty_dimensions() %}

with
    lines as (
        select
            year,
            case
                when spend_source = 'ledger'
                then
                    {{
                        accounting_month(
                            "coalesce(posting_date, issue_date, decisive_date)", "year"
                        )
                    }}
                else {{ month_of("issue_date") }}
            end as month,
            unit_id,
            category_id,
            amount_nok
        from {{ ref("fct_spend_line") }}
    ),

    spent_months as (
        select
            year,
            month,
            unit_id,
            sum(amount_nok) as spend_unit_nok,
            sum(case when category_id <> 'unknown' then amount_nok end) as classified_nok
        from lines
        group by year, month, unit_id
    ),

    spent as (
        select
            'month' as period, year, month as period_start, unit_id, spend_unit_nok, classified_nok
        from spent_months
        union all
        select
            'year' as period,
            year,
            make_date(cast(year as integer), 1, 1) as period_start,
            unit_id,
            sum(spend_unit_nok) as spend_unit_nok,
            sum(classified_nok) as classified_nok
        from spent_months
        group by year, unit_id
    ),

    places as (select * from {{ ref("int_loyalty__places") }}),

    behind as (
        select
            places.level,
            spent.period,
            places.year,
            spent.period_start,
            places.sector,
            places.unit_id,
            places.agreement_id,
            places.lot,
            places.category_id,
            sum(spent.spend_unit_nok) as spend_unit_nok,
            sum(spent.classified_nok) as classified_nok
        from places
        inner join spent on spent.year = places.year and spent.unit_id = places.for_unit_id
        group by
            places.level,
            spent.period,
            places.year,
            spent.period_start,
            places.sector,
            places.unit_id,
            places.agreement_id,
            places.lot,
            places.category_id
    ),

    summed as (select * from {{ ref("int_loyalty__summed") }}),

    -- Every place has its year; a month is shown where it has lines.
    rows_shown as (
        select {{ keys | join(", ") }}
        from summed
        union
        select
            level,
            'year' as period,
            year,
            make_date(cast(year as integer), 1, 1) as period_start,
            {{ loyalty_dimensions() | join(", ") }}
        from places
    )

select
    {% for key in keys %} rows_shown.{{ key }}, {% endfor %}
    cast(coalesce(summed.line_count, 0) as bigint) as line_count,
    {% for amount in loyalty_amounts() %}
        {{ nok("summed." ~ amount) }} as {{ amount }},
    {% endfor %}
    {{ nok("behind.spend_unit_nok") }} as spend_unit_nok,
    {{ nok("behind.classified_nok") }} as classified_nok
from rows_shown
left join
    summed
    on {% for key in keys %}
        summed.{{ key }} = rows_shown.{{ key }} {{ "and" if not loop.last }}
    {% endfor %}
left join
    behind
    on {% for key in keys %}
        behind.{{ key }} = rows_shown.{{ key }} {{ "and" if not loop.last }}
    {% endfor %}
