with
    documents as (select * from {{ ref("int_documents__identified") }}),

    rates as (
        select *
        from {{ ref("stg_registers__exchange_rates") }}
        where {{ is_usable_rate("rate", "units") }}
    ),

    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    postings as (select * from {{ ref("int_ledger_lines") }}),

    wanted as (
        select currency, issue_date
        from documents
        where currency <> 'NOK'
        union
        select currency, valued_date
        from postings
        where currency <> 'NOK'
    ),

    -- The newest rate on or before the day, if it isn't too old.
    candidates as (
        select
            wanted.currency,
            wanted.issue_date,
            rates.rate_date,
            rates.rate,
            coalesce(rates.units, 1) as units,
            row_number() over (
                partition by wanted.currency, wanted.issue_date
                order by rates.rate_date desc nulls last, rates.source_row
            ) as place
        from wanted
        cross join run_context
        inner join
            rates
            on upper(trim(rates.currency)) = wanted.currency
            and rates.rate_date <= wanted.issue_date
            and {{ add_days("rates.rate_date", "run_context.exchange_rate_max_age_days") }}
            >= wanted.issue_date
    )

select
    currency,
    issue_date,
    rate_date,
    rate,
    -- øre of NOK for one øre of the currency = rate_e8 / divisor_e8, both whole numbers
    cast(cast(rate as decimal(38, 8)) * 100000000 as bigint) as rate_e8,
    cast(units * 100000000 as bigint) as divisor_e8
from candidates
where place = 1
