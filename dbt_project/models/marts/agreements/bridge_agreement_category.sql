with
    lots as (select * from {{ ref("int_lots__dated") }}),

    lot_categories as (select * from {{ ref("stg_registers__lot_categories") }}),

    categories as (select * from {{ ref("dim_category") }} where category_id <> 'unknown'),

    clipped as (
        select
            lots.agreement_id,
            lots.lot,
            categories.category_id,
            greatest(lots.valid_from, lot_categories.valid_from) as valid_from,
            least(lots.valid_to, lot_categories.valid_to) as valid_to
        from lot_categories
        inner join
            lots
            on lots.agreement_id = lot_categories.agreement_id
            and lots.lot = lot_categories.lot
        inner join categories on categories.category_id = lot_categories.category_id
    ),

    merged as ({{ merged_periods("clipped", ["agreement_id", "lot", "category_id"]) }})

select agreement_id, lot, category_id, valid_from, valid_to
from merged
