-- Per buying legal entity and year: what the spend builds on, and how much of a ledger is
-- detailed by
-- invoices. All amounts of the ledger are its purchases that count, public and internal sellers
-- too.
with
    postings as (select * from {{ ref("int_postings") }} where posting_document_id is not null),

    posting_documents as (select * from {{ ref("int_posting_documents") }}),

    sourced as (select * from {{ ref("int_documents__sourced") }}),

    invoices as (
        select document_id, coalesce(tax_exclusive_nok, 0) as amount_nok
        from {{ ref("int_documents__converted") }}
    ),

    inside as (select * from {{ ref("fct_spend_line") }}),

    ledgers as (
        select
            entity_id,
            year,
            max(entity_name) as entity_name,
            min(ledger_kind) as ledger_kind,
            count(*) as posting_count,
            sum(net_nok) as posting_nok,
            sum(
                case when vat_evidence in ('gross_as_is', 'unknown_as_is') then net_nok end
            ) as vat_unknown_nok
        from postings
        group by entity_id, year
    ),

    parts as (
        select
            posting_documents.entity_id,
            posting_documents.year,
            sum(case when sourced.document_id is not null then posting_nok end) as matched_nok,
            sum(sourced.line_total_nok) as detail_nok,
            sum(posting_nok - sourced.line_total_nok) as residual_nok,
            sum(case when sourced.document_id is null then posting_nok end) as unmatched_nok,
            sum(
                case when sourced.document_id is null then posting_count end
            ) as unmatched_posting_count,
            count(sourced.document_id) as matched_invoice_count,
            sum(
                case when sourced.match_kind = 'invoice_number' then 1 else 0 end
            ) as matched_by_number_count
        from posting_documents
        left join sourced on sourced.posting_document_id = posting_documents.posting_document_id
        group by posting_documents.entity_id, posting_documents.year
    ),

    replaced as (
        select
            sourced.entity_id,
            sourced.year,
            sum(
                case when sourced.spend_source = 'replaced' then 1 else 0 end
            ) as unmatched_invoice_count,
            sum(
                case when sourced.spend_source = 'replaced' then invoices.amount_nok end
            ) as unmatched_invoice_nok,
            sum(case when sourced.spend_source = 'invoice' then 1 else 0 end) as invoice_count,
            sum(
                case when sourced.spend_source = 'invoice' then invoices.amount_nok end
            ) as invoice_nok
        from sourced
        inner join invoices on invoices.document_id = sourced.document_id
        group by sourced.entity_id, sourced.year
    ),

    spent as (
        select entity_id, year, sum(amount_nok) as spend_nok from inside group by entity_id, year
    ),

    places as (
        select entity_id, year
        from ledgers
        union
        select entity_id, year
        from replaced
        union
        select entity_id, year
        from spent
    )

select
    cast(places.year as integer) as year,
    places.entity_id,
    ledgers.entity_name,
    case
        when ledgers.entity_id is not null or coalesce(replaced.unmatched_invoice_count, 0) > 0
        then 'ledger'
        else 'invoice'
    end as spend_source,
    ledgers.ledger_kind,
    {{ nok("spent.spend_nok") }} as spend_nok,
    cast(coalesce(ledgers.posting_count, 0) as bigint) as posting_count,
    {{ nok("ledgers.posting_nok") }} as posting_nok,
    {{ nok("parts.matched_nok") }} as matched_nok,
    {{ nok("parts.detail_nok") }} as detail_nok,
    {{ nok("parts.residual_nok") }} as residual_nok,
    cast(coalesce(parts.unmatched_posting_count, 0) as bigint) as unmatched_posting_count,
    {{ nok("parts.unmatched_nok") }} as unmatched_posting_nok,
    {{ nok("ledgers.vat_unknown_nok") }} as vat_unknown_nok,
    cast(coalesce(parts.matched_invoice_count, 0) as bigint) as matched_invoice_count,
    cast(coalesce(parts.matched_by_number_count, 0) as bigint) as matched_by_number_count,
    cast(coalesce(replaced.unmatched_invoice_count, 0) as bigint) as unmatched_invoice_count,
    {{ nok("replaced.unmatched_invoice_nok") }} as unmatched_invoice_nok,
    cast(coalesce(replaced.invoice_count, 0) as bigint) as invoice_count,
    {{ nok("replaced.invoice_nok") }} as invoice_nok,
    -- A ledger without any match has a share of 0, not none.
    case
        when ledgers.posting_nok > 0
        then {{ share("coalesce(parts.matched_nok, 0)", "ledgers.posting_nok") }}
    end as matched_share,
    case
        when ledgers.posting_nok > 0
        then {{ share("coalesce(parts.residual_nok, 0)", "ledgers.posting_nok") }}
    end as residual_share
from places
left join ledgers on ledgers.entity_id = places.entity_id and ledgers.year = places.year
left join parts on parts.entity_id = places.entity_id and parts.year = places.year
left join replaced on replaced.entity_id = places.entity_id and replaced.year = places.year
left join spent on spent.entity_id = places.entity_id and spent.year = places.year
