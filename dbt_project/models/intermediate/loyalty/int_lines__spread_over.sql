-- The lines, judged by themselves, of the documents that credits or charges are spread over. They
-- are chosen before they are judged, since the others are nine in ten.
with
    documents as (
        select credited_document_id as document_id
        from {{ ref("int_credits__documents") }}
        union
        select document_id
        from {{ ref("int_spend_lines__enriched") }}
        where is_in_population and line_kind in ('allowance', 'charge', 'difference')
    ),

    chosen as (
        select *
        from {{ ref("int_spend_lines__enriched") }}
        where
            is_in_population
            and line_kind = 'line'
            and document_id in (select document_id from documents)
    ),

    lines as ({{ keyed_lines("chosen") }})

select
    lines.spend_line_id,
    lines.document_id,
    lines.source_row,
    lines.item_key,
    lines.unit_id,
    lines.unit_evidence,
    lines.category_id,
    lines.category_evidence,
    keys.agreement_id,
    keys.lot,
    keys.supplier_rank,
    keys.supplier_basis,
    keys.loyalty_class,
    keys.loyalty_evidence,
    keys.reference_mismatch,
    keys.coverage,
    lines.amount_nok
from lines
inner join {{ ref("int_keys__explained") }} as keys on {{ same_key() }}
