with
    lines as (select * from {{ ref("stg_ehf__lines") }}),

    documents as (select * from {{ ref("int_documents__converted") }} where not is_unconverted),

    -- Invoices that a ledger stands in for have no lines of their own (spend.md, Population).
    sourced as (select * from {{ ref("int_documents__sourced") }} where spend_source <> 'replaced'),

    document_texts as (select * from {{ ref("stg_ehf__documents") }}),

    foreign_lines as (select * from {{ ref("int_foreign_lines__converted") }}),

    keyed as (select * from {{ ref("int_lines__unit_keyed") }}),

    units as (select * from {{ ref("int_unit_keys__resolved") }}),

    classified as (select * from {{ ref("int_lines__classified") }}),

    supplier_categories as (select * from {{ ref("int_supplier_categories__single") }}),

    posting_lines as (select * from {{ ref("int_posting_lines__enriched") }}),

    invoice_lines as (
        select
            lines.document_id
            || '-'
            || cast(lines.source_row as {{ text_type() }}) as spend_line_id,
            lines.source_sha256,
            lines.source_row,
            lines.document_id,
            documents.document_number,
            case
                when lines.line_kind = 'difference' then 'difference' else documents.document_kind
            end as document_kind,
            lines.line_kind,
            documents.issue_date,
            sourced.posting_date,
            keyed.decisive_date,
            keyed.decisive_date_evidence,
            sourced.year,
            documents.supplier_id,
            -- Where the invoice says nothing about its unit, the ledger's dimension does.
            case
                when coalesce(units.unit_id, 'unknown') = 'unknown'
                then coalesce(sourced.ledger_unit_id, 'unknown')
                else units.unit_id
            end as unit_id,
            case
                when
                    coalesce(units.unit_id, 'unknown') = 'unknown'
                    and sourced.ledger_unit_id is not null
                then 'ledger_dimension'
                else coalesce(units.unit_evidence, 'none')
            end as unit_evidence,
            coalesce(
                classified.category_id, supplier_categories.category_id, 'unknown'
            ) as category_id,
            case
                when classified.category_id is not null
                then 'item_classification'
                when supplier_categories.category_id is not null
                then 'single_category_supplier'
                else 'none'
            end as category_evidence,
            document_texts.contract_reference,
            coalesce(lines.order_reference, document_texts.order_reference) as order_reference,
            coalesce(
                lines.sellers_item_id, lines.standard_item_id, lower(trim(lines.item_name))
            ) as item_key,
            lines.item_name,
            case when keyed.has_order_reference then 'ordered' else 'unknown' end as channel,
            documents.currency,
            lines.amount,
            cast(
                case
                    when documents.currency = 'NOK' then lines.amount else foreign_lines.amount_nok
                end as decimal(18, 2)
            ) as amount_nok,
            documents.population_reason is null as is_in_population,
            documents.population_reason,
            sourced.spend_source,
            sourced.entity_id,
            cast(null as {{ text_type() }}) as account,
            cast(null as {{ text_type() }}) as kostra_art
        from lines
        inner join documents on documents.document_id = lines.document_id
        inner join sourced on sourced.document_id = lines.document_id
        inner join document_texts on document_texts.document_id = lines.document_id
        inner join
            keyed on keyed.document_id = lines.document_id and keyed.source_row = lines.source_row
        left join
            foreign_lines
            on foreign_lines.document_id = lines.document_id
            and foreign_lines.source_row = lines.source_row
        left join
            units
            on units.document_key = keyed.document_key
            and units.order_sign = keyed.order_sign
            and units.cost_sign = keyed.cost_sign
            and units.decisive_date = keyed.decisive_date
        left join
            classified
            on classified.document_id = lines.document_id
            and classified.source_row = lines.source_row
        left join
            supplier_categories
            on supplier_categories.supplier_id = documents.supplier_id
            and supplier_categories.valid_from <= keyed.decisive_date
            and keyed.decisive_date < supplier_categories.valid_to
    ),

    final as (
        select *
        from invoice_lines
        union all
        select *
        from posting_lines
    )

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
    contract_reference,
    order_reference,
    item_key,
    item_name,
    channel,
    currency,
    amount,
    amount_nok,
    is_in_population,
    population_reason,
    spend_source,
    entity_id,
    account,
    kostra_art
from final
