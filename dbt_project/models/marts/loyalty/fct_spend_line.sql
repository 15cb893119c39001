{% set spread_columns = [
    "unit_id",
    "unit_evidence",
    "category_id",
    "category_evidence",
    "agreement_id",
    "lot",
    "supplier_rank",
    "supplier_basis",
    "loyalty_class",
    "loyalty_evidence",
    "reference_mismatch",
    "coverage",
    "amount_nok",
] %}
-- Every line of the population as it was judged, or in the pieces that credits and charges fall
-- into. The pieces are joined first: they are few, and the lines with all their columns must never
-- be the side of a join that is kept in memory.
with
    keyed as (select * from {{ ref("int_lines__keyed") }}),

    spread as (select * from {{ ref("int_lines__spread") }}),

    lines as (
        select
            keyed.*,
            spread.spend_line_id is not null as is_spread,
            {% for column in spread_columns %}
                spread.{{ column }} as spread_{{ column }},
            {% endfor %}
            spread.piece_number,
            spread.piece_count
        from keyed
        left join spread on spread.spend_line_id = keyed.spend_line_id
    )

select
    case
        when lines.piece_count > 1
        then lines.spend_line_id || '-' || cast(lines.piece_number as {{ text_type() }})
        else lines.spend_line_id
    end as spend_line_id,
    case when lines.piece_count > 1 then lines.spend_line_id end as divided_line_id,
    lines.source_sha256,
    lines.source_row,
    lines.document_id,
    lines.document_number,
    lines.document_kind,
    lines.line_kind,
    lines.spend_source,
    lines.entity_id,
    lines.supplier_id,
    coalesce(lines.spread_unit_id, lines.unit_id) as unit_id,
    case
        when lines.is_spread then lines.spread_unit_evidence else lines.unit_evidence
    end as unit_evidence,
    coalesce(lines.spread_category_id, lines.category_id) as category_id,
    case
        when lines.is_spread then lines.spread_category_evidence else lines.category_evidence
    end as category_evidence,
    case
        when lines.is_spread then lines.spread_agreement_id else keys.agreement_id
    end as agreement_id,
    case when lines.is_spread then lines.spread_lot else keys.lot end as lot,
    cast(
        case
            when lines.is_spread then lines.spread_supplier_rank else keys.supplier_rank
        end as integer
    ) as supplier_rank,
    case
        when lines.is_spread then lines.spread_supplier_basis else keys.supplier_basis
    end as supplier_basis,
    coalesce(lines.spread_loyalty_class, keys.loyalty_class) as loyalty_class,
    coalesce(lines.spread_loyalty_evidence, keys.loyalty_evidence) as loyalty_evidence,
    coalesce(lines.spread_reference_mismatch, keys.reference_mismatch) as reference_mismatch,
    coalesce(lines.spread_coverage, keys.coverage) as coverage,
    lines.order_id,
    lines.order_date,
    lines.order_contract_reference,
    lines.price_list_agreement_id,
    lines.channel,
    lines.item_name,
    lines.account,
    lines.kostra_art,
    lines.currency,
    cast(coalesce(lines.spread_amount_nok, lines.amount_nok) as decimal(18, 2)) as amount_nok,
    cast(lines.year as integer) as year,
    lines.issue_date,
    lines.posting_date,
    lines.decisive_date,
    lines.decisive_date_evidence
from lines
inner join {{ ref("int_keys__explained") }} as keys on {{ same_key() }}
