-- Credit lines of documents that name an invoice we have, with the judgement of what they credit.
-- They keep their own unit; where that is unknown they take the credited lines'.
with
    notes as (select distinct document_id from {{ ref("int_credits__documents") }}),

    credit_lines as (
        select
            lines.spend_line_id,
            lines.document_id,
            lines.item_key,
            lines.amount_nok,
            lines.unit_id,
            lines.unit_evidence
        from {{ ref("int_spend_lines__enriched") }} as lines
        inner join notes on notes.document_id = lines.document_id
        where
            lines.is_in_population
            and lines.line_kind = 'line'
            and {{ is_credit_line("lines.document_kind", "lines.amount_nok") }}
    ),

    credited_items as (
        select distinct note_id, target_item_key from {{ ref("int_credits__targets") }}
    ),

    matched as (
        select
            credit_lines.spend_line_id,
            credit_lines.document_id,
            credit_lines.amount_nok,
            credit_lines.unit_id,
            credit_lines.unit_evidence,
            coalesce(credited_items.target_item_key, '') as target_item_key
        from credit_lines
        left join
            credited_items
            on credited_items.note_id = credit_lines.document_id
            and credited_items.target_item_key = credit_lines.item_key
    ),

    candidates as (
        select
            matched.spend_line_id,
            matched.amount_nok,
            case
                when matched.unit_id = 'unknown' then targets.unit_id else matched.unit_id
            end as unit_id,
            case
                when matched.unit_id = 'unknown' and targets.unit_id <> 'unknown'
                then 'credited_line'
                else matched.unit_evidence
            end as unit_evidence,
            targets.category_id,
            targets.category_evidence,
            targets.agreement_id,
            targets.lot,
            targets.supplier_rank,
            targets.supplier_basis,
            targets.loyalty_class,
            targets.loyalty_evidence,
            targets.reference_mismatch,
            targets.coverage,
            targets.weight,
            targets.first_row,
            targets.first_line_id
        from matched
        inner join
            {{ ref("int_credits__targets") }} as targets
            on targets.note_id = matched.document_id
            and targets.target_item_key = matched.target_item_key
    ),

    -- A line with a unit of its own takes no notice of the credited lines' units.
    shares as (
        select
            spend_line_id,
            amount_nok,
            unit_id,
            unit_evidence,
            category_id,
            category_evidence,
            agreement_id,
            lot,
            supplier_rank,
            supplier_basis,
            loyalty_class,
            reference_mismatch,
            coverage,
            cast(sum(weight) as decimal(18, 2)) as weight,
            min(first_row) as first_row,
            min(first_line_id) as first_line_id
        from candidates
        group by
            spend_line_id,
            amount_nok,
            unit_id,
            unit_evidence,
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
    ),

    pieces as ({{ divided_by_weight("shares") }})

select
    spend_line_id,
    cast(piece_number as integer) as piece_number,
    cast(piece_count as integer) as piece_count,
    unit_id,
    unit_evidence,
    category_id,
    category_evidence,
    agreement_id,
    lot,
    supplier_rank,
    supplier_basis,
    loyalty_class,
    'credited_line' as loyalty_evidence,
    reference_mismatch,
    coverage,
    piece_nok as amount_nok
from pieces
