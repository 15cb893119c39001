with
    registered as (select * from {{ ref("stg_registers__standard_licences") }}),

    periods as (
        select
            names.sku_id,
            registered.valid_from,
            registered.valid_to,
            registered.legal_basis,
            'register' as evidence
        from registered
        inner join
            {{ ref("int_sku_names") }} as names
            on names.name_key = {{ sku_name_key("registered.sku_id") }}
        union all
        select
            sku_id,
            valid_from,
            {{ half_open_to("valid_to") }} as valid_to,
            legal_basis,
            'circular' as evidence
        from {{ ref("licence_standard_default") }}
        where not exists (select 1 from registered)
    ),

    successive as (
        select
            periods.*,
            row_number() over (
                partition by sku_id, valid_from order by valid_to desc, legal_basis nulls last
            ) as place
        from periods
        where valid_from < valid_to
    ),

    singles as (
        select
            successive.*,
            lead(valid_from) over (partition by sku_id order by valid_from) as next_valid_from
        from successive
        where place = 1
    )

select
    sku_id,
    valid_from,
    least(valid_to, coalesce(next_valid_from, {{ open_end() }})) as valid_to,
    legal_basis,
    evidence
from singles
