with
    snapshots as (select * from {{ ref("int_licence_snapshots") }}),

    terms as (select * from {{ ref("int_licence_terms") }}),

    tenant as (select * from {{ ref("int_licence_tenant_skus") }}),

    names as (select * from {{ ref("int_sku_names") }}),

    skus as (
        select snapshots.as_of_date, terms.sku_id
        from snapshots
        inner join
            terms
            on terms.valid_from <= snapshots.as_of_date
            and terms.valid_to > snapshots.as_of_date
        union
        select as_of_date, sku_id
        from tenant
        union
        select as_of_date, sku_id
        from {{ ref("int_licence_assignments__stated") }}
        union
        select snapshots.as_of_date, names.sku_id
        from {{ ref("stg_registers__licence_entitlements") }} as entitlements
        inner join snapshots on entitlements.valid_from <= snapshots.as_of_date
        inner join names on names.name_key = {{ sku_name_key("entitlements.sku_id") }}
    ),

    listed as (select distinct sku_id from {{ ref("stg_m365__product_plans") }}),

    joined as (
        select
            skus.as_of_date,
            skus.sku_id,
            terms.sku_id is not null as has_terms,
            coalesce(
                terms.publisher,
                case
                    when tenant.sku_id is not null or listed.sku_id is not null
                    then 'Microsoft'
                    else 'Ukjent'
                end
            ) as publisher,
            tenant.stated_unit_price_nok,
            terms.name,
            terms.unit_price_nok,
            terms.list_price_nok,
            terms.management_fee_nok,
            terms.commitment_floor,
            terms.floor_until,
            terms.earliest_reduction_date,
            terms.true_up_date,
            terms.is_transferable,
            terms.is_zero_cost_addon,
            terms.is_free_software,
            terms.acquisition_type,
            terms.reserve,
            terms.requires,
            terms.agreement_id,
            terms.valid_from,
            terms.valid_to
        from skus
        left join
            terms
            on terms.sku_id = skus.sku_id
            and terms.valid_from <= skus.as_of_date
            and terms.valid_to > skus.as_of_date
        left join tenant on tenant.as_of_date = skus.as_of_date and tenant.sku_id = skus.sku_id
        left join listed on listed.sku_id = skus.sku_id
    )

select
    as_of_date,
    sku_id,
    has_terms,
    publisher,
    name,
    valid_from,
    valid_to,
    coalesce(unit_price_nok, stated_unit_price_nok) as unit_price_nok,
    case
        when unit_price_nok is not null
        then 'register'
        when stated_unit_price_nok is not null
        then 'tenant'
        else 'none'
    end as price_evidence,
    list_price_nok,
    coalesce(management_fee_nok, cast(0 as decimal(18, 2))) as management_fee_nok,
    coalesce(commitment_floor, 0) as commitment_floor,
    floor_until,
    earliest_reduction_date,
    true_up_date,
    coalesce(is_transferable, true) as is_transferable,
    coalesce(is_zero_cost_addon, false) as is_zero_cost_addon,
    coalesce(is_free_software, false) as is_free_software,
    coalesce(acquisition_type, 'lease') as acquisition_type,
    coalesce(reserve, 0) as reserve,
    requires,
    agreement_id
from joined
