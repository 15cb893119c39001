with
    lines as (select * from {{ ref("int_lines__referenced") }}),

    documents as (select * from {{ ref("int_documents__keyed") }}),

    matched as (
        select distinct identifier_type, sign_value from {{ ref("int_unit_signs__matched") }}
    )

select
    lines.document_id,
    lines.source_row,
    lines.decisive_date,
    lines.decisive_date_evidence,
    lines.order_number is not null as has_order_reference,
    documents.document_key,
    coalesce(orders.sign_value, '') as order_sign,
    coalesce(costs.sign_value, '') as cost_sign
from lines
inner join documents on documents.document_id = lines.document_id
left join
    matched as orders
    on orders.identifier_type = 'order_number'
    and orders.sign_value = lines.order_number
left join
    matched as costs
    on costs.identifier_type = 'accounting_cost'
    and costs.sign_value = lines.accounting_cost
