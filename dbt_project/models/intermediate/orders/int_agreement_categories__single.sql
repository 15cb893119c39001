-- When everything that a supplier may sell on an agreement is of one category.
with
    known as (
        select
            suppliers.agreement_id,
            suppliers.supplier_id,
            scopes.category_id,
            greatest(suppliers.valid_from, scopes.valid_from) as valid_from,
            least(suppliers.valid_to, scopes.valid_to) as valid_to
        from {{ ref("bridge_agreement_supplier") }} as suppliers
        inner join
            {{ ref("bridge_agreement_category") }} as scopes
            on scopes.agreement_id = suppliers.agreement_id
            and scopes.lot = suppliers.lot
            and scopes.valid_from < suppliers.valid_to
            and suppliers.valid_from < scopes.valid_to
    ),

    boundaries as (
        select agreement_id, supplier_id, valid_from as boundary
        from known
        union
        select agreement_id, supplier_id, valid_to
        from known
    ),

    segments as (
        select
            agreement_id,
            supplier_id,
            boundary as valid_from,
            lead(boundary) over (
                partition by agreement_id, supplier_id order by boundary
            ) as valid_to
        from boundaries
    )

select
    segments.agreement_id,
    segments.supplier_id,
    min(known.category_id) as category_id,
    segments.valid_from,
    segments.valid_to
from segments
inner join
    known
    on known.agreement_id = segments.agreement_id
    and known.supplier_id = segments.supplier_id
    and known.valid_from < segments.valid_to
    and segments.valid_from < known.valid_to
group by segments.agreement_id, segments.supplier_id, segments.valid_from, segments.valid_to
having count(distinct known.category_id) = 1
