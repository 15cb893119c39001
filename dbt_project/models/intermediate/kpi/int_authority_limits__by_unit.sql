{# One row per unit, role, kind of authority, whether the limit is that of all units («*»), and period.
   Authority to sign agreements is none to buy for, and is left out. #}
with
    limits as (
        select *
        from {{ ref("stg_registers__authority_limits") }}
        where authority_type <> 'contract'
    ),

    units as (select distinct unit_id from {{ ref("dim_unit") }} where unit_id <> 'unknown')

select unit_id, role, authority_type, false as is_general, limit_nok, valid_from, valid_to
from limits
where unit_id <> '*'
union all
select
    units.unit_id,
    limits.role,
    limits.authority_type,
    true as is_general,
    limits.limit_nok,
    limits.valid_from,
    limits.valid_to
from limits
cross join units
where limits.unit_id = '*'
