{{ config(tags=["derived_input"]) }}

-- What Python compares: suppliers as documents and ledgers state them, by every name they go by.
-- Addresses are the ledger's, else those of Enhetsregisteret. Never the bank account, and never the
-- payee: a factoring company is paid for what others sell.
with
    stated as (
        select
            stated_supplier_id as supplier_id,
            seller_id_scheme as id_scheme,
            seller_id as id_value,
            seller_orgnr as orgnr,
            seller_vat_id as vat_id,
            seller_name as name,
            seller_is_private_person as is_private_person
        from {{ ref("int_documents__sold") }}
        union all
        select
            stated_supplier_id as supplier_id,
            cast(null as {{ text_type() }}) as id_scheme,
            legal_id as id_value,
            supplier_orgnr as orgnr,
            vat_id,
            supplier_name as name,
            is_private_person
        from {{ ref("int_suppliers__posted") }}
    ),

    suppliers as (
        select
            supplier_id,
            min(orgnr) as orgnr,
            min(vat_id) as vat_id,
            min(id_scheme) as id_scheme,
            min(id_value) as id_value,
            max(case when is_private_person then 1 else 0 end) as is_private_person
        from stated
        where supplier_id <> 'unknown'
        group by supplier_id
    ),

    entities as (select * from {{ ref("stg_enhetsregisteret__entities") }}),

    registered as (select * from {{ ref("stg_registers__suppliers") }}),

    -- A register that knows the number knows the name that belongs to it.
    every_name as (
        select supplier_id, name
        from stated
        union all
        select suppliers.supplier_id, entities.name
        from suppliers
        inner join entities on entities.orgnr = suppliers.orgnr
        union all
        select suppliers.supplier_id, registered.name
        from suppliers
        inner join registered on registered.orgnr = suppliers.orgnr
    ),

    names as (
        select supplier_id, min(trim(name)) as name
        from every_name
        where name is not null
        group by supplier_id, {{ normalise_text("name") }}
    ),

    -- By number and name: the ledger's own supplier numbers are not in the key.
    saft_addresses as (
        select
            orgnr,
            {{ normalise_text("name") }} as name_normalised,
            min(postal_code) as postal_code,
            min(city) as city,
            min(country) as country
        from {{ ref("stg_saft__suppliers") }}
        where postal_code is not null or city is not null or country is not null
        group by orgnr, {{ normalise_text("name") }}
    ),

    named as (
        select suppliers.*, names.name, {{ normalise_text("names.name") }} as name_normalised
        from suppliers
        left join names on names.supplier_id = suppliers.supplier_id
    )

select
    named.supplier_id,
    named.id_scheme,
    named.id_value,
    named.orgnr,
    named.vat_id,
    named.name,
    coalesce(
        saft_addresses.postal_code, entities.business_postal_code, entities.postal_postal_code
    ) as postal_code,
    coalesce(saft_addresses.city, entities.business_city, entities.postal_city) as city,
    coalesce(saft_addresses.country, entities.business_country_code) as country,
    named.is_private_person = 1 or coalesce(entities.is_private_person, false) as is_private_person
from named
left join
    saft_addresses
    on saft_addresses.name_normalised = named.name_normalised
    and coalesce(saft_addresses.orgnr, '') = coalesce(named.orgnr, '')
left join entities on entities.orgnr = named.orgnr
