with
    categories as (select * from {{ ref("dim_category") }}),

    years as (
        select distinct
            year,
            make_date(cast(year as integer), 1, 1) as year_start,
            make_date(cast(year as integer) + 1, 1, 1) as year_end
        from {{ ref("fct_spend_line") }}
    ),

    spent as (
        select
            year,
            category_id,
            sum(amount_nok) as spend_nok,
            sum(case when coverage = 'none' then amount_nok end) as without_agreement_nok,
            count(distinct supplier_id) as supplier_count
        from {{ ref("fct_spend_line") }}
        group by year, category_id
    ),

    scopes as (
        select distinct years.year, bridge.category_id, bridge.agreement_id
        from years
        cross join {{ ref("bridge_agreement_category") }} as bridge
        where bridge.valid_from < years.year_end and bridge.valid_to > years.year_start
    ),

    counts as (
        select year, category_id, count(*) as agreement_count from scopes group by year, category_id
    ),

    groups as (
        select
            years.year,
            categories.faggruppe,
            count(distinct categories.category_id) as category_count,
            count(distinct scopes.category_id) as covered_category_count,
            count(distinct scopes.agreement_id) as agreement_count
        from years
        cross join categories
        left join scopes on scopes.year = years.year and scopes.category_id = categories.category_id
        group by years.year, categories.faggruppe
    ),

    final as (
        select
            years.year,
            categories.category_id,
            categories.name as category_name,
            categories.faggruppe,
            categories.is_addressable,
            {{ nok("spent.spend_nok") }} as spend_nok,
            {{ nok("spent.without_agreement_nok") }} as without_agreement_nok,
            coalesce(spent.supplier_count, 0) as supplier_count,
            coalesce(counts.agreement_count, 0) as agreement_count,
            groups.agreement_count as faggruppe_agreement_count,
            coalesce(counts.agreement_count, 0) = 0
            and categories.category_id <> 'unknown' as is_without_agreement,
            groups.category_count as faggruppe_category_count,
            groups.covered_category_count as faggruppe_covered_category_count
        from years
        cross join categories
        inner join groups on groups.year = years.year and groups.faggruppe = categories.faggruppe
        left join spent on spent.year = years.year and spent.category_id = categories.category_id
        left join counts on counts.year = years.year and counts.category_id = categories.category_id
    )

select
    cast(year as integer) as year,
    category_id,
    category_name,
    faggruppe,
    is_addressable,
    'STD' as definition_id,
    spend_nok,
    without_agreement_nok,
    case
        when spend_nok > 0 then {{ share("without_agreement_nok", "spend_nok") }}
    end as without_agreement_share,
    cast(supplier_count as integer) as supplier_count,
    cast(agreement_count as integer) as agreement_count,
    is_without_agreement,
    cast(faggruppe_agreement_count as integer) as faggruppe_agreement_count,
    cast(faggruppe_category_count as integer) as faggruppe_category_count,
    cast(faggruppe_covered_category_count as integer) as faggruppe_covered_category_count,
    is_without_agreement and faggruppe_agreement_count = 0 as is_faggruppe_without_agreement,
    row_number() over (
        partition by year
        order by
            case when is_without_agreement then 0 else 1 end,
            without_agreement_nok desc nulls last,
            category_id
    ) as gap_rank
from final
