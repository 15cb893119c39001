{{ config(materialized="view") }}

-- Everything that takes its judgement from other lines. A line stands in one of the two parts only:
-- credits are lines of the kind `line`, charges are the other kinds.
select
    pieces.spend_line_id,
    pieces.piece_number,
    pieces.piece_count,
    pieces.unit_id,
    pieces.unit_evidence,
    pieces.category_id,
    pieces.category_evidence,
    pieces.agreement_id,
    pieces.lot,
    pieces.supplier_rank,
    pieces.supplier_basis,
    pieces.loyalty_class,
    pieces.loyalty_evidence,
    pieces.reference_mismatch,
    pieces.coverage,
    pieces.amount_nok
from {{ ref("int_credits__pieces") }} as pieces
union all
select
    spend_line_id,
    piece_number,
    piece_count,
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
    coverage,
    amount_nok
from {{ ref("int_charges__pieces") }}
