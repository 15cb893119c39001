with
    lines as (
        select *
        from {{ ref("int_saft_lines__standardised") }}
        union all
        select *
        from {{ ref("int_table_lines__standardised") }}
    ),

    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    -- '*' is every buyer that has no ledger of its own in the year.
    placed as (
        select
            lines.*,
            coalesce(lines.entity_orgnr, run_context.municipality_orgnr, '*') as entity_id,
            coalesce(
                lines.posting_date,
                lines.invoice_date,
                lines.payment_date,
                make_date(lines.year, 12, 31)
            ) as valued_date
        from lines
        cross join run_context
    )

select
    source_sha256,
    source_row,
    ledger_kind,
    entity_id,
    entity_name,
    year,
    posting_date,
    invoice_date,
    coalesce(invoice_date, posting_date, payment_date) as match_date,
    coalesce(valued_date, {{ first_day() }}) as valued_date,
    voucher_key,
    invoice_number,
    order_number,
    contract_reference,
    supplier_orgnr,
    supplier_vat_id,
    supplier_legal_id,
    supplier_number,
    supplier_name,
    supplier_is_private_person,
    account,
    account_name,
    kostra_code,
    standard_account,
    responsibility,
    department,
    dimension_1,
    dimension_2,
    dimension_3,
    coalesce(upper(trim(currency)), 'NOK') as currency,
    amount,
    net_amount,
    vat_evidence,
    file_amount,
    is_repeated
from placed
