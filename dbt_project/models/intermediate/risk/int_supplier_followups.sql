-- Per supplier on the day of the build: agreements that end soon, open deviations, controls whose
-- findings are not followed up.
with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    settings as (
        select value as end_months
        from {{ ref("analysis_setting") }}
        where setting = 'agreement_end_months'
    ),

    lots as (select * from {{ ref("bridge_agreement_supplier") }}),

    agreements as (select * from {{ ref("dim_agreement") }}),

    -- The last day counts, and so does the last day of the months ahead.
    ending as (
        select
            suppliers.supplier_id,
            count(*) as ending_agreement_count,
            min(suppliers.end_date) as next_agreement_end_date
        from
            (
                select distinct lots.supplier_id, agreements.agreement_id, agreements.end_date
                from lots
                inner join agreements on agreements.agreement_id = lots.agreement_id
                cross join run_context
                cross join settings
                where
                    lots.valid_from <= run_context.as_of_date
                    and run_context.as_of_date < lots.valid_to
                    and agreements.end_date
                    <= {{ add_months("run_context.as_of_date", "settings.end_months") }}
            ) as suppliers
        group by suppliers.supplier_id
    ),

    deviations as (
        select
            supplier_id,
            sum(case when severity = 'high' then 1 else 0 end) as open_high_count,
            sum(case when severity = 'medium' then 1 else 0 end) as open_medium_count,
            sum(case when severity = 'low' then 1 else 0 end) as open_low_count,
            sum(case when severity is null then 1 else 0 end) as open_unrated_count,
            count(*) as open_deviation_count,
            sum(coalesce(claim_nok, 0) + coalesce(dagbot_nok, 0)) as open_claim_nok
        from {{ ref("int_supplier_deviations") }}
        where is_open
        group by supplier_id
    ),

    controls as (
        select
            'NO' || orgnr as supplier_id,
            count(*) as open_followup_count,
            sum(
                case when followup_due_date < run_context.as_of_date then 1 else 0 end
            ) as overdue_followup_count
        from {{ ref("stg_registers__supplier_controls") }}
        cross join run_context
        where
            result in ('findings', 'serious_findings')
            and control_date <= run_context.as_of_date
            and coalesce(closed_date, {{ open_end() }}) > run_context.as_of_date
        group by orgnr
    ),

    followed as (
        select supplier_id
        from ending
        union
        select supplier_id
        from deviations
        union
        select supplier_id
        from controls
    )

select
    followed.supplier_id,
    coalesce(ending.ending_agreement_count, 0) as ending_agreement_count,
    ending.next_agreement_end_date,
    coalesce(deviations.open_deviation_count, 0) as open_deviation_count,
    coalesce(deviations.open_high_count, 0) as open_high_count,
    coalesce(deviations.open_medium_count, 0) as open_medium_count,
    coalesce(deviations.open_low_count, 0) as open_low_count,
    coalesce(deviations.open_unrated_count, 0) as open_unrated_count,
    {{ nok("deviations.open_claim_nok") }} as open_claim_nok,
    coalesce(controls.open_followup_count, 0) as open_followup_count,
    coalesce(controls.overdue_followup_count, 0) as overdue_followup_count
from followed
left join ending on ending.supplier_id = followed.supplier_id
left join deviations on deviations.supplier_id = followed.supplier_id
left join controls on controls.supplier_id = followed.supplier_id
