with
    open_suppliers as (
        select
            agreement_id,
            lot,
            supplier_id,
            supplier_rank,
            case
                when supplier_role = 'subcontractor'
                then 'subcontractor'
                when predecessor_id is not null
                then 'successor'
                else 'registered'
            end as supplier_basis,
            predecessor_id,
            valid_from,
            valid_to
        from {{ ref("int_lot_suppliers__succeeded") }}
        where is_open
    ),

    cuts as (
        select agreement_id, lot, supplier_id, valid_from as cut_date
        from open_suppliers
        union
        select agreement_id, lot, supplier_id, valid_to as cut_date
        from open_suppliers
    ),

    pieces as (
        select
            agreement_id,
            lot,
            supplier_id,
            cut_date as valid_from,
            lead(cut_date) over (
                partition by agreement_id, lot, supplier_id order by cut_date nulls last
            ) as valid_to
        from cuts
    ),

    -- One rank on any day: its own place before another's and a subcontractor's, then the newest
    -- registration, then the best rank.
    chosen as (
        select
            pieces.agreement_id,
            pieces.lot,
            pieces.supplier_id,
            pieces.valid_from,
            pieces.valid_to,
            suppliers.supplier_rank,
            suppliers.supplier_basis,
            coalesce(suppliers.predecessor_id, '') as predecessor_key,
            row_number() over (
                partition by pieces.agreement_id, pieces.lot, pieces.supplier_id, pieces.valid_from
                order by
                    case
                        suppliers.supplier_basis
                        when 'registered'
                        then 1
                        when 'successor'
                        then 2
                        else 3
                    end nulls last,
                    suppliers.valid_from desc nulls last,
                    suppliers.supplier_rank nulls last,
                    suppliers.predecessor_id nulls last
            ) as place
        from pieces
        inner join
            open_suppliers as suppliers
            on suppliers.agreement_id = pieces.agreement_id
            and suppliers.lot = pieces.lot
            and suppliers.supplier_id = pieces.supplier_id
            and suppliers.valid_from <= pieces.valid_from
            and suppliers.valid_to >= pieces.valid_to
    ),

    placed as (select * from chosen where place = 1),

    merged as (
        {{
            merged_periods(
                "placed",
                [
                    "agreement_id",
                    "lot",
                    "supplier_id",
                    "supplier_rank",
                    "supplier_basis",
                    "predecessor_key",
                ],
            )
        }}
    )

select
    agreement_id,
    lot,
    supplier_id,
    cast(supplier_rank as integer) as supplier_rank,
    supplier_basis,
    nullif(predecessor_key, '') as predecessor_id,
    valid_from,
    valid_to
from merged
