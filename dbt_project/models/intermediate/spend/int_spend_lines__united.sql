-- Every line that counts, of invoices and of ledgers, with unit, order, price list and date, and
-- the
-- category by the rungs that need nothing but the line and the registers: first hit wins.
{% set columns = [
    "spend_line_id",
    "source_sha256",
    "source_row",
    "document_id",
    "document_number",
    "document_kind",
    "line_kind",
    "issue_date",
    "posting_date",
    "decisive_date",
    "decisive_date_evidence",
    "year",
    "supplier_id",
    "unit_id",
    "unit_evidence",
    "contract_reference",
    "order_reference",
    "item_key",
    "item_name",
    "order_id",
    "order_line_id",
    "order_date",
    "order_contract_reference",
    "order_agreement_id",
    "order_category_id",
    "channel",
    "currency",
    "amount",
    "amount_nok",
    "is_in_population",
    "population_reason",
    "spend_source",
    "entity_id",
    "account",
    "kostra_art",
    "price_list_agreement_id",
    "price_list_price_nok",
    "price_list_category_id",
    "item_category_id",
    "account_key",
    "art_key",
] %}

with
    lines as (select * from {{ ref("stg_ehf__lines") }}),

    documents as (select * from {{ ref("int_documents__converted") }} where not is_unconverted),

    -- Invoices that a ledger stands in for have no lines of their own (spend.md, Population).
    sourced as (select * from {{ ref("int_documents__sourced") }} where spend_source <> 'replaced'),

    document_texts as (select * from {{ ref("stg_ehf__documents") }}),

    foreign_lines as (select * from {{ ref("int_foreign_lines__converted") }}),

    evidenced as (select * from {{ ref("int_lines__evidenced") }}),

    agreement_categories as (select * from {{ ref("int_agreement_categories__single") }}),

    supplier_categories as (select * from {{ ref("int_supplier_categories__single") }}),

    posted_accounts as (select * from {{ ref("int_posting_documents__accounts") }}),

    account_categories as (select * from {{ ref("int_accounts__categorised") }}),

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
            evidenced.decisive_date,
            evidenced.decisive_date_evidence,
            sourced.year,
            documents.supplier_id,
            -- Where neither the invoice nor its order says which unit, the ledger does.
            coalesce(
                nullif(evidenced.unit_id, 'unknown'), sourced.ledger_unit_id, 'unknown'
            ) as unit_id,
            case
                when evidenced.unit_id = 'unknown' and sourced.ledger_unit_id is not null
                then 'ledger_dimension'
                else evidenced.unit_evidence
            end as unit_evidence,
            document_texts.contract_reference,
            coalesce(lines.order_reference, document_texts.order_reference) as order_reference,
            coalesce(
                lines.sellers_item_id, lines.standard_item_id, lower(trim(lines.item_name))
            ) as item_key,
            lines.item_name,
            evidenced.order_id,
            evidenced.order_line_id,
            evidenced.order_date,
            evidenced.order_contract_reference,
            evidenced.order_agreement_id,
            evidenced.order_category_id,
            evidenced.channel,
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
            cast(null as {{ text_type() }}) as kostra_art,
            evidenced.price_list_agreement_id,
            evidenced.price_list_price_nok,
            evidenced.price_list_category_id,
            evidenced.item_category_id,
            coalesce(posted_accounts.account, '') as account_key,
            coalesce(posted_accounts.kostra_art, '') as art_key
        from lines
        inner join documents on documents.document_id = lines.document_id
        inner join sourced on sourced.document_id = lines.document_id
        inner join document_texts on document_texts.document_id = lines.document_id
        inner join
            evidenced
            on evidenced.document_id = lines.document_id
            and evidenced.source_row = lines.source_row
        left join
            foreign_lines
            on foreign_lines.document_id = lines.document_id
            and foreign_lines.source_row = lines.source_row
        left join
            posted_accounts on posted_accounts.posting_document_id = sourced.posting_document_id
    ),

    ledger_lines as (
        select
            posting_lines.*,
            cast(null as {{ text_type() }}) as price_list_agreement_id,
            cast(null as decimal(20, 8)) as price_list_price_nok,
            cast(null as {{ text_type() }}) as price_list_category_id,
            cast(null as {{ text_type() }}) as item_category_id,
            coalesce(nullif(trim(account), ''), '') as account_key,
            coalesce(nullif(trim(kostra_art), ''), '') as art_key
        from posting_lines
    ),

    every_line as (
        select {{ columns | join(", ") }}
        from invoice_lines
        union all
        select {{ columns | join(", ") }}
        from ledger_lines
    )

select
    every_line.spend_line_id,
    every_line.source_sha256,
    every_line.source_row,
    every_line.document_id,
    every_line.document_number,
    every_line.document_kind,
    every_line.line_kind,
    every_line.issue_date,
    every_line.posting_date,
    every_line.decisive_date,
    every_line.decisive_date_evidence,
    every_line.year,
    every_line.supplier_id,
    every_line.unit_id,
    every_line.unit_evidence,
    coalesce(
        every_line.price_list_category_id,
        agreement_categories.category_id,
        every_line.order_category_id,
        every_line.item_category_id,
        supplier_categories.category_id,
        account_categories.category_id,
        'unknown'
    ) as category_id,
    case
        when every_line.price_list_category_id is not null
        then 'price_list'
        when coalesce(agreement_categories.category_id, every_line.order_category_id) is not null
        then 'order_agreement'
        when every_line.item_category_id is not null
        then 'item_classification'
        when supplier_categories.category_id is not null
        then 'single_category_supplier'
        when account_categories.category_id is not null
        then 'account'
        else 'none'
    end as category_evidence,
    every_line.contract_reference,
    every_line.order_reference,
    every_line.order_id,
    every_line.order_line_id,
    every_line.order_date,
    every_line.order_contract_reference,
    every_line.order_agreement_id,
    every_line.price_list_agreement_id,
    every_line.price_list_price_nok,
    every_line.item_key,
    every_line.item_name,
    every_line.channel,
    every_line.currency,
    every_line.amount,
    every_line.amount_nok,
    every_line.is_in_population,
    every_line.population_reason,
    every_line.spend_source,
    every_line.entity_id,
    every_line.account,
    every_line.kostra_art
from every_line
left join
    agreement_categories
    on agreement_categories.agreement_id = every_line.order_agreement_id
    and agreement_categories.supplier_id = every_line.supplier_id
    and agreement_categories.valid_from <= every_line.decisive_date
    and every_line.decisive_date < agreement_categories.valid_to
left join
    supplier_categories
    on supplier_categories.supplier_id = every_line.supplier_id
    and supplier_categories.valid_from <= every_line.decisive_date
    and every_line.decisive_date < supplier_categories.valid_to
left join
    account_categories
    on account_categories.account = every_line.account_key
    and account_categories.kostra_art = every_line.art_key
    and account_categories.valid_from <= every_line.decisive_date
    and every_line.decisive_date < account_categories.valid_to
