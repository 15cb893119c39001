with
    quarters as (
        select prices.*, {{ unit_price("spend_nok", "quantity") }} as unit_price_nok
        from {{ ref("int_item_prices__quarterly") }} as prices
    ),

    rules as (select * from {{ ref("price_change_rule") }} where rule = 'largest_ratio'),

    lagged as (
        select
            quarters.*,
            lag(quarter_start) over (
                partition by supplier_id, item_id, unit_code, currency order by quarter_start
            ) as previous_quarter_start,
            lag(unit_price_nok) over (
                partition by supplier_id, item_id, unit_code, currency order by quarter_start
            ) as previous_price_nok,
            lag(spend_nok) over (
                partition by supplier_id, item_id, unit_code, currency order by quarter_start
            ) as previous_spend_nok,
            lag(quantity) over (
                partition by supplier_id, item_id, unit_code, currency order by quarter_start
            ) as previous_quantity,
            lag(contracted_price_nok) over (
                partition by supplier_id, item_id, unit_code, currency order by quarter_start
            ) as previous_contracted_price_nok,
            first_value(unit_price_nok) over (
                partition by supplier_id, item_id, unit_code, currency
                order by quarter_start
                rows between unbounded preceding and current row
            ) as first_price_nok
        from quarters
    ),

    compared as (
        select
            lagged.*,
            coalesce(
                lagged.unit_price_nok <= lagged.previous_price_nok * rules.value
                and lagged.previous_price_nok <= lagged.unit_price_nok * rules.value,
                false
            ) as is_comparable
        from lagged
        left join
            rules
            on rules.valid_from <= lagged.quarter_start
            and rules.valid_to >= lagged.quarter_start
    )

select
    cast(year(compared.quarter_start) as integer) as year,
    compared.quarter_start,
    compared.supplier_id,
    suppliers.name as supplier_name,
    compared.item_id,
    compared.item_name,
    compared.unit_code,
    compared.currency,
    'STD' as definition_id,
    compared.line_count,
    compared.quantity,
    compared.spend_nok,
    compared.unit_price_nok,
    compared.previous_quarter_start,
    compared.previous_price_nok,
    compared.unit_price_nok - compared.previous_price_nok as change_nok,
    {{
        share(
            "(compared.unit_price_nok - compared.previous_price_nok)",
            "compared.previous_price_nok",
        )
    }} as change_share,
    compared.is_comparable,
    case
        when compared.is_comparable
        then
            cast(
                compared.spend_nok
                - {{
                    convert_rounded(
                        "compared.previous_spend_nok",
                        millionths("compared.quantity"),
                        millionths("compared.previous_quantity"),
                    )
                }} as decimal(18, 2)
            )
    end as price_effect_nok,
    compared.first_price_nok,
    {{ share("(compared.unit_price_nok - compared.first_price_nok)", "compared.first_price_nok") }}
    as change_since_first_share,
    compared.price_list_agreement_id,
    compared.contracted_price_nok,
    compared.previous_contracted_price_nok,
    {{
        share(
            "(compared.contracted_price_nok - compared.previous_contracted_price_nok)",
            "compared.previous_contracted_price_nok",
        )
    }} as contracted_change_share,
    {{
        share(
            "(compared.unit_price_nok - compared.contracted_price_nok)",
            "compared.contracted_price_nok",
        )
    }} as above_contract_share
from compared
left join {{ ref("dim_supplier") }} as suppliers on suppliers.supplier_id = compared.supplier_id
