-- Per agreement a line is positive where some lot of it has the supplier, else negative.
select
    unit_id,
    supplier_id,
    category_id,
    decisive_date,
    year,
    agreement_id,
    max(case when is_positive then 1 else 0 end) = 1 as is_positive
from {{ ref("int_undetermined__concerned") }}
group by unit_id, supplier_id, category_id, decisive_date, year, agreement_id
