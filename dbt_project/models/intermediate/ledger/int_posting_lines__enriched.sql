-- A ledger's own lines with unit and category, in the form of int_spend_lines__enriched. The
-- category
-- comes from a supplier that sells one only; what an account or an art means stands in no register.
with
    lines as (select * from {{ ref("int_posting_lines__fated") }}),

    units as (select * from {{ ref("int_postings__placed") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    supplier_categories as (select * from {{ ref("int_supplier_categories__single") }}),

    dated as (
        select
            lines.*,
            coalesce(invoice_date, posting_date, valued_date) as decisive_date,
            case
                when invoice_date is not null
                then 'issue_date'
                when posting_date is not null
                then 'posting_date'
                else 'accounting_year'
            end as decisive_date_evidence
        from lines
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
    coalesce(units.unit_id, 'unknown') as unit_id,
    coalesce(units.unit_evidence, 'none') as unit_evidence,
    coalesce(supplier_categories.category_id, 'unknown') as category_id,
    case
        when supplier_categories.category_id is not null then 'single_category_supplier' else 'none'
    end as category_evidence,
    dated.contract_reference,
    dated.order_number as order_reference,
    cast(null as {{ text_type() }}) as item_key,
    dated.account_name as item_name,
    case
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
    supplier_categories
    on supplier_categories.supplier_id = dated.supplier_id
    and supplier_categories.valid_from <= dated.decisive_date
    and dated.decisive_date < supplier_categories.valid_to
left join
    placeholders as order_words on order_words.text_normalised = upper(trim(dated.order_number))
