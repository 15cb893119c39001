-- What a document's freight, fees, allowances and difference are spread over: its own lines, as
-- they
-- stand after credits have taken the judgement of what they credit. Alike lines are one target.
with
    spread_documents as (
        select distinct document_id
        from {{ ref("int_spend_lines__enriched") }}
        where is_in_population and line_kind in ('allowance', 'charge', 'difference')
    ),

    own_lines as (
        select lines.*
        from {{ ref("int_lines__spread_over") }} as lines
        inner join spread_documents on spread_documents.document_id = lines.document_id
    ),

    settled as (
        select
            lines.document_id,
            lines.spend_line_id,
            lines.source_row,
            lines.unit_id,
            lines.unit_evidence,
            lines.category_id,
            lines.category_evidence,
            lines.agreement_id,
            lines.lot,
            lines.supplier_rank,
            lines.supplier_basis,
            lines.loyalty_class,
            lines.loyalty_evidence,
            lines.reference_mismatch,
            lines.coverage,
            lines.amount_nok
        from own_lines as lines
        left join
            {{ ref("int_credits__pieces") }} as pieces on pieces.spend_line_id = lines.spend_line_id
        where pieces.spend_line_id is null
        union all
        select
            lines.document_id,
            lines.spend_line_id
            || '-'
            || cast(pieces.piece_number as {{ text_type() }}) as spend_line_id,
            lines.source_row,
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
        from own_lines as lines
        inner join
            {{ ref("int_credits__pieces") }} as pieces on pieces.spend_line_id = lines.spend_line_id
    ),

    summed as (
        select settled.*, sum(amount_nok) over (partition by document_id) as sum_nok from settled
    ),

    weighed as (select summed.*, {{ spread_weight("amount_nok", "sum_nok") }} as weight from summed)

select
    document_id,
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
    cast(sum(weight) as decimal(18, 2)) as weight,
    min(source_row) as first_row,
    min(spend_line_id) as first_line_id
from weighed
where weight > 0
group by
    document_id,
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
