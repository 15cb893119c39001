-- The account and KOSTRA art of a posted invoice, where all of its purchase postings have the same.
-- Of an invoice on several accounts nothing tells which line is on which.
with
    postings as (
        select
            posting_document_id,
            coalesce(nullif(trim(account), ''), '') as account,
            coalesce(nullif(trim(kostra_art), ''), '') as kostra_art
        from {{ ref("int_postings") }}
        where posting_document_id is not null and is_purchase
    )

select posting_document_id, min(account) as account, min(kostra_art) as kostra_art
from postings
group by posting_document_id
having min(account) = max(account) and min(kostra_art) = max(kostra_art)
