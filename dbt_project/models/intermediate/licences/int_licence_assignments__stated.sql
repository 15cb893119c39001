with
    snapshots as (select * from {{ ref("int_licence_snapshots") }}),

    users as (select * from {{ ref("int_licence_users") }}),

    names as (select * from {{ ref("int_sku_names") }})

select
    users.as_of_date,
    licences.account_key,
    licences.sku_id,
    licences.assigned_by,
    licences.group_id,
    licences.disabled_plans,
    'tenant' as evidence
from {{ ref("stg_m365__user_licences") }} as licences
inner join
    users
    on users.source_sha256 = licences.source_sha256
    and users.account_key = licences.account_key
-- Where the assignment failed, the account has no seat.
where coalesce(lower(licences.state), 'active') <> 'error'
union all
select distinct
    snapshots.as_of_date,
    registered.account_key,
    names.sku_id,
    'unknown' as assigned_by,
    cast(null as {{ text_type() }}) as group_id,
    cast(null as {{ text_type() }}) as disabled_plans,
    'register' as evidence
from {{ ref("stg_registers__licence_assignments") }} as registered
inner join
    snapshots
    on registered.valid_from <= snapshots.as_of_date
    and registered.valid_to > snapshots.as_of_date
inner join names on names.name_key = {{ sku_name_key("registered.sku_id") }}
where registered.account_key is not null
