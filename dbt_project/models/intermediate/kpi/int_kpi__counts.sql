{# One row per year and key figure that counts agreements, courses, milestones, controls or
   purchases; the denominator is null where the figure is a number and no share. #}
with
    years as (select * from {{ ref("int_kpi__years") }}),

    agreements as (
        select
            dim.agreement_id,
            dim.valid_from,
            dim.end_date,
            dim.agreement_manager,
            registered.is_ehandel_suitable,
            registered.ehandel_activated_date
        from {{ ref("dim_agreement") }} as dim
        inner join
            {{ ref("stg_registers__agreements") }} as registered
            on registered.agreement_id = dim.agreement_id
    ),

    in_force as (
        select years.year, years.day, agreements.*
        from years
        inner join
            agreements on agreements.valid_from <= years.day and years.day <= agreements.end_date
    ),

    courses as (select * from {{ ref("stg_registers__courses") }}),

    milestones as (select * from {{ ref("stg_registers__milestones") }}),

    controls as (select * from {{ ref("int_kpi__risk_suppliers") }}),

    exceeded as (select * from {{ ref("mart_authority_exceeded") }}),

    limits as (select count(*) as limit_count from {{ ref("stg_registers__authority_limits") }}),

    final as (
        select 'AVTALER' as kpi_id, year, count(*) as numerator, cast(null as bigint) as denominator
        from in_force
        group by year
        union all
        select 'AVTALER_MED_FORVALTER', year, count(agreement_manager), count(*)
        from in_force
        group by year
        union all
        select
            'EHANDEL_AVTALER',
            year,
            sum(case when ehandel_activated_date <= day then 1 else 0 end),
            count(*)
        from in_force
        where is_ehandel_suitable
        group by year
        union all
        select 'KURS', years.year, count(courses.course_date), null
        from years
        left join
            courses on year(courses.course_date) = years.year and courses.course_date <= years.day
        where exists (select 1 from {{ ref("stg_registers__courses") }})
        group by years.year
        union all
        select
            'MILEPAELER',
            years.year,
            sum(case when milestones.done_date <= years.day then 1 else 0 end),
            count(*)
        from years
        inner join milestones on milestones.due_date <= years.day
        group by years.year
        union all
        select
            'KONTROLL_SOSIAL',
            year,
            count(distinct case when is_controlled then supplier_id end),
            count(distinct supplier_id)
        from controls
        where
            control_risk = 'social_dumping'
            and exists (select 1 from {{ ref("stg_registers__supplier_controls") }})
        group by year
        union all
        select 'FULLMAKT', years.year, count(exceeded.document_id), null
        from years
        cross join limits
        left join exceeded on exceeded.year = years.year
        where limits.limit_count > 0
        group by years.year
    )

select
    kpi_id,
    cast(year as integer) as year,
    cast(numerator as decimal(18, 2)) as numerator,
    cast(denominator as decimal(18, 2)) as denominator
from final
