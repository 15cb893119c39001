-- What was bought beside a lot that the unit has, from whom: wrong zone, off agreement, and for
-- itself outside the period.
select
    lines.year,
    lines.unit_id,
    lines.agreement_id,
    lines.lot,
    lines.supplier_id,
    lines.loyalty_class,
    {{ line_count("lines") }} as line_count,
    count(distinct lines.document_id) as document_count,
    min(lines.decisive_date) as first_date,
    max(lines.decisive_date) as last_date,
    {{ names_joined("categories.name") }} as category_names,
    {{ nok("sum(lines.amount_nok)") }} as amount_nok
from {{ ref("fct_spend_line") }} as lines
left join {{ ref("dim_category") }} as categories on categories.category_id = lines.category_id
where lines.loyalty_class in ('wrong_zone', 'off_agreement', 'outside_period')
group by
    lines.year, lines.unit_id, lines.agreement_id, lines.lot, lines.supplier_id, lines.loyalty_class
