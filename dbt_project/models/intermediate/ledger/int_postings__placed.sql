-- The unit of a posting: the dimensions that the register knows, ansvar before department before
-- the others within one priority, else the only unit of the entity's number. As for invoices, a
-- whole value goes before a part of one, and signs that point to several units give none.
with
    postings as (select * from {{ ref("int_postings") }} where posting_document_id is not null),

    matched as (select * from {{ ref("int_unit_signs__matched") }}),

    signs as (
        select source_sha256, source_row, valued_date, place, 'ledger_dimension' as kind, sign_value
        from {{ ref("int_postings__signed") }}
        union all
        select source_sha256, source_row, valued_date, 9 as place, 'only_unit_of_orgnr', entity_id
        from postings
        where entity_id <> '*'
    ),

    candidates as (
        select
            signs.source_sha256,
            signs.source_row,
            matched.identifier_type,
            matched.unit_id,
            matched.match_type,
            matched.prefix_length,
            dense_rank() over (
                partition by signs.source_sha256, signs.source_row
                order by matched.priority nulls last, signs.place
            ) as rung
        from signs
        inner join
            matched
            on matched.identifier_type = signs.kind
            and matched.sign_value = signs.sign_value
            and matched.valid_from <= signs.valued_date
            and signs.valued_date < matched.valid_to
    ),

    narrowed as (
        select
            candidates.*,
            max(case when match_type = 'exact' then 1 else 0 end) over (
                partition by source_sha256, source_row
            ) as has_exact,
            max(prefix_length) over (partition by source_sha256, source_row) as longest_prefix
        from candidates
        where rung = 1
    )

select
    source_sha256,
    source_row,
    case when count(distinct unit_id) = 1 then min(unit_id) else 'unknown' end as unit_id,
    case
        when count(distinct unit_id) = 1 then min(identifier_type) else 'conflict'
    end as unit_evidence
from narrowed
where
    match_type = 'exact'
    or (has_exact = 0 and (match_type = 'range' or prefix_length = longest_prefix))
group by source_sha256, source_row
