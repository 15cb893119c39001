with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    terms as (select * from {{ ref("stg_registers__licence_terms") }}),

    tenant as (
        select skus.sku_id, skus.sku_part_number, skus.sku_name, skus.export_date
        from {{ ref("stg_m365__skus") }} as skus
        inner join run_context on skus.export_date <= run_context.as_of_date
    ),

    listed as (
        select distinct sku_id, sku_part_number, product_name
        from {{ ref("stg_m365__product_plans") }}
    ),

    written as (
        select sku_id as text, 1 as origin
        from terms
        union all
        select sku_id as text, 2 as origin
        from {{ ref("stg_registers__licence_entitlements") }}
        union all
        select sku_id as text, 3 as origin
        from {{ ref("stg_registers__licence_assignments") }}
        union all
        select sku_id as text, 4 as origin
        from {{ ref("stg_registers__licence_usage") }}
        union all
        select sku_id as text, 5 as origin
        from {{ ref("stg_registers__standard_licences") }}
        union all
        select sku_id as text, 6 as origin
        from {{ ref("stg_registers__frame_exemptions") }}
        union all
        select {{ explode_text("requires", ";") }} as text, 7 as origin
        from terms
        where requires is not null
        union all
        select sku_id as text, 8 as origin
        from {{ ref("licence_standard_default") }}
    ),

    candidates as (
        -- What the register calls another publisher's product is never Microsoft's.
        select
            {{ sku_name_key("sku_id") }} as name_key,
            trim(sku_id) as sku_id,
            1 as preference,
            {{ first_day() }} as newest
        from terms
        where lower(publisher) <> 'microsoft'
        union all
        select {{ sku_name_key("sku_id") }} as name_key, sku_id, 2 as preference, export_date
        from tenant
        union all
        select {{ sku_name_key("sku_id") }} as name_key, sku_id, 3 as preference, {{ first_day() }}
        from listed
        union all
        select
            {{ sku_name_key("sku_part_number") }} as name_key, sku_id, 4 as preference, export_date
        from tenant
        union all
        select
            {{ sku_name_key("sku_part_number") }} as name_key,
            sku_id,
            5 as preference,
            {{ first_day() }}
        from listed
        union all
        select {{ sku_name_key("text") }} as name_key, trim(text), 5 + origin, {{ first_day() }}
        from written
    ),

    ranked as (
        select
            name_key,
            sku_id,
            row_number() over (
                partition by name_key order by preference, newest desc nulls last, sku_id
            ) as place
        from candidates
        where name_key <> ''
    )

select
    name_key,
    case
        when
            {{
                matches(
                    "name_key",
                    "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                )
            }}
        then name_key
        else sku_id
    end as sku_id
from ranked
where place = 1
