-- The lines of credit notes that name an invoice we have, with the judgement of what they credit.
-- The unit stays the credit note's own.
with
    notes as (select distinct document_id from {{ ref("int_credits__documents") }}),

    credit_lines as (
        select lines.spend_line_id, lines.document_id, lines.item_key, lines.amount_nok
        from {{ ref("int_lines__judged") }} as lines
        inner join notes on notes.document_id = lines.document_id
        where lines.line_kind = 'line'
    ),

    credited_items as (
        select distinct note_id, target_item_key from {{ ref("int_credits__targets") }}
    ),

    matched as (
        select
            credit_lines.spend_line_id,
            credit_lines.document_id,
            credit_lines.amount_nok,
            coalesce(credited_items.target_item_key, '') as target_item_key
        from credit_lines
        left join
            credited_items
            on credited_items.note_id = credit_lines.document_id
            and credited_items.target_item_key = credit_lines.item_key
    ),

    shares as (
        select matched.spend_line_id, matched.amount_nok, targets.*
        from matched
        inner join
            {{ ref("int_credits__targets") }} as targets
            on targets.note_id = matched.document_id
            and targets.target_item_key = matched.target_item_key
    ),

    pieces as ({{ divided_by_weight("shares") }})

select
    spend_line_id,
    cast(piece_number as integer) as piece_number,
    cast(piece_count as integer) as piece_count,
    category_id,
    category_evidence,
    agreement_id,
    lot,
    supplier_rank,
    loyalty_class,
    'credited_line' as loyalty_evidence,
    reference_mismatch,
    coverage,
    piece_nok as amount_nok
from pieces
