-- A ledger's own lines with unit, order and date, in the form of int_spend_lines__united.
with
    lines as (select * from {{ ref("int_posting_lines__fated") }}),

    units as (select * from {{ ref("int_postings__placed") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    -- Invoice lines have a document, postings have not.
    ordered as (select * from {{ ref("int_lines__ordered") }} where document_id is null),

    order_units as (select * from {{ ref("int_orders__placed") }}),

    dated as (
        select
            lines.*,
            ordered.order_id,
            ordered.order_line_id,
            ordered.order_date,
            ordered.is_ehandel,
            ordered.order_contract_reference,
            ordered.order_agreement_id,
            ordered.order_category_id,
            order_units.unit_id as order_unit_id,
            coalesce(
                ordered.order_date, lines.invoice_date, lines.posting_date, lines.valued_date
            ) as decisive_date,
            case
                when ordered.order_date is not null
                then 'matched_order_date'
                when lines.invoice_date is not null
                then 'issue_date'
                when lines.posting_date is not null
                then 'posting_date'
                else 'accounting_year'
            end as decisive_date_evidence
        from lines
        left join
            ordered
            on ordered.source_sha256 = lines.source_sha256
            and ordered.source_row = lines.source_row
        left join order_units on order_units.order_id = ordered.order_id
    )

select
    dated.spend_line_id,
    dated.source_sha256,
    dated.source_row,
    dated.document_id,
    dated.invoice_number as document_number,
    dated.line_kind as document_kind,
    dated.line_kind,
    dated.invoice_date as issue_date,
    dated.posting_date,
    dated.decisive_date,
    dated.decisive_date_evidence,
    dated.year,
    dated.supplier_id,
    case
        when coalesce(units.unit_id, 'unknown') = 'unknown'
        then coalesce(dated.order_unit_id, 'unknown')
        else units.unit_id
    end as unit_id,
    case
        when coalesce(units.unit_id, 'unknown') = 'unknown' and dated.order_unit_id is not null
        then 'order'
        else coalesce(units.unit_evidence, 'none')
    end as unit_evidence,
    dated.contract_reference,
    dated.order_number as order_reference,
    cast(null as {{ text_type() }}) as item_key,
    dated.account_name as item_name,
    dated.order_id,
    dated.order_line_id,
    dated.order_date,
    dated.order_contract_reference,
    dated.order_agreement_id,
    dated.order_category_id,
    case
        when dated.is_ehandel
        then 'ehandel'
        when {{ real_reference("dated.order_number", "order_words.text_normalised") }} is not null
        then 'ordered'
        else 'unknown'
    end as channel,
    dated.currency,
    dated.amount,
    dated.amount_nok,
    dated.population_reason is null as is_in_population,
    dated.population_reason,
    'ledger' as spend_source,
    dated.entity_id,
    dated.account,
    dated.kostra_art
from dated
left join units on units.source_sha256 = dated.source_sha256 and units.source_row = dated.source_row
left join
    placeholders as order_words on order_words.text_normalised = upper(trim(dated.order_number))
