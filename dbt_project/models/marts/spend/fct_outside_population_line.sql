with lines as (select * from {{ ref("int_spend_lines__enriched") }} where not is_in_population)

select
    spend_line_id,
    source_sha256,
    source_row,
    document_id,
    document_number,
    document_kind,
    line_kind,
    issue_date,
    posting_date,
    decisive_date,
    decisive_date_evidence,
    year,
    supplier_id,
    unit_id,
    unit_evidence,
    category_id,
    category_evidence,
    item_name,
    channel,
    currency,
    amount_nok,
    population_reason
from lines
