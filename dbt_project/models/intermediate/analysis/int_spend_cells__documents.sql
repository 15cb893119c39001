{# How many documents of each supplier at each level have lines in just these parts of spend: a
   definition counts those that have one of its own. #}
with
    documents as (
        select
            level,
            group_id,
            year,
            supplier_id,
            supplier_name_id,
            document_id,
            cast(sum(distinct component_bit) as integer) as mask
        from {{ ref("int_spend_parts__levelled") }}
        where has_purchase
        group by level, group_id, year, supplier_id, supplier_name_id, document_id
    )

select level, group_id, year, supplier_id, supplier_name_id, mask, count(*) as document_count
from documents
group by level, group_id, year, supplier_id, supplier_name_id, mask
