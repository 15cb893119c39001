-- The plan's rows with the contracted price (the plan's own, else the price list's first of the
-- year) and the saving that they promise. A price of 0 without the agreement promises none (C05).
with
    plans as (
        select
            plans.*,
            {{ normalise_reference("item_id") }} as list_key,
            make_date(year, 1, 1) as first_date,
            make_date(year + 1, 1, 1) as end_date
        from {{ ref("stg_registers__saving_plans") }} as plans
    ),

    listed as (
        select
            plans.source_sha256,
            plans.source_row,
            prices.price_nok,
            prices.base_quantity,
            row_number() over (
                partition by plans.source_sha256, plans.source_row
                order by
                    greatest(prices.valid_from, plans.first_date),
                    prices.price_nok,
                    prices.base_quantity,
                    prices.supplier_id,
                    prices.item_key_type
            ) as place
        from plans
        inner join
            {{ ref("int_price_list__dated") }} as prices
            on prices.agreement_id = plans.agreement_id
            and prices.item_key = plans.list_key
            and prices.valid_from < plans.end_date
            and plans.first_date < prices.valid_to
        where prices.price_nok > 0
    ),

    priced as (
        select
            plans.*,
            case
                when plans.contracted_price is not null
                then plans.contracted_price
                else listed.price_nok
            end as price_nok,
            case
                when plans.contracted_price is not null
                then cast(1 as decimal(18, 6))
                else listed.base_quantity
            end as price_base_quantity
        from plans
        left join
            listed
            on listed.source_sha256 = plans.source_sha256
            and listed.source_row = plans.source_row
            and listed.place = 1
    ),

    judged as (
        select
            priced.*,
            case
                when baseline_price <= 0
                then 'zero_price'
                when
                    item_id is not null
                    and baseline_price > 0
                    and planned_quantity is not null
                    and price_nok is not null
                then 'baseline_price'
                when
                    discount_percent > 0
                    and discount_percent < 100
                    and (
                        planned_nok is not null
                        or (baseline_price > 0 and planned_quantity is not null)
                    )
                then 'discount_share'
                else 'none'
            end as method
        from priced
    )

select
    source_sha256,
    source_row,
    agreement_id,
    year,
    category_id,
    item_id,
    baseline_price,
    discount_percent,
    planned_quantity,
    planned_nok,
    price_nok,
    price_base_quantity,
    method,
    case
        when method = 'zero_price'
        then cast(0 as decimal(18, 2))
        when method = 'baseline_price'
        then
            {{ value_at_price("baseline_price", "planned_quantity", "1") }}
            - {{ value_at_price("price_nok", "planned_quantity", "price_base_quantity") }}
        when method = 'discount_share' and planned_nok is not null
        then {{ convert_rounded("planned_nok", whole_percent("discount_percent"), "100000000") }}
        when method = 'discount_share'
        then
            {{
                convert_rounded(
                    value_at_price("baseline_price", "planned_quantity", "1"),
                    whole_percent("discount_percent"),
                    "100000000",
                )
            }}
    end as planned_saving_nok
from judged
