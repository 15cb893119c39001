with
    documents as (select * from {{ ref("stg_ehf__documents") }}),

    -- The first identifier that the seller has, with the scheme that belongs to it.
    sellers as (
        select
            documents.*,
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
    document_id,
    source_sha256,
    document_kind,
    document_number,
    issue_date,
    upper(trim(currency)) as currency,
    tax_exclusive_amount,
    {{
        supplier_id(
            "seller_orgnr", "seller_vat_id", "seller_id_scheme", "seller_id", "seller_name"
        )
    }} as supplier_id,
    coalesce('NAVN:' || {{ normalise_text("seller_name") }}, 'unknown') as supplier_name_id,
    seller_orgnr,
    seller_name,
    coalesce(seller_is_private_person, false) as seller_is_private_person,
    buyer_orgnr
from sellers
