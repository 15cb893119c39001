-- A definition that differs from the default in one choice says what that choice alone does.
with
    definitions as (select * from {{ ref("dim_spend_definition") }}),

    averages as (select * from {{ ref("mart_supplier_average") }}),

    standard as (
        select averages.*
        from averages
        inner join definitions on definitions.definition_id = averages.definition_id
        where definitions.is_default
    )

select
    averages.year,
    averages.definition_id,
    averages.definition_name,
    definitions.choice,
    standard.definition_id as standard_definition_id,
    averages.numerator_nok,
    standard.numerator_nok as standard_numerator_nok,
    cast(averages.numerator_nok - standard.numerator_nok as decimal(18, 2)) as numerator_change_nok,
    {{ share("averages.numerator_nok - standard.numerator_nok", "standard.numerator_nok") }}
    as numerator_change_ratio,
    averages.denominator_suppliers,
    standard.denominator_suppliers as standard_denominator_suppliers,
    averages.denominator_suppliers - standard.denominator_suppliers as denominator_change_suppliers,
    {{
        share(
            "averages.denominator_suppliers - standard.denominator_suppliers",
            "standard.denominator_suppliers",
        )
    }} as denominator_change_ratio,
    averages.mean_nok,
    standard.mean_nok as standard_mean_nok,
    cast(averages.mean_nok - standard.mean_nok as decimal(18, 2)) as mean_change_nok,
    {{ share("averages.mean_nok - standard.mean_nok", "standard.mean_nok") }} as mean_change_ratio
from averages
inner join definitions on definitions.definition_id = averages.definition_id
inner join standard on standard.year = averages.year
where definitions.choice <> ''
