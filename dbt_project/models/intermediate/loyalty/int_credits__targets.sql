-- What credit lines can be spread over: the credited lines of one item, or (with an empty item key)
-- all lines of the credited documents. Lines of one unit that were judged alike are one target.
with
    credited_lines as (
        select notes.document_id as note_id, lines.*
        from {{ ref("int_credits__documents") }} as notes
        inner join
            {{ ref("int_lines__spread_over") }} as lines
            on lines.document_id = notes.credited_document_id
    ),

    alternatives as (
        select credited_lines.*, item_key as target_item_key
        from credited_lines
        where item_key <> ''
        union all
        select credited_lines.*, '' as target_item_key
        from credited_lines
    ),

    summed as (
        select
            alternatives.*, sum(amount_nok) over (partition by note_id, target_item_key) as sum_nok
        from alternatives
    ),

    weighed as (select summed.*, {{ spread_weight("amount_nok", "sum_nok") }} as weight from summed)

select
    note_id,
    target_item_key,
    unit_id,
    category_id,
    category_evidence,
    agreement_id,
    lot,
    supplier_rank,
    supplier_basis,
    loyalty_class,
    loyalty_evidence,
    reference_mismatch,
    coverage,
    cast(sum(weight) as decimal(18, 2)) as weight,
    min(source_row) as first_row,
    min(spend_line_id) as first_line_id
from weighed
where weight > 0
group by
    note_id,
    target_item_key,
    unit_id,
    category_id,
    category_evidence,
    agreement_id,
    lot,
    supplier_rank,
    supplier_basis,
    loyalty_class,
    loyalty_evidence,
    reference_mismatch,
    coverage
