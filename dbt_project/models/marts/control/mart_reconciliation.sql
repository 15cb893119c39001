with
    source_files as (select * from {{ ref("stg_inputs__source_files") }}),

    documents as (select * from {{ ref("int_documents__converted") }}),

    sourced as (select * from {{ ref("int_documents__sourced") }}),

    postings as (select * from {{ ref("int_postings") }}),

    fated as (select * from {{ ref("int_posting_lines__fated") }}),

    inside as (select * from {{ ref("fct_spend_line") }}),

    outside as (select * from {{ ref("fct_outside_population_line") }}),

    -- What the rows in the lake add up to, by the measure of the file's own amount (a SAF-T
    -- file's is
    -- the sum of its debits), and in kroner.
    loaded as (
        select
            source_sha256,
            tax_exclusive_amount as amount_loaded,
            case when is_unconverted then 0 else tax_exclusive_amount end as amount_converted,
            case when is_unconverted then tax_exclusive_amount else 0 end as amount_unconverted,
            coalesce(tax_exclusive_nok, 0) as amount_accepted_nok
        from documents
        union all
        select
            source_sha256,
            coalesce(file_amount, 0) as amount_loaded,
            case when is_unconverted then 0 else amount end as amount_converted,
            case when is_unconverted then amount else 0 end as amount_unconverted,
            coalesce(amount_nok, 0) as amount_accepted_nok
        from postings
    ),

    loaded_sums as (
        select
            source_sha256,
            sum(amount_loaded) as amount_loaded,
            sum(amount_converted) as amount_converted,
            sum(amount_unconverted) as amount_unconverted,
            sum(amount_accepted_nok) as amount_accepted_nok
        from loaded
        group by source_sha256
    ),

    inside_sums as (
        select source_sha256, sum(amount_nok) as amount_nok from inside group by source_sha256
    ),

    outside_sums as (
        select source_sha256, sum(amount_nok) as amount_nok from outside group by source_sha256
    ),

    replaced_sums as (
        select documents.source_sha256, sum(documents.tax_exclusive_nok) as amount_nok
        from documents
        inner join sourced on sourced.document_id = documents.document_id
        where sourced.spend_source = 'replaced'
        group by documents.source_sha256
    ),

    -- Postings that an invoice details: their amount less the residual that stays on the posting.
    detailed as (
        select postings.source_sha256, postings.net_nok as amount_nok
        from postings
        inner join sourced on sourced.posting_document_id = postings.posting_document_id
        union all
        select source_sha256, -1 * amount_nok as amount_nok
        from fated
        where line_kind = 'residual'
    ),

    detailed_sums as (
        select source_sha256, sum(amount_nok) as amount_nok from detailed group by source_sha256
    ),

    final as (
        select
            source_files.source_sha256,
            source_files.file_name,
            source_files.kind,
            source_files.status,
            source_files.is_withdrawn,
            source_files.kind
            in ('ehf_invoice', 'ledger_line', 'saft_financial') as is_spend_source,
            source_files.quarantine_reason,
            source_files.rows_in,
            source_files.rows_accepted,
            source_files.rows_quarantined,
            source_files.rows_duplicate,
            source_files.rows_left_out,
            source_files.currency,
            source_files.amount_in,
            source_files.amount_accepted,
            source_files.amount_quarantined,
            source_files.amount_duplicate,
            source_files.amount_left_out,
            {{ nok("loaded_sums.amount_loaded") }} as amount_loaded,
            {{ nok("loaded_sums.amount_converted") }} as amount_converted,
            {{ nok("loaded_sums.amount_unconverted") }} as amount_unconverted,
            {{ nok("loaded_sums.amount_accepted_nok") }} as amount_accepted_nok,
            {{ nok("inside_sums.amount_nok") }} as spend_nok,
            {{ nok("outside_sums.amount_nok") }} as outside_population_nok,
            {{ nok("replaced_sums.amount_nok") }} as replaced_by_ledger_nok,
            {{ nok("detailed_sums.amount_nok") }} as detailed_by_invoices_nok
        from source_files
        left join loaded_sums on loaded_sums.source_sha256 = source_files.source_sha256
        left join inside_sums on inside_sums.source_sha256 = source_files.source_sha256
        left join outside_sums on outside_sums.source_sha256 = source_files.source_sha256
        left join replaced_sums on replaced_sums.source_sha256 = source_files.source_sha256
        left join detailed_sums on detailed_sums.source_sha256 = source_files.source_sha256
    )

select
    final.*,
    case
        when spend_nok + detailed_by_invoices_nok > 0 and kind <> 'ehf_invoice'
        then {{ share("detailed_by_invoices_nok", "(spend_nok + detailed_by_invoices_nok)") }}
    end as detailed_share,
    case
        when amount_accepted_nok > 0 and kind = 'ehf_invoice'
        then {{ share("replaced_by_ledger_nok", "amount_accepted_nok") }}
    end as replaced_share
from final
