-- Every document of the ordering process with the order that it is or is about, and its seller.
with
    documents as (select * from {{ ref("stg_peppol__orders") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    numbered as (
        select
            documents.*,
            case
                when document_kind in ('order', 'order_agreement')
                then document_number
                else order_reference
            end as order_number,
            coalesce(seller_legal_id, seller_party_id, seller_endpoint_id) as seller_id,
            case
                when seller_legal_id is not null
                then seller_legal_id_scheme
                when seller_party_id is not null
                then seller_party_id_scheme
                else seller_endpoint_scheme
            end as seller_id_scheme
        from documents
    )

select
    numbered.document_id,
    numbered.source_sha256,
    numbered.source_row,
    numbered.document_kind,
    numbered.order_number,
    {{ invoice_key("numbered.order_number") }} as order_key,
    {{
        supplier_id(
            "numbered.seller_orgnr",
            "numbered.seller_vat_id",
            "numbered.seller_id_scheme",
            "numbered.seller_id",
            "numbered.seller_name",
        )
    }} as supplier_id,
    numbered.buyer_orgnr,
    numbered.issue_date,
    numbered.contract_reference,
    numbered.currency,
    case
        when numbered.is_accepted or numbered.response_code in ('AP', 'CA')
        then 'accepted'
        when not numbered.is_accepted or numbered.response_code = 'RE'
        then 'rejected'
    end as answer,
    row_number() over (
        order by
            numbered.issue_date nulls first,
            lpad(coalesce(numbered.sequence_number, ''), 20, '0'),
            coalesce(numbered.issue_time, ''),
            numbered.document_id
    ) as issue_place
from numbered
left join
    placeholders
    on placeholders.reference_normalised = {{ normalise_reference("numbered.order_number") }}
where
    placeholders.reference_normalised is null
    and {{ invoice_key("numbered.order_number") }} is not null
    and not {{ is_filler("trim(numbered.order_number)") }}
