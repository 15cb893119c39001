with
    links as (select * from {{ ref("stg_derived__supplier_links") }}),

    decisions as (select * from {{ ref("int_supplier_decisions__resolved") }}),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    definitions as (select * from {{ ref("dim_spend_definition") }} where is_default),

    stated_names as (
        select supplier_id, min(name) as name
        from {{ ref("int_suppliers__to_link") }}
        group by supplier_id
    ),

    moved_documents as (
        select document_id, stated_supplier_id
        from {{ ref("int_documents__identified") }}
        where stated_supplier_id <> supplier_id
    ),

    moved_postings as (
        select source_sha256, source_row, stated_supplier_id
        from {{ ref("int_postings") }}
        where stated_supplier_id <> supplier_id
    ),

    -- An invoice's own lines are moved with the invoice, a ledger's with the posting.
    moved as (
        select
            coalesce(
                moved_documents.stated_supplier_id, moved_postings.stated_supplier_id
            ) as supplier_id,
            lines.document_id,
            lines.amount_nok
        from {{ ref("fct_spend_line") }} as lines
        left join moved_documents on moved_documents.document_id = lines.document_id
        left join
            moved_postings
            on moved_postings.source_sha256 = lines.source_sha256
            and moved_postings.source_row = lines.source_row
        where
            moved_documents.stated_supplier_id is not null
            or moved_postings.stated_supplier_id is not null
    ),

    sums as (
        select
            supplier_id, sum(amount_nok) as spend_nok, count(distinct document_id) as document_count
        from moved
        group by supplier_id
    ),

    decided as (
        select
            least(supplier_id_a, supplier_id_b) as first_id,
            greatest(supplier_id_a, supplier_id_b) as second_id,
            reason,
            decided_date
        from decisions
        where supplier_id_a is not null and supplier_id_b is not null
    ),

    every_pair as (
        select
            links.supplier_id_from,
            links.supplier_id_to,
            links.outcome,
            links.decided_by,
            links.reason,
            links.match_weight,
            links.match_probability,
            links.threshold,
            links.evidence,
            decided.reason as decision_reason,
            decided.decided_date
        from links
        left join
            decided
            on decided.first_id = least(links.supplier_id_from, links.supplier_id_to)
            and decided.second_id = greatest(links.supplier_id_from, links.supplier_id_to)
        union all
        -- What the register says of suppliers that no document or ledger has.
        select
            coalesce(supplier_id_a, supplier_a) as supplier_id_from,
            coalesce(supplier_id_b, supplier_b) as supplier_id_to,
            'refused' as outcome,
            'register' as decided_by,
            'unknown_supplier' as reason,
            cast(null as double) as match_weight,
            cast(null as double) as match_probability,
            cast(null as double) as threshold,
            cast(null as {{ text_type() }}) as evidence,
            reason as decision_reason,
            decided_date
        from decisions
        where supplier_id_a is null or supplier_id_b is null
    )

select
    every_pair.supplier_id_from,
    every_pair.supplier_id_to,
    coalesce(names_from.name, every_pair.supplier_id_from) as name_from,
    coalesce(suppliers.name, names_to.name, every_pair.supplier_id_to) as name_to,
    every_pair.outcome,
    every_pair.decided_by,
    every_pair.reason,
    every_pair.match_weight,
    every_pair.match_probability,
    every_pair.threshold,
    every_pair.evidence,
    every_pair.decision_reason,
    every_pair.decided_date,
    definitions.definition_id,
    {{ nok("case when every_pair.outcome = 'merged' then sums.spend_nok end") }} as spend_nok,
    cast(
        case
            when every_pair.outcome = 'merged' then coalesce(sums.document_count, 0) else 0
        end as bigint
    ) as document_count
from every_pair
cross join definitions
left join stated_names as names_from on names_from.supplier_id = every_pair.supplier_id_from
left join stated_names as names_to on names_to.supplier_id = every_pair.supplier_id_to
left join suppliers on suppliers.supplier_id = every_pair.supplier_id_to
left join sums on sums.supplier_id = every_pair.supplier_id_from
