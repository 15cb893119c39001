-- What a supplier may deliver on a lot, to whichever unit.
select distinct
    suppliers.agreement_id,
    suppliers.lot,
    suppliers.supplier_id,
    suppliers.supplier_rank,
    scope.category_id,
    greatest(suppliers.valid_from, scope.valid_from) as valid_from,
    least(suppliers.valid_to, scope.valid_to) as valid_to
from {{ ref("bridge_agreement_supplier") }} as suppliers
inner join
    {{ ref("bridge_agreement_category") }} as scope
    on scope.agreement_id = suppliers.agreement_id
    and scope.lot = suppliers.lot
    and scope.valid_from < suppliers.valid_to
    and scope.valid_to > suppliers.valid_from
