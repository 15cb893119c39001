with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    agreements as (select * from {{ ref("dim_agreement") }}),

    extensions as (select * from {{ ref("int_agreement_options__dated") }}),

    services as (
        select options.*
        from {{ ref("stg_registers__service_options") }} as options
        inner join agreements on agreements.agreement_id = options.agreement_id
    ),

    -- The first day on which what is bought is bought on the option.
    periods as (
        select
            agreement_id,
            'extension' as option_kind,
            cast(option_number as {{ text_type() }}) as option_id,
            cast(null as {{ text_type() }}) as category_id,
            option_start_date as spend_from,
            option_end_date as spend_to,
            is_in_force as is_counted
        from extensions
        union all
        select
            agreement_id,
            'service',
            option_id,
            category_id,
            coalesce(exercised_date, {{ first_day() }}),
            {{ open_end() }},
            is_exercised
        from services
        where category_id is not null
    ),

    days as (
        select
            agreement_id,
            category_id,
            decisive_date,
            sum(amount_nok) as turnover_nok,
            count(*) as line_count
        from {{ ref("fct_spend_line") }}
        where
            agreement_id in (select agreement_id from periods)
            and loyalty_class in ('on_agreement', 'voluntary')
        group by agreement_id, category_id, decisive_date
    ),

    spent as (
        select
            periods.agreement_id,
            periods.option_kind,
            periods.option_id,
            sum(
                case
                    when
                        periods.is_counted
                        and days.decisive_date between periods.spend_from and periods.spend_to
                    then days.turnover_nok
                end
            ) as spend_nok,
            sum(
                case
                    when
                        periods.option_kind = 'service'
                        and not (periods.is_counted and days.decisive_date >= periods.spend_from)
                    then days.turnover_nok
                end
            ) as spend_before_nok
        from periods
        inner join days on days.agreement_id = periods.agreement_id
        where
            (periods.category_id is null or days.category_id = periods.category_id)
            and days.decisive_date <= (select as_of_date from run_context)
        group by periods.agreement_id, periods.option_kind, periods.option_id
    ),

    options as (
        select
            agreement_id,
            'extension' as option_kind,
            cast(option_number as {{ text_type() }}) as option_id,
            'Forlengelse med ' || cast(length_months as {{ text_type() }}) || ' måneder' as title,
            cast(null as {{ text_type() }}) as category_id,
            is_in_force as is_exercised,
            is_out_of_order,
            is_next,
            exercised_date,
            deadline_date,
            option_start_date,
            option_end_date
        from extensions
        union all
        select
            agreement_id,
            'service',
            option_id,
            title,
            category_id,
            is_exercised,
            false,
            false,
            exercised_date,
            null,
            null,
            null
        from services
    )

select
    options.agreement_id,
    agreements.title as agreement_title,
    options.option_kind,
    options.option_id,
    options.title as option_title,
    options.category_id,
    case
        when options.is_exercised
        then 'exercised'
        when options.is_out_of_order
        then 'out_of_order'
        when agreements.end_date < run_context.as_of_date
        then 'lapsed'
        when options.is_next and options.deadline_date < run_context.as_of_date
        then 'overdue'
        else 'open'
    end as state,
    options.is_exercised,
    options.exercised_date,
    options.deadline_date,
    coalesce(options.exercised_date > options.deadline_date, false) as is_exercised_late,
    options.option_start_date,
    options.option_end_date,
    'STD' as definition_id,
    case
        when options.option_kind = 'extension' or options.category_id is not null
        then {{ nok("spent.spend_nok") }}
    end as spend_nok,
    case
        when options.option_kind = 'service' and options.category_id is not null
        then {{ nok("spent.spend_before_nok") }}
    end as spend_before_nok,
    run_context.as_of_date
from options
cross join run_context
inner join agreements on agreements.agreement_id = options.agreement_id
left join
    spent
    on spent.agreement_id = options.agreement_id
    and spent.option_kind = options.option_kind
    and spent.option_id = options.option_id
