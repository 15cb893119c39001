with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    agreements as (
        select
            dim_agreement.*,
            nullif(trim(dim_agreement.agreement_manager), '') as manager,
            run_context.as_of_date,
            case
                when run_context.as_of_date < dim_agreement.valid_from
                then 'not_started'
                when dim_agreement.end_date < run_context.as_of_date
                then 'ended'
                else 'active'
            end as status
        from {{ ref("dim_agreement") }} as dim_agreement
        cross join run_context
    ),

    managers as (
        select manager, count(*) as active_agreement_count
        from agreements
        where manager is not null and status = 'active'
        group by manager
    ),

    next_options as (select * from {{ ref("int_agreement_options__dated") }} where is_next),

    projected as (
        select
            agreements.*,
            burnt.turnover_nok,
            burnt.turnover_line_count,
            burnt.first_turnover_date,
            burnt.last_turnover_date,
            burnt.first_loaded_date,
            burnt.has_full_history,
            burnt.pace_nok,
            burnt.pace_days,
            burnt.ceiling_reached_date,
            case
                when agreements.status <> 'active'
                then agreements.status
                when not agreements.has_end_date
                then 'no_end'
                when burnt.pace_nok <= 0 or burnt.pace_days < 1
                then 'no_pace'
                else 'linear'
            end as projection_method,
            {{ days_between("agreements.as_of_date", "agreements.end_date") }} as days_left,
            {{ days_between("agreements.as_of_date", "agreements.latest_end_date") }}
            as latest_days_left
        from agreements
        inner join
            {{ ref("int_agreements__burnt") }} as burnt
            on burnt.agreement_id = agreements.agreement_id
    ),

    reached as (
        select
            projected.*,
            case
                when projection_method = 'linear'
                then turnover_nok + {{ convert_rounded("pace_nok", "days_left", "pace_days") }}
                when projection_method <> 'no_end'
                then turnover_nok
            end as projected_nok,
            case
                when projection_method = 'linear'
                then
                    turnover_nok
                    + {{ convert_rounded("pace_nok", "latest_days_left", "pace_days") }}
                when projection_method <> 'no_end'
                then turnover_nok
            end as projected_latest_nok,
            case
                when
                    ceiling_nok > turnover_nok
                    and ceiling_nok > 0
                    and pace_nok > 0
                    and pace_days > 0
                    and status = 'active'
                then
                    {{
                        whole_division(
                            to_ore("(ceiling_nok - turnover_nok)")
                            ~ " * pace_days + "
                            ~ to_ore("pace_nok")
                            ~ " - 1",
                            to_ore("pace_nok"),
                        )
                    }}
            end as days_to_ceiling
        from projected
    )

select
    reached.agreement_id,
    reached.as_of_date,
    reached.title,
    reached.status,
    reached.status = 'active' as is_active,
    reached.valid_from,
    reached.end_date,
    reached.latest_end_date,
    case when reached.has_end_date then cast(reached.days_left as integer) end as days_left,
    next_options.option_number as next_option_number,
    case
        when reached.status <> 'ended' then next_options.deadline_date
    end as next_option_deadline_date,
    terms.total_months,
    terms.is_over_review_limit,
    successors.successor_agreement_id,
    reached.manager as agreement_manager,
    reached.manager is null as is_without_owner,
    cast(managers.active_agreement_count as integer) as owner_agreement_count,
    reached.lead_buyer,
    reached.is_binding,
    counted.supplier_count,
    counted.unit_count,
    counted.category_count,
    counted.party_count,
    reached.stated_party_count,
    counted.party_count - reached.stated_party_count as party_count_difference,
    'STD' as definition_id,
    reached.turnover_nok,
    reached.turnover_line_count,
    reached.first_turnover_date,
    reached.last_turnover_date,
    case
        when reached.status = 'not_started' or reached.turnover_line_count > 0
        then false
        when reached.first_loaded_date <= reached.end_date
        then true
    end as is_without_turnover,
    reached.has_full_history,
    reached.ceiling_nok,
    case
        when reached.ceiling_nok > 0 then reached.ceiling_nok - reached.turnover_nok
    end as remaining_nok,
    case
        when reached.ceiling_nok > 0 then {{ share("reached.turnover_nok", "reached.ceiling_nok") }}
    end as ceiling_share,
    coalesce(
        reached.ceiling_nok > 0 and reached.turnover_nok >= reached.ceiling_nok, false
    ) as is_ceiling_reached,
    reached.pace_nok,
    reached.pace_days,
    reached.projection_method,
    cast(reached.projected_nok as decimal(18, 2)) as projected_nok,
    cast(reached.projected_latest_nok as decimal(18, 2)) as projected_latest_nok,
    case
        when reached.ceiling_nok > 0
        then {{ share("reached.projected_nok", "reached.ceiling_nok") }}
    end as projected_ceiling_share,
    case
        when reached.turnover_nok >= reached.ceiling_nok
        then reached.ceiling_reached_date
        when reached.days_to_ceiling <= reached.latest_days_left
        then {{ add_days("reached.as_of_date", "reached.days_to_ceiling") }}
    end as ceiling_date,
    coalesce(
        reached.days_to_ceiling <= reached.latest_days_left, false
    ) as is_ceiling_date_projected
from reached
inner join {{ ref("int_agreements__termed") }} as terms on terms.agreement_id = reached.agreement_id
inner join
    {{ ref("int_agreements__counted") }} as counted on counted.agreement_id = reached.agreement_id
left join next_options on next_options.agreement_id = reached.agreement_id
left join managers on managers.manager = reached.manager
left join
    {{ ref("int_agreement_successors") }} as successors
    on successors.agreement_id = reached.agreement_id
