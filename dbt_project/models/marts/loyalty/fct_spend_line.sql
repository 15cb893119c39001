with
    lines as (select * from {{ ref("int_lines__judged") }}),

    spread as (select * from {{ ref("int_lines__spread") }})

select
    case
        when spread.piece_count > 1
        then lines.spend_line_id || '-' || cast(spread.piece_number as {{ text_type() }})
        else lines.spend_line_id
    end as spend_line_id,
    lines.spend_line_id as source_line_id,
    lines.source_sha256,
    lines.source_row,
    lines.document_id,
    lines.document_number,
    lines.document_kind,
    lines.line_kind,
    lines.spend_source,
    lines.entity_id,
    lines.supplier_id,
    coalesce(spread.unit_id, lines.unit_id) as unit_id,
    case
        when spread.spend_line_id is null then lines.unit_evidence else spread.unit_evidence
    end as unit_evidence,
    coalesce(spread.category_id, lines.category_id) as category_id,
    case
        when spread.spend_line_id is null then lines.category_evidence else spread.category_evidence
    end as category_evidence,
    case
        when spread.spend_line_id is null then lines.agreement_id else spread.agreement_id
    end as agreement_id,
    case when spread.spend_line_id is null then lines.lot else spread.lot end as lot,
    cast(
        case
            when spread.spend_line_id is null then lines.supplier_rank else spread.supplier_rank
        end as integer
    ) as supplier_rank,
    case
        when spread.spend_line_id is null then lines.supplier_basis else spread.supplier_basis
    end as supplier_basis,
    coalesce(spread.loyalty_class, lines.loyalty_class) as loyalty_class,
    coalesce(spread.loyalty_evidence, lines.loyalty_evidence) as loyalty_evidence,
    coalesce(spread.reference_mismatch, lines.reference_mismatch) as reference_mismatch,
    coalesce(spread.coverage, lines.coverage) as coverage,
    lines.order_id,
    lines.order_date,
    lines.order_contract_reference,
    lines.price_list_agreement_id,
    lines.channel,
    lines.item_name,
    lines.account,
    lines.kostra_art,
    lines.currency,
    cast(coalesce(spread.amount_nok, lines.amount_nok) as decimal(18, 2)) as amount_nok,
    cast(lines.year as integer) as year,
    lines.issue_date,
    lines.posting_date,
    lines.decisive_date,
    lines.decisive_date_evidence
from lines
left join spread on spread.spend_line_id = lines.spend_line_id
