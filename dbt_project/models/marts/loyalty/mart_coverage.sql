with
    sums as (
        select
            lines.year,
            lines.category_id,
            categories.name as category_name,
            categories.faggruppe,
            {{ line_count("lines") }} as line_count,
            {{ nok("sum(case when lines.coverage = 'binding' then lines.amount_nok end)") }}
            as covered_nok,
            {{ nok("sum(case when lines.coverage = 'voluntary' then lines.amount_nok end)") }}
            as voluntary_nok,
            {{ nok("sum(case when lines.coverage = 'none' then lines.amount_nok end)") }}
            as uncovered_nok,
            {{ nok("sum(lines.amount_nok)") }} as total_nok
        from {{ ref("fct_spend_line") }} as lines
        inner join
            {{ ref("dim_category") }} as categories on categories.category_id = lines.category_id
        where categories.is_addressable or categories.category_id = 'unknown'
        group by lines.year, lines.category_id, categories.name, categories.faggruppe
    )

select
    year,
    category_id,
    category_name,
    faggruppe,
    line_count,
    covered_nok,
    voluntary_nok,
    uncovered_nok,
    total_nok,
    case
        when total_nok > 0 then {{ share("(covered_nok + voluntary_nok)", "total_nok") }}
    end as coverage_share
from sums
