with
    documents as (select * from {{ ref("int_documents__identified") }}),

    postings as (select * from {{ ref("int_postings") }}),

    registered as (select * from {{ ref("stg_registers__suppliers") }}),

    lot_suppliers as (select * from {{ ref("int_lot_suppliers__numbered") }}),

    supplier_categories as (select * from {{ ref("stg_registers__supplier_categories") }}),

    units as (select * from {{ ref("dim_unit") }}),

    entities as (select * from {{ ref("int_entities__marked") }}),

    merges as (
        select supplier_id, count(*) as merged_count
        from {{ ref("int_suppliers__merged") }}
        where is_merged
        group by supplier_id
    ),

    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    -- What the supplier itself is called goes before the names of those merged with it.
    named as (
        select
            supplier_id,
            seller_name as name,
            row_number() over (
                partition by supplier_id
                order by
                    case when seller_name is null then 1 else 0 end,
                    case when stated_supplier_id = supplier_id then 0 else 1 end,
                    issue_date desc nulls last,
                    document_id desc
            ) as place
        from documents
    ),

    -- A supplier that only a ledger has is called what the newest of its postings says.
    posted as (
        select
            supplier_id,
            supplier_name as name,
            row_number() over (
                partition by supplier_id
                order by
                    case when supplier_name is null then 1 else 0 end,
                    case when stated_supplier_id = supplier_id then 0 else 1 end,
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

    keyed as (
        select supplier_id
        from named
        where place = 1
        union
        select supplier_id
        from posted
        where place = 1
        union
        select 'NO' || orgnr
        from registered
        union
        select supplier_id
        from lot_names
        union
        select 'NO' || orgnr
        from supplier_categories
        union
        select 'unknown'
    ),

    every_supplier as (
        select keyed.supplier_id, {{ orgnr_of("keyed.supplier_id") }} as orgnr from keyed
    ),

    -- The municipality, its units, and what Enhetsregisteret places one or two steps below them.
    own_orgnrs as (
        select orgnr
        from units
        where orgnr is not null
        union
        select municipality_orgnr
        from run_context
        where municipality_orgnr <> ''
    ),

    unit_orgnrs as (
        select orgnr
        from own_orgnrs
        union
        select entities.orgnr
        from entities
        inner join own_orgnrs on own_orgnrs.orgnr = entities.parent_orgnr
        union
        select entities.orgnr
        from entities
        inner join own_orgnrs on own_orgnrs.orgnr = entities.grandparent_orgnr
    ),

    final as (
        select
            every_supplier.supplier_id,
            every_supplier.orgnr,
            coalesce(
                registered.name,
                entities.name,
                named.name,
                posted.name,
                lot_names.name,
                case when every_supplier.supplier_id = 'unknown' then 'Ukjent leverandør' end,
                every_supplier.orgnr,
                every_supplier.supplier_id
            ) as name,
            coalesce(registered.organisation_form, entities.organisation_form) as organisation_form,
            coalesce(registered.is_public_body, false)
            or coalesce(entities.is_public_body, false) as is_public_body,
            coalesce(registered.is_internal, false) or unit_orgnrs.orgnr is not null as is_internal,
            coalesce(flagged.is_private_person, 0) = 1
            or coalesce(entities.is_private_person, false) as is_private_person,
            case
                when registered.orgnr is not null
                then 'supplier_register'
                when entities.orgnr is not null
                then 'enhetsregisteret'
                else 'none'
            end as register_source,
            entities.orgnr is not null as is_in_enhetsregisteret,
            entities.sector_code,
            entities.industry_code,
            entities.industry,
            entities.parent_orgnr,
            entities.is_vat_registered,
            coalesce(entities.is_bankrupt, false) as is_bankrupt,
            case when entities.is_bankrupt then entities.bankruptcy_date end as bankruptcy_date,
            coalesce(entities.is_winding_up, false) as is_winding_up,
            coalesce(entities.is_forced_winding_up, false) as is_forced_winding_up,
            entities.deleted_date,
            cast(coalesce(merges.merged_count, 0) as bigint) as merged_count
        from every_supplier
        left join named on named.supplier_id = every_supplier.supplier_id and named.place = 1
        left join posted on posted.supplier_id = every_supplier.supplier_id and posted.place = 1
        left join registered on registered.orgnr = every_supplier.orgnr
        left join lot_names on lot_names.orgnr = every_supplier.orgnr
        left join flagged on flagged.supplier_id = every_supplier.supplier_id
        left join unit_orgnrs on unit_orgnrs.orgnr = every_supplier.orgnr
        left join entities on entities.orgnr = every_supplier.orgnr
        left join merges on merges.supplier_id = every_supplier.supplier_id
    )

select
    supplier_id,
    orgnr,
    name,
    organisation_form,
    is_public_body,
    is_internal,
    is_private_person,
    register_source,
    is_in_enhetsregisteret,
    sector_code,
    industry_code,
    industry,
    parent_orgnr,
    is_vat_registered,
    is_bankrupt,
    bankruptcy_date,
    is_winding_up,
    is_forced_winding_up,
    deleted_date,
    merged_count
from final
