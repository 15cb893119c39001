with
    lines as (select * from {{ ref("int_saving_lines") }}),

    sums as (
        select
            year,
            agreement_id,
            supplier_id,
            coalesce(item_key, '') as item_key,
            coalesce(unit_code, '') as unit_code,
            loyalty_class,
            method,
            max(item_name) as item_name,
            count(*) as line_count,
            sum(quantity) as quantity,
            sum(amount_nok) as amount_nok,
            sum(contracted_nok) as contracted_nok,
            sum(case when contracted_nok is not null then list_nok end) as list_nok,
            sum(case when list_nok is not null then contracted_nok end) as discounted_nok,
            sum(baseline_nok) as baseline_nok,
            sum(realised_saving_nok) as realised_saving_nok,
            sum(leaked_saving_nok) as leaked_saving_nok,
            sum(price_deviation_nok) as price_deviation_nok
        from lines
        group by
            year,
            agreement_id,
            supplier_id,
            coalesce(item_key, ''),
            coalesce(unit_code, ''),
            loyalty_class,
            method
    ),

    definitions as (select definition_id from {{ ref("dim_spend_definition") }} where is_default)

select
    cast(sums.year as integer) as year,
    sums.agreement_id,
    sums.supplier_id,
    sums.item_key,
    sums.unit_code,
    sums.loyalty_class,
    sums.method,
    sums.item_name,
    definitions.definition_id,
    sums.line_count,
    cast(sums.quantity as decimal(18, 6)) as quantity,
    cast(sums.amount_nok as decimal(18, 2)) as amount_nok,
    cast(sums.contracted_nok as decimal(18, 2)) as contracted_nok,
    cast(sums.list_nok as decimal(18, 2)) as list_nok,
    cast(sums.discounted_nok as decimal(18, 2)) as discounted_nok,
    case
        when sums.list_nok > 0
        then {{ share("(sums.list_nok - sums.discounted_nok)", "sums.list_nok") }}
    end as discount_share,
    cast(sums.baseline_nok as decimal(18, 2)) as baseline_nok,
    {{ nok("sums.realised_saving_nok") }} as realised_saving_nok,
    {{ nok("sums.leaked_saving_nok") }} as leaked_saving_nok,
    cast(sums.price_deviation_nok as decimal(18, 2)) as price_deviation_nok
from sums
cross join definitions
