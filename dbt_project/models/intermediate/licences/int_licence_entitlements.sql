with
    snapshots as (select * from {{ ref("int_licence_snapshots") }}),

    known_units as (select distinct unit_id from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    registered as (
        select
            names.sku_id,
            known_units.unit_id,
            entitlements.quantity,
            entitlements.valid_from,
            entitlements.valid_to
        from {{ ref("stg_registers__licence_entitlements") }} as entitlements
        inner join
            {{ ref("int_sku_names") }} as names
            on names.name_key = {{ sku_name_key("entitlements.sku_id") }}
        -- Seats of a unit that the register of units does not know are everybody's; see
        -- mart_sku_issue.
        left join known_units on known_units.unit_id = entitlements.unit_id
        where entitlements.valid_from < entitlements.valid_to
    ),

    -- From its first purchase on the register says what is held, and that nothing is after the
    -- last.
    governed as (
        select snapshots.as_of_date, registered.sku_id
        from registered
        inner join snapshots on registered.valid_from <= snapshots.as_of_date
        group by snapshots.as_of_date, registered.sku_id
    ),

    in_force as (
        select
            governed.as_of_date,
            governed.sku_id,
            registered.unit_id,
            sum(coalesce(registered.quantity, 0)) as entitled
        from governed
        inner join
            registered
            on registered.sku_id = governed.sku_id
            and registered.valid_from <= governed.as_of_date
            and registered.valid_to > governed.as_of_date
        group by governed.as_of_date, governed.sku_id, registered.unit_id
    ),

    ended as (
        select governed.as_of_date, governed.sku_id
        from governed
        left join
            in_force
            on in_force.as_of_date = governed.as_of_date
            and in_force.sku_id = governed.sku_id
        where in_force.sku_id is null
    ),

    final as (
        select as_of_date, sku_id, unit_id, entitled, 'register' as evidence
        from in_force
        union all
        select
            as_of_date,
            sku_id,
            cast(null as {{ text_type() }}) as unit_id,
            0 as entitled,
            'register' as evidence
        from ended
        union all
        select
            tenant.as_of_date,
            tenant.sku_id,
            cast(null as {{ text_type() }}) as unit_id,
            tenant.enabled_seats + tenant.warning_seats as entitled,
            'tenant' as evidence
        from {{ ref("int_licence_tenant_skus") }} as tenant
        left join
            governed on governed.as_of_date = tenant.as_of_date and governed.sku_id = tenant.sku_id
        where governed.sku_id is null
    )

select
    as_of_date,
    sku_id,
    coalesce(unit_id, 'felles') as pool_id,
    unit_id,
    cast(entitled as bigint) as entitled,
    evidence
from final
