-- What tells unit, order, price list and category of an invoice line, before its document is known:
-- apart, so that no join of millions of lines has many large sides at once.
with
    keyed as (select * from {{ ref("int_lines__unit_keyed") }}),

    units as (select * from {{ ref("int_unit_keys__resolved") }}),

    ordered as (select * from {{ ref("int_lines__ordered") }} where document_id is not null),

    order_units as (select * from {{ ref("int_orders__placed") }}),

    price_listed as (select * from {{ ref("int_lines__price_listed") }}),

    classified as (select * from {{ ref("int_lines__classified") }}),

    item_numbered as (select * from {{ ref("int_lines__item_numbered") }})

select
    keyed.document_id,
    keyed.source_row,
    keyed.decisive_date,
    keyed.decisive_date_evidence,
    -- Where the invoice says nothing about its unit, the order does.
    coalesce(nullif(units.unit_id, 'unknown'), order_units.unit_id, 'unknown') as unit_id,
    case
        when coalesce(units.unit_id, 'unknown') = 'unknown' and order_units.unit_id is not null
        then 'order'
        else coalesce(units.unit_evidence, 'none')
    end as unit_evidence,
    ordered.order_id,
    ordered.order_line_id,
    ordered.order_date,
    ordered.order_contract_reference,
    ordered.order_agreement_id,
    ordered.order_category_id,
    case
        when ordered.is_ehandel
        then 'ehandel'
        when keyed.has_order_reference
        then 'ordered'
        else 'unknown'
    end as channel,
    price_listed.price_list_agreement_id,
    price_listed.price_list_price_nok,
    price_listed.category_id as price_list_category_id,
    coalesce(classified.category_id, item_numbered.category_id) as item_category_id
from keyed
left join
    units
    on units.document_key = keyed.document_key
    and units.order_sign = keyed.order_sign
    and units.cost_sign = keyed.cost_sign
    and units.decisive_date = keyed.decisive_date
left join
    ordered on ordered.document_id = keyed.document_id and ordered.source_row = keyed.source_row
left join order_units on order_units.order_id = ordered.order_id
left join
    price_listed
    on price_listed.document_id = keyed.document_id
    and price_listed.source_row = keyed.source_row
left join
    classified
    on classified.document_id = keyed.document_id
    and classified.source_row = keyed.source_row
left join
    item_numbered
    on item_numbered.document_id = keyed.document_id
    and item_numbered.source_row = keyed.source_row
