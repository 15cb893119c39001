with
    windows as (select * from {{ ref("int_threshold_windows__chosen") }}),

    parts as (
        select
            watch_id,
            count(distinct unit_id) as unit_count,
            sum(case when loyalty_class = 'no_agreement' then spend_nok end) as no_agreement_nok,
            sum(
                case when loyalty_class = 'outside_period' then spend_nok end
            ) as outside_period_nok,
            sum(case when loyalty_class = 'off_agreement' then spend_nok end) as off_agreement_nok
        from {{ ref("int_threshold_parts") }}
        group by watch_id
    ),

    suppliers as (select * from {{ ref("int_threshold_suppliers") }}),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    definitions as (select definition_id from {{ ref("dim_spend_definition") }} where is_default)

select
    windows.watch_id,
    windows.scope,
    case when windows.scope = 'supplier' then windows.supplier_key end as supplier_id,
    windows.kind,
    windows.category_id,
    windows.window_start,
    windows.window_end,
    windows.window_end <= {{ add_days("run_context.as_of_date", 1) }} as is_complete,
    windows.is_peak,
    definitions.definition_id,
    windows.spend_nok as spend_without_agreement_nok,
    {{ nok("parts.no_agreement_nok") }} as no_agreement_nok,
    {{ nok("parts.outside_period_nok") }} as outside_period_nok,
    {{ nok("parts.off_agreement_nok") }} as off_agreement_nok,
    windows.line_count,
    cast(coalesce(parts.unit_count, 0) as bigint) as unit_count,
    cast(
        case
            when windows.scope = 'supplier'
            then 1
            when windows.is_peak
            then coalesce(suppliers.supplier_count, 0)
        end as bigint
    ) as supplier_count,
    'national' as threshold_type,
    windows.threshold_nok,
    windows.threshold_now_nok,
    coalesce(windows.threshold_status, 'ingen kjent terskelverdi for perioden') as threshold_status,
    windows.is_threshold_verified,
    windows.is_at_or_above,
    windows.eea_threshold_nok,
    windows.eea_threshold_now_nok,
    coalesce(
        windows.eea_threshold_status, 'ingen kjent terskelverdi for perioden'
    ) as eea_threshold_status,
    windows.is_at_or_above_eea,
    case
        when windows.is_at_or_above
        then 'central_purchasing'
        when not windows.is_at_or_above
        then 'sector'
    end as responsible,
    case
        when windows.is_at_or_above or windows.is_at_or_above_eea
        then 'bør undersøkes'
        when windows.threshold_nok is null
        then 'ikke vurdert: terskelverdien er ikke kjent'
        else 'under terskelverdien'
    end as assessment
from windows
cross join run_context
cross join definitions
left join parts on parts.watch_id = windows.watch_id
left join suppliers on suppliers.watch_id = windows.watch_id
