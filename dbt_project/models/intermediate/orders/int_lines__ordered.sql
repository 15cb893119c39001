-- The order, and where it can be told the order line, of every invoice line and posting that
-- names a
-- loaded order. An order written after the invoice was issued is not how the thing was ordered.
with
    named as (select * from {{ ref("int_lines__order_named") }}),

    claims as (select * from {{ ref("int_order_claims__matched") }}),

    orders as (select * from {{ ref("int_orders") }}),

    order_lines as (select * from {{ ref("int_order_lines") }}),

    matched as (
        select
            named.*,
            claims.order_id as named_order_id,
            case
                when claims.match_status = 'matched' and orders.order_date > named.line_date
                then 'order_after_invoice'
                else claims.match_status
            end as match_status
        from named
        inner join
            claims
            on claims.supplier_id = named.supplier_id
            and claims.supplier_name_id = named.supplier_name_id
            and claims.buyer_orgnr = coalesce(named.buyer_orgnr, '')
            and claims.order_key = named.order_key
        left join orders on orders.order_id = claims.order_id
    ),

    -- The line's number, then the item, then the only line there is; what fits two lines fits none.
    line_keys as (
        select order_id, 1 as place, trim(line_id) as line_key, order_line_id
        from order_lines
        where line_id is not null
        union all
        select order_id, 2 as place, {{ normalise_reference("sellers_item_id") }}, order_line_id
        from order_lines
        where sellers_item_id is not null
        union all
        select order_id, 3 as place, '' as line_key, order_line_id
        from order_lines
    ),

    single_keys as (
        select order_id, place, line_key, min(order_line_id) as order_line_id
        from line_keys
        group by order_id, place, line_key
        having count(*) = 1
    ),

    found as (
        select
            matched.*,
            case when matched.match_status = 'matched' then matched.named_order_id end as order_id,
            coalesce(
                by_number.order_line_id, by_item.order_line_id, only_line.order_line_id
            ) as order_line_id
        from matched
        left join
            single_keys as by_number
            on by_number.order_id = matched.named_order_id
            and by_number.place = 1
            and by_number.line_key = trim(matched.order_line_reference)
        left join
            single_keys as by_item
            on by_item.order_id = matched.named_order_id
            and by_item.place = 2
            and by_item.line_key = {{ normalise_reference("matched.sellers_item_id") }}
        left join
            single_keys as only_line
            on only_line.order_id = matched.named_order_id
            and only_line.place = 3
    )

select
    found.document_id,
    found.source_sha256,
    found.source_row,
    found.order_key,
    found.match_status,
    found.named_order_id,
    orders.order_id,
    case when orders.order_id is not null then found.order_line_id end as order_line_id,
    orders.order_date,
    orders.is_ehandel,
    orders.order_status,
    case
        when orders.order_id is not null
        then coalesce(order_lines.contract_reference, orders.contract_reference)
    end as order_contract_reference,
    case
        when orders.order_id is not null
        then coalesce(order_lines.agreement_id, orders.agreement_id)
    end as order_agreement_id,
    case when orders.order_id is not null then order_lines.category_id end as order_category_id
from found
left join orders on orders.order_id = found.order_id
left join order_lines on order_lines.order_line_id = found.order_line_id
