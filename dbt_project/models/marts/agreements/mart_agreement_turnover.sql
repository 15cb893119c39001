-- A ledger's year is its accounting year: what is dated before or after it (period 13) goes to its
-- first or last quarter.
with
    lines as (
        select fct_spend_line.*, coalesce(posting_date, issue_date) as dated
        from {{ ref("fct_spend_line") }} as fct_spend_line
        where
            agreement_id is not null
            and loyalty_class in ('on_agreement', 'voluntary', 'wrong_zone')
    ),

    summed as (
        select
            year,
            case
                when year(dated) < year then 1 when year(dated) = year then quarter(dated) else 4
            end as quarter,
            agreement_id,
            supplier_id,
            category_id,
            sum(case when loyalty_class <> 'wrong_zone' then amount_nok end) as turnover_nok,
            sum(case when loyalty_class = 'wrong_zone' then amount_nok end) as wrong_zone_nok,
            count(distinct document_id) as document_count,
            {{ line_count("lines") }} as line_count,
            count(distinct unit_id) as unit_count
        from lines
        group by 1, 2, 3, 4, 5
    )

select
    cast(summed.year as integer) as year,
    cast(summed.quarter as integer) as quarter,
    summed.agreement_id,
    agreements.title as agreement_title,
    agreements.lead_buyer,
    summed.supplier_id,
    suppliers.name as supplier_name,
    summed.category_id,
    categories.name as category_name,
    'STD' as definition_id,
    {{ nok("summed.turnover_nok") }} as turnover_nok,
    {{ nok("summed.wrong_zone_nok") }} as wrong_zone_nok,
    summed.document_count,
    summed.line_count,
    summed.unit_count
from summed
inner join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = summed.agreement_id
left join {{ ref("dim_supplier") }} as suppliers on suppliers.supplier_id = summed.supplier_id
left join {{ ref("dim_category") }} as categories on categories.category_id = summed.category_id
