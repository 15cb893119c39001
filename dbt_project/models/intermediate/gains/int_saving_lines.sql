-- What each line saved or let slip, and by which method: an item's price, else the discount that is
-- expected of the agreement, else nothing. On the agreement the amount paid is the price after the
-- discount; past it, before. An agreement that does not bind saves as one that does (C06). What was
-- bought outside the period was not lost to the agreement.
with
    lines as (select * from {{ ref("int_saving_lines__priced") }}),

    share_plans as (
        select
            plans.*,
            row_number() over (
                partition by agreement_id, year, category_id order by source_row nulls last
            ) as place
        from {{ ref("int_saving_plans__priced") }} as plans
        where item_id is null and discount_percent > 0 and discount_percent < 100
    ),

    planned as (
        select
            lines.*,
            coalesce(
                by_category.discount_percent, by_agreement.discount_percent
            ) as discount_percent
        from lines
        left join
            share_plans as by_category
            on by_category.agreement_id = lines.agreement_id
            and by_category.year = lines.year
            and by_category.category_id = lines.category_id
            and by_category.place = 1
        left join
            share_plans as by_agreement
            on by_agreement.agreement_id = lines.agreement_id
            and by_agreement.year = lines.year
            and by_agreement.category_id is null
            and by_agreement.place = 1
    ),

    placed as (
        select
            planned.*,
            loyalty_class in ('on_agreement', 'voluntary') as is_on,
            loyalty_class in ('wrong_zone', 'off_agreement') as is_past
        from planned
    ),

    judged as (
        select
            placed.*,
            case
                when is_past and contracted_nok is not null
                then 'contracted_price'
                when is_on and is_zero_price
                then 'zero_price'
                when is_on and baseline_nok is not null
                then 'baseline_price'
                when is_on and list_nok is not null
                then 'list_price'
                when (is_on or is_past) and discount_percent is not null
                then 'discount_share'
                else 'none'
            end as method
        from placed
    )

select
    spend_line_id,
    year,
    agreement_id,
    supplier_id,
    category_id,
    loyalty_class,
    item_key,
    item_name,
    unit_code,
    quantity,
    amount_nok,
    contracted_nok,
    list_nok,
    baseline_nok,
    method,
    case
        when not is_on
        then cast(0 as decimal(18, 2))
        when method = 'baseline_price'
        then baseline_nok - amount_nok
        when method = 'list_price'
        then list_nok - amount_nok
        when method = 'discount_share'
        then
            {{
                convert_rounded(
                    "amount_nok",
                    whole_percent("discount_percent"),
                    whole_percent("100 - discount_percent"),
                )
            }}
        else cast(0 as decimal(18, 2))
    end as realised_saving_nok,
    case
        when not is_past
        then cast(0 as decimal(18, 2))
        when method = 'contracted_price'
        then amount_nok - contracted_nok
        when method = 'discount_share'
        then {{ convert_rounded("amount_nok", whole_percent("discount_percent"), "100000000") }}
        else cast(0 as decimal(18, 2))
    end as leaked_saving_nok,
    case when is_on then amount_nok - contracted_nok end as price_deviation_nok
from judged
