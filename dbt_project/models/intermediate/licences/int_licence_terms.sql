with
    resolved as (
        select names.sku_id as known_sku_id, terms.*
        from {{ ref("stg_registers__licence_terms") }} as terms
        inner join
            {{ ref("int_sku_names") }} as names
            on names.name_key = {{ sku_name_key("terms.sku_id") }}
    ),

    -- The same product can stand there by GUID and by code: of one day the first row counts.
    ranked as (
        select
            resolved.*,
            row_number() over (
                partition by known_sku_id, valid_from order by source_sha256, source_row
            ) as place
        from resolved
        where valid_from < valid_to
    ),

    successive as (
        select
            ranked.*,
            lead(valid_from) over (
                partition by known_sku_id order by valid_from, source_row
            ) as next_valid_from
        from ranked
        where place = 1
    )

select
    known_sku_id as sku_id,
    valid_from,
    least(valid_to, coalesce(next_valid_from, {{ open_end() }})) as valid_to,
    source_sha256,
    source_row,
    coalesce(publisher, 'Microsoft') as publisher,
    name,
    case
        when unit_price_nok is null and (is_free_software or is_zero_cost_addon)
        then cast(0 as decimal(18, 2))
        else unit_price_nok
    end as unit_price_nok,
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
from successive
