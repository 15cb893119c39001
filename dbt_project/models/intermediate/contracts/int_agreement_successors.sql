-- The agreement that has taken over: one that began later, ends later, and is for at least the
-- same categories and units.
with
    agreements as (select * from {{ ref("dim_agreement") }}),

    scopes as (
        select distinct agreement_id, 'category' as scope, category_id as scope_id
        from {{ ref("bridge_agreement_category") }}
        union all
        select distinct agreement_id, 'unit' as scope, unit_id as scope_id
        from {{ ref("bridge_agreement_unit") }}
    ),

    sizes as (select agreement_id, count(*) as scope_count from scopes group by agreement_id),

    shared as (
        select
            old.agreement_id, new.agreement_id as successor_agreement_id, count(*) as shared_count
        from scopes as old
        inner join scopes as new on new.scope = old.scope and new.scope_id = old.scope_id
        where new.agreement_id <> old.agreement_id
        group by old.agreement_id, new.agreement_id
    ),

    placed as (
        select
            shared.agreement_id,
            shared.successor_agreement_id,
            row_number() over (
                partition by shared.agreement_id
                order by
                    successors.end_date desc nulls last,
                    successors.valid_from desc nulls last,
                    shared.successor_agreement_id
            ) as place
        from shared
        inner join
            sizes
            on sizes.agreement_id = shared.agreement_id
            and sizes.scope_count = shared.shared_count
        inner join agreements on agreements.agreement_id = shared.agreement_id
        inner join
            agreements as successors on successors.agreement_id = shared.successor_agreement_id
        where
            successors.valid_from > agreements.valid_from
            and successors.end_date > agreements.end_date
    )

select agreement_id, successor_agreement_id
from placed
where place = 1
