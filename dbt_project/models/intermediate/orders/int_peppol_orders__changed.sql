-- An order with the latest change applied: the day is the first order's, the contract and the signs
-- are those of the last version. A change or answer to an order that is not loaded is no order.
with
    documents as (
        select
            keyed.*,
            row_number() over (
                partition by order_key, supplier_id, coalesce(buyer_orgnr, ''), document_kind
                order by issue_place
            ) as place_of_kind,
            row_number() over (
                partition by order_key, supplier_id, coalesce(buyer_orgnr, ''), document_kind
                order by issue_place desc
            ) as place_from_last
        from {{ ref("int_peppol_orders__keyed") }} as keyed
    ),

    -- What the seller writes down (order_agreement) is the order only where the buyer sent none.
    bases as (
        select
            documents.*,
            row_number() over (
                partition by order_key, supplier_id, coalesce(buyer_orgnr, '')
                order by case when document_kind = 'order' then 0 else 1 end, place_of_kind
            ) as place
        from documents
        where document_kind in ('order', 'order_agreement')
    ),

    changes as (
        select * from documents where document_kind = 'order_change' and place_from_last = 1
    ),

    cancellations as (
        select * from documents where document_kind = 'order_cancellation' and place_from_last = 1
    ),

    responses as (
        select * from documents where document_kind = 'order_response' and place_from_last = 1
    )

select
    bases.document_id as order_id,
    bases.source_sha256,
    bases.source_row,
    bases.order_number,
    bases.order_key,
    bases.supplier_id,
    bases.buyer_orgnr,
    bases.issue_date as order_date,
    changes.issue_date as changed_date,
    coalesce(changes.contract_reference, bases.contract_reference) as contract_reference,
    coalesce(changes.currency, bases.currency) as currency,
    case
        when cancellations.document_id is not null
        then 'cancelled'
        else coalesce(responses.answer, 'placed')
    end as order_status,
    coalesce(changes.document_id, bases.document_id) as latest_document_id,
    responses.document_id as response_document_id
from bases
{% for kind in ["changes", "cancellations", "responses"] %}
    left join
        {{ kind }}
        on {{ kind }}.order_key = bases.order_key
        and {{ kind }}.supplier_id = bases.supplier_id
        and coalesce({{ kind }}.buyer_orgnr, '') = coalesce(bases.buyer_orgnr, '')
{% endfor %}
where bases.place = 1
