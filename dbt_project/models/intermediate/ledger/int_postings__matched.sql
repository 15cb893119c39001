-- Second step, for what has no invoice yet: the supplier and the amount are the same to the øre and
-- the dates near each other; the accounting year's own invoices and the nearest date go first. A
-- posting with another invoice's number takes no invoice out of a year that has no ledger.
with
    numbered as (select * from {{ ref("int_postings__numbered") }}),

    postings as (
        select *
        from {{ ref("int_posting_documents") }}
        where
            supplier_id <> 'unknown'
            and posting_nok <> 0
            and posting_document_id not in (select posting_document_id from numbered)
    ),

    buyers as (select * from {{ ref("int_buyers__ledgers") }}),

    documents as (
        select
            converted.document_id,
            converted.supplier_id,
            coalesce(converted.buyer_orgnr, '') as buyer_orgnr,
            converted.issue_date,
            converted.line_total_nok,
            own_years.entity_id is not null as is_in_ledger_year
        from {{ ref("int_documents__converted") }} as converted
        left join
            buyers as own_years
            on own_years.buyer_orgnr = coalesce(converted.buyer_orgnr, '')
            and own_years.year = extract(year from converted.issue_date)
        where
            not converted.is_unconverted
            and converted.supplier_id in (select supplier_id from postings)
            and converted.document_id not in (select document_id from numbered)
    ),

    rules as (select * from {{ ref("ledger_match_rule") }} where match_kind = 'amount_and_date'),

    candidates as (
        select
            postings.posting_document_id,
            documents.document_id,
            rules.match_kind,
            abs(extract(year from documents.issue_date) - postings.year) as years_apart,
            abs({{ days_between("documents.issue_date", "postings.match_date") }}) as days_apart,
            documents.issue_date
        from postings
        inner join
            documents
            on documents.supplier_id = postings.supplier_id
            and documents.line_total_nok = postings.posting_nok
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
            postings.match_date
            between {{ add_days("documents.issue_date", "-1 * rules.days_before") }}
            and {{ add_days("documents.issue_date", "rules.days_after") }}
            and (documents.is_in_ledger_year or postings.invoice_key is null)
    ),

    pairs as (
        select
            posting_document_id,
            document_id,
            match_kind,
            row_number() over (
                order by years_apart, days_apart, issue_date, posting_document_id, document_id
            ) as pair_rank
        from candidates
    ),

    {{ best_pairs("pairs", 6) }}

select posting_document_id, document_id, match_kind
from numbered
union all
select posting_document_id, document_id, match_kind
from best
