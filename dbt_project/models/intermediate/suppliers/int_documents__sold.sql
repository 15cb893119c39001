-- Which supplier each document says that it is from.
{% set identifiers = [
    "seller_vat_id",
    "seller_legal_id",
    "seller_party_id",
    "seller_endpoint_id",
] %}

with
    documents as (select * from {{ ref("stg_ehf__documents") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    -- «NA» is nobody's identity: taken for one, it would merge everyone who writes it.
    cleaned as (
        select
            documents.document_id,
            {% for identifier in identifiers %}
                {{
                    real_reference(
                        "documents." ~ identifier, identifier ~ "_words.text_normalised"
                    )
                }} as {{ identifier }} {% if not loop.last %},{% endif %}
            {% endfor %}
        from documents
        {% for identifier in identifiers %}
            left join
                placeholders as {{ identifier }}_words
                on {{ identifier }}_words.text_normalised = upper(trim(documents.{{ identifier }}))
        {% endfor %}
    ),

    -- The first identifier that the seller has, with the scheme that belongs to it.
    sellers as (
        select
            documents.*,
            cleaned.seller_vat_id as vat_id,
            coalesce(
                cleaned.seller_legal_id, cleaned.seller_party_id, cleaned.seller_endpoint_id
            ) as seller_id,
            case
                when cleaned.seller_legal_id is not null
                then documents.seller_legal_id_scheme
                when cleaned.seller_party_id is not null
                then documents.seller_party_id_scheme
                else documents.seller_endpoint_scheme
            end as seller_id_scheme
        from documents
        inner join cleaned on cleaned.document_id = documents.document_id
    )

select
    document_id,
    source_sha256,
    document_kind,
    document_number,
    issue_date,
    upper(trim(currency)) as currency,
    tax_exclusive_amount,
    {{ supplier_id("seller_orgnr", "vat_id", "seller_id_scheme", "seller_id", "seller_name") }}
    as stated_supplier_id,
    coalesce('NAVN:' || {{ normalise_text("seller_name") }}, 'unknown') as supplier_name_id,
    seller_orgnr,
    vat_id as seller_vat_id,
    seller_id,
    seller_id_scheme,
    seller_name,
    coalesce(seller_is_private_person, false) as seller_is_private_person,
    buyer_orgnr
from sellers
