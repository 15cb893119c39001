-- What was bought of each supplier at each level, in each part of spend.
select
    level,
    group_id,
    year,
    supplier_id,
    supplier_name_id,
    component,
    max(case when has_purchase then 1 else 0 end) = 1 as has_purchase,
    cast(sum(amount_nok) as decimal(18, 2)) as amount_nok,
    cast(sum(vat_nok) as decimal(18, 2)) as vat_nok
from {{ ref("int_spend_parts__levelled") }}
group by level, group_id, year, supplier_id, supplier_name_id, component
