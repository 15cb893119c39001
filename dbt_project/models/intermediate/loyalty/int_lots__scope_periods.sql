-- How many categories a lot has in scope, day by day: the narrower lot wins a tie.
with
    cuts as (
        select agreement_id, lot, valid_from as cut_date
        from {{ ref("bridge_agreement_category") }}
        union
        select agreement_id, lot, valid_to as cut_date
        from {{ ref("bridge_agreement_category") }}
    ),

    pieces as (
        select
            agreement_id,
            lot,
            cut_date as valid_from,
            lead(cut_date) over (
                partition by agreement_id, lot order by cut_date nulls last
            ) as valid_to
        from cuts
    )

select
    pieces.agreement_id,
    pieces.lot,
    pieces.valid_from,
    pieces.valid_to,
    count(distinct scope.category_id) as category_count
from pieces
inner join
    {{ ref("bridge_agreement_category") }} as scope
    on scope.agreement_id = pieces.agreement_id
    and scope.lot = pieces.lot
    and scope.valid_from <= pieces.valid_from
    and scope.valid_to >= pieces.valid_to
group by pieces.agreement_id, pieces.lot, pieces.valid_from, pieces.valid_to
