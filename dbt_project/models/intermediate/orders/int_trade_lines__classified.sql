-- The category that an item code on an order line, in a catalogue or in a price list means. Of
-- several codes of a line, the first that means one.
with
    mapped as (select * from {{ ref("int_classifications__mapped") }}),

    written as (
        select source_sha256, source_row, position, list_id, code
        from {{ ref("stg_peppol__order_line_classifications") }}
        union all
        select source_sha256, source_row, position, list_id, code
        from {{ ref("stg_peppol__catalogue_line_classifications") }}
        union all
        select source_sha256, source_row, 1 as position, item_list_id, item_class
        from {{ ref("stg_tables__order_lines") }}
        union all
        select source_sha256, source_row, 1 as position, item_list_id, item_class
        from {{ ref("stg_tables__price_items") }}
    ),

    ranked as (
        select
            written.source_sha256,
            written.source_row,
            mapped.category_id,
            row_number() over (
                partition by written.source_sha256, written.source_row
                order by written.position nulls last, mapped.category_id
            ) as place
        from written
        inner join mapped on mapped.list_id = written.list_id and mapped.code = written.code
    )

select source_sha256, source_row, category_id
from ranked
where place = 1
