{% set signs = [
    ("buyer_reference", "buyer_reference", ""),
    ("accounting_cost", "accounting_cost", ""),
    ("contact", "buyer_contact_id", ""),
    ("contact", "buyer_contact_name", ""),
    ("contact", "originator_contact_name", ""),
    ("gln", "delivery_location_id", "delivery_location_scheme"),
    ("gln", "delivery_party_id", "delivery_party_id_scheme"),
    ("gln", "originator_id", "originator_id_scheme"),
    ("gln", "buyer_party_id", "buyer_party_id_scheme"),
    ("gln", "buyer_endpoint_id", "buyer_endpoint_scheme"),
    ("endpoint", "buyer_endpoint_id", ""),
    ("orgnr", "buyer_orgnr", ""),
    ("only_unit_of_orgnr", "buyer_orgnr", ""),
] %}
{% set table_signs = [
    ("contact", "requisitioner"),
    ("ledger_dimension", "responsibility"),
    ("ledger_dimension", "department"),
    ("ledger_dimension", "dimension_1"),
    ("ledger_dimension", "dimension_2"),
    ("ledger_dimension", "dimension_3"),
    ("orgnr", "entity_orgnr"),
    ("only_unit_of_orgnr", "entity_orgnr"),
] %}

-- The signs of a unit on an order: those of its last version, and of its lines in an export.
with
    orders as (select * from {{ ref("int_orders") }} where order_date is not null),

    documents as (select * from {{ ref("stg_peppol__orders") }}),

    table_lines as (select * from {{ ref("int_table_orders__lines") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    written as (
        {% for kind, column, scheme in signs %}
            select
                orders.order_id,
                orders.order_date,
                '{{ kind }}' as identifier_type,
                {{ loop.index }} as place,
                {{ normalise_sign("'" ~ kind ~ "'", "documents." ~ column) }} as sign_value
            from orders
            inner join documents on documents.document_id = orders.latest_document_id
            where
                documents.{{ column }} is not null
                {% if scheme %}
                    and (
                        upper(trim(documents.{{ scheme }})) in ('0088', 'GLN')
                        or (
                            documents.{{ scheme }} is null
                            and {{ matches("documents." ~ column, "^[0-9]{13}$") }}
                        )
                    )
                {% endif %}
            union
        {% endfor %}
        {% for kind, column in table_signs %}
            select
                orders.order_id,
                orders.order_date,
                '{{ kind }}' as identifier_type,
                {{ 20 + loop.index }} as place,
                {{ normalise_sign("'" ~ kind ~ "'", "table_lines." ~ column) }} as sign_value
            from orders
            inner join table_lines on table_lines.order_id = orders.table_order_id
            where table_lines.{{ column }} is not null
            {% if not loop.last %}
                union
            {% endif %}
        {% endfor %}
    )

select
    written.order_id, written.order_date, written.identifier_type, written.place, written.sign_value
from written
left join placeholders on placeholders.text_normalised = written.sign_value
where
    written.sign_value is not null
    and placeholders.text_normalised is null
    and not {{ is_filler("written.sign_value") }}
