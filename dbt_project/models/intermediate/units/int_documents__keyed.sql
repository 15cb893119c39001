{% set signs = [
    ("buyer_reference", "buyer_reference"),
    ("contact_id", "contact"),
    ("contact_name", "contact"),
    ("gln_delivery", "gln"),
    ("gln_party", "gln"),
    ("gln_endpoint", "gln"),
    ("endpoint", "endpoint"),
    ("orgnr", "orgnr"),
    ("orgnr", "only_unit_of_orgnr"),
] %}

with
    documents as (select * from {{ ref("int_documents__referenced") }}),

    matched as (
        select distinct identifier_type, sign_value from {{ ref("int_unit_signs__matched") }}
    ),

    -- Only signs that some identifier fits: documents then share a few keys.
    final as (
        select
            documents.document_id,
            {% for column, kind in signs %}
                coalesce(m{{ loop.index }}.sign_value, '') as s{{ loop.index }}
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from documents
        {% for column, kind in signs %}
            left join
                matched as m{{ loop.index }}
                on m{{ loop.index }}.identifier_type = '{{ kind }}'
                and m{{ loop.index }}.sign_value = documents.{{ column }}
        {% endfor %}
    )

select
    document_id,
    s1 as buyer_reference,
    s2 as contact_id,
    s3 as contact_name,
    s4 as gln_delivery,
    s5 as gln_party,
    s6 as gln_endpoint,
    s7 as endpoint,
    s8 as orgnr,
    s9 as only_unit_of_orgnr,
    concat_ws(chr(31), s1, s2, s3, s4, s5, s6, s7, s8, s9) as document_key
from final
