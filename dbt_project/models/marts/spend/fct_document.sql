with
    documents as (select * from {{ ref("stg_ehf__documents") }}),

    converted as (select * from {{ ref("int_documents__converted") }}),

    sourced as (select * from {{ ref("int_documents__sourced") }}),

    rules as (select * from {{ ref("int_documents__rule_checked") }})

select
    documents.document_id,
    documents.source_sha256,
    documents.document_kind,
    documents.document_number,
    documents.profile,
    documents.issue_date,
    documents.due_date,
    converted.currency,
    converted.supplier_id,
    documents.buyer_orgnr,
    documents.payee_name,
    cast(documents.line_count as integer) as line_count,
    documents.line_extension_amount,
    documents.tax_exclusive_amount,
    documents.tax_amount,
    documents.tax_inclusive_amount,
    documents.payable_amount,
    converted.tax_exclusive_nok,
    converted.rate as exchange_rate,
    converted.rate_date as exchange_rate_date,
    converted.is_unconverted,
    converted.population_reason,
    rules.rule_flags,
    converted.has_difference_line,
    coalesce(documents.has_rounded_amounts, false) as has_rounded_amounts,
    sourced.entity_id,
    sourced.spend_source,
    sourced.year,
    sourced.match_kind as ledger_match
from documents
inner join converted on converted.document_id = documents.document_id
inner join sourced on sourced.document_id = documents.document_id
inner join rules on rules.document_id = documents.document_id
