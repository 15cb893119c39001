-- What each price list says about an item, once by the seller's number and once by GTIN: a price
-- for
-- a time, or (is_end) that it no longer holds. Of several prices of an item in one list and period
-- that for the smallest quantity, and for no place in particular, goes first.
with
    lists as (select * from {{ ref("int_price_lists") }}),

    lines as (select * from {{ ref("stg_peppol__catalogue_lines") }}),

    prices as (select * from {{ ref("stg_peppol__catalogue_prices") }}),

    table_items as (select * from {{ ref("stg_tables__price_items") }}),

    written as (
        select
            lists.supplier_id,
            lists.agreement_id,
            lists.issue_place,
            lists.ended_from,
            lines.source_sha256,
            lines.source_row,
            coalesce(lines.action, 'add') = 'delete' as is_end,
            coalesce(prices.valid_from, lines.valid_from, lists.first_date) as valid_from,
            coalesce(prices.valid_to, lines.valid_to) as valid_to,
            row_number() over (
                partition by lines.source_sha256, lines.source_row
                order by
                    prices.minimum_quantity nulls first,
                    case when prices.has_territory then 1 else 0 end,
                    prices.position
            ) as price_place,
            lines.item_name,
            lines.sellers_item_id,
            lines.standard_item_id as gtin,
            prices.price_amount,
            prices.base_quantity,
            prices.base_quantity_unit as unit_code,
            cast(null as decimal(20, 8)) as list_price,
            prices.currency
        from lists
        inner join lines on lines.source_sha256 = lists.source_sha256
        left join
            prices
            on prices.document_id = lines.document_id
            and prices.source_row = lines.source_row
        where not lists.is_withdrawal
        union all
        select
            lists.supplier_id,
            lists.agreement_id,
            lists.issue_place,
            lists.ended_from,
            items.source_sha256,
            items.source_row,
            false as is_end,
            coalesce(items.valid_from, lists.first_date) as valid_from,
            items.valid_to,
            1 as price_place,
            items.item_name,
            items.item_id as sellers_item_id,
            items.gtin,
            items.price as price_amount,
            items.base_quantity,
            items.unit_code,
            items.list_price,
            items.currency
        from lists
        inner join
            table_items as items
            on items.source_sha256 = lists.source_sha256
            and items.contract_reference = lists.contract_reference
            and {{
                supplier_id(
                    "items.supplier_orgnr",
                    "cast(null as " ~ text_type() ~ ")",
                    "cast(null as " ~ text_type() ~ ")",
                    "items.supplier_legal_id",
                    "items.supplier_name",
                )
            }} = lists.stated_supplier_id
    ),

    keyed as (
        select
            written.*,
            'seller_item' as item_key_type,
            {{ normalise_reference("sellers_item_id") }} as item_key
        from written
        union all
        select written.*, 'gtin' as item_key_type, {{ gtin_key("gtin") }} as item_key
        from written
    )

select keyed.*
from keyed
where item_key is not null and (is_end or price_amount is not null)
