with
    latest as (
        select as_of_date, skus_date from {{ ref("int_licence_snapshots") }} where is_latest
    ),

    skus as (select skus.* from {{ ref("mart_licence_sku") }} as skus where skus.is_latest),

    terms as (
        select terms.*
        from {{ ref("int_licence_terms__dated") }} as terms
        inner join latest on latest.as_of_date = terms.as_of_date
    ),

    tenant as (
        select tenant.*
        from {{ ref("int_licence_tenant_skus") }} as tenant
        inner join latest on latest.as_of_date = tenant.as_of_date
    ),

    listed as (
        select distinct sku_id, upper(trim(sku_part_number)) as sku_part_number
        from {{ ref("stg_m365__product_plans") }}
    ),

    listed_skus as (
        select sku_id, min(sku_part_number) as sku_part_number from listed group by sku_id
    ),

    listed_names as (
        select sku_part_number, min(sku_id) as sku_id
        from listed
        where sku_part_number is not null
        group by sku_part_number
    ),

    named as (
        select
            tenant.sku_id,
            tenant.sku_part_number,
            listed_skus.sku_part_number as listed_part_number,
            listed_names.sku_id as listed_sku_id
        from tenant
        inner join listed_skus on listed_skus.sku_id = tenant.sku_id
        left join
            listed
            on listed.sku_id = tenant.sku_id
            and listed.sku_part_number = upper(trim(tenant.sku_part_number))
        left join listed_names on listed_names.sku_part_number = upper(trim(tenant.sku_part_number))
        where listed.sku_id is null and tenant.sku_part_number is not null
    ),

    microsoft as (
        select skus.sku_id, skus.assigned
        from skus
        where
            lower(skus.publisher) = 'microsoft'
            or {{ matches("skus.sku_id", "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$") }}
    ),

    unit_issues as (
        select distinct names.sku_id, entitlements.unit_id
        from {{ ref("stg_registers__licence_entitlements") }} as entitlements
        inner join
            {{ ref("int_sku_names") }} as names
            on names.name_key = {{ sku_name_key("entitlements.sku_id") }}
        left join {{ ref("dim_unit") }} as units on units.unit_id = entitlements.unit_id
        where entitlements.unit_id is not null and units.unit_id is null
    ),

    issues as (
        select
            sku_id,
            'guid_is_other_product' as issue,
            'Produktet heter '
            || sku_part_number
            || ' hos oss, men GUID-en er '
            || coalesce(listed_part_number, 'et annet produkt')
            || ' i Microsofts liste; der har '
            || sku_part_number
            || ' GUID '
            || listed_sku_id as detail
        from named
        where listed_sku_id is not null
        union all
        select
            sku_id,
            'part_number_differs' as issue,
            'Koden er '
            || sku_part_number
            || ' hos oss og '
            || coalesce(listed_part_number, 'tom')
            || ' i Microsofts liste' as detail
        from named
        where listed_sku_id is null
        union all
        select
            microsoft.sku_id,
            'guid_not_in_list' as issue,
            'Produktet er ikke i Microsofts liste; hvilke tjenesteplaner det gir er bare kjent når leietakeren oppgir dem'
            as detail
        from microsoft
        left join listed_skus on listed_skus.sku_id = microsoft.sku_id
        where listed_skus.sku_id is null and exists (select 1 from listed_skus)
        union all
        select
            microsoft.sku_id,
            'not_in_tenant' as issue,
            'Produktet er ikke i leietakerens liste over abonnementer' as detail
        from microsoft
        left join tenant on tenant.sku_id = microsoft.sku_id
        where tenant.sku_id is null and exists (select 1 from tenant)
        union all
        select
            sku_id,
            'no_price' as issue,
            'Prisen er ikke kjent, så kostnaden er ikke regnet ut; før den i lisensvilkår' as detail
        from skus
        where unit_price_nok is null and (entitled > 0 or assigned > 0)
        union all
        select
            skus.sku_id,
            'no_terms' as issue,
            'Produktet har ingen rad i lisensvilkår som gjelder på datoen; binding og oppsigelse er ikke kjent'
            as detail
        from skus
        inner join terms on terms.sku_id = skus.sku_id
        where not terms.has_terms
        union all
        select
            sku_id,
            'without_entitlement' as issue,
            cast(assigned as {{ text_type() }}) || ' er tildelt, men vi har ingen plasser' as detail
        from skus
        where assigned > 0 and entitled <= 0
        union all
        select
            skus.sku_id,
            'consumed_differs' as issue,
            'Eksporten av produkter sier '
            || cast(tenant.consumed_seats as {{ text_type() }})
            || ' tildelt, eksporten av brukere har '
            || cast(skus.assigned as {{ text_type() }}) as detail
        from skus
        inner join tenant on tenant.sku_id = skus.sku_id
        where tenant.consumed_seats <> skus.assigned
        union all
        select
            sku_id,
            'free_with_price' as issue,
            'Produktet er ført som kostnadsfritt, men har en pris' as detail
        from terms
        where (is_zero_cost_addon or is_free_software) and unit_price_nok > 0
        union all
        select
            sku_id,
            'entitlement_unit_unknown' as issue,
            'Plasser er ført på en enhet som ikke er i registeret over enheter, og regnes som felles: '
            || {{ names_joined("unit_id") }} as detail
        from unit_issues
        group by sku_id
    )

select issues.sku_id, issues.issue, latest.as_of_date, issues.detail
from issues
cross join latest
