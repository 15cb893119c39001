with
    postings as (select * from {{ ref("int_postings") }} where posting_document_id is not null),

    ranked as (
        select
            postings.*,
            row_number() over (
                partition by posting_document_id
                order by abs(net_nok) desc nulls last, source_sha256, source_row
            ) as place
        from postings
    )

-- The residual of a matched invoice stands where the largest of its postings does.
select
    posting_document_id,
    entity_id,
    year,
    supplier_id,
    min(invoice_key) as invoice_key,
    min(invoice_number) as invoice_number,
    min(match_date) as match_date,
    min(posting_date) as posting_date,
    count(*) as posting_count,
    cast(sum(net_nok) as decimal(18, 2)) as posting_nok,
    max(case when place = 1 then source_sha256 end) as main_sha256,
    max(case when place = 1 then source_row end) as main_row
from ranked
group by posting_document_id, entity_id, year, supplier_id
