-- The order references on invoices and postings that are the number of some loaded order. Most are
-- not; leaving those out keeps what follows small.
with
    written as (
        select order_reference as reference
        from {{ ref("stg_ehf__lines") }}
        where order_reference is not null
        union
        select order_reference
        from {{ ref("stg_ehf__documents") }}
        where order_reference is not null
        union
        select order_number
        from {{ ref("int_postings") }}
        where order_number is not null
    ),

    keyed as (select reference, {{ invoice_key("reference") }} as order_key from written)

select keyed.reference, keyed.order_key
from keyed
where
    exists (
        select 1 from {{ ref("int_orders") }} as orders where orders.order_key = keyed.order_key
    )
