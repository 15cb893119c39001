with
    expanded as (select * from {{ ref("int_lot_units__expanded") }}),

    merged as (
        {{ merged_periods("expanded", ["agreement_id", "lot", "unit_id"], ["nearest_via"]) }}
    )

select agreement_id, lot, unit_id, substr(nearest_via, 3) as via_unit_id, valid_from, valid_to
from merged
