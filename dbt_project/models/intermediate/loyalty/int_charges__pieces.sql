-- Freight, fees, allowances and differences, divided over the lines of their own document and
-- judged
-- (unit and category included) as these are. A document without lines has no row here.
with
    shares as (
        select lines.spend_line_id, lines.amount_nok, targets.*
        from {{ ref("int_spend_lines__enriched") }} as lines
        inner join
            {{ ref("int_charges__targets") }} as targets on targets.document_id = lines.document_id
        where lines.is_in_population and lines.line_kind in ('allowance', 'charge', 'difference')
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
    'spread_over_document' as loyalty_evidence,
    reference_mismatch,
    coverage,
    piece_nok as amount_nok
from pieces
