-- The lines of every order as they last were: a line is as the latest document has it that names
-- it, and gone where that deletes it. accepted_quantity is the seller's answer: the line's own, all
-- of it where the whole order is accepted, nothing of a rejected or cancelled order.
with
    orders as (select * from {{ ref("int_orders") }}),

    documents as (
        select *
        from {{ ref("int_peppol_orders__keyed") }}
        where document_kind in ('order', 'order_change', 'order_agreement')
    ),

    peppol_lines as (select * from {{ ref("stg_peppol__order_lines") }} where line_kind = 'line'),

    table_lines as (select * from {{ ref("int_table_orders__lines") }}),

    classified as (select * from {{ ref("int_trade_lines__classified") }}),

    agreements as (select * from {{ ref("int_agreement_references__single") }}),

    versions as (
        select
            orders.order_id,
            orders.order_status,
            orders.contract_reference,
            orders.response_document_id,
            orders.currency,
            lines.*,
            row_number() over (
                partition by orders.order_id, lines.line_id
                order by documents.issue_place desc, lines.source_row
            ) as place
        from orders
        inner join
            documents
            on documents.order_key = orders.order_key
            and documents.supplier_id = orders.stated_supplier_id
            and coalesce(documents.buyer_orgnr, '') = coalesce(orders.buyer_orgnr, '')
            and (
                documents.document_id = orders.order_id or documents.document_kind = 'order_change'
            )
        inner join peppol_lines as lines on lines.document_id = documents.document_id
        where orders.order_source = 'peppol'
    ),

    answers as (
        select
            document_id,
            coalesce(order_line_reference, line_id) as line_id,
            case when status_code = '7' then 0 else quantity end as quantity,
            row_number() over (
                partition by document_id, coalesce(order_line_reference, line_id)
                order by source_row
            ) as place
        from peppol_lines
    ),

    every_line as (
        select
            versions.order_id,
            versions.line_id,
            versions.source_sha256,
            versions.source_row,
            versions.item_name,
            versions.sellers_item_id,
            versions.standard_item_id,
            versions.quantity,
            case
                when versions.order_status in ('rejected', 'cancelled')
                then 0
                when answers.quantity is not null
                then answers.quantity
                when versions.order_status = 'accepted'
                then versions.quantity
            end as accepted_quantity,
            versions.unit_code,
            versions.price_amount,
            versions.base_quantity,
            versions.amount,
            versions.currency,
            versions.contract_reference
        from versions
        left join
            answers
            on answers.document_id = versions.response_document_id
            and answers.line_id = versions.line_id
            and answers.place = 1
        where versions.place = 1 and coalesce(versions.status_code, '') <> '2'
        union all
        select
            table_lines.order_id,
            table_lines.line_number as line_id,
            table_lines.source_sha256,
            table_lines.source_row,
            table_lines.item_name,
            table_lines.item_id as sellers_item_id,
            cast(null as {{ text_type() }}) as standard_item_id,
            table_lines.quantity,
            cast(null as decimal(18, 6)) as accepted_quantity,
            table_lines.unit_code,
            table_lines.price as price_amount,
            cast(1 as decimal(18, 6)) as base_quantity,
            table_lines.amount,
            table_lines.currency,
            coalesce(table_lines.contract_reference, orders.contract_reference)
        from table_lines
        inner join orders on orders.order_id = table_lines.order_id
    )

select
    every_line.order_id,
    every_line.order_id
    || '/'
    || substr(every_line.source_sha256, 1, 20)
    || '-'
    || cast(every_line.source_row as {{ text_type() }}) as order_line_id,
    every_line.line_id,
    every_line.source_sha256,
    every_line.source_row,
    every_line.item_name,
    every_line.sellers_item_id,
    every_line.standard_item_id,
    cast(every_line.quantity as decimal(18, 6)) as quantity,
    cast(every_line.accepted_quantity as decimal(18, 6)) as accepted_quantity,
    every_line.unit_code,
    every_line.price_amount,
    every_line.base_quantity,
    every_line.amount,
    every_line.currency,
    every_line.contract_reference,
    agreements.agreement_id,
    classified.category_id
from every_line
left join
    agreements
    on agreements.reference_normalised = {{ normalise_reference("every_line.contract_reference") }}
left join
    classified
    on classified.source_sha256 = every_line.source_sha256
    and classified.source_row = every_line.source_row
