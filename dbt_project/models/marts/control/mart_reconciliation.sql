with
    source_files as (select * from {{ ref("stg_inputs__source_files") }}),

    documents as (select * from {{ ref("int_documents__converted") }}),

    inside as (select * from {{ ref("fct_spend_line") }}),

    outside as (select * from {{ ref("fct_outside_population_line") }}),

    document_sums as (
        select
            source_sha256,
            sum(case when is_unconverted then 0 else tax_exclusive_amount end) as amount_converted,
            sum(
                case when is_unconverted then tax_exclusive_amount else 0 end
            ) as amount_unconverted,
            sum(coalesce(tax_exclusive_nok, 0)) as amount_accepted_nok
        from documents
        group by source_sha256
    ),

    inside_sums as (
        select source_sha256, sum(amount_nok) as amount_nok from inside group by source_sha256
    ),

    outside_sums as (
        select source_sha256, sum(amount_nok) as amount_nok from outside group by source_sha256
    )

select
    source_files.source_sha256,
    source_files.file_name,
    source_files.kind,
    source_files.is_withdrawn,
    source_files.quarantine_reason,
    source_files.rows_in,
    source_files.rows_accepted,
    source_files.rows_quarantined,
    source_files.currency,
    source_files.amount_in,
    source_files.amount_accepted,
    source_files.amount_quarantined,
    cast(coalesce(document_sums.amount_converted, 0) as decimal(18, 2)) as amount_converted,
    cast(coalesce(document_sums.amount_unconverted, 0) as decimal(18, 2)) as amount_unconverted,
    cast(coalesce(document_sums.amount_accepted_nok, 0) as decimal(18, 2)) as amount_accepted_nok,
    cast(coalesce(inside_sums.amount_nok, 0) as decimal(18, 2)) as spend_nok,
    cast(coalesce(outside_sums.amount_nok, 0) as decimal(18, 2)) as outside_population_nok,
    -- No ledger is loaded yet: nothing stands in an invoice's place.
    cast(0 as decimal(18, 2)) as replaced_by_ledger_nok
from source_files
left join document_sums on document_sums.source_sha256 = source_files.source_sha256
left join inside_sums on inside_sums.source_sha256 = source_files.source_sha256
left join outside_sums on outside_sums.source_sha256 = source_files.source_sha256
