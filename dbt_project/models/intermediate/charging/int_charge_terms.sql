select
    months.month,
    terms.sku_id,
    terms.unit_price_nok,
    terms.management_fee_nok,
    terms.is_zero_cost_addon
from {{ ref("int_charge_months") }} as months
inner join
    {{ ref("int_licence_terms") }} as terms
    on terms.valid_from <= months.last_date
    and months.last_date < terms.valid_to
