{% set references = [
    ("order_number", "order_reference", "order_number"),
    ("buyer_reference", "buyer_reference", "buyer_reference"),
    ("accounting_cost", "accounting_cost", "accounting_cost"),
    ("contact_id", "buyer_contact_id", "contact"),
    ("contact_name", "buyer_contact_name", "contact"),
] %}
{% set gln_schemes = "('0088', 'GLN')" %}

with
    documents as (select * from {{ ref("stg_ehf__documents") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    final as (
        select
            documents.document_id,
            {% for name, column, kind in references %}
                {{ real_reference("documents." ~ column, name ~ "_words.text_normalised") }}
                as {{ name }},
            {% endfor %}
            case
                when
                    coalesce(
                        upper(trim(documents.delivery_location_scheme)),
                        case
                            when {{ matches("documents.delivery_location_id", "^[0-9]{13}$") }}
                            then 'GLN'
                        end
                    )
                    in {{ gln_schemes }}
                then {{ normalise_sign("'gln'", "documents.delivery_location_id") }}
            end as gln_delivery,
            case
                when upper(trim(documents.buyer_party_id_scheme)) in {{ gln_schemes }}
                then {{ normalise_sign("'gln'", "documents.buyer_party_id") }}
            end as gln_party,
            case
                when upper(trim(documents.buyer_endpoint_scheme)) in {{ gln_schemes }}
                then {{ normalise_sign("'gln'", "documents.buyer_endpoint_id") }}
            end as gln_endpoint,
            {{ normalise_sign("'endpoint'", "documents.buyer_endpoint_id") }} as endpoint,
            documents.buyer_orgnr as orgnr
        from documents
        {% for name, column, kind in references %}
            left join
                placeholders as {{ name }}_words
                on {{ name }}_words.text_normalised = upper(trim(documents.{{ column }}))
        {% endfor %}
    )

select
    document_id,
    order_number,
    buyer_reference,
    accounting_cost,
    contact_id,
    contact_name,
    gln_delivery,
    gln_party,
    gln_endpoint,
    endpoint,
    orgnr
from final
