{{ config(tags=["derived_input"]) }}

with
    digits as (
        {% for digit in range(10) %}
            select {{ digit }} as digit
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    month_numbers as (
        select hundreds.digit * 100 + tens.digit * 10 + ones.digit as month_number
        from digits as hundreds
        cross join digits as tens
        cross join digits as ones
    ),

    months as (
        select
            {{ add_months(month_of("snapshots.as_of_date"), "month_numbers.month_number") }}
            as month
        from {{ ref("int_licence_snapshots") }} as snapshots
        cross join {{ ref("stg_inputs__run_context") }} as context
        inner join
            month_numbers
            on month_numbers.month_number >= 1
            and month_numbers.month_number <= context.licence_horizon_months
        where snapshots.is_latest
    ),

    skus as (select distinct sku_id from {{ ref("int_plan_skus") }}),

    stated as (
        select terms.sku_id, terms.unit_price_nok
        from {{ ref("int_licence_terms__dated") }} as terms
        inner join
            {{ ref("int_licence_snapshots") }} as snapshots
            on snapshots.as_of_date = terms.as_of_date
            and snapshots.is_latest
    ),

    -- The terms in force on the month's first day; after their end the last ones go on.
    placed as (
        select
            skus.sku_id,
            months.month,
            terms.unit_price_nok,
            row_number() over (
                partition by skus.sku_id, months.month order by terms.valid_from desc nulls last
            ) as place
        from skus
        cross join months
        left join
            {{ ref("int_licence_terms") }} as terms
            on terms.sku_id = skus.sku_id
            and terms.valid_from <= months.month
    )

select
    placed.sku_id,
    placed.month,
    cast(coalesce(placed.unit_price_nok, stated.unit_price_nok) as decimal(18, 2)) as unit_price_nok
from placed
left join stated on stated.sku_id = placed.sku_id
where placed.place = 1
