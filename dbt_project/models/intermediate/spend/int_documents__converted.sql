with
    documents as (select * from {{ ref("int_documents__identified") }}),

    sums as (select * from {{ ref("int_documents__summed") }}),

    rates as (select * from {{ ref("int_exchange_rates__by_day") }} where currency <> 'NOK'),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    totalled as (
        select
            documents.*,
            coalesce(sums.all_amount, 0) as line_total,
            coalesce(documents.tax_exclusive_amount, sums.all_amount, 0) as total,
            coalesce(sums.has_difference_line, false) as has_difference_line,
            rates.rate_date,
            rates.rate,
            case when documents.currency = 'NOK' then 1 else rates.rate_e8 end as rate_e8,
            case when documents.currency = 'NOK' then 1 else rates.divisor_e8 end as divisor_e8,
            -- A document to oneself is no purchase, whatever else its seller sells.
            case
                when suppliers.is_internal or documents.seller_orgnr = documents.buyer_orgnr
                then 'internal'
                when suppliers.is_public_body
                then 'public_body'
            end as population_reason
        from documents
        left join sums on sums.document_id = documents.document_id
        left join
            rates on rates.currency = documents.currency and rates.issue_date = documents.issue_date
        left join suppliers on suppliers.supplier_id = documents.supplier_id
    )

select
    document_id,
    source_sha256,
    document_kind,
    document_number,
    issue_date,
    currency,
    supplier_id,
    supplier_name_id,
    buyer_orgnr,
    population_reason,
    rate_date,
    rate,
    rate_e8,
    divisor_e8,
    rate_e8 is null as is_unconverted,
    has_difference_line,
    cast(total as decimal(18, 2)) as tax_exclusive_amount,
    case
        when currency = 'NOK'
        then cast(total as decimal(18, 2))
        when rate_e8 is not null
        then {{ convert_rounded("total", "rate_e8", "divisor_e8") }}
    end as tax_exclusive_nok,
    case
        when rate_e8 is not null then {{ convert_rounded("line_total", "rate_e8", "divisor_e8") }}
    end as line_total_nok
from totalled
