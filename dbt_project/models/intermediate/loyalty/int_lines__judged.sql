-- Every line of the population judged by itself. What credits and freight take from other lines
-- comes after, in int_lines__spread.
select
    lines.spend_line_id,
    lines.source_sha256,
    lines.source_row,
    lines.document_id,
    lines.document_number,
    lines.document_kind,
    lines.line_kind,
    lines.issue_date,
    lines.posting_date,
    lines.decisive_date,
    lines.decisive_date_evidence,
    lines.year,
    lines.supplier_id,
    lines.unit_id,
    lines.unit_evidence,
    lines.category_id,
    lines.category_evidence,
    lines.item_key,
    lines.item_name,
    lines.order_id,
    lines.order_date,
    lines.order_contract_reference,
    lines.price_list_agreement_id,
    lines.channel,
    lines.currency,
    lines.amount_nok,
    lines.spend_source,
    lines.entity_id,
    lines.account,
    lines.kostra_art,
    keys.rule_row,
    keys.loyalty_class,
    keys.loyalty_evidence,
    keys.agreement_id,
    keys.lot,
    keys.supplier_rank,
    keys.supplier_basis,
    keys.coverage,
    keys.reference_mismatch
from {{ ref("int_lines__keyed") }} as lines
inner join
    {{ ref("int_keys__explained") }} as keys
    on keys.unit_id = lines.unit_id
    and keys.supplier_id = lines.supplier_id
    and keys.category_id = lines.category_id
    and keys.decisive_date = lines.decisive_date
    and keys.contract_named = lines.contract_named
    and keys.order_named = lines.order_named
    and keys.order_contract_named = lines.order_contract_named
    and keys.price_listed = lines.price_listed
