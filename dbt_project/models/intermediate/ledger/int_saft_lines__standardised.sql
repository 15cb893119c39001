-- A supplier or an invoice number often stands on one line of a transaction only, the one on the
-- account of suppliers: the others of the transaction then have it too.
with
    lines as (select * from {{ ref("stg_saft__journal_lines") }}),

    headers as (select * from {{ ref("stg_saft__headers") }}),

    -- The same transaction in two files counts in the one made last.
    transactions as (
        select
            lines.source_sha256,
            lines.transaction_row,
            case
                when count(distinct lines.supplier_id) = 1 then min(lines.supplier_id)
            end as only_supplier_id,
            case
                when count(distinct lines.reference_number) = 1 then min(lines.reference_number)
            end as only_reference_number,
            case
                when count(distinct lines.source_document_id) = 1 then min(lines.source_document_id)
            end as only_source_document_id,
            dense_rank() over (
                partition by
                    min(headers.company_orgnr),
                    min(lines.period_year),
                    min(lines.period),
                    min(lines.journal_id),
                    min(lines.transaction_id),
                    min(lines.transaction_date)
                order by min(headers.created_date) desc nulls last, lines.source_sha256
            ) as file_place
        from lines
        inner join headers on headers.source_sha256 = lines.source_sha256
        group by lines.source_sha256, lines.transaction_row
    ),

    accounts as (
        select
            *,
            row_number() over (partition by source_sha256, account_id order by source_row) as place
        from {{ ref("stg_saft__accounts") }}
    ),

    suppliers as (
        select
            *,
            row_number() over (partition by source_sha256, supplier_id order by source_row) as place
        from {{ ref("stg_saft__suppliers") }}
    ),

    analysis_names as (
        select analysis_codes.source_sha256, analysis_codes.analysis_type, min(names.place) as place
        from {{ ref("stg_saft__analysis_codes") }} as analysis_codes
        inner join
            {{ ref("ledger_dimension_name") }} as names
            on names.name = lower(trim(analysis_codes.analysis_type_description))
            or names.name = lower(trim(analysis_codes.analysis_type))
        group by analysis_codes.source_sha256, analysis_codes.analysis_type
    ),

    -- Of several values of one dimension (a line divided between units) the first.
    analyses as (
        select
            line_analyses.source_sha256,
            line_analyses.source_row,
            analysis_names.place,
            line_analyses.analysis_id,
            row_number() over (
                partition by
                    line_analyses.source_sha256, line_analyses.source_row, analysis_names.place
                order by line_analyses.position
            ) as turn
        from {{ ref("stg_saft__line_analyses") }} as line_analyses
        inner join
            analysis_names
            on analysis_names.source_sha256 = line_analyses.source_sha256
            and analysis_names.analysis_type = line_analyses.analysis_type
    ),

    dimensions as (
        select
            source_sha256,
            source_row,
            max(case when place = 1 then analysis_id end) as responsibility,
            max(case when place = 2 then analysis_id end) as department
        from analyses
        where turn = 1
        group by source_sha256, source_row
    )

select
    lines.source_sha256,
    lines.source_row,
    'saft' as ledger_kind,
    headers.company_orgnr as entity_orgnr,
    headers.company_name as entity_name,
    cast(lines.period_year as integer) as year,
    coalesce(lines.posting_date, lines.transaction_date) as posting_date,
    cast(null as date) as invoice_date,
    cast(null as date) as payment_date,
    cast(lines.transaction_row as {{ text_type() }}) as voucher_key,
    coalesce(
        lines.reference_number,
        transactions.only_reference_number,
        lines.source_document_id,
        transactions.only_source_document_id
    ) as invoice_number,
    cast(null as {{ text_type() }}) as order_number,
    cast(null as {{ text_type() }}) as contract_reference,
    suppliers.orgnr as supplier_orgnr,
    -- «987654321MVA» is written with its country on invoices.
    case
        when {{ matches("upper(trim(suppliers.vat_number))", "^[0-9]{9} ?MVA$") }}
        then 'NO' || trim(suppliers.vat_number)
        else suppliers.vat_number
    end as supplier_vat_id,
    suppliers.registration_number as supplier_legal_id,
    suppliers.supplier_id as supplier_number,
    suppliers.name as supplier_name,
    coalesce(suppliers.is_private_person, false) as supplier_is_private_person,
    lines.account_id as account,
    accounts.description as account_name,
    case
        when accounts.grouping_category like 'KA%' then trim(accounts.grouping_code)
    end as kostra_code,
    coalesce(trim(accounts.standard_account_id), trim(lines.account_id)) as standard_account,
    dimensions.responsibility,
    dimensions.department,
    cast(null as {{ text_type() }}) as dimension_1,
    cast(null as {{ text_type() }}) as dimension_2,
    cast(null as {{ text_type() }}) as dimension_3,
    headers.currency,
    lines.amount,
    lines.amount as net_amount,
    'net' as vat_evidence,
    lines.debit_amount as file_amount,
    transactions.file_place > 1 as is_repeated
from lines
inner join headers on headers.source_sha256 = lines.source_sha256
inner join
    transactions
    on transactions.source_sha256 = lines.source_sha256
    and transactions.transaction_row = lines.transaction_row
left join
    accounts
    on accounts.source_sha256 = lines.source_sha256
    and accounts.account_id = lines.account_id
    and accounts.place = 1
left join
    suppliers
    on suppliers.source_sha256 = lines.source_sha256
    and suppliers.supplier_id
    = coalesce(lines.supplier_id, lines.transaction_supplier_id, transactions.only_supplier_id)
    and suppliers.place = 1
left join
    dimensions
    on dimensions.source_sha256 = lines.source_sha256
    and dimensions.source_row = lines.source_row
