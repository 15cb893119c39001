-- The units a lot is for, day by day, less the days of a granted exemption (A03). Cut at every date
-- on which something changes, so that the periods of a lot and unit never overlap.
with
    registered as (
        select distinct agreement_id, lot, unit_id, valid_from, valid_to
        from {{ ref("bridge_agreement_unit") }}
    ),

    exempt as (
        select distinct
            registered.agreement_id,
            registered.lot,
            registered.unit_id,
            exemptions.valid_from,
            exemptions.valid_to
        from registered
        inner join
            {{ ref("int_exemptions") }} as exemptions
            on exemptions.agreement_id = registered.agreement_id
            and exemptions.unit_id = registered.unit_id
    ),

    cuts as (
        select agreement_id, lot, unit_id, valid_from as cut_date
        from registered
        union
        select agreement_id, lot, unit_id, valid_to as cut_date
        from registered
        union
        select agreement_id, lot, unit_id, valid_from as cut_date
        from exempt
        union
        select agreement_id, lot, unit_id, valid_to as cut_date
        from exempt
    ),

    pieces as (
        select
            agreement_id,
            lot,
            unit_id,
            cut_date as valid_from,
            lead(cut_date) over (
                partition by agreement_id, lot, unit_id order by cut_date nulls last
            ) as valid_to
        from cuts
    )

select
    pieces.agreement_id,
    pieces.lot,
    pieces.unit_id,
    agreements.is_binding,
    pieces.valid_from,
    pieces.valid_to
from pieces
inner join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = pieces.agreement_id
where
    exists (
        select 1
        from registered
        where
            registered.agreement_id = pieces.agreement_id
            and registered.lot = pieces.lot
            and registered.unit_id = pieces.unit_id
            and registered.valid_from <= pieces.valid_from
            and registered.valid_to >= pieces.valid_to
    )
    and not exists (
        select 1
        from exempt
        where
            exempt.agreement_id = pieces.agreement_id
            and exempt.lot = pieces.lot
            and exempt.unit_id = pieces.unit_id
            and exempt.valid_from <= pieces.valid_from
            and exempt.valid_to >= pieces.valid_to
    )
