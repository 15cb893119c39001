select months.month, standards.sku_id
from {{ ref("int_charge_months") }} as months
inner join
    {{ ref("int_licence_standard") }} as standards
    on standards.valid_from <= months.last_date
    and months.last_date < standards.valid_to
