with
    lots as (select * from {{ ref("int_lots__dated") }}),

    lot_suppliers as (select * from {{ ref("stg_registers__lot_suppliers") }}),

    clipped as (
        select
            lots.agreement_id,
            lots.lot,
            'NO' || lot_suppliers.orgnr as supplier_id,
            coalesce(lot_suppliers.supplier_rank, 1) as supplier_rank,
            greatest(lots.valid_from, lot_suppliers.valid_from) as valid_from,
            least(lots.valid_to, lot_suppliers.valid_to) as valid_to
        from lot_suppliers
        inner join
            lots on lots.agreement_id = lot_suppliers.agreement_id and lots.lot = lot_suppliers.lot
    ),

    -- A supplier's period on a lot ends where its next one begins: one rank on any day.
    successive as (
        select
            clipped.*,
            lead(valid_from) over (
                partition by agreement_id, lot, supplier_id order by valid_from
            ) as next_valid_from
        from clipped
        where valid_from < valid_to
    ),

    final as (
        select
            agreement_id,
            lot,
            supplier_id,
            cast(supplier_rank as integer) as supplier_rank,
            valid_from,
            least(valid_to, coalesce(next_valid_from, valid_to)) as valid_to
        from successive
    )

select agreement_id, lot, supplier_id, supplier_rank, valid_from, valid_to
from final
where valid_from < valid_to
