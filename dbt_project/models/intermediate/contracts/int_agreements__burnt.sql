-- What each agreement has turned over by the as-of date, and at what pace: over the months of the
-- rule, or as many of them as the agreement has run and spend is loaded for.
with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    loaded as (
        select make_date(cast(min(year) as integer), 1, 1) as first_loaded_date
        from {{ ref("fct_spend_line") }}
    ),

    windows as (
        select
            agreements.agreement_id,
            agreements.valid_from,
            agreements.ceiling_nok,
            run_context.as_of_date,
            loaded.first_loaded_date,
            greatest(
                {{ add_days(add_months("run_context.as_of_date", "-terms.pace_months"), 1) }},
                agreements.valid_from,
                coalesce(loaded.first_loaded_date, agreements.valid_from)
            ) as pace_from
        from {{ ref("dim_agreement") }} as agreements
        inner join
            {{ ref("int_agreements__termed") }} as terms
            on terms.agreement_id = agreements.agreement_id
        cross join run_context
        cross join loaded
    ),

    days as (
        select
            windows.agreement_id,
            windows.ceiling_nok,
            windows.pace_from,
            daily.turnover_date,
            daily.turnover_nok,
            daily.line_count,
            sum(daily.turnover_nok) over (
                partition by windows.agreement_id
                order by daily.turnover_date
                rows between unbounded preceding and current row
            ) as turnover_so_far_nok
        from windows
        inner join
            {{ ref("int_agreement_turnover__daily") }} as daily
            on daily.agreement_id = windows.agreement_id
        where daily.turnover_date <= windows.as_of_date
    ),

    sums as (
        select
            agreement_id,
            sum(turnover_nok) as turnover_nok,
            sum(line_count) as line_count,
            min(turnover_date) as first_turnover_date,
            max(turnover_date) as last_turnover_date,
            sum(case when turnover_date >= pace_from then turnover_nok end) as pace_nok,
            min(
                case
                    when ceiling_nok > 0 and turnover_so_far_nok >= ceiling_nok then turnover_date
                end
            ) as ceiling_reached_date
        from days
        group by agreement_id
    )

select
    windows.agreement_id,
    {{ nok("sums.turnover_nok") }} as turnover_nok,
    cast(coalesce(sums.line_count, 0) as bigint) as turnover_line_count,
    sums.first_turnover_date,
    sums.last_turnover_date,
    {{ nok("sums.pace_nok") }} as pace_nok,
    windows.pace_from,
    cast(
        greatest({{ days_between("windows.pace_from", "windows.as_of_date") }} + 1, 0) as integer
    ) as pace_days,
    windows.first_loaded_date,
    windows.first_loaded_date <= windows.valid_from as has_full_history,
    sums.ceiling_reached_date
from windows
left join sums on sums.agreement_id = windows.agreement_id
