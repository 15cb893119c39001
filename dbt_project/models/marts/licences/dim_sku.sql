with
    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    latest as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    tenant as (
        select
            skus.*,
            row_number() over (
                partition by skus.sku_id
                order by skus.export_date desc, skus.source_sha256, skus.source_row
            ) as place
        from {{ ref("stg_m365__skus") }} as skus
        inner join run_context on skus.export_date <= run_context.as_of_date
    ),

    listed as (
        select
            sku_id,
            min(upper(sku_part_number)) as sku_part_number,
            min(product_name) as product_name
        from {{ ref("stg_m365__product_plans") }}
        group by sku_id
    ),

    dated as (
        select terms.*, row_number() over (partition by sku_id order by as_of_date desc) as place
        from {{ ref("int_licence_terms__dated") }} as terms
    ),

    registered as (
        select terms.*, row_number() over (partition by sku_id order by valid_from desc) as place
        from {{ ref("int_licence_terms") }} as terms
    ),

    standard as (
        select distinct standard.sku_id
        from {{ ref("int_licence_standard") }} as standard
        inner join
            latest
            on standard.valid_from <= latest.as_of_date
            and standard.valid_to > latest.as_of_date
    ),

    skus as (
        select sku_id
        from dated
        union
        select sku_id
        from registered
        union
        select sku_id
        from standard
    ),

    joined as (
        select
            skus.sku_id,
            coalesce(
                dated.publisher,
                registered.publisher,
                case
                    when listed.sku_id is not null or standard.sku_id is not null then 'Microsoft'
                end,
                'Ukjent'
            ) as publisher,
            coalesce(
                tenant.sku_part_number, listed.sku_part_number, skus.sku_id
            ) as sku_part_number,
            coalesce(
                dated.name,
                registered.name,
                tenant.sku_name,
                listed.product_name,
                tenant.sku_part_number,
                listed.sku_part_number,
                skus.sku_id
            ) as name,
            current_tenant.sku_id is not null as is_in_tenant,
            listed.sku_id is not null as is_in_product_list,
            standard.sku_id is not null as is_standard,
            coalesce(
                dated.is_zero_cost_addon, registered.is_zero_cost_addon, false
            ) as is_zero_cost_addon,
            coalesce(
                dated.is_free_software, registered.is_free_software, false
            ) as is_free_software,
            coalesce(dated.is_transferable, registered.is_transferable, true) as is_transferable,
            coalesce(
                dated.acquisition_type, registered.acquisition_type, 'lease'
            ) as acquisition_type,
            coalesce(dated.agreement_id, registered.agreement_id) as agreement_id,
            case
                when dated.as_of_date = latest.as_of_date then dated.unit_price_nok
            end as unit_price_nok,
            case
                when dated.as_of_date = latest.as_of_date then dated.price_evidence else 'none'
            end as price_evidence,
            case
                when dated.as_of_date = latest.as_of_date then dated.list_price_nok
            end as list_price_nok,
            case
                when dated.as_of_date = latest.as_of_date then dated.management_fee_nok
            end as management_fee_nok
        from skus
        cross join latest
        left join dated on dated.sku_id = skus.sku_id and dated.place = 1
        left join registered on registered.sku_id = skus.sku_id and registered.place = 1
        left join tenant on tenant.sku_id = skus.sku_id and tenant.place = 1
        left join
            {{ ref("int_licence_tenant_skus") }} as current_tenant
            on current_tenant.as_of_date = latest.as_of_date
            and current_tenant.sku_id = skus.sku_id
        left join listed on listed.sku_id = skus.sku_id
        left join standard on standard.sku_id = skus.sku_id
    )

select
    sku_id,
    publisher,
    sku_part_number,
    name,
    is_in_tenant,
    is_in_product_list,
    is_standard,
    is_zero_cost_addon,
    is_free_software,
    is_transferable,
    acquisition_type,
    agreement_id,
    unit_price_nok,
    price_evidence,
    list_price_nok,
    case
        when not is_free_software and list_price_nok > 0
        then cast(list_price_nok - unit_price_nok as decimal(18, 2))
    end as discount_nok,
    case
        when not is_free_software and list_price_nok > 0
        then {{ share("list_price_nok - unit_price_nok", "list_price_nok") }}
    end as discount_share,
    management_fee_nok,
    lower(publisher) = 'microsoft' as is_in_scope
from joined
