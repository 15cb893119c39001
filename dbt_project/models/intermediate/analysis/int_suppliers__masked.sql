{# Which of a supplier's parts of spend a definition takes in, as a sum of bits. Most suppliers have
   one part only, so that nearly all definitions share one mask, and are worked out once. #}
with
    documents as (select * from {{ ref("int_spend_parts__counted") }}),

    definitions as (select * from {{ ref("int_definitions__components") }}),

    present as (
        select
            year,
            merges_suppliers,
            counted_id,
            component,
            max(case when has_purchase then 1 else 0 end) as has_purchase
        from documents
        group by year, merges_suppliers, counted_id, component
    )

select
    definitions.definition_id,
    present.year,
    present.merges_suppliers,
    definitions.with_vat,
    present.counted_id,
    cast(sum(definitions.component_bit) as integer) as mask
from present
inner join
    definitions
    on definitions.component = present.component
    and definitions.merges_suppliers = present.merges_suppliers
where definitions.with_vat or present.has_purchase = 1
group by
    definitions.definition_id,
    present.year,
    present.merges_suppliers,
    definitions.with_vat,
    present.counted_id
