{# One row per unit, role, kind of authority and period: the unit's own limit, else that of all units
   («*») where it has none of its own for the role. #}
with
    limits as (select * from {{ ref("stg_registers__authority_limits") }}),

    units as (select distinct unit_id from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    own as (select distinct unit_id, role from limits where unit_id <> '*')

select unit_id, role, authority_type, limit_nok, valid_from, valid_to
from limits
where unit_id <> '*'
union all
select
    units.unit_id,
    limits.role,
    limits.authority_type,
    limits.limit_nok,
    limits.valid_from,
    limits.valid_to
from limits
cross join units
left join own on own.unit_id = units.unit_id and own.role = limits.role
where limits.unit_id = '*' and own.unit_id is null
