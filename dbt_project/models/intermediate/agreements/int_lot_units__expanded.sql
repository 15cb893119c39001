with
    lots as (select * from {{ ref("int_lots__dated") }}),

    lot_units as (select * from {{ ref("stg_registers__lot_units") }}),

    ancestors as (select * from {{ ref("int_unit_ancestors") }}),

    registered as (
        select
            lots.agreement_id,
            lots.lot,
            lot_units.unit_id,
            greatest(lots.valid_from, lot_units.valid_from) as valid_from,
            least(lots.valid_to, lot_units.valid_to) as valid_to
        from lot_units
        inner join lots on lots.agreement_id = lot_units.agreement_id and lots.lot = lot_units.lot
    ),

    -- '*' is every unit; a collective unit is itself and all below it.
    expanded as (
        select
            registered.agreement_id,
            registered.lot,
            ancestors.unit_id,
            registered.unit_id as via_unit_id,
            case when registered.unit_id = '*' then 9 else ancestors.level end as distance,
            greatest(registered.valid_from, ancestors.valid_from) as valid_from,
            least(registered.valid_to, ancestors.valid_to) as valid_to
        from registered
        inner join
            ancestors
            on registered.unit_id = ancestors.ancestor_unit_id
            or (registered.unit_id = '*' and ancestors.level = 0)
    )

select distinct
    agreement_id,
    lot,
    unit_id,
    cast(distance as {{ text_type() }}) || ':' || via_unit_id as nearest_via,
    valid_from,
    valid_to
from expanded
where valid_from < valid_to
