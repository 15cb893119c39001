-- Suppliers, units, categories and parties on the as-of date; of an agreement that has ended, on
-- its last day, of one that has not begun, on its first.
with
    days as (
        select
            agreements.agreement_id,
            least(
                greatest(run_context.as_of_date, agreements.valid_from), agreements.end_date
            ) as counted_date
        from {{ ref("dim_agreement") }} as agreements
        cross join {{ ref("stg_inputs__run_context") }} as run_context
    ),

    members as (
        select
            agreement_id, 'supplier' as member_kind, supplier_id as member_id, valid_from, valid_to
        from {{ ref("bridge_agreement_supplier") }}
        union all
        select agreement_id, 'unit', unit_id, valid_from, valid_to
        from {{ ref("bridge_agreement_unit") }}
        union all
        select agreement_id, 'category', category_id, valid_from, valid_to
        from {{ ref("bridge_agreement_category") }}
        union all
        select agreement_id, 'party', party_id, valid_from, valid_to
        from {{ ref("bridge_agreement_party") }}
    ),

    parties as (select distinct agreement_id from {{ ref("bridge_agreement_party") }}),

    counts as (
        select
            days.agreement_id,
            count(
                distinct case when members.member_kind = 'supplier' then members.member_id end
            ) as supplier_count,
            count(
                distinct case when members.member_kind = 'unit' then members.member_id end
            ) as unit_count,
            count(
                distinct case when members.member_kind = 'category' then members.member_id end
            ) as category_count,
            count(
                distinct case when members.member_kind = 'party' then members.member_id end
            ) as party_count
        from days
        inner join members on members.agreement_id = days.agreement_id
        where members.valid_from <= days.counted_date and days.counted_date < members.valid_to
        group by days.agreement_id
    )

select
    days.agreement_id,
    days.counted_date,
    cast(coalesce(counts.supplier_count, 0) as integer) as supplier_count,
    cast(coalesce(counts.unit_count, 0) as integer) as unit_count,
    cast(coalesce(counts.category_count, 0) as integer) as category_count,
    case
        when parties.agreement_id is not null then cast(coalesce(counts.party_count, 0) as integer)
    end as party_count
from days
left join counts on counts.agreement_id = days.agreement_id
left join parties on parties.agreement_id = days.agreement_id
