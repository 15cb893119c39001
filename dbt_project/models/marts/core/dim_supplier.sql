with
    documents as (select * from {{ ref("int_documents__identified") }}),

    postings as (select * from {{ ref("int_postings") }}),

    registered as (select * from {{ ref("stg_registers__suppliers") }}),

    lot_suppliers as (select * from {{ ref("stg_registers__lot_suppliers") }}),

    supplier_categories as (select * from {{ ref("stg_registers__supplier_categories") }}),

    units as (select * from {{ ref("dim_unit") }}),

    named as (
        select
            supplier_id,
            seller_orgnr as orgnr,
            seller_name as name,
            row_number() over (
                partition by supplier_id
                order by
                    case when seller_name is null then 1 else 0 end,
                    issue_date desc nulls last,
                    document_id desc
            ) as place
        from documents
    ),

    -- A supplier that only a ledger has is called what the newest of its postings says.
    posted as (
        select
            supplier_id,
            supplier_orgnr as orgnr,
            supplier_name as name,
            row_number() over (
                partition by supplier_id
                order by
                    case when supplier_name is null then 1 else 0 end,
                    valued_date desc nulls last,
                    source_sha256,
                    source_row
            ) as place
        from postings
    ),

    flagged as (
        select supplier_id, max(is_private_person) as is_private_person
        from
            (
                select
                    supplier_id,
                    case when seller_is_private_person then 1 else 0 end as is_private_person
                from documents
                union all
                select
                    supplier_id,
                    case when supplier_is_private_person then 1 else 0 end as is_private_person
                from postings
            ) as seen
        group by supplier_id
    ),

    lot_names as (
        select 'NO' || orgnr as supplier_id, orgnr, max(name) as name
        from lot_suppliers
        group by orgnr
    ),

    every_supplier as (
        select supplier_id, orgnr
        from named
        where place = 1
        union
        select supplier_id, orgnr
        from posted
        where place = 1
        union
        select 'NO' || orgnr, orgnr
        from registered
        union
        select supplier_id, orgnr
        from lot_names
        union
        select 'NO' || orgnr, orgnr
        from supplier_categories
        union
        select 'unknown', cast(null as {{ text_type() }})
    ),

    unit_orgnrs as (select distinct orgnr from units where orgnr is not null),

    final as (
        select
            every_supplier.supplier_id,
            every_supplier.orgnr,
            coalesce(
                registered.name,
                named.name,
                posted.name,
                lot_names.name,
                case when every_supplier.supplier_id = 'unknown' then 'Ukjent leverandør' end,
                every_supplier.orgnr,
                every_supplier.supplier_id
            ) as name,
            registered.organisation_form,
            coalesce(registered.is_public_body, false) as is_public_body,
            coalesce(registered.is_internal, false) or unit_orgnrs.orgnr is not null as is_internal,
            coalesce(flagged.is_private_person, 0) = 1 as is_private_person
        from every_supplier
        left join named on named.supplier_id = every_supplier.supplier_id and named.place = 1
        left join posted on posted.supplier_id = every_supplier.supplier_id and posted.place = 1
        left join registered on registered.orgnr = every_supplier.orgnr
        left join lot_names on lot_names.orgnr = every_supplier.orgnr
        left join flagged on flagged.supplier_id = every_supplier.supplier_id
        left join unit_orgnrs on unit_orgnrs.orgnr = every_supplier.orgnr
    )

select supplier_id, orgnr, name, organisation_form, is_public_body, is_internal, is_private_person
from final
