-- Which posting lines are purchases that count, and which document each belongs to. `unknown`
-- suppliers have no document of their own invoice: their lines are kept together by voucher.
with
    lines as (select * from {{ ref("int_ledger_lines") }}),

    accounts as (select * from {{ ref("int_ledger_accounts__ruled") }}),

    rates as (select * from {{ ref("int_exchange_rates__by_day") }}),

    merged as (select * from {{ ref("int_suppliers__merged") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    valued as (
        select
            lines.*,
            case when lines.currency = 'NOK' then 1 else rates.rate_e8 end as rate_e8,
            case when lines.currency = 'NOK' then 1 else rates.divisor_e8 end as divisor_e8,
            {{ real_reference("lines.supplier_vat_id", "vat_words.text_normalised") }} as vat_id,
            {{ real_reference("lines.supplier_legal_id", "legal_words.text_normalised") }}
            as legal_id,
            {{ real_reference("lines.supplier_name", "name_words.text_normalised") }} as real_name,
            {{ invoice_key("lines.invoice_number") }} as invoice_key,
            accounts.kostra_art,
            accounts.kostra_art_name,
            accounts.is_purchase,
            accounts.population_reason as account_reason,
            case
                lines.ledger_kind
                when 'saft'
                then 1
                when 'general_ledger'
                then 2
                when 'supplier_ledger'
                then 3
                else 4
            end as ledger_rank
        from lines
        left join
            accounts
            on accounts.year = lines.year
            and accounts.kostra_code = coalesce(lines.kostra_code, '')
            and accounts.standard_account = coalesce(lines.standard_account, '')
        left join rates on rates.currency = lines.currency and rates.issue_date = lines.valued_date
        left join
            placeholders as vat_words
            on vat_words.text_normalised = upper(trim(lines.supplier_vat_id))
        left join
            placeholders as legal_words
            on legal_words.text_normalised = upper(trim(lines.supplier_legal_id))
        left join
            placeholders as name_words
            on name_words.text_normalised = upper(trim(lines.supplier_name))
    ),

    -- A ledger of one year often has a few lines dated in another (invoices from December, paid in
    -- January). It stands for a year only where it has a fair part of its lines there.
    years_of_ledgers as (
        select entity_id, year, ledger_rank, count(*) as line_count
        from valued
        where
            year is not null
            and not is_repeated
            and rate_e8 is not null
            and (ledger_rank > 2 or is_purchase)
        group by entity_id, year, ledger_rank
    ),

    compared as (
        select
            entity_id,
            year,
            ledger_rank,
            line_count,
            max(line_count) over (partition by entity_id, ledger_rank) as most_lines
        from years_of_ledgers
    ),

    -- One ledger counts for an entity and year: the first that is loaded of SAF-T, general ledger,
    -- supplier ledger and payments.
    ledgers as (
        select entity_id, year, min(ledger_rank) as ledger_rank
        from compared
        where line_count >= {{ stray_year_share() }} * most_lines
        group by entity_id, year
    ),

    identified as (
        select
            valued.*,
            {{ ledger_supplier_id("valued") }} as stated_supplier_id,
            coalesce(
                'NAVN:' || {{ normalise_text("valued.real_name") }}, 'unknown'
            ) as supplier_name_id,
            case
                when valued.year is null
                then 'no_year'
                when valued.is_repeated
                then 'repeated_transaction'
                when valued.ledger_rank > ledgers.ledger_rank
                then
                    case
                        ledgers.ledger_rank
                        when 1
                        then 'beside_saft'
                        when 2
                        then 'beside_general_ledger'
                        else 'beside_supplier_ledger'
                    end
                when valued.ledger_rank <= 2 and not valued.is_purchase
                then valued.account_reason
                when ledgers.ledger_rank is null and valued.rate_e8 is not null
                then 'stray_year'
            end as posting_reason
        from valued
        left join ledgers on ledgers.entity_id = valued.entity_id and ledgers.year = valued.year
    ),

    supplied as (
        select
            identified.*, coalesce(merged.supplier_id, identified.stated_supplier_id) as supplier_id
        from identified
        left join merged on merged.stated_supplier_id = identified.stated_supplier_id
    ),

    -- Postings of one invoice, else of one voucher, are one document.
    grouped as (
        select
            supplied.*,
            case
                when posting_reason is not null or rate_e8 is null
                then null
                when supplier_id <> 'unknown' and invoice_key is not null
                then 'F' || invoice_key
                when voucher_key is not null
                then 'B' || source_sha256 || voucher_key
                else 'L' || source_sha256 || '-' || cast(source_row as {{ text_type() }})
            end as group_key
        from supplied
    ),

    documented as (
        select
            grouped.*,
            first_value(source_sha256) over documents as first_sha256,
            first_value(source_row) over documents as first_row
        from grouped
        window
            documents as (
                partition by entity_id, year, supplier_id, group_key
                order by source_sha256 nulls last, source_row nulls last
            )
    )

select
    source_sha256,
    source_row,
    'P'
    || substr(source_sha256, 1, 20)
    || '-'
    || cast(source_row as {{ text_type() }}) as spend_line_id,
    case
        when group_key is not null
        then 'B' || substr(first_sha256, 1, 20) || '-' || cast(first_row as {{ text_type() }})
    end as posting_document_id,
    ledger_kind,
    entity_id,
    entity_name,
    year,
    posting_date,
    invoice_date,
    match_date,
    valued_date,
    supplier_id,
    stated_supplier_id,
    supplier_name_id,
    supplier_orgnr,
    supplier_name,
    supplier_is_private_person,
    invoice_number,
    invoice_key,
    order_number,
    contract_reference,
    account,
    coalesce(account_name, kostra_art_name) as account_name,
    kostra_art,
    responsibility,
    department,
    dimension_1,
    dimension_2,
    dimension_3,
    currency,
    amount,
    vat_evidence,
    file_amount,
    rate_e8 is null as is_unconverted,
    posting_reason is null as is_purchase,
    posting_reason,
    case
        when currency = 'NOK'
        then amount
        when rate_e8 is not null
        then {{ convert_rounded("amount", "rate_e8", "divisor_e8") }}
    end as amount_nok,
    case
        when currency = 'NOK'
        then net_amount
        when rate_e8 is not null
        then {{ convert_rounded("net_amount", "rate_e8", "divisor_e8") }}
    end as net_nok
from documented
