-- The unit of all of a document's postings, where the ledger's dimensions give one and only one.
with
    postings as (select * from {{ ref("int_postings") }} where posting_document_id is not null),

    placed as (
        select * from {{ ref("int_postings__placed") }} where unit_evidence = 'ledger_dimension'
    )

select postings.posting_document_id, min(placed.unit_id) as unit_id
from postings
left join
    placed
    on placed.source_sha256 = postings.source_sha256
    and placed.source_row = postings.source_row
group by postings.posting_document_id
having
    count(distinct placed.unit_id) = 1
    and sum(case when placed.unit_id is null then 1 else 0 end) = 0
