-- First step: the supplier and the invoice number are the same. Of several the same amount goes
-- first, then the number as written, the accounting year's own invoices, the nearest date.
with
    postings as (
        select *, {{ invoice_core("invoice_key") }} as invoice_core
        from {{ ref("int_posting_documents") }}
        where invoice_key is not null and supplier_id <> 'unknown'
    ),

    documents as (
        select
            document_id,
            supplier_id,
            coalesce(buyer_orgnr, '') as buyer_orgnr,
            issue_date,
            line_total_nok,
            {{ invoice_key("document_number") }} as invoice_key,
            {{ invoice_core(invoice_key("document_number")) }} as invoice_core
        from {{ ref("int_documents__converted") }}
        where not is_unconverted and supplier_id in (select supplier_id from postings)
    ),

    buyers as (select * from {{ ref("int_buyers__ledgers") }}),

    rules as (select * from {{ ref("ledger_match_rule") }} where match_kind = 'invoice_number'),

    -- Letters in front may be missing on one side, not differ.
    candidates as (
        select
            postings.posting_document_id,
            documents.document_id,
            rules.match_kind,
            case
                when postings.posting_nok = documents.line_total_nok then 0 else 1
            end as is_other_amount,
            case
                when postings.invoice_key = documents.invoice_key then 0 else 1
            end as is_other_form,
            abs(extract(year from documents.issue_date) - postings.year) as years_apart,
            abs({{ days_between("documents.issue_date", "postings.match_date") }}) as days_apart,
            documents.issue_date
        from postings
        inner join
            documents
            on documents.supplier_id = postings.supplier_id
            and documents.invoice_core = postings.invoice_core
        inner join
            buyers
            on buyers.buyer_orgnr = documents.buyer_orgnr
            and buyers.entity_id = postings.entity_id
            and buyers.year = postings.year
        inner join
            rules
            on rules.valid_from <= make_date(postings.year, 12, 31)
            and rules.valid_to >= make_date(postings.year, 12, 31)
        where
            (
                documents.invoice_key = postings.invoice_key
                or documents.invoice_key = documents.invoice_core
                or postings.invoice_key = postings.invoice_core
            )
            and sign(postings.posting_nok) in (0, sign(documents.line_total_nok))
            and (
                postings.match_date
                between {{ add_days("documents.issue_date", "-1 * rules.days_before") }}
                and {{ add_days("documents.issue_date", "rules.days_after") }}
                or (
                    postings.match_date is null
                    and extract(year from documents.issue_date) = postings.year
                )
            )
    ),

    pairs as (
        select
            posting_document_id,
            document_id,
            match_kind,
            row_number() over (
                order by
                    is_other_amount,
                    is_other_form,
                    years_apart,
                    days_apart nulls last,
                    issue_date,
                    posting_document_id,
                    document_id
            ) as pair_rank
        from candidates
    ),

    {{ best_pairs("pairs", 4) }}

select posting_document_id, document_id, match_kind
from best
