-- In a general ledger the supplier and the invoice number may stand on one line of the voucher
-- only, the one on the account of suppliers: the others of the voucher then have them too.
with
    lines as (
        select
            *,
            supplier_id is not null
            or supplier_legal_id is not null
            or supplier_orgnr is not null
            or supplier_name is not null as has_supplier
        from {{ ref("stg_ledger__lines") }}
    ),

    vouchers as (
        select
            source_sha256,
            ledger_kind,
            entity_id,
            year,
            voucher_number,
            count(
                distinct
                case
                    when has_supplier
                    then
                        concat_ws(
                            chr(31),
                            coalesce(supplier_id, ''),
                            coalesce(supplier_legal_id, ''),
                            coalesce(supplier_orgnr, ''),
                            coalesce(supplier_name, '')
                        )
                end
            ) as supplier_count,
            min(case when has_supplier then source_row end) as supplier_row,
            case
                when count(distinct invoice_number) = 1 then min(invoice_number)
            end as only_invoice_number
        from lines
        where ledger_kind = 'general_ledger' and voucher_number is not null
        group by source_sha256, ledger_kind, entity_id, year, voucher_number
    ),

    named as (
        select
            lines.*,
            case
                when vouchers.supplier_count = 1 and not lines.has_supplier
                then vouchers.supplier_row
                else lines.source_row
            end as supplier_row,
            vouchers.only_invoice_number
        from lines
        left join
            vouchers
            on vouchers.source_sha256 = lines.source_sha256
            and vouchers.ledger_kind = lines.ledger_kind
            and vouchers.voucher_number = lines.voucher_number
            and coalesce(vouchers.entity_id, '') = coalesce(lines.entity_id, '')
            and coalesce(vouchers.year, 0) = coalesce(lines.year, 0)
    )

select
    named.source_sha256,
    named.source_row,
    named.ledger_kind,
    named.entity_orgnr,
    named.entity_name,
    cast(named.year as integer) as year,
    named.posting_date,
    named.invoice_date,
    named.payment_date,
    case
        when named.voucher_number is not null
        then
            concat_ws(
                chr(31),
                coalesce(named.entity_id, ''),
                cast(coalesce(named.year, 0) as {{ text_type() }}),
                named.voucher_number
            )
    end as voucher_key,
    coalesce(named.invoice_number, named.only_invoice_number) as invoice_number,
    named.order_number,
    named.contract_reference,
    suppliers.supplier_orgnr,
    case
        when {{ matches("suppliers.supplier_legal_id", "^[A-Z]{2} ?[0-9][0-9A-Z]{5,}$") }}
        then suppliers.supplier_legal_id
    end as supplier_vat_id,
    suppliers.supplier_legal_id,
    suppliers.supplier_id as supplier_number,
    suppliers.supplier_name,
    coalesce(suppliers.supplier_is_private_person, false) as supplier_is_private_person,
    trim(named.account) as account,
    named.account_name,
    -- «120 Forbruksmateriell» is art 120; an art of one or two digits has lost its zero.
    case
        when {{ matches("trim(named.kostra_art)", "^[0-9]{1,3}([^0-9]|$)") }}
        then lpad({{ replace_all("trim(named.kostra_art)", "[^0-9].*$", "") }}, 3, '0')
        when
            named.kostra_art is null and {{ matches("trim(named.account)", "^[0-9]{3}([^0-9]|$)") }}
        then {{ replace_all("trim(named.account)", "[^0-9].*$", "") }}
    end as kostra_code,
    {{ replace_all("trim(named.account)", "[^0-9].*$", "") }} as standard_account,
    named.responsibility,
    named.department,
    named.dimension_1,
    named.dimension_2,
    named.dimension_3,
    named.currency,
    named.amount,
    cast(
        case
            when named.amount_basis = 'net'
            then named.amount
            when named.vat_amount is not null and named.amount_basis = 'gross'
            then named.amount - named.vat_amount
            when
                named.vat_amount is not null
                and named.gross_amount is not null
                and named.gross_amount = named.amount
            then named.amount - named.vat_amount
            else named.amount
        end as decimal(18, 2)
    ) as net_amount,
    case
        when named.amount_basis = 'net'
        then 'net'
        when
            named.vat_amount is not null
            and (named.amount_basis = 'gross' or named.gross_amount = named.amount)
        then 'gross_less_vat'
        when
            named.vat_amount is not null
            and named.gross_amount is not null
            and named.gross_amount = named.amount + named.vat_amount
        then 'net'
        when named.amount_basis = 'gross'
        then 'gross_as_is'
        else 'unknown_as_is'
    end as vat_evidence,
    named.amount as file_amount,
    false as is_repeated
from named
left join
    lines as suppliers
    on suppliers.source_sha256 = named.source_sha256
    and suppliers.source_row = named.supplier_row
