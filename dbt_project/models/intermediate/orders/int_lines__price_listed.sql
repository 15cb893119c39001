-- The invoice lines whose item stands in an agreement's price list from that supplier on the
-- decisive date: by the seller's number, else by GTIN, never by its name. In several lists the one
-- whose price is newest counts, then the smallest agreement.
with
    prices as (select * from {{ ref("int_price_list__dated") }}),

    documents as (
        select document_id, supplier_id
        from {{ ref("int_documents__identified") }}
        where supplier_id in (select supplier_id from prices)
    ),

    dated as (select * from {{ ref("int_lines__referenced") }}),

    agreement_categories as (select * from {{ ref("int_agreement_categories__single") }}),

    lines as (
        select
            lines.document_id,
            lines.source_row,
            documents.supplier_id,
            coalesce(lines.sellers_item_id, '') as sellers_item_id,
            coalesce(lines.standard_item_id, '') as standard_item_id
        from {{ ref("stg_ehf__lines") }} as lines
        inner join documents on documents.document_id = lines.document_id
        where lines.sellers_item_id is not null or lines.standard_item_id is not null
    ),

    written as (select distinct supplier_id, sellers_item_id, standard_item_id from lines),

    keyed as (
        select
            written.*,
            'seller_item' as item_key_type,
            {{ normalise_reference("sellers_item_id") }} as item_key
        from written
        union all
        select written.*, 'gtin' as item_key_type, {{ gtin_key("standard_item_id") }} as item_key
        from written
    ),

    offers as (
        select keyed.sellers_item_id, keyed.standard_item_id, prices.*
        from keyed
        inner join
            prices
            on prices.supplier_id = keyed.supplier_id
            and prices.item_key_type = keyed.item_key_type
            and prices.item_key = keyed.item_key
    ),

    ranked as (
        select
            lines.document_id,
            lines.source_row,
            dated.decisive_date,
            offers.supplier_id,
            offers.agreement_id,
            offers.item_key_type,
            offers.price_nok,
            offers.list_price_nok,
            offers.base_quantity,
            offers.unit_code,
            offers.category_id,
            row_number() over (
                partition by lines.document_id, lines.source_row
                order by
                    case offers.item_key_type when 'seller_item' then 0 else 1 end,
                    offers.valid_from desc,
                    offers.agreement_id
            ) as place
        from lines
        inner join
            offers
            on offers.supplier_id = lines.supplier_id
            and offers.sellers_item_id = lines.sellers_item_id
            and offers.standard_item_id = lines.standard_item_id
        inner join
            dated on dated.document_id = lines.document_id and dated.source_row = lines.source_row
        where offers.valid_from <= dated.decisive_date and dated.decisive_date < offers.valid_to
    )

select
    ranked.document_id,
    ranked.source_row,
    ranked.agreement_id as price_list_agreement_id,
    ranked.item_key_type,
    ranked.price_nok as price_list_price_nok,
    ranked.list_price_nok as price_list_list_price_nok,
    ranked.base_quantity as price_list_base_quantity,
    ranked.unit_code as price_list_unit_code,
    coalesce(ranked.category_id, agreement_categories.category_id) as category_id
from ranked
left join
    agreement_categories
    on agreement_categories.agreement_id = ranked.agreement_id
    and agreement_categories.supplier_id = ranked.supplier_id
    and agreement_categories.valid_from <= ranked.decisive_date
    and ranked.decisive_date < agreement_categories.valid_to
where ranked.place = 1
