{# One row per year, supplier and category with a risk that suppliers are controlled for, where
   something was bought (net); controlled = a control of that risk in the year, of the category or of
   all that the supplier delivers (E21). #}
with
    spend as (
        select lines.year, lines.supplier_id, lines.category_id, sum(lines.amount_nok) as spend_nok
        from {{ ref("fct_spend_line") }} as lines
        group by lines.year, lines.supplier_id, lines.category_id
    ),

    categories as (
        select * from {{ ref("stg_registers__categories") }} where control_risk is not null
    ),

    controls as (
        select distinct
            'NO' || orgnr as supplier_id,
            cast(year(control_date) as integer) as year,
            category_id,
            subject
        from {{ ref("stg_registers__supplier_controls") }}
        cross join {{ ref("stg_inputs__run_context") }} as context
        where control_date <= context.as_of_date
    ),

    controlled as (
        select distinct spend.year, spend.supplier_id, spend.category_id
        from spend
        inner join categories on categories.category_id = spend.category_id
        inner join
            controls
            on controls.supplier_id = spend.supplier_id
            and controls.year = spend.year
            and controls.subject = categories.control_risk
            and coalesce(controls.category_id, spend.category_id) = spend.category_id
    )

select
    cast(spend.year as integer) as year,
    spend.supplier_id,
    spend.category_id,
    categories.control_risk,
    controlled.supplier_id is not null as is_controlled,
    cast(spend.spend_nok as decimal(18, 2)) as spend_nok
from spend
inner join categories on categories.category_id = spend.category_id
left join
    controlled
    on controlled.year = spend.year
    and controlled.supplier_id = spend.supplier_id
    and controlled.category_id = spend.category_id
where spend.spend_nok > 0
