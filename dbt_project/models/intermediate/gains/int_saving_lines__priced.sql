-- The lines of an agreement, on it or past it, with what their items cost by its price list and
-- without it. Of a credit that is spread, each part has its part of these values.
with
    lines as (
        select
            *,
            case when document_kind in ('invoice', 'credit_note') then source_row end as invoice_row
        from {{ ref("fct_spend_line") }}
        where
            agreement_id is not null
            and loyalty_class
            in ('on_agreement', 'voluntary', 'wrong_zone', 'off_agreement', 'outside_period')
    ),

    items as (select * from {{ ref("int_items__purchased") }}),

    listed as (select * from {{ ref("int_lines__price_listed") }}),

    plans as (select * from {{ ref("int_saving_plans__priced") }} where item_id is not null),

    -- An item plan counts for the category it names, else for the item in any: one row of each
    -- item.
    item_plans as (
        select
            plans.*,
            row_number() over (
                partition by agreement_id, year, item_id
                order by category_id nulls last, source_row nulls last
            ) as place
        from plans
    ),

    gtin_prices as (select * from {{ ref("int_price_list__dated") }} where item_key_type = 'gtin'),

    -- Past the agreement the seller is another: the item's standard number finds its price there.
    gtin_listed as (
        select
            lines.spend_line_id,
            gtin_prices.price_nok,
            gtin_prices.base_quantity,
            gtin_prices.unit_code,
            row_number() over (
                partition by lines.spend_line_id
                order by
                    gtin_prices.price_nok nulls last,
                    gtin_prices.base_quantity desc nulls last,
                    gtin_prices.supplier_id nulls last
            ) as place
        from lines
        inner join items on items.spend_line_id = {{ source_line_id("lines") }}
        inner join
            gtin_prices
            on gtin_prices.agreement_id = lines.agreement_id
            and gtin_prices.item_key = {{ gtin_key("items.standard_item_id") }}
            and gtin_prices.valid_from <= lines.decisive_date
            and lines.decisive_date < gtin_prices.valid_to
        where lines.loyalty_class in ('wrong_zone', 'off_agreement') and gtin_prices.price_nok > 0
    ),

    -- Prices of another agreement, or of another unit than the one bought in, say nothing.
    matched as (
        select
            lines.spend_line_id,
            lines.divided_line_id,
            lines.year,
            lines.agreement_id,
            lines.supplier_id,
            lines.category_id,
            lines.loyalty_class,
            lines.amount_nok,
            items.item_key,
            items.item_name,
            items.unit_code,
            items.quantity,
            items.amount_nok as line_nok,
            case
                when
                    listed.price_list_agreement_id = lines.agreement_id
                    and {{ is_same_unit("listed.price_list_unit_code", "items.unit_code") }}
                then listed.price_list_price_nok
                when {{ is_same_unit("gtin_listed.unit_code", "items.unit_code") }}
                then gtin_listed.price_nok
            end as listed_price,
            case
                when
                    listed.price_list_agreement_id = lines.agreement_id
                    and {{ is_same_unit("listed.price_list_unit_code", "items.unit_code") }}
                then listed.price_list_base_quantity
                else gtin_listed.base_quantity
            end as listed_base_quantity,
            case
                when
                    listed.price_list_agreement_id = lines.agreement_id
                    and {{ is_same_unit("listed.price_list_unit_code", "items.unit_code") }}
                then listed.price_list_list_price_nok
            end as list_price,
            item_plans.baseline_price,
            item_plans.price_nok as planned_price,
            item_plans.price_base_quantity as planned_base_quantity
        from lines
        left join items on items.spend_line_id = {{ source_line_id("lines") }}
        left join
            listed
            on listed.document_id = lines.document_id
            and listed.source_row = lines.invoice_row
        left join
            gtin_listed on gtin_listed.spend_line_id = lines.spend_line_id and gtin_listed.place = 1
        left join
            item_plans
            on item_plans.agreement_id = lines.agreement_id
            and item_plans.year = lines.year
            and item_plans.item_id = items.item_key
            and item_plans.place = 1
    ),

    valued as (
        select
            matched.*,
            case
                when listed_price > 0
                then {{ value_at_price("listed_price", "quantity", "listed_base_quantity") }}
                when planned_price > 0
                then {{ value_at_price("planned_price", "quantity", "planned_base_quantity") }}
            end as contracted_nok,
            case
                when list_price > 0
                then {{ value_at_price("list_price", "quantity", "listed_base_quantity") }}
            end as list_nok,
            case
                when baseline_price > 0 then {{ value_at_price("baseline_price", "quantity", "1") }}
            end as baseline_nok
        from matched
    )

select
    spend_line_id,
    year,
    agreement_id,
    supplier_id,
    category_id,
    loyalty_class,
    amount_nok,
    item_key,
    item_name,
    unit_code,
    case
        when divided_line_id is null
        then quantity
        when line_nok <> 0
        then
            cast(
                cast(quantity as double)
                * cast(amount_nok as double)
                / cast(line_nok as double) as decimal(18, 6)
            )
    end as quantity,
    coalesce(
        baseline_price <= 0 or (baseline_price is null and list_price <= 0), false
    ) as is_zero_price,
    {{ piece_of("contracted_nok") }} as contracted_nok,
    {{ piece_of("list_nok") }} as list_nok,
    {{ piece_of("baseline_nok") }} as baseline_nok
from valued
